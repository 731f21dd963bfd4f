"""Every process folder: the diagram is sound BPMN, calm to look at, and names only what exists."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from lxml import etree
from SpiffWorkflow.spiff.parser.process import VALIDATOR

from engine.rules.expressions import compile_expression
from engine.rules.process import Process, load_process
from engine.runtime.diagram import Diagram, load
from tests.processes.drawn import NAMES, Box, Drawing, faults, read
from tests.processes.houses import FOLDERS, HOME, Folder

pytestmark = pytest.mark.parametrize("folder", FOLDERS, ids=str)


def process_of(folder: Folder) -> Process:
    return load_process(folder.definitions())


def tree_of(folder: Folder) -> etree._Element:
    return etree.fromstring(folder.diagram)


def diagram_of(folder: Folder) -> Diagram:
    return load(folder.diagram)


def named(folder: Folder, kind: str) -> set[str]:
    """The words that the service tasks of a diagram name in a parameter, read from its expression."""
    found = tree_of(folder).xpath(f"//s:parameter[@id='{kind}']/@value", namespaces=NAMES)
    return {one for source in found for one in answers(source) if isinstance(one, str)}


def answers(source: str) -> set[object]:
    """Everything an expression may answer, when its variables hold nothing or one of the words it compares with."""
    expression = compile_expression(source)
    held = product((None, *expression.constants), repeat=len(expression.names))
    return {expression.evaluate(dict(zip(sorted(expression.names), values))) for values in held}


def test_it_is_valid_by_the_schema_of_bpmn(folder):
    VALIDATOR.validate(etree.ElementTree(tree_of(folder)), f"{folder.id}.bpmn")


def test_everything_is_drawn(folder):
    drawing = read(folder.diagram)
    nodes = {one for lane in drawing.lanes.values() for one in lane}
    assert nodes == set(drawing.shapes)
    assert set(drawing.flows) == set(tree_of(folder).xpath("//b:sequenceFlow/@id", namespaces=NAMES))
    assert len(drawing.frames) == len(drawing.lanes) + 1


def test_each_node_stands_in_one_lane(folder):
    members = [one for lane in read(folder.diagram).lanes.values() for one in lane]
    assert len(members) == len(set(members))


def test_each_node_names_the_flows_that_come_and_go(folder):
    for node in tree_of(folder).xpath("//b:process/*[b:incoming or b:outgoing]", namespaces=NAMES):
        for end, tag in (("targetRef", "incoming"), ("sourceRef", "outgoing")):
            flows = node.xpath(f"../b:sequenceFlow[@{end}='{node.get('id')}']/@id", namespaces=NAMES)
            assert [one.text for one in node.iterfind(f"b:{tag}", NAMES)] == flows


def test_nothing_in_the_picture_is_crossed_covered_or_backwards(folder):
    assert faults(read(folder.diagram)) == []


def test_a_shape_in_the_way_is_noticed(folder):
    drawing = read(folder.diagram)
    flow = max(drawing.flows.values(), key=lambda one: max(piece.width for piece in one.segments()))
    piece = max(flow.segments(), key=lambda one: one.width)
    ends = (flow.source, flow.target)
    stranger = next(one for one in drawing.shapes.values() if one.kind == "userTask" and one.id not in ends)
    moved = replace(stranger, box=Box(piece.x + piece.width / 2, piece.y - 5, 10, 10))
    found = faults(Drawing(drawing.shapes | {stranger.id: moved}, drawing.frames, drawing.flows, drawing.lanes, ""))
    assert f"{flow.id} runs through {stranger.id}" in found


def test_a_return_without_its_mark_is_noticed(folder):
    drawing = read(folder.diagram)
    returns = {key: replace(one, returns=False) for key, one in drawing.flows.items() if one.returns}
    unmarked = Drawing(drawing.shapes, drawing.frames, drawing.flows | returns, drawing.lanes, "")
    assert returns and sum("backwards" in one for one in faults(unmarked)) == len(returns)


def test_the_lanes_are_those_of_the_settings_in_their_order(folder):
    assert list(read(folder.diagram).lanes) == [lane.name for lane in process_of(folder).lanes]


def test_each_task_of_a_person_is_a_row_of_the_sop_with_a_form(folder):
    process = process_of(folder)
    people = {key: one for key, one in diagram_of(folder).activities.items() if one.kind == "userTask"}
    assert set(people) == set(process.rows)
    for key, one in people.items():
        assert one.properties["baris_sop"] == process.rows[key].number
        assert one.properties["keluaran"]
        assert (folder.forms / f"{one.properties.get('formulir', key)}.json").is_file(), key


def test_limits_stand_in_the_diagram_as_in_the_settings(folder):
    process = process_of(folder)
    properties = {key: one.properties for key, one in diagram_of(folder).activities.items()}
    assert {key: one["batas"] for key, one in properties.items() if "batas" in one} == process.limits
    grouped = {key: one["kelompok_batas"] for key, one in properties.items() if "kelompok_batas" in one}
    assert grouped == {activity: group.id for group in process.groups for activity in group.activities}


def test_who_may_not_do_both_names_tasks_of_the_diagram(folder):
    activities = diagram_of(folder).activities
    for one in activities.values():
        for other in filter(None, (part.strip() for part in one.properties.get("pisah", "").split(","))):
            assert activities[other].kind == "userTask"


def test_documents_notices_registers_and_handlers_exist(folder):
    process = process_of(folder)
    assert named(folder, "dokumen") <= set(process.documents)
    assert named(folder, "pesan") <= set(process.notices)
    assert named(folder, "register") <= set(process.registers)
    for document in process.documents.values():
        assert (folder.root / "documents" / document.template).is_file()
    for notice in process.notices.values():
        assert (folder.root / "notices" / notice.file).read_text().startswith("Perihal: ")
    operations = {one.operation for one in diagram_of(folder).activities.values() if one.operation}
    assert operations <= {path.stem for path in (HOME / "handlers").glob("*.py")}


def test_each_document_and_notice_of_the_settings_is_used_in_the_diagram(folder):
    process = process_of(folder)
    # Sent by the office itself: when mail is refused, when a clock reaches a threshold, when a calendar moves the promise.
    unasked = {process.section("surel_gagal").get("pesan"), *(one.notice for one in process.alarms)}
    unasked |= {process.promise.moved} if process.promise else set()
    assert set(process.notices) - unasked <= named(folder, "pesan")
    printed = named(folder, "dokumen") | {process.print_out}
    assert set(process.documents) <= printed


def test_expressions_and_outputs_speak_of_declared_variables_only(folder):
    process, tree = process_of(folder), tree_of(folder)
    sources = tree.xpath("//b:conditionExpression/text() | //s:parameter/@value", namespaces=NAMES)
    sources += [one.condition for one in process.requirements]
    for source in sources:
        assert compile_expression(source).names <= set(process.variables), source
    outputs = {part.strip() for one in diagram_of(folder).activities.values()
               for part in one.properties.get("variabel", "").split(",") if part.strip()}
    assert outputs == set(process.variables) - set(process.section("pilihan"))


def test_each_way_ends_as_the_settings_say(folder):
    ends = tree_of(folder).xpath("//b:endEvent[b:terminateEventDefinition]/@id", namespaces=NAMES)
    assert set(ends) == set(process_of(folder).ends)
