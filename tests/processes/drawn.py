"""A drawn diagram as plain geometry, read from the XML alone: what stands, runs and is written where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

NAMES = {
    "b": "http://www.omg.org/spec/BPMN/20100524/MODEL", "d": "http://www.omg.org/spec/BPMN/20100524/DI",
    "c": "http://www.omg.org/spec/DD/20100524/DC", "i": "http://www.omg.org/spec/DD/20100524/DI",
    "s": "http://spiffworkflow.org/bpmn/schema/1.0/core"}
FRAMES = ("participant", "lane")
LETTER, LINE = 4.6, 13
"""Width of an average letter and height of a line in a label, on the small side."""


@dataclass(frozen=True)
class Box:
    """A rectangle; y grows downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def shrunk(self, by: float) -> Box:
        return Box(self.x + by, self.y + by, max(0.0, self.width - 2 * by), max(0.0, self.height - 2 * by))

    def overlaps(self, other: Box) -> bool:
        return (self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom)

    def holds(self, other: Box) -> bool:
        return (self.x <= other.x and other.right <= self.right and self.y <= other.y and other.bottom <= self.bottom)

    def touches(self, point: tuple[float, float]) -> bool:
        """True for a point on the border, give or take what rounding and round shapes need."""
        grown = self.shrunk(-2)
        x, y = point
        return grown.x <= x <= grown.right and grown.y <= y <= grown.bottom and not _inside(self.shrunk(4), x, y)


@dataclass(frozen=True)
class Shape:
    """An element with its box and, when it is written outside of it, its label."""

    id: str
    kind: str
    name: str
    box: Box
    label: Box | None
    host: str | None


@dataclass(frozen=True)
class Flow:
    """A sequence flow with its way."""

    id: str
    name: str
    source: str
    target: str
    way: tuple[tuple[float, float], ...]
    label: Box | None
    returns: bool

    def segments(self) -> Iterator[Box]:
        """Each straight piece as a box without breadth."""
        for (x, y), (u, v) in pairwise(self.way):
            yield Box(min(x, u), min(y, v), abs(x - u), abs(y - v))


@dataclass(frozen=True)
class Drawing:
    """All of it."""

    shapes: dict[str, Shape]
    frames: dict[str, Shape]
    flows: dict[str, Flow]
    lanes: dict[str, tuple[str, ...]]
    process: str

    def labels(self) -> Iterator[tuple[str, str, Box]]:
        """id, text and box of everything written outside of a shape."""
        for one in (*self.shapes.values(), *self.flows.values()):
            if one.label is not None:
                yield one.id, one.name, one.label


def read(source: bytes) -> Drawing:
    """The drawing of a .bpmn file."""
    root = etree.fromstring(source)
    elements = {one.get("id"): one for one in root.iter("{%s}*" % NAMES["b"]) if one.get("id")}
    drawn = [_shape(one, elements[one.get("bpmnElement")]) for one in root.iter("{%s}BPMNShape" % NAMES["d"])]
    edges = [_flow(one, elements[one.get("bpmnElement")]) for one in root.iter("{%s}BPMNEdge" % NAMES["d"])]
    lanes = {one.get("name"): tuple(ref.text for ref in one.iterfind("b:flowNodeRef", NAMES))
             for one in root.iter("{%s}lane" % NAMES["b"])}
    process = next(root.iter("{%s}process" % NAMES["b"])).get("id")
    return Drawing({one.id: one for one in drawn if one.kind not in FRAMES},
                   {one.id: one for one in drawn if one.kind in FRAMES}, {one.id: one for one in edges}, lanes, process)


def _shape(drawn: etree._Element, element: etree._Element) -> Shape:
    return Shape(element.get("id"), etree.QName(element).localname, element.get("name", ""),
                 _box(drawn.find("c:Bounds", NAMES)), _label(drawn), element.get("attachedToRef"))


def _flow(drawn: etree._Element, element: etree._Element) -> Flow:
    way = tuple((float(one.get("x")), float(one.get("y"))) for one in drawn.iterfind("i:waypoint", NAMES))
    marks = element.xpath("b:extensionElements/s:properties/s:property[@name='arah']/@value", namespaces=NAMES)
    return Flow(element.get("id"), element.get("name", ""), element.get("sourceRef"), element.get("targetRef"), way,
                _label(drawn), marks == ["kembali"])


def _label(drawn: etree._Element) -> Box | None:
    bounds = drawn.find("d:BPMNLabel/c:Bounds", NAMES)
    return None if bounds is None else _box(bounds)


def _box(bounds: etree._Element) -> Box:
    return Box(*(float(bounds.get(name)) for name in ("x", "y", "width", "height")))


def _inside(box: Box, x: float, y: float) -> bool:
    return box.x < x < box.right and box.y < y < box.bottom


def faults(drawing: Drawing) -> list[str]:
    """Everything that makes the picture hard to read, one sentence each."""
    return [*_crooked(drawing), *_through(drawing), *_backwards(drawing), *_covered(drawing), *_strays(drawing)]


def _crooked(drawing: Drawing) -> Iterator[str]:
    for flow in drawing.flows.values():
        if any(one.width and one.height for one in flow.segments()):
            yield f"{flow.id} is not made of horizontal and vertical pieces"
        for end, point in ((flow.source, flow.way[0]), (flow.target, flow.way[-1])):
            if not drawing.shapes[end].box.touches(point):
                yield f"{flow.id} does not meet the border of {end}"


def _through(drawing: Drawing) -> Iterator[str]:
    for flow in drawing.flows.values():
        for piece in flow.segments():
            thick = Box(piece.x, piece.y, piece.width or 0.5, piece.height or 0.5)
            for shape in drawing.shapes.values():
                # A way may touch its own two ends at the border, and nothing of anybody else.
                room = shape.box.shrunk(4) if shape.id in (flow.source, flow.target) else shape.box
                if thick.overlaps(room):
                    yield f"{flow.id} runs through {shape.id}"
            for owner, _, label in drawing.labels():
                if thick.overlaps(label):
                    yield f"{flow.id} runs through the words of {owner}"


def _backwards(drawing: Drawing) -> Iterator[str]:
    for flow in drawing.flows.values():
        back = any(u < x for (x, _), (u, _) in pairwise(flow.way))
        if back and not (flow.returns and flow.name):
            yield f"{flow.id} runs backwards and is not a named return"
        if flow.returns and not back:
            yield f"{flow.id} is marked as a return and runs forward"


def _covered(drawing: Drawing) -> Iterator[str]:
    things = [(one.id, one.box, one.host) for one in drawing.shapes.values()]
    things += [(f"the words of {owner}", label, None) for owner, _, label in drawing.labels()]
    for number, (name, box, host) in enumerate(things):
        for other, room, other_host in things[number + 1:]:
            if box.overlaps(room) and host != other and other_host != name:
                yield f"{name} and {other} overlap"
    for owner, text, label in drawing.labels():
        longest = max((len(word) for word in text.split()), default=0)
        if label.width < longest * LETTER or label.width * label.height < len(text) * LETTER * LINE * 0.8:
            yield f"the words of {owner} do not fit their box"


def _strays(drawing: Drawing) -> Iterator[str]:
    rooms = {one.name: one.box for one in drawing.frames.values() if one.kind == "lane"}
    for lane, members in drawing.lanes.items():
        for member in members:
            if not rooms[lane].holds(drawing.shapes[member].box):
                yield f"{member} does not stand in its lane {lane}"
    for owner, _, label in drawing.labels():
        if not any(room.holds(label) for room in rooms.values()):
            yield f"the words of {owner} cross the border of a lane"
