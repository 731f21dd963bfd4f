"""A diagram as the rules of this folder ask for it: its parts by scope, who flows to whom, what is attached where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from engine.authoring.lint.reading import MODEL, Tree

SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
PICTURE = frozenset({DI, "http://www.omg.org/spec/DD/20100524/DC", "http://www.omg.org/spec/DD/20100524/DI"})

PEOPLE = "userTask"
AUTOMATIC = "serviceTask"
XOR, OR, AND = "exclusiveGateway", "inclusiveGateway", "parallelGateway"
START, END, CATCH, BOUNDARY = "startEvent", "endEvent", "intermediateCatchEvent", "boundaryEvent"
GATEWAYS = frozenset({XOR, OR, AND})
ACTIVITIES = frozenset({PEOPLE, AUTOMATIC})
SUBSET = frozenset({START, END, CATCH, BOUNDARY}) | GATEWAYS | ACTIVITIES
SCOPES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
FOREIGN_NODES = SCOPES | frozenset({
    "callActivity", "task", "manualTask", "scriptTask", "sendTask", "receiveTask", "businessRuleTask",
    "complexGateway", "eventBasedGateway",
    "intermediateThrowEvent", "implicitThrowEvent", "event", "callChoreography",
    "subChoreography", "choreographyTask"})
NODES = SUBSET | FOREIGN_NODES


def kind(element: Tree) -> str:
    """The BPMN name of an element; "" for elements of other namespaces, comments and instructions."""
    tag = element.tag
    return tag[len(MODEL) + 2:] if isinstance(tag, str) and tag.startswith("{" + MODEL + "}") else ""


def elements(parent: Tree) -> Iterator[Tree]:
    """The child elements, without comments and instructions."""
    return (child for child in parent if isinstance(child.tag, str))


def children(parent: Tree, *names: str) -> list[Tree]:
    """The BPMN children of these names, in file order."""
    return [child for child in parent if kind(child) in names]


def child(parent: Tree, name: str) -> Tree | None:
    """The first BPMN child of this name."""
    return next(iter(children(parent, name)), None)


def spiff(parent: Tree, name: str) -> list[Tree]:
    """Elements of the engine's own namespace directly inside extensionElements."""
    wanted = f"{{{SPIFF}}}{name}"
    return [one for box in children(parent, "extensionElements") for one in box if one.tag == wanted]


def identity(element: Tree) -> str:
    """The id of an element; "" when it has none."""
    return element.get("id") or ""


def events(node: Tree) -> list[Tree]:
    """The event definitions of an event."""
    return [one for one in node if kind(one).endswith("EventDefinition") or kind(one) == "eventDefinitionRef"]


def looped(node: Tree) -> Tree | None:
    """The multi-instance marker of an activity."""
    return child(node, "multiInstanceLoopCharacteristics")


def is_terminate(node: Tree) -> bool:
    """Does this end stop everything?"""
    return any(kind(one) == "terminateEventDefinition" for one in events(node))


def interrupts(node: Tree) -> bool:
    """Does this boundary event end the activity it stands on?"""
    return node.get("cancelActivity", "true") != "false"


def words(text: str | None) -> list[str]:
    """The names of a comma list."""
    return [word.strip() for word in (text or "").split(",") if word.strip()]


def properties(node: Tree) -> dict[str, str]:
    """The settings an analyst wrote on a node; the last one of a name wins, as in the engine."""
    wanted = f"{{{SPIFF}}}property"
    return {one.get("name") or "": one.get("value") or "" for box in spiff(node, "properties") for one in box
            if one.tag == wanted}


@dataclass(frozen=True, eq=False)
class Flow:
    """A sequence flow."""

    id: str
    source: str
    target: str
    element: Tree

    @property
    def condition(self) -> Tree | None:
        """Its condition, if it carries one."""
        return child(self.element, "conditionExpression")


