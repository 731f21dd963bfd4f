"""A diagram as the engine runs it: read without its layout, judged by the schema, known by the hash of its meaning.

Only the meaning is parsed, so that the order of conditions is the order of the file and never the place of a shape.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from engine.digest import sha256
from engine.runtime import spiff
from engine.runtime.drawing import SPIFF, Drawing, kind_of, meaning_bytes, refusal


@dataclass(frozen=True)
class Activity:
    """A node of the diagram: what a person or a handler does there, or an event or gateway."""

    id: str
    name: str
    kind: str
    lane: str | None
    properties: Mapping[str, str]
    operation: str | None


@dataclass(frozen=True, eq=False)
class Diagram:
    """A diagram ready to run. `activities` holds every node in the order of the file; `spec` is the runtime's own."""

    process: str
    meaning: str
    activities: Mapping[str, Activity]
    starts: tuple[str, ...]
    """Names of the messages that can start a case; empty when the diagram has a plain start."""
    messages: tuple[str, ...]
    """Names of the messages that a running case can listen to."""
    spec: Any = field(repr=False)


def meaning_of(source: bytes) -> str:
    """SHA-256 of the diagram's meaning."""
    return sha256(meaning_bytes(source))


def load(source: bytes) -> Diagram:
    """The diagram of these bytes; DiagramRefused, with advice, when it cannot be run. Kept by its meaning."""
    return _loaded(meaning_bytes(source))


@lru_cache(maxsize=256)
def _loaded(meaning: bytes) -> Diagram:
    return _parsed(meaning)


def parse(source: bytes) -> Diagram:
    """As load(), but parsed anew at each call."""
    return _parsed(meaning_bytes(source))


def _parsed(meaning: bytes) -> Diagram:
    drawing = Drawing(meaning)
    spec = _specification(meaning, drawing.name)
    _prepare(spec, drawing)
    return Diagram(
        process=drawing.name, meaning=sha256(meaning), spec=spec,
        activities=MappingProxyType({name: _activity(name, drawing) for name in drawing.nodes}),
        starts=_message_names(drawing, "startEvent"),
        messages=_message_names(drawing, "boundaryEvent", "intermediateCatchEvent"))


def _specification(meaning: bytes, process: str) -> Any:
    parser = spiff.CaseParser(validator=spiff.VALIDATOR)
    try:
        parser.add_bpmn_str(meaning)
        return parser.get_spec(process)
    except Exception as fault:  # the library raises whatever its parsing meets; its words go to the log, not to people
        element = getattr(fault, "id", None)
        raise refusal("tidak sesuai skema BPMN 2.0 atau bagian yang didukung", element) from fault


def _activity(name: str, drawing: Drawing) -> Activity:
    node = drawing.nodes[name]
    operator = node.find(f".//{SPIFF}serviceTaskOperator")
    properties = {each.get("name", ""): each.get("value", "") for each in node.iter(SPIFF + "property")}
    return Activity(id=name, name=" ".join(node.get("name", "").split()), kind=kind_of(node),
                    lane=drawing.lanes.get(name), properties=MappingProxyType(properties),
                    operation=None if operator is None else operator.get("id"))


def _message_names(drawing: Drawing, *kinds: str) -> tuple[str, ...]:
    events = [drawing.event(node) for node in drawing.nodes.values() if kind_of(node) in kinds]
    return tuple(dict.fromkeys(name for kind, name in events if kind == "message" and name))


# --- from the library's specification to ours ------------------------------------------------------------------------

def _prepare(spec: Any, drawing: Drawing) -> None:
    for task_spec in list(spec.task_specs.values()):
        if isinstance(task_spec, spiff.LoopTask):
            spiff.connect_instances(task_spec, spec.task_specs[task_spec.task_spec])
        elif isinstance(task_spec, spiff.CatchingEvent):
            _aim(task_spec, drawing)
        elif isinstance(task_spec, spiff.TokenJoin):
            task_spec.sources = frozenset(drawing.sources_of(task_spec.name))
            task_spec.reached = _reached(task_spec.name, drawing)


def _aim(task_spec: Any, drawing: Drawing) -> None:
    """A plain start happens by itself; every other event only when it is fired at its task."""
    node = drawing.nodes[task_spec.name]
    kind, name = drawing.event(node)
    if kind != "none":
        task_spec.event_definition = spiff.OutsideEvent(kind, name, node.get("attachedToRef"))


def _reached(join: str, drawing: Drawing) -> Mapping[str, frozenset[str]]:
    """For each node, the flows into `join` (by their source) that a token there can still take without passing it."""
    found: dict[str, set[str]] = {}
    for source in drawing.sources_of(join):
        queue, seen = deque([source] if source != join else []), {source, join}
        while queue:
            node = queue.popleft()
            found.setdefault(node, set()).add(source)
            fresh = [before for before in drawing.sources_of(node) if before not in seen]
            seen.update(fresh)
            queue.extend(fresh)
    return {node: frozenset(sources) for node, sources in found.items()}
