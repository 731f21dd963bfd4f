"""Every element outside of the subset is told by its id, with what to use instead; so is what vendors add of their own."""

import pytest

from tests.engine.authoring.sketches import Break, attribute, broken, draw, put, retag, told

TASKS = ("task", "manualTask", "scriptTask", "sendTask", "receiveTask", "businessRuleTask", "callActivity",
         "subProcess",
         "transaction", "adHocSubProcess")
GATEWAYS = ("complexGateway", "eventBasedGateway")
DEFINITIONS = ("signalEventDefinition", "escalationEventDefinition", "compensateEventDefinition",
               "cancelEventDefinition",
               "conditionalEventDefinition", "linkEventDefinition")


@pytest.mark.parametrize("tag", TASKS)
@pytest.mark.parametrize("task", ["periksa", "tinjau", "lengkapi", "kirim_ingat", "tandatangani"])
def test_a_task_of_another_kind_is_refused_wherever_it_stands(tag, task):
    """Among them a multi-instance task, one with boundary events, one on a boundary branch."""
    found = told(broken(retag(task, tag)), "unsur_tidak_didukung", task)
    assert tag in found[0].message


@pytest.mark.parametrize("tag", GATEWAYS)
@pytest.mark.parametrize("gateway", ["cukup", "pilih", "gabung", "disetujui", "pantau"])
def test_a_gateway_of_another_kind_is_refused(tag, gateway):
    assert "Ganti" in told(broken(retag(gateway, tag)), "unsur_tidak_didukung", gateway)[0].remedy


@pytest.mark.parametrize("tag", DEFINITIONS)
@pytest.mark.parametrize("event", ["mulai", "cabut", "ingatkan", "tutup", "salah", "terbit"])
def test_an_event_of_another_kind_is_refused(tag, event):
    def change(root):
        node = root.xpath(f"//*[@id='{event}']")[0]
        for one in [one for one in node if str(one.tag).endswith("EventDefinition")]:
            node.remove(one)
    told(broken(change, put(event, f"<bpmn:{tag}/>")), "unsur_tidak_didukung", event)


@pytest.mark.parametrize("event", ["terbit", "ditolak", "ditutup", "dicabut", "diingatkan"])
@pytest.mark.parametrize("tag", ["errorEventDefinition", "messageEventDefinition", "timerEventDefinition"])
def test_an_end_does_nothing_but_stop(event, tag):
    told(broken(put(event, f"<bpmn:{tag}/>")), "unsur_tidak_didukung", event)


@pytest.mark.parametrize(("host", "element"), [("cabut", "cabut"), ("ingatkan", "ingatkan"), ("mulai", "mulai"),
                                               ("tutup", "tutup"),
                                               ("salah", "salah")])
def test_a_throwing_event_is_refused(host, element):
    told(broken(retag(host, "intermediateThrowEvent")), "unsur_tidak_didukung", element)


@pytest.mark.parametrize(("inside", "xml"), [
    ("tinjau", "<bpmn:standardLoopCharacteristics/>"), ("periksa", "<bpmn:standardLoopCharacteristics/>"),
    ("tinjau", "<bpmn:ioSpecification/>"), ("periksa", "<bpmn:dataInputAssociation/>"), ("rapat", "<bpmn:property/>"),
    ("tinjau", "<bpmn:potentialOwner/>"), ("putuskan", "<bpmn:humanPerformer/>"), ("lengkapi", "<bpmn:performer/>"),
    ("rapat", "<bpmn:resourceRole/>"), ("periksa", "<bpmn:rendering/>"), ("kirim_ingat", "<bpmn:monitoring/>"),
    ("nomori", "<bpmn:auditing/>"), ("lajur_0", "<bpmn:childLaneSet/>"), ("lajur_1", "<bpmn:partitionElement/>"),
])
def test_what_hangs_on_a_task_and_would_be_ignored_is_told(inside, xml):
    told(broken(put(inside, xml)), "unsur_tidak_didukung", inside)


@pytest.mark.parametrize("tag", ["loopDataInputRef", "loopDataOutputRef", "inputDataItem", "outputDataItem",
                                 "completionCondition"])
