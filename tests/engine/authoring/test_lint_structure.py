"""A drawing that does not hang together is told where: ids, lanes, flows, gateways, dead ends, loops that never wait."""

import pytest

from tests.engine.authoring.sketches import (
    SOUND,
    attribute,
    broken,
    condition,
    draw,
    link,
    put,
    remove,
    sketch,
    strip,
    text,
    told,
)


@pytest.mark.parametrize("name", ["periksa", "tinjau", "cukup", "ingatkan", "f_cukup_pilih", "terbit"])
def test_an_id_used_twice_is_told(name):
    told(broken(draw(f'<bpmn:userTask id="{name}"/>')), "id_ganda", name)


@pytest.mark.parametrize("name", ["gambar", "periksa_di", "kolam_di", "f_ajukan_periksa_di", "bidang"])
def test_an_id_shared_with_the_picture_is_told(name):
    told(broken(attribute("rapat", id=name)), "id_ganda", name)


@pytest.mark.parametrize("name", ["Start", "End", "Root", "StartEventSplit", "periksa.BoundaryEventSplit",
                                  "tinjau.BoundaryEventJoin",
                                  "contoh.EndJoin", "tinjau [child]"])
@pytest.mark.parametrize("node", ["rapat", "tinjau", "ingatkan"])
def test_a_name_that_the_engine_keeps_for_itself_is_told(name, node):
    told(broken(attribute(node, id=name)), "id_dipesan", name)


@pytest.mark.parametrize("name", ["periksa-berkas", "periksa.berkas", "pemeriksaán", "_rahasia", "a" * 81])
def test_an_id_that_cannot_be_a_name_is_told(name):
    told(broken(attribute("rapat", id=name)), "id_tidak_polos", name)


@pytest.mark.parametrize("node", ["rapat", "tinjau", "gabung", "ditutup", "kirim_ingat"])
def test_a_node_without_id_is_told_at_its_process(node):
    told(broken(attribute(node, id=None)), "tanpa_id", "contoh")


@pytest.mark.parametrize("value", ["false", None, "", "True", "1"])
def test_a_process_that_is_not_executable_is_told(value):
    told(broken(attribute("contoh", isExecutable=value)), "tidak_dijalankan", "contoh")


def test_a_second_process_or_pool_is_told():
    source = broken(put("", '<bpmn:process id="kedua" isExecutable="true"/>', first=True),
                    put("kolaborasi", '<bpmn:participant id="p2"/>'))
    told(source, "proses_lebih", "kedua")
    told(source, "kolam_lebih", "p2")


@pytest.mark.parametrize("node", ["ajukan", "periksa", "tinjau", "rapat", "putuskan"])
def test_a_task_in_no_lane_is_told(node):
    def change(root):
        for one in [one for one in root.iter("{*}flowNodeRef") if one.text == node]:
            one.getparent().remove(one)
    told(broken(change), "tanpa_lajur", node)


