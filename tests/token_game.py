"""A second opinion on where the tokens of a diagram stand; shares nothing with the engine or its library.

It reads any diagram of the subset with lxml, plays the rules of BPMN on flows and nodes, and evaluates conditions with
a walker of its own. The proofs let it play along with every transition and compare what waits.

Its rules: automatic nodes first; when no token moves, joins, the one with the oldest token first. A parallel join takes
one token from each flow. An inclusive join waits while a token elsewhere can still come in by an empty flow, unless
that token can also come in by a filled one. A task reaches what its boundary events reach.
"""

from __future__ import annotations

import ast
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree

NS = {"b": "http://www.omg.org/spec/BPMN/20100524/MODEL", "s": "http://spiffworkflow.org/bpmn/schema/1.0/core"}
GATEWAYS = ("exclusiveGateway", "inclusiveGateway", "parallelGateway")


MOST_MOVES = 1000
"""Automatic moves after which a diagram is taken to go round without end."""


class NoWayOn(Exception):
    """A gateway where no condition holds and no default is drawn, or a round that never waits."""


@dataclass(frozen=True)
class Flow:
    id: str
    source: str
    target: str
    condition: str | None


@dataclass(frozen=True)
class Node:
    id: str
    kind: str
    default: str | None
    attached: str | None
    interrupting: bool
    cause: str
    """message, error, once, cycle, terminate or none"""
    name: str | None
    """of the message, or the code of the error"""
    cardinality: str | None
    sets: tuple[str, ...]


@dataclass(eq=False)
class Token:
    """A token that waits at a node; a task also carries its open instances and its armed boundary events."""

    node: str
    age: int
    open: int = 1
    armed: list[str] = field(default_factory=list)


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


class Chart:
    """The nodes and flows of a diagram, in the order of the file."""

    def __init__(self, source: bytes) -> None:
        root = etree.fromstring(source)
        self.names = {each.get("id"): each.get("name") for each in root.iterfind("b:message", NS)}
        self.codes = {each.get("id"): each.get("errorCode") for each in root.iterfind("b:error", NS)}
        process = root.find("b:process", NS)
        self.flows = [Flow(each.get("id"), each.get("sourceRef"), each.get("targetRef"),
                           each.findtext("b:conditionExpression", None, NS))
                      for each in process.iterfind("b:sequenceFlow", NS)]
        kinds = (*GATEWAYS, "startEvent", "endEvent", "userTask", "serviceTask", "boundaryEvent",
                 "intermediateCatchEvent")
        self.nodes = {each.get("id"): self._node(each) for each in process if local(each) in kinds}

    def _node(self, element: etree._Element) -> Node:
        cause, name = self._cause(element)
        sets = element.xpath("string(.//s:property[@name='variabel']/@value)", namespaces=NS)
        return Node(element.get("id"), local(element), element.get("default"), element.get("attachedToRef"),
                    element.get("cancelActivity", "true") == "true", cause, name,
                    element.findtext("b:multiInstanceLoopCharacteristics/b:loopCardinality", None, NS),
                    tuple(part.strip() for part in sets.split(",") if part.strip()))

    def _cause(self, element: etree._Element) -> tuple[str, str | None]:
        for part in element:
            kind = local(part)
            if kind == "messageEventDefinition":
                return "message", self.names[part.get("messageRef")]
            if kind == "errorEventDefinition":
                return "error", self.codes.get(part.get("errorRef"))
            if kind == "terminateEventDefinition":
                return "terminate", None
            if kind == "timerEventDefinition":
                cycle = part.find("b:timeCycle", NS) is not None and element.get("cancelActivity") == "false"
                return ("cycle" if cycle else "once"), None
        return "none", None

    def outgoing(self, node: str) -> list[Flow]:
        return [flow for flow in self.flows if flow.source == node]

    def incoming(self, node: str) -> list[Flow]:
        return [flow for flow in self.flows if flow.target == node]

    def boundaries(self, host: str) -> list[str]:
        return [node.id for node in self.nodes.values() if node.attached == host]

    def comes_in_by(self, start: str, join: str) -> set[str]:
        """The flows into `join` that a token at `start` can still take without passing it."""
        found, seen, todo = set(), {join}, [start]
        while todo:
            node = todo.pop()
            if node in seen:
                continue
            seen.add(node)
            for flow in self.outgoing(node):
                found.update([flow.id] if flow.target == join else [])
                todo.append(flow.target)
            todo.extend(self.boundaries(node))
        return found

    def candidates(self) -> dict[str, list[Any]]:
        """For each variable that a condition names, the values that the conditions compare it with."""
        found: dict[str, list[Any]] = {}
        texts = [flow.condition for flow in self.flows] + [node.cardinality for node in self.nodes.values()]
        for text in filter(None, texts):
            tree = ast.parse(text.strip(), mode="eval")
            constants = [part.value for part in ast.walk(tree) if isinstance(part, ast.Constant)]
            for part in ast.walk(tree):
                if isinstance(part, ast.Name) and part.id not in ("len", "ada"):
                    found.setdefault(part.id, []).extend(constants)
        return {name: list(dict.fromkeys(values)) for name, values in found.items()}