def test_repetition_over_data_is_refused(tag):
    def change(root):
        marker = root.xpath("//*[@id='tinjau']/*[local-name()='multiInstanceLoopCharacteristics']")[0]
        marker.append(marker.makeelement(marker.tag.replace("multiInstanceLoopCharacteristics", tag)))
    assert "loopCardinality" in told(broken(change), "unsur_tidak_didukung",
                                     "tinjau")[0].remedy or tag == "completionCondition"


@pytest.mark.parametrize("tag", ["dataObject", "dataObjectReference", "dataStoreReference", "dataStore",
                                 "choreographyTask"])
def test_data_and_choreography_in_a_process_are_refused(tag):
    told(broken(draw(f'<bpmn:{tag} id="asing_1"/>')), "unsur_tidak_didukung",
         "asing_1" if "Task" not in tag else "asing_1")


@pytest.mark.parametrize("tag", ["signal", "escalation", "itemDefinition", "interface", "resource", "choreography"])
def test_definitions_beside_the_process_are_refused(tag):
    told(broken(put("", f'<bpmn:{tag} id="asing_2"/>', first=True)), "unsur_tidak_didukung", "asing_2")


@pytest.mark.parametrize("tag", ["import", "relationship", "extension", "partnerRole", "correlationProperty"])
def test_other_definitions_are_refused_at_the_file(tag):
    told(broken(put("", f'<bpmn:{tag}/>', first=True)), "unsur_tidak_didukung", "definisi")


@pytest.mark.parametrize(("inside", "tag"), [("contoh", "userTaks"), ("tinjau", "kardinalitas"), ("periksa", "form"),
                                             ("ingatkan", "timer"),
                                             ("f_cukup_pilih", "syarat"), ("lajur_0", "anggota")])
def test_an_unknown_tag_is_told(inside, tag):
    told(broken(put(inside, f"<bpmn:{tag}/>")), "unsur_tidak_dikenal", inside)


@pytest.mark.parametrize(("inside", "xml"), [
    ("periksa", '<camunda:formData/>'), ("tinjau", "<zeebe:loop/>"), ("ingatkan", "<camunda:x/>"),
    ("contoh", "<zeebe:userTask/>"),
    ("f_cukup_pilih", "<camunda:x/>"), ("lajur_0", "<zeebe:x/>")])
def test_an_element_of_a_foreign_namespace_is_told(inside, xml):
    told(broken(put(inside, xml)), "unsur_asing", inside)


@pytest.mark.parametrize("task", ["periksa", "tinjau", "nomori", "lengkapi", "kirim_ingat"])
def test_an_extension_of_a_vendor_is_told(task):
    def change(root):
        box = root.xpath(f"//*[@id='{task}']/*[local-name()='extensionElements']")[0]
        box.append(box.makeelement("{http://camunda.org/schema/1.0/bpmn}taskListener"))
    told(broken(change), "ekstensi_asing", task)


@pytest.mark.parametrize("name", ["preScript", "postScript", "unitTests", "instructionsForEndUser", "calledDecisionId",
                                  "payloadExpression", "variableName", "messageVariable"])
@pytest.mark.parametrize("task", ["periksa", "tinjau", "lengkapi"])
def test_scripts_and_decision_tables_are_refused(name, task):
    def change(root):
        box = root.xpath(f"//*[@id='{task}']/*[local-name()='extensionElements']")[0]
        box.append(box.makeelement(f"{{http://spiffworkflow.org/bpmn/schema/1.0/core}}{name}"))
    told(broken(change), "ekstensi_tidak_didukung", task)


@pytest.mark.parametrize(("name", "key"), [("periksa", "assignee"), ("tinjau", "formKey"), ("nomori", "class"),
                                           ("ingatkan", "asyncBefore"),
                                           ("f_cukup_pilih", "x")])
def test_an_attribute_of_a_vendor_is_told(name, key):
    told(broken(attribute(name, **{f"{{http://camunda.org/schema/1.0/bpmn}}{key}": "x"})), "atribut_asing", name)


