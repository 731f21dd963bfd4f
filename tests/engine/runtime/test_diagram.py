"""What a diagram means, what is read from it, and what is refused with advice instead of a stack trace."""

from __future__ import annotations

import pytest

from engine.errors import DiagramRefused
from engine.runtime.diagram import load, meaning_of, parse
from tests.generated_diagrams import diagram as generated
from tests.small_diagrams import (
    HEAD,
    MESSAGE,
    RETURNS,
    TERMINATE,
    boundary,
    drawn,
    flows,
    handler,
    line,
    node,
    person,
    several,
    timer,
)

DI = ('<bpmndi:BPMNDiagram id="gambar"><bpmndi:BPMNPlane id="bidang" bpmnElement="kecil">'
      '<bpmndi:BPMNShape id="isi_di" bpmnElement="isi"><dc:Bounds x="1" y="{}" width="9" height="9"/>'
      "</bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>")


def with_layout(y: int) -> bytes:
    return RETURNS.replace(b"</bpmn:definitions>", DI.format(y).encode())


# --- the meaning ---

def test_moving_a_shape_changes_nothing() -> None:
    assert meaning_of(with_layout(10)) == meaning_of(with_layout(900)) == meaning_of(RETURNS)
    assert load(with_layout(10)) is load(with_layout(900))


def test_comments_quotes_and_encoding_are_not_meaning() -> None:
    same = RETURNS.replace(b"<bpmn:userTask", b"<!-- catatan --><?alat x?><bpmn:userTask", 1)
    assert meaning_of(same.replace(b'id="isi"', b"id='isi'")) == meaning_of(RETURNS)
    assert meaning_of(RETURNS.decode().replace("UTF-8", "UTF-16").encode("utf-16")) == meaning_of(RETURNS)


def test_a_changed_condition_or_name_is_another_meaning() -> None:
    assert meaning_of(RETURNS.replace(b"cukup == True", b"cukup == False")) != meaning_of(RETURNS)


def test_parsing_anew_gives_an_equal_but_separate_diagram() -> None:
    first, second = load(RETURNS), parse(RETURNS)
    assert first is not second and first.spec is not second.spec and first.meaning == second.meaning


# --- what is read ---

def test_nodes_are_read_in_the_order_of_the_file_with_lane_properties_and_operation() -> None:
    source = drawn(
        '<bpmn:laneSet id="lajur"><bpmn:lane id="l" name="Loket Depan"><bpmn:flowNodeRef>isi</bpmn:flowNodeRef>'
        "</bpmn:lane></bpmn:laneSet>", node("startEvent", "mulai"),
        node("userTask", "isi", '<bpmn:extensionElements><spiffworkflow:properties><spiffworkflow:property '
             'name="batas" value="1 jam"/></spiffworkflow:properties></bpmn:extensionElements>', name="Isi\n  berkas"),
        handler("simpan", "catat"), node("endEvent", "selesai"),
        flows("mulai > isi", "isi > simpan", "simpan > selesai"))
    diagram = load(source)
    assert diagram.process == "kecil"
    assert list(diagram.activities) == ["mulai", "isi", "simpan", "selesai"]
    task, service = diagram.activities["isi"], diagram.activities["simpan"]
    assert (task.name, task.kind, task.lane, dict(task.properties)) == ("Isi berkas", "userTask", "Loket Depan",
                                                                        {"batas": "1 jam"})
    assert (service.kind, service.lane, service.operation) == ("serviceTask", None, "catat")


def test_message_starts_and_listeners_are_told_by_name() -> None:
    diagram = load(generated(1))
    assert (diagram.starts, "mundur" in diagram.messages) == (("mulai", "lanjut"), True)
    assert (load(RETURNS).starts, load(RETURNS).messages) == ((), ())


# --- what is refused ---

ENTITY = b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY a%d "%s">' % (n, (b"&a%d;" % (n - 1) if n else b"&a;") * 10) for n in range(9)) + b"]><b>&a8;</b>"


@pytest.mark.parametrize("source", [
    b"", b"\x00\xff", b"bukan xml", RETURNS[:200], b"<b/>", ENTITY, RETURNS.decode().encode("utf-16")[:99],
    b'<!DOCTYPE b SYSTEM "file:///etc/passwd"><b/>', RETURNS.replace(b"?>", b"?><!DOCTYPE x>", 1), b" " * 6_000_000,
    b"<a>" * 5000, HEAD.encode() + b"</bpmn:definitions>",
    drawn(node("startEvent", "m")).replace(b'isExecutable="true"', b""),
    drawn(node("startEvent", "m")).replace(b"</bpmn:definitions>", b'<bpmn:process id="q"/></bpmn:definitions>'),
])
def test_a_file_that_is_no_single_sound_process_is_refused(source: bytes) -> None:
    with pytest.raises(DiagramRefused) as refused:
        load(source)
    assert refused.value.advice.startswith("Diagram ditolak: ")


def between(*parts: str) -> bytes:
    """A diagram where the parts hang between "isi" and the end."""
    return line(person("isi"), flows("mulai > isi"), *parts)


TIED = flows("isi > x", "x > selesai")