@dataclass(frozen=True, eq=False)
class Scope:
    """A process or a subprocess: the nodes and flows that stand directly in it."""

    element: Tree
    nodes: dict[str, Tree]
    flows: tuple[Flow, ...]
    out: dict[str, list[Flow]] = field(default_factory=dict)
    into: dict[str, list[Flow]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The id of the process or subprocess."""
        return identity(self.element)

    @property
    def nested(self) -> bool:
        """Is it a subprocess?"""
        return kind(self.element) in SCOPES

    def of(self, *names: str) -> list[Tree]:
        """The nodes of these kinds, in file order."""
        return [node for node in self.nodes.values() if kind(node) in names]

    @cached_property
    def boundaries(self) -> dict[str, list[Tree]]:
        """Activity id -> the boundary events on it."""
        found: dict[str, list[Tree]] = defaultdict(list)
        for node in self.of(BOUNDARY):
            found[node.get("attachedToRef") or ""].append(node)
        return dict(found)

    def next(self, node: str, *, side: bool = True) -> list[str]:
        """Where a token may go from here: along the flows and, with `side`, out of every boundary event."""
        attached = [one for one in self.boundaries.get(node, ()) if side or interrupts(one)]
        return [flow.target for flow in self.out.get(node, ())] + [identity(one) for one in attached]

    def before(self, node: str, *, side: bool = True) -> list[str]:
        """Where a token may come from: sources of flows, or the activity a boundary event stands on."""
        came = [flow.source for flow in self.into.get(node, ())]
        here = self.nodes[node]
        host = here.get("attachedToRef") if kind(here) == BOUNDARY and (side or interrupts(here)) else None
        return [*came, host] if host in self.nodes else came

    def reached(self, begin: Iterable[str], *, side: bool = True, back: bool = False) -> set[str]:
        """Everything that tokens starting here may reach (or, `back`, may have come from)."""
        seen, todo = set(), list(begin)
        while todo:
            node = todo.pop()
            if node not in seen:
                seen.add(node)
                todo += self.before(node, side=side) if back else self.next(node, side=side)
        return seen


@dataclass(frozen=True, eq=False)
class Drawing:
    """A whole file."""

    root: Tree

    @cached_property
    def processes(self) -> list[Tree]:
        """Every process of the file."""
        return children(self.root, "process")

    @cached_property
    def participants(self) -> list[Tree]:
        """Every pool."""
        return [pool for group in children(self.root, "collaboration") for pool in children(group, "participant")]

    @cached_property
    def main(self) -> Tree | None:
        """The process a case runs: the one in the first pool, else the first."""
        pooled = {pool.get("processRef") for pool in self.participants[:1]}
        return next(iter([*[one for one in self.processes if identity(one) in pooled], *self.processes]), None)

    @cached_property
    def scopes(self) -> list[Scope]:
        """Processes and subprocesses, outer before inner."""
        found, todo = [], list(reversed(self.processes))
        while todo:
            element = todo.pop()
            found.append(_scope(element))
            todo += reversed(children(element, *SCOPES))
        return found

    @cached_property
    def top(self) -> Scope | None:
        """The scope of the main process."""
        return next((scope for scope in self.scopes if scope.element is self.main), None)

    @cached_property
    def nodes(self) -> dict[str, Tree]:
        """Every node of the file by id."""
        return {name: node for scope in self.scopes for name, node in scope.nodes.items()}

    def of(self, *names: str) -> list[Tree]:
        """Every node of these kinds, in file order."""
        return [node for scope in self.scopes for node in scope.of(*names)]

    def named(self, name: str) -> dict[str, Tree]:
        """Definitions beside the process (message, error) by id."""
        return {identity(one): one for one in children(self.root, name)}


def _scope(element: Tree) -> Scope:
    nodes = {identity(node): node for node in children(element, *NODES) if identity(node)}
    flows = tuple(Flow(identity(one), one.get("sourceRef") or "", one.get("targetRef") or "", one)
                  for one in children(element, "sequenceFlow"))
    scope = Scope(element, nodes, flows)
    for flow in flows:
        if flow.source in nodes and flow.target in nodes:
            scope.out.setdefault(flow.source, []).append(flow)
            scope.into.setdefault(flow.target, []).append(flow)
    return scope


def shape_of(element: Tree) -> str | None:
    """The id an analyst can click: of the element itself if it is drawn, else of the nearest drawn one around it."""
    here: Tree | None = element
    while here is not None:
        if identity(here) and kind(here) in DRAWN:
            return identity(here)
        here = here.getparent()
    return identity(element) or None


DRAWN = NODES | {"sequenceFlow", "lane", "participant", "process", "textAnnotation", "association", "messageFlow",
                 "dataObject",
                 "dataObjectReference", "dataStoreReference", "group", "message", "error", "signal", "escalation",
                 "category",
                 "itemDefinition", "dataStore", "interface", "resource", "choreography"}


def title(node: Tree) -> str:
    """What a sentence calls a node: its name if it has one, else its id."""
    name = " ".join((node.get("name") or "").split())
    return f"“{name[:60]}”" if name else f"“{identity(node)}”"


def local(element: Tree) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname
