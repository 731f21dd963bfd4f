"""What the XML of a diagram says, and whether it stays inside the subset that the engine runs.

The meaning of a diagram is its C14N form (inclusive, no comments, no processing instructions) without the BPMNDiagram
elements: moving a shape changes nothing. Detailed findings are the business of `check`; here the first reason refuses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache

from lxml import etree

from engine.errors import DiagramRefused, ExpressionRefused
from engine.rules.expressions import compile_expression

Element = etree._Element

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
LAYOUT = "{http://www.omg.org/spec/BPMN/20100524/DI}BPMNDiagram"
SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"
LARGEST_BYTES = 5 * 1024 * 1024

TASKS = frozenset({"userTask", "serviceTask"})
GATEWAYS = frozenset({"exclusiveGateway", "inclusiveGateway", "parallelGateway"})
NODES = TASKS | GATEWAYS | {"startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent"}
BESIDES = frozenset({"sequenceFlow", "laneSet", "extensionElements", "documentation", "textAnnotation", "association",
                     "group"})
EVENTS: Mapping[str, frozenset[str]] = {
    "startEvent": frozenset({"messageEventDefinition"}),
    "endEvent": frozenset({"terminateEventDefinition"}),
    "intermediateCatchEvent": frozenset({"messageEventDefinition", "timerEventDefinition"}),
    "boundaryEvent": frozenset({"messageEventDefinition", "timerEventDefinition", "errorEventDefinition"}),
}
"""Which event definitions each kind of event may carry."""
RESERVED = frozenset({"Start", "End", "StartEventSplit", "StartEventJoin"})
"""Names that the workflow library gives to nodes of its own."""
EXPRESSIONS = tuple(BPMN + tag for tag in (
    "conditionExpression", "loopCardinality", "timeDuration", "timeDate", "timeCycle"))


@lru_cache(maxsize=256)
def meaning_bytes(source: bytes) -> bytes:
    """The C14N form of the diagram without its layout."""
    root = _tree(source)
    for layout in root.findall(LAYOUT):
        root.remove(layout)
    return etree.tostring(root, method="c14n", exclusive=False, with_comments=False)


def _tree(source: bytes) -> Element:
    if len(source) > LARGEST_BYTES:
        raise refusal("berkas lebih besar dari 5 MB")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
                             remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(source, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise refusal("berkas bukan XML yang utuh") from fault
    if root.getroottree().docinfo.doctype:
        raise refusal("deklarasi DOCTYPE tidak boleh ada")
    if root.tag != BPMN + "definitions":
        raise refusal("berkas bukan diagram BPMN 2.0")
    return root


def refusal(reason: str, element: str | None = None) -> DiagramRefused:
    """A refusal that names the element and says where to see the rest."""
    place = f" pada “{element}”" if element else ""
    return DiagramRefused(f"{element}: {reason}",
                          advice=f"Diagram ditolak{place}: {reason}. Jalankan `./izin check` untuk semua temuan.")


def kind_of(element: Element) -> str:
    """The local name of a BPMN element; a foreign one keeps its namespace."""
    return str(element.tag).removeprefix(BPMN)


class Drawing:
    """The one process of a diagram, looked up by id; judged as it is read."""

    def __init__(self, meaning: bytes) -> None:
        self.root = etree.fromstring(meaning)
        self.process = self._only_process()
        for element in self.process.iterchildren("*"):
            self._judge(element)

    def _only_process(self) -> Element:
        found = self.root.findall(BPMN + "process")
        if len(found) != 1 or found[0].get("isExecutable") != "true":
            raise refusal('harus ada tepat satu proses dengan isExecutable="true"')
        return found[0]

    @property
    def name(self) -> str:
        """The id of the process."""
        return self.process.get("id", "")

    @cached_property
    def nodes(self) -> Mapping[str, Element]:
        """Every node by id, in the order of the file."""
        return {node.get("id", ""): node for node in self.process.iterchildren("*") if kind_of(node) in NODES}

    @cached_property
    def lanes(self) -> Mapping[str, str]:
        """The name of the lane each node stands in."""
        return {(place.text or "").strip(): lane.get("name", "") for lane in self.process.iter(BPMN + "lane")
                for place in lane.findall(BPMN + "flowNodeRef")}

    def sources_of(self, name: str) -> list[str]:
        """From where a token may come to a node: along its flows, and to a boundary event from its task."""
        return self._sources.get(name, [])

    @cached_property
    def _sources(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        ways = [(flow.get("sourceRef", ""), flow.get("targetRef", ""))
                for flow in self.process.findall(BPMN + "sequenceFlow")]
        ways += [(node.get("attachedToRef", ""), name) for name, node in self.nodes.items()
                 if kind_of(node) == "boundaryEvent"]
        for source, target in ways:
            found.setdefault(target, []).append(source)
        return found

    def event(self, node: Element) -> tuple[str, str | None]:
        """What an event waits for: ("message", name), ("error", code), ("timer", …) or ("none", None)."""
        for part in node.iterchildren("*"):
            kind = kind_of(part)
            if kind == "messageEventDefinition":
                return "message", self._declared("message", part.get("messageRef"), "name")
            if kind == "errorEventDefinition":
                return "error", self._declared("error", part.get("errorRef"), "errorCode")
            if kind == "timerEventDefinition":
                return self._timer(node, part)
        return "none", None

    def _timer(self, node: Element, definition: Element) -> tuple[str, str | None]:
        for part in definition.iterchildren("*"):
            if part.tag in EXPRESSIONS:
                repeats = kind_of(part) == "timeCycle" and node.get("cancelActivity") == "false"
                return "cycle" if repeats else "once", (part.text or "").strip()
        raise refusal("penanda waktu tanpa waktu", node.get("id"))

    def _declared(self, tag: str, reference: str | None, attribute: str) -> str | None:
        for declared in self.root.findall(BPMN + tag):
            if declared.get("id") == reference:
                return declared.get(attribute)
        if reference is None and tag == "error":
            return None
        raise refusal(f"rujukan ke {tag} “{reference}” tidak ada")

    # --- what may stand in a process ---

    def _judge(self, element: Element) -> None:
        kind, name = kind_of(element), element.get("id")
        if kind not in NODES | BESIDES:
            raise refusal(f"unsur {kind} tidak didukung", name)
        if kind in NODES:
            _judge_name(name or "")
            _judge_events(element, kind)
            _judge_loop(element, kind)
            self.event(element)
        if kind == "boundaryEvent":
            self._judge_host(element)
        for text in expressions_in(element):
            _judge_expression(text, name)

    def _judge_host(self, element: Element) -> None:
        host = self.nodes.get(element.get("attachedToRef", ""))
        if host is None or kind_of(host) not in TASKS:
            raise refusal("peristiwa tepi harus menempel pada tugas", element.get("id"))


def _judge_name(name: str) -> None:
    if name in RESERVED or "." in name or not name.isascii():
        raise refusal("id ini dipakai sendiri oleh mesin; ganti idnya", name)


def _judge_events(element: Element, kind: str) -> None:
    found = [kind_of(part) for part in element.iterchildren("*") if kind_of(part).endswith("EventDefinition")]
    if len(found) > 1 or not set(found) <= EVENTS.get(kind, frozenset()):
        raise refusal(f"jenis peristiwa {', '.join(found)} tidak didukung di sini", element.get("id"))
    if kind in ("boundaryEvent", "intermediateCatchEvent") and not found:
        raise refusal("peristiwa ini tidak menyebut apa yang ditunggu", element.get("id"))
    if any(element.find(f".//{SPIFF}{script}") is not None for script in ("preScript", "postScript")):
        raise refusal("skrip tidak didukung", element.get("id"))


def _judge_loop(element: Element, kind: str) -> None:
    name = element.get("id")
    if element.find(BPMN + "standardLoopCharacteristics") is not None:
        raise refusal("pengulangan digambar dengan alur balik, bukan tanda putar", name)
    several = element.find(BPMN + "multiInstanceLoopCharacteristics")
    if several is None:
        return
    parts = {kind_of(part) for part in several.iterchildren("*")} - {"extensionElements", "documentation"}
    if parts != {"loopCardinality"} or several.get("isSequential") == "true" or kind not in TASKS:
        raise refusal("tugas jamak harus tugas yang serentak dan memakai loopCardinality saja", name)


def expressions_in(element: Element) -> Iterator[str]:
    """The texts of a node or flow that are expressions."""
    for found in element.iter(*EXPRESSIONS):
        yield (found.text or "").strip()
    for parameter in element.iter(SPIFF + "parameter"):
        yield parameter.get("value", "")


def _judge_expression(text: str, name: str | None) -> None:
    try:
        compile_expression(text)
    except ExpressionRefused as refused:
        advice = f"Diagram ditolak pada “{name}”: {refused.advice}"
        raise DiagramRefused(f"{name}: {refused}", advice=advice) from refused