ATTRIBUTES: list[tuple[str, str, str]] = [
    ("periksa", "isForCompensation", "true"), ("tinjau", "startQuantity", "2"), ("rapat", "completionQuantity", "3"),
    ("nomori", "operationRef", "x"), ("periksa", "implementation", "http://contoh"), ("periksa", "default",
                                                                                      "f_periksa_cukup"),
    ("tinjau", "default", "f_tinjau_gabung"), ("pantau", "default", "f_pantau_cabut"), ("cukup", "instantiate", "true"),
    ("mulai", "isInterrupting", "false"), ("ingatkan", "parallelMultiple", "true"), ("cabut", "parallelMultiple",
                                                                                     "true"),
    ("periksa", "tidakAda", "1"),
]


@pytest.mark.parametrize(("name", "key", "value"), ATTRIBUTES)
def test_an_attribute_that_would_be_ignored_is_told(name, key, value):
    told(broken(attribute(name, **{key: value})), "atribut_tidak_berlaku", name)


@pytest.mark.parametrize("task", ["periksa", "tinjau", "lengkapi", "kirim_ingat", "rapat"])
def test_an_event_subprocess_is_told_why(task):
    found = told(broken(retag(task, "subProcess"), attribute(task, triggeredByEvent="true")), "atribut_tidak_berlaku",
                 task)
    assert "paralel" in found[0].remedy


def nested(inner: str) -> Break:
    return draw(f'<bpmn:subProcess id="dalam"><bpmn:startEvent id="d_awal"/>{inner}<bpmn:endEvent '
                f'id="d_akhir"/></bpmn:subProcess>')


@pytest.mark.parametrize("tag", TASKS[:5])
def test_what_stands_in_a_refused_subprocess_is_told_too(tag):
    told(broken(nested(f'<bpmn:{tag} id="d_tugas"/>')), "unsur_tidak_didukung", "d_tugas")


def test_an_imported_diagram_is_told_element_by_element():
    changes = [retag("periksa", "manualTask"), retag("tinjau", "sendTask"), retag("cukup", "complexGateway"),
               retag("rapat", "callActivity")]
    source = broken(*changes, put("", '<bpmn:signal id="sinyal"/>', first=True))
    for name in ("periksa", "tinjau", "cukup", "rapat", "sinyal"):
        told(source, "unsur_tidak_didukung", name)


def test_notes_and_groups_are_no_fault():
    notes = ('<bpmn:textAnnotation id="catatan"><bpmn:text>Lihat SOP</bpmn:text></bpmn:textAnnotation>'
             '<bpmn:association id="garis" sourceRef="catatan" targetRef="periksa"/><bpmn:group id="kotak"/>')
    from_editor = broken(draw(notes), put("periksa", "<bpmn:documentation>Baris 4</bpmn:documentation>", first=True))
    with pytest.raises(AssertionError, match="nothing found"):
        told(from_editor, "apa_saja", None)


@pytest.mark.parametrize(("name", "xml"), [
    ("periksa", "<bpmn:documentation>x</bpmn:documentation>"), ("tinjau",
                                                                "<bpmn:incoming>f_pilih_tinjau</bpmn:incoming>"),
    ("ingatkan", "<bpmn:outgoing>f_ingatkan_kirim_ingat</bpmn:outgoing>"), ("nomori", "<bpmn:extensionElements/>"),
    ("mulai", "<bpmn:outgoing>f_mulai_pantau</bpmn:outgoing>"), ("contoh", '<bpmn:laneSet id="lagi"/>')])
def test_parts_out_of_the_schemas_order_are_told(name, xml):
    told(broken(put(name, xml)), "urutan_salah", name)


@pytest.mark.parametrize("name", ["contoh", "lajur_0", "cukup", "ingatkan", "terbit", "mulai"])
def test_settings_where_nobody_reads_them_are_told(name):
    box = ('<bpmn:extensionElements><spiffworkflow:properties><spiffworkflow:property name="batas" value="1 jam"/>'
           "</spiffworkflow:properties></bpmn:extensionElements>")
    told(broken(put(name, box, first=True)), "ekstensi_salah_tempat", name)


@pytest.mark.parametrize("task", ["periksa", "tinjau", "rapat"])
def test_an_operation_on_a_persons_task_is_told(task):
    def change(root):
        box = root.xpath(f"//*[@id='{task}']/*[local-name()='extensionElements']")[0]
        box.append(box.makeelement("{http://spiffworkflow.org/bpmn/schema/1.0/core}serviceTaskOperator", id="kirim"))
    told(broken(change), "ekstensi_salah_tempat", task)