@pytest.mark.parametrize(("source", "element"), [
    (between(node("scriptTask", "x", "<bpmn:script>a = 1</bpmn:script>"), TIED), "x"),
    (between(node("manualTask", "x"), TIED), "x"),
    (between(node("task", "x"), TIED), "x"),
    (between(node("sendTask", "x"), TIED), "x"),
    (between(node("receiveTask", "x"), TIED), "x"),
    (between(node("businessRuleTask", "x"), TIED), "x"),
    (between(node("callActivity", "x", calledElement="lain"), TIED), "x"),
    (between(node("subProcess", "x", node("startEvent", "a") + node("endEvent", "b") + flows("a > b")), TIED), "x"),
    (between(node("subProcess", "x", triggeredByEvent="true"), flows("isi > selesai")), "x"),
    (between(node("complexGateway", "x"), TIED), "x"),
    (between(node("eventBasedGateway", "x"), TIED), "x"),
    (between(node("intermediateThrowEvent", "x"), TIED), "x"),
    (between(node("dataObject", "x"), flows("isi > selesai")), "x"),
    (between(node("intermediateCatchEvent", "x"), TIED), "x"),
    (between(node("intermediateCatchEvent", "x", '<bpmn:signalEventDefinition signalRef="s"/>'), TIED), "x"),
    (between(node("endEvent", "x", MESSAGE.format("m_buka")), flows("isi > x")), "x"),
    (between(node("startEvent", "x", timer("'P1D'")), flows("x > isi", "isi > selesai")), "x"),
    (between(boundary("x", "isi", "<bpmn:escalationEventDefinition/>", interrupting=True), TIED), "x"),
    (between(boundary("x", "isi", timer("'P1D'") + MESSAGE.format("m_buka"), interrupting=True), TIED), "x"),
    (between(boundary("x", "tak_ada", timer("'P1D'"), interrupting=True), TIED), "x"),
    (between(node("exclusiveGateway", "g"), boundary("x", "g", timer("'P1D'"), interrupting=True), TIED), "x"),
    (between(boundary("x", "isi", timer("besok('x')"), interrupting=True), TIED), "x"),
    (between(boundary("x", "isi", "<bpmn:timerEventDefinition/>", interrupting=True), TIED), "x"),
    (between(boundary("x", "isi", MESSAGE.format("m_tak_ada"), interrupting=True), TIED), None),
    (between(person("x", "<bpmn:standardLoopCharacteristics/>"), TIED), "x"),
    (between(person("x", several("len(regu)").replace("loopCard", "loopKard")), TIED), "x"),
    (between(person("x", several("2 * 3")), TIED), "x"),
    (between(person("x", several("2").replace("stics>", 'stics isSequential="true">', 1)), TIED), "x"),
    (between(handler("x", value="__import__('os')"), TIED), "x"),
    (between(handler("x", value=""), TIED), "x"),
    (between(person("Start"), flows("isi > Start", "Start > selesai")), "Start"),
    (between(person("x.BoundaryEventSplit"), flows("isi > x.BoundaryEventSplit", "x.BoundaryEventSplit > selesai")),
     "x.BoundaryEventSplit"),
    (between(node("exclusiveGateway", "x"), flows("isi > x", "x > selesai if a = 1")), "f_x_selesai"),
    (between(node("exclusiveGateway", "x"), person("y"), flows("isi > x", "x > selesai", "x > y")), None),
    (between(person("x"), person("y"), flows("isi > x", "isi > y", "x > selesai", "y > selesai")), None),
    (between(person("x"), person("x"), TIED), None),
    (between(flows("isi > tak_ada")), None),
    (between(node("serviceTask", "x"), TIED), None),
    (between("<bpmn:userTaks id='x'/>", TIED), "x"),
    (between('<foreign xmlns="urn:asing" id="x"/>', flows("isi > selesai")), "x"),
])
def test_what_cannot_run_is_refused_and_names_the_element(source: bytes, element: str | None) -> None:
    with pytest.raises(DiagramRefused) as refused:
        load(source)
    assert refused.value.advice.startswith("Diagram ditolak")
    if element is not None:
        assert f"“{element}”" in refused.value.advice


def test_the_whole_subset_is_accepted() -> None:
    source = drawn(
        node("startEvent", "buka", MESSAGE.format("m_buka")), node("startEvent", "lain", MESSAGE.format("m_tutup")),
        node("exclusiveGateway", "temu"), node("parallelGateway", "belah"), person("isi", several("3")),
        node("inclusiveGateway", "pilih", default="f_pilih_a"), person("a"), handler("b"),
        node("inclusiveGateway", "gabung"), node("intermediateCatchEvent", "tunggu", timer("'PT1H'")),
        node("intermediateCatchEvent", "dengar", MESSAGE.format("m_tutup")),
        boundary("ingat", "a", timer("'R3/P7D'", "timeCycle"), interrupting=False),
        boundary("lewat", "a", timer("'2026-06-09'", "timeDate"), interrupting=True),
        boundary("gagal", "b", '<bpmn:errorEventDefinition errorRef="galat_mati"/>', interrupting=True),
        boundary("apa_saja", "b", "<bpmn:errorEventDefinition/>", interrupting=True),
        node("endEvent", "habis", TERMINATE), node("endEvent", "diam"),
        flows("buka > temu", "lain > temu", "temu > belah", "belah > isi", "belah > dengar", "dengar > habis",
              "isi > pilih", "pilih > a", "pilih > b if cukup == True", "a > gabung", "b > gabung", "lewat > gabung",
              "gagal > gabung", "apa_saja > gabung", "gabung > tunggu", "tunggu > habis", "ingat > diam"),
        '<bpmn:textAnnotation id="t"/>')
    diagram = load(source)
    assert (diagram.starts, diagram.messages) == (("buka", "tutup"), ("tutup",))