class TokenGame:
    """One case, played by hand."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self.variables: dict[str, Any] = {}
        self.tokens: list[Token] = []
        self.joining: list[tuple[str, str, int]] = []
        """Tokens at joins: join, flow they came by, age."""
        self.moving: deque[Flow] = deque()
        self.ages, self.moved = 0, 0
        self.ended, self.end = False, None
        self.ordered: list[str] = []

    def copy(self) -> TokenGame:
        """The same position, to be played on by itself."""
        twin = TokenGame(self.chart)
        twin.variables, twin.ages, twin.ended, twin.end = dict(self.variables), self.ages, self.ended, self.end
        twin.tokens = [replace(token, armed=list(token.armed)) for token in self.tokens]
        twin.joining = list(self.joining)
        return twin

    def _age(self) -> int:
        self.ages += 1
        return self.ages

    # --- what is seen ---

    def _of_kind(self, kind: str) -> Counter[str]:
        found: Counter[str] = Counter()
        for token in self.tokens:
            if self.chart.nodes[token.node].kind == kind:
                found[token.node] += token.open
        return found

    def waiting(self) -> Counter[str]:
        return self._of_kind("userTask")

    def running(self) -> Counter[str]:
        return self._of_kind("serviceTask")

    def _listening(self) -> Iterator[tuple[Token, Node]]:
        for token in self.tokens:
            for name in (token.node, *token.armed):
                yield token, self.chart.nodes[name]

    def timers(self) -> Counter[str]:
        return Counter(node.id for _, node in self._listening() if node.cause in ("once", "cycle"))

    def messages(self) -> set[str]:
        return {node.name or "" for _, node in self._listening() if node.cause == "message"}

    # --- what happens ---

    def start(self, message: str | None, variables: Mapping[str, Any]) -> None:
        self.variables.update(variables)
        for node in self.chart.nodes.values():
            if node.kind == "startEvent" and node.name == message:
                self.moving.extend(self.chart.outgoing(node.id))
        self._settle()

    def finish(self, activity: str, variables: Mapping[str, Any]) -> None:
        """A user or service task is done (one instance of it)."""
        token = next(token for token in self.tokens if token.node == activity)
        self.variables.update(variables)
        token.open -= 1
        if token.open == 0:
            self.tokens.remove(token)
            self.moving.extend(self.chart.outgoing(activity))
        self._settle()

    def fail(self, activity: str, code: str) -> bool:
        """A service task failed; False when no boundary is drawn for it."""
        token = next(token for token in self.tokens if token.node == activity)
        drawn = {self.chart.nodes[name].name: name for name in token.armed
                 if self.chart.nodes[name].cause == "error"}
        boundary = drawn.get(code, drawn.get(None))
        if boundary is not None:
            self._happen(token, self.chart.nodes[boundary])
            self._settle()
        return boundary is not None

    def timer(self, activity: str) -> None:
        self._happen(*next(pair for pair in self._listening() if pair[1].id == activity))
        self._settle()

    def message(self, name: str, variables: Mapping[str, Any]) -> bool:
        found = [pair for pair in self._listening() if pair[1].cause == "message" and pair[1].name == name]
        if found:
            self.variables.update(variables)
        for token, node in found:
            self._happen(token, node)
        self._settle()
        return bool(found)

    def _happen(self, token: Token, node: Node) -> None:
        if node.kind == "boundaryEvent" and not node.interrupting:
            if node.cause != "cycle":
                token.armed.remove(node.id)
        elif token in self.tokens:
            self.tokens.remove(token)
        self.moving.extend(self.chart.outgoing(node.id))

    # --- how tokens move ---

    def _settle(self) -> None:
        for self.moved in range(MOST_MOVES):
            if self.ended:
                break
            if self.moving:
                self._arrive(self.moving.popleft())
            elif not self._fire_a_join():
                break
        else:
            raise NoWayOn("round and round")
        if not (self.tokens or self.joining or self.moving):
            self.ended = True

    def _arrive(self, flow: Flow) -> None:
        node = self.chart.nodes[flow.target]
        if node.kind in ("userTask", "serviceTask"):
            self._begin_task(node)
        elif node.kind == "intermediateCatchEvent":
            self.tokens.append(Token(node.id, self._age()))
        elif node.kind == "endEvent":
            self._reach_end(node)
        elif node.kind == "exclusiveGateway":
            self._choose(node, first_only=True)
        elif len(self.chart.incoming(node.id)) > 1:
            self.joining.append((node.id, flow.id, self._age()))
        else:
            self._split(node)

    def _begin_task(self, node: Node) -> None:
        number = 1 if node.cardinality is None else evaluate(node.cardinality, self.variables)
        if type(number) is not int or number < 1:
            self.moving.extend(self.chart.outgoing(node.id))
            return
        self.tokens.append(Token(node.id, self._age(), number, self.chart.boundaries(node.id)))
        if node.kind == "serviceTask":
            self.ordered += [node.id] * number

    def _reach_end(self, node: Node) -> None:
        self.end = node.id
        if node.cause == "terminate":
            self.ended = True
            for rest in (self.tokens, self.joining, self.moving):
                rest.clear()

    def _split(self, node: Node) -> None:
        if node.kind == "parallelGateway":
            self.moving.extend(self.chart.outgoing(node.id))
        else:
            self._choose(node, first_only=False)

    def _choose(self, node: Node, *, first_only: bool) -> None:
        flows = self.chart.outgoing(node.id)
        if len(flows) == 1 and flows[0].condition is None:
            self.moving.append(flows[0])
            return
        chosen = [flow for flow in flows
                  if flow.id != node.default and evaluate(flow.condition or "False", self.variables)]
        chosen = chosen[:1] if first_only else chosen
        chosen = chosen or [flow for flow in flows if flow.id == node.default]
        if not chosen:
            raise NoWayOn(node.id)
        self.moving.extend(chosen)

    def _fire_a_join(self) -> bool:
        for name in dict.fromkeys(join for join, _, _ in sorted(self.joining, key=lambda each: each[2])):
            filled = {flow for join, flow, _ in self.joining if join == name}
            if self._may_fire(name, filled):
                for flow in filled:
                    self.joining.remove(next(each for each in self.joining if each[:2] == (name, flow)))
                self._split(self.chart.nodes[name])
                return True
        return False

    def _may_fire(self, join: str, filled: set[str]) -> bool:
        empty = {flow.id for flow in self.chart.incoming(join)} - filled
        if self.chart.nodes[join].kind == "parallelGateway" or not empty:
            return not empty
        elsewhere = [token.node for token in self.tokens] + [name for name, _, _ in self.joining if name != join]
        ways = [self.chart.comes_in_by(node, join) for node in elsewhere]
        return not any(way & empty and not way & filled for way in ways)


# --- conditions, evaluated without the engine's language -------------------------------------------------------------

def evaluate(text: str, variables: Mapping[str, Any]) -> Any:
    """The value of a condition; what is not there is None, and None is smaller than nothing."""
    return _value(ast.parse(text.strip(), mode="eval").body, variables)


def _value(node: ast.expr, variables: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            return variables.get(node.id)
        case ast.List() | ast.Tuple():
            return [_value(part, variables) for part in node.elts]
        case ast.UnaryOp(op=ast.Not()):
            return not _value(node.operand, variables)
        case ast.BoolOp():
            answers = [bool(_value(part, variables)) for part in node.values]
            return all(answers) if isinstance(node.op, ast.And) else any(answers)
        case ast.IfExp():
            return _value(node.body if _value(node.test, variables) else node.orelse, variables)
        case ast.Call(func=ast.Name(id="len")):
            counted = _value(node.args[0], variables)
            return len(counted) if isinstance(counted, (str, list)) else 0
        case ast.Call(func=ast.Name(id="ada")):
            return _value(node.args[0], variables) not in (None, "", [])
        case ast.Compare(ops=[sign]):
            return _holds(sign, _value(node.left, variables), _value(node.comparators[0], variables))
    raise NotImplementedError(ast.dump(node))


def _holds(sign: ast.cmpop, left: Any, right: Any) -> bool:
    alike = type(left) is type(right)
    match sign:
        case ast.Eq() | ast.Is():
            return alike and left == right
        case ast.NotEq() | ast.IsNot():
            return not (alike and left == right)
        case ast.In():
            return _is_in(left, right)
        case ast.NotIn():
            return not _is_in(left, right)
    if not alike or not isinstance(left, (int, str)) or isinstance(left, bool):
        return False
    return {ast.Lt: left < right, ast.LtE: left <= right, ast.Gt: left > right, ast.GtE: left >= right}[type(sign)]


def _is_in(left: Any, right: Any) -> bool:
    if isinstance(right, str):
        return isinstance(left, str) and left in right
    return isinstance(right, list) and any(type(left) is type(each) and left == each for each in right)