@pytest.mark.parametrize("node", ["ajukan", "tinjau", "rapat", "ingatkan", "nomori", "cukup"])
def test_a_node_in_two_lanes_is_told(node):
    def change(root):
        for lane in list(root.iter("{*}lane"))[:2]:
            put(lane.get("id"), f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>")(root)
    told(broken(change), "dua_lajur", node)


@pytest.mark.parametrize("name", ["hilang", "periksa2", "", "f_cukup_pilih", "kolam"])
def test_a_lane_that_names_what_is_not_there_is_told(name):
    told(broken(put("lajur_2", f"<bpmn:flowNodeRef>{name}</bpmn:flowNodeRef>")), "rujukan_hilang", "lajur_2")


@pytest.mark.parametrize(("lane", "name", "code"), [
    ("lajur_0", None, "lajur_tanpa_nama"), ("lajur_1", " ", "lajur_tanpa_nama"), ("lajur_2", "Loket", "lajur_kembar"),
    ("lajur_3", "Pemohon", "lajur_kembar"), ("lajur_1", "Loket Depan", "lajur_tidak_dikenal"), ("lajur_2", "tim",
                                                                                                "lajur_tidak_dikenal")])
def test_a_lane_without_a_name_of_its_own_is_told(lane, name, code):
    told(broken(attribute(lane, name=name)), code, lane)


@pytest.mark.parametrize("flow", ["f_ajukan_periksa", "f_pilih_tinjau", "f_tinjau_gabung", "f_ingatkan_kirim_ingat",
                                  "f_salah_putuskan"])
@pytest.mark.parametrize("end", ["sourceRef", "targetRef"])
@pytest.mark.parametrize("name", ["hilang", None])
def test_a_flow_to_or_from_nowhere_is_told(flow, end, name):
    told(broken(attribute(flow, **{end: name})), "ujung_tidak_ada", flow)


@pytest.mark.parametrize("name", ["tinjau", "rapat", "lengkapi", "kirim_ingat", "ditutup"])
def test_a_node_taken_away_leaves_its_flows_told(name):
    flows = [name.get("id") for name in _root().iter("{*}sequenceFlow") if "tinjau" in (name.get("sourceRef"),
                                                                                        name.get("targetRef"))]
    for flow in flows if name == "tinjau" else ():
        told(broken(remove("tinjau")), "ujung_tidak_ada", flow)
    assert told(broken(remove(name)), "rujukan_hilang", _lane_of(name))


def _root():
    return sketch_root(SOUND)


def sketch_root(source):
    from_bytes = []
    broken(from_bytes.append, source=source)
    return from_bytes[0]


def _lane_of(node):
    return next(one.getparent().get("id") for one in _root().iter("{*}flowNodeRef") if one.text == node)


@pytest.mark.parametrize(("source", "target"), [("ajukan", "lengkapi"), ("tinjau", "putuskan"), ("lengkapi", "ajukan"),
                                                ("kirim_ingat", "putuskan"),
                                                ("ingatkan", "ditutup"), ("nomori", "putuskan"), ("cabut", "ditolak")])
def test_several_flows_out_of_a_task_are_told(source, target):
    told(broken(link(source, target)), "banyak_alur_keluar", source)


@pytest.mark.parametrize("flow", ["f_ajukan_periksa", "f_tinjau_gabung", "f_lengkapi_periksa",
                                  "f_ingatkan_kirim_ingat", "f_pantau_cabut",
                                  "f_gabung_putuskan", "f_mulai_pantau"])
def test_a_condition_where_nobody_asks_is_told(flow):
    told(broken(condition(flow, "lengkap == True")),
         "syarat_diabaikan" if flow != "f_gabung_putuskan" else "syarat_tunggal", flow)


@pytest.mark.parametrize("flow", ["f_tinjau_gabung", "f_lengkapi_periksa", "f_nomori_tandatangani",
                                  "f_tandatangani_terbit",
                                  "f_kirim_ingat_diingatkan", "f_tutup_ditutup", "f_cabut_dicabut"])
def test_a_dead_end_is_told(flow):
    told(broken(remove(flow)), "jalan_buntu", flow.split("_")[1] if "kirim" not in flow else "kirim_ingat")


@pytest.mark.parametrize(("flow", "left"), [("f_ajukan_periksa", "putuskan"), ("f_pilih_tinjau", "tinjau"),
                                            ("f_pilih_rapat", "rapat"),
                                            ("f_disetujui_nomori", "tandatangani"), ("f_cukup_lengkapi", "ingatkan"),
                                            ("f_pantau_cabut", "dicabut")])
def test_what_no_token_can_reach_is_told(flow, left):
    told(broken(remove(flow)), "tidak_terjangkau", left)


@pytest.mark.parametrize("task", ["periksa", "tinjau", "putuskan", "lengkapi", "rapat"])
def test_an_end_that_leads_on_is_told(task):
    told(broken(link("ditutup", task)), "alur_dari_akhir", "ditutup")


@pytest.mark.parametrize("into", ["mulai", "ingatkan", "tutup", "salah", "mulai"])
def test_a_flow_into_a_start_or_boundary_event_is_told(into):
    told(broken(link("kirim_ingat", into)), "alur_ke_awal", into)


@pytest.mark.parametrize("gateway", ["cukup", "disetujui"])
@pytest.mark.parametrize("default", [None, "", "f_lain"])
def test_a_choice_without_a_default_is_told(gateway, default):
    told(broken(attribute(gateway, default=default)), "default_salah" if default else "tanpa_default", gateway)


@pytest.mark.parametrize(("gateway", "default"), [("cukup", "f_pilih_rapat"), ("pilih", "f_cukup_pilih"), ("pilih",
                                                                                                           "hilang"),
                                                  ("disetujui", "f_cukup_pilih"), ("pilih", "pilih")])
def test_a_default_that_does_not_leave_the_gateway_is_told(gateway, default):
    told(broken(attribute(gateway, default=default)), "default_salah", gateway)


@pytest.mark.parametrize("flow", ["f_cukup_pilih", "f_pilih_rapat", "f_pilih_tinjau", "f_disetujui_nomori"])
def test_a_way_out_without_condition_is_told(flow):
    told(broken(strip(flow, "conditionExpression")), "tanpa_syarat", flow)


def test_both_ways_without_condition_are_told_when_there_is_no_default():
    source = broken(strip("f_cukup_pilih", "conditionExpression"), attribute("cukup", default=None))
    for flow in ("f_cukup_pilih", "f_cukup_lengkapi"):
        told(source, "tanpa_syarat", flow)


@pytest.mark.parametrize("flow", ["f_cukup_lengkapi", "f_pilih_gabung", "f_disetujui_ditolak"])
def test_a_condition_on_the_default_is_told(flow):
    told(broken(condition(flow, "lengkap == False")), "syarat_pada_default", flow)


@pytest.mark.parametrize(("source", "target"), [("ajukan", "periksa"), ("tinjau", "gabung"), ("pilih", "rapat"),
                                                ("cukup", "pilih"),
                                                ("ingatkan", "kirim_ingat")])
def test_two_flows_between_the_same_nodes_are_told(source, target):
    told(broken(link(source, target)), "alur_kembar", "f_baru")


@pytest.mark.parametrize(("node", "tie", "name"), [
    ("periksa", "incoming", "hilang"), ("tinjau", "outgoing", "f_cukup_pilih"), ("ingatkan", "outgoing", "x"),
    ("gabung", "incoming", "f_x"),
    ("terbit", "incoming", "f_ajukan_periksa")])
def test_a_node_that_names_a_flow_of_others_is_told(node, tie, name):
    told(broken(put(node, f"<bpmn:{tie}>{name}</bpmn:{tie}>")), "rujukan_hilang", node)


def test_ties_left_out_are_told_once():
    found = told(broken(strip("contoh", "incoming", "outgoing")), "sambungan_tidak_ditulis", "mulai")
    assert len(found) == 1 and found[0].severity == "peringatan"


LOOPS = [
    ("two gateways", [draw('<bpmn:exclusiveGateway id="a"/><bpmn:exclusiveGateway id="b"/>'), link("a", "b", "ab"),
                      link("b", "a", "ba")], "a"),
    ("a gateway to itself", [link("cukup", "cukup", when="jenis == 'x'")], "cukup"),
    ("back over a service task", [attribute("f_salah_putuskan", targetRef="nomori")], "nomori"),
    ("an error boundary to its own task", [attribute("f_salah_putuskan", targetRef="tandatangani")], "salah"),
    ("inclusive join back to its split", [link("gabung", "pilih", when="jenis == 'x'")], "gabung"),
    ("service task to service task", [attribute("f_tandatangani_terbit", targetRef="nomori")], "nomori"),
]


@pytest.mark.parametrize(("breaks", "first"), [case[1:] for case in LOOPS], ids=[case[0] for case in LOOPS])
def test_a_loop_that_never_waits_is_told(breaks, first):
    assert "tunggu" in told(broken(*breaks), "putaran_tanpa_tunggu", first)[0].remedy


@pytest.mark.parametrize("node", ["periksa", "putuskan", "lengkapi", "tinjau", "tandatangani", "salah"])
def test_a_loop_without_a_way_to_an_end_is_told(node):
    """The reminder's own end does not count: a reminder finishes no case."""
    back = [attribute(flow, targetRef="periksa") for flow in ("f_tandatangani_terbit", "f_disetujui_ditolak",
                                                              "f_tutup_ditutup")]
    told(broken(*back), "tidak_berakhir", node)


def _without_ends():
    return [remove(name) for name in ("terbit", "ditolak", "ditutup")]


def test_a_process_without_any_end_is_told():
    told(broken(*_without_ends(), remove("dicabut"), remove("diingatkan")), "tanpa_akhir", "contoh")


@pytest.mark.parametrize("where", ["unsur", "alur"])
def test_what_is_not_drawn_is_told_softly(where):
    name = {"unsur": "periksa", "alur": "f_cukup_pilih"}[where]
    found = told(broken(lambda root: [one.getparent().remove(one) for one in list(root.iter("{*}BPMNShape",
                                                                                            "{*}BPMNEdge"))
                                      if one.get("bpmnElement") == name]), "unsur_tanpa_gambar", name)
    assert found[0].severity == "peringatan"


def test_a_file_without_picture_is_told_softly():
    source = broken(lambda root: [root.remove(one) for one in list(root.iter("{*}BPMNDiagram"))])
    assert told(source, "tanpa_gambar", None)[0].severity == "peringatan"


def test_shapes_of_nothing_are_told_softly():
    source = broken(lambda root: [one.set("bpmnElement", "hilang") for one in root.iter("{*}BPMNShape")
                                  if one.get("bpmnElement") == "rapat"])
    assert told(source, "gambar_tanpa_unsur", "hilang")[0].severity == "peringatan"


def test_an_empty_flow_text_is_no_condition():
    told(broken(text("f_cukup_pilih", "conditionExpression", "")), "ungkapan_ditolak", "f_cukup_pilih")


def test_the_sketch_itself_is_sound():
    assert sketch().bytes() == SOUND
