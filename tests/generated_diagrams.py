"""Random diagrams of the subset, the same for the same seed: blocks within blocks, loops round inclusive joins.

Conditions overlap and shapes stand in another order than the flows in the file, so an engine that looks at the layout,
or asks two conditions in the wrong order, comes to other tasks than the token game. Every diagram can be withdrawn.
"""

from __future__ import annotations

import random
from xml.sax.saxutils import quoteattr

from tests.small_diagrams import TERMINATE, drawn, flows, handler, node, person

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="definisi" targetNamespace="urn:contoh">
<bpmn:collaboration id="kolaborasi"><bpmn:participant id="kolam" processRef="contoh"/></bpmn:collaboration>
<bpmn:message id="m_mulai" name="mulai"/><bpmn:message id="m_lanjut" name="lanjut"/>
<bpmn:message id="m_mundur" name="mundur"/><bpmn:message id="m_susulan" name="susulan"/>
<bpmn:error id="galat_ditolak" errorCode="ditolak"/>
<bpmn:process id="contoh" isExecutable="true">"""


class Sketch:
    """Collects nodes and flows while the blocks are drawn, then writes them as BPMN."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.nodes: dict[str, str] = {}
        self.flows: list[tuple[str, str, str, str | None]] = []
        self.defaults: dict[str, str] = {}
        self.lanes: dict[str, list[str]] = {"Loket": [], "Tim": []}

    def node(self, tag: str, inner: str = "", **attributes: str) -> str:
        """Adds a node, in a lane when it is no boundary event; its id counts up."""
        name = f"{tag[0]}{len(self.nodes) + 1}"
        self.nodes[name] = f"<bpmn:{tag} id={quoteattr(name)}{{}}" + "".join(
            f" {key}={quoteattr(value)}" for key, value in attributes.items()) + f">{inner}</bpmn:{tag}>"
        self.lanes[self.chance.choice(list(self.lanes))].append(name)
        return name

    def flow(self, source: str, target: str, condition: str | None = None, *, default: bool = False) -> None:
        """Adds a flow."""
        name = f"f{len(self.flows) + 1}"
        self.flows.append((name, source, target, condition))
        if default:
            self.defaults[source] = name

    # --- tasks and what hangs on them ---

    def user_task(self) -> tuple[str, str]:
        """A task for a person; at times for several, at times with timers."""
        variables = ", ".join(self.chance.sample(["cukup", "arah", "angka", "lagi", "regu"], 3))
        inner = (f'<bpmn:extensionElements><spiffworkflow:properties><spiffworkflow:property name="variabel" '
                 f'value="{variables}"/></spiffworkflow:properties></bpmn:extensionElements>')
        if self.chance.random() < .2:
            inner += ("<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>len(regu)</bpmn:loopCardinality>"
                      "</bpmn:multiInstanceLoopCharacteristics>")
        name = self.node("userTask", inner)
        if self.chance.random() < .35:
            self._reminder(name)
        return name, name if self.chance.random() < .8 else self._expiring(name)

    def _boundary(self, host: str, definition: str, *, interrupting: bool) -> str:
        return self.node("boundaryEvent", definition, attachedToRef=host, cancelActivity=str(interrupting).lower())

    def _reminder(self, host: str) -> None:
        """A timer or message beside the task: a notice, then a plain end."""
        waits = self.chance.choice([
            "<bpmn:timerEventDefinition><bpmn:timeDuration>'P14D'</bpmn:timeDuration></bpmn:timerEventDefinition>",
            "<bpmn:timerEventDefinition><bpmn:timeCycle>'R3/P7D'</bpmn:timeCycle></bpmn:timerEventDefinition>",
            '<bpmn:messageEventDefinition messageRef="m_susulan"/>'])
        event, notice = self._boundary(host, waits, interrupting=False), self.service("ingatkan")
        self.flow(event, notice)
        if self.chance.random() < .3:
            reads = self.node("userTask")
            self.flow(notice, reads)
            notice = reads
        self.flow(notice, self.node("endEvent"))

    def _expiring(self, host: str) -> str:
        """A timer that takes the task away; both ways meet again."""
        event = self._boundary(host, "<bpmn:timerEventDefinition><bpmn:timeDuration>'P30D'</bpmn:timeDuration>"
                                     "</bpmn:timerEventDefinition>", interrupting=True)
        meet = self.node("exclusiveGateway")
        self.flow(host, meet)
        self.flow(event, meet)
        return meet

    def service(self, operation: str) -> str:
        """A service task with one parameter."""
        return self.node("serviceTask", (
            f'<bpmn:extensionElements><spiffworkflow:serviceTaskOperator id="{operation}"><spiffworkflow:parameters>'
            '<spiffworkflow:parameter id="arah" type="str" value="arah"/></spiffworkflow:parameters>'
            "</spiffworkflow:serviceTaskOperator></bpmn:extensionElements>"))

    def service_task(self) -> tuple[str, str]:
        """A service task, at times with an error boundary that leads to a person and back."""
        if self.chance.random() < .5:
            name = self.service("catat")
            return name, name
        meet, name = self.node("exclusiveGateway"), self.service("kirim")
        reference = self.chance.choice(['errorRef="galat_ditolak"', ""])
        event = self._boundary(name, f"<bpmn:errorEventDefinition {reference}/>", interrupting=True)
        mend = self.node("userTask")
        self.flow(meet, name)
        self.flow(event, mend)
        self.flow(mend, meet)
        return meet, name

    def pause(self) -> tuple[str, str]:
        """A timer or message on the way itself."""
        waits = self.chance.choice([
            "<bpmn:timerEventDefinition><bpmn:timeDuration>'PT1H'</bpmn:timeDuration></bpmn:timerEventDefinition>",
            '<bpmn:messageEventDefinition messageRef="m_lanjut"/>'])
        name = self.node("intermediateCatchEvent", waits)
        return name, name

    # --- blocks ---

    def block(self, depth: int) -> tuple[str, str]:
        """A block: where it begins and where it ends."""
        if depth == 0:
            return self.chance.choices([self.user_task, self.service_task, self.pause], [5, 3, 1])[0]()
        return self.chance.choices([self.row, self.choice, self.inclusive, self.parallel, self.again],
                                   [4, 2, 3, 1, 2])[0](depth - 1)

    def row(self, depth: int) -> tuple[str, str]:
        """Blocks one after the other."""
        parts = [self.block(depth) for _ in range(self.chance.randint(2, 3))]
        for (_, source), (target, _) in zip(parts, parts[1:]):
            self.flow(source, target)
        return parts[0][0], parts[-1][1]

    def choice(self, depth: int) -> tuple[str, str]:
        """One of several; the conditions overlap on purpose."""
        split, meet = self.node("exclusiveGateway"), self.node("exclusiveGateway")
        conditions = self.chance.sample(["angka > 1", "angka > 3", "cukup == True", "arah in ('a', 'b')"], 2)
        self._branches(split, meet, [*conditions, None], depth)
        return split, meet

    def inclusive(self, depth: int) -> tuple[str, str]:
        """Some of several, joined again; at times one branch is empty, at times no default is drawn."""
        split, join = self.node("inclusiveGateway"), self.node("inclusiveGateway")
        conditions: list[str | None] = self.chance.choice([
            ["arah in ('a', 'c')", "arah in ('b', 'c')"],
            ["arah in ('a', 'c')", "arah in ('b', 'c')", None],
            ["angka > 1", "angka > 3", "cukup == True", None]])
        self._branches(split, join, conditions, depth, may_be_empty=True)
        return split, join

    def parallel(self, depth: int) -> tuple[str, str]:
        """All of several, joined again."""
        split, join = self.node("parallelGateway"), self.node("parallelGateway")
        for _ in range(2):
            first, last = self.block(depth)
            self.flow(split, first)
            self.flow(last, join)
        return split, join

    def again(self, depth: int) -> tuple[str, str]:
        """A block with the way back round it, for which a person decides."""
        meet, (first, last) = self.node("exclusiveGateway"), self.inclusive(depth)
        decide, fork = self.node("userTask"), self.node("exclusiveGateway")
        self.flow(meet, first)
        self.flow(last, decide)
        self.flow(decide, fork)
        self.flow(fork, meet, "lagi == True")
        after, done = self.user_task()
        self.flow(fork, after, default=True)
        return meet, done

    def _branches(self, split: str, meet: str, conditions: list[str | None], depth: int, *,
                  may_be_empty: bool = False) -> None:
        for number, condition in enumerate(conditions):
            if may_be_empty and number == 1 and self.chance.random() < .2:
                self.flow(split, meet, condition)
                continue
            first, last = self.block(depth)
            self.flow(split, first, condition, default=condition is None)
            self.flow(last, meet)

    def whole(self) -> None:
        """The diagram: two ways to start, a listener beside the work, a round that can be done again."""
        listen, begin = self.node("parallelGateway"), self.node("exclusiveGateway")
        for message in ("m_mulai", "m_lanjut"):
            self.flow(self.node("startEvent", f'<bpmn:messageEventDefinition messageRef="{message}"/>'), begin)
        self.flow(begin, listen)
        withdrawn = self.node("intermediateCatchEvent", '<bpmn:messageEventDefinition messageRef="m_mundur"/>')
        self.flow(listen, withdrawn)
        void = self.service("batalkan")
        self.flow(withdrawn, void)
        self.flow(void, self.node("endEvent", "<bpmn:terminateEventDefinition/>"))
        source = listen
        for first, last in (self.user_task(), self.again(self.chance.randint(1, 2)), self.block(2)):
            self.flow(source, first)
            source = last
        self.flow(source, self.node("endEvent", "<bpmn:terminateEventDefinition/>"))

    # --- writing ---

    def written(self) -> bytes:
        """The BPMN text, with a layout that says nothing about the order of the flows."""
        lanes = "".join(
            f'<bpmn:lane id="l{number}" name="{name}">'
            + "".join(f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>" for node in nodes) + "</bpmn:lane>"
            for number, (name, nodes) in enumerate(self.lanes.items()))
        nodes = [text.format(f' default="{self.defaults[name]}"' if name in self.defaults else "")
                 for name, text in self.nodes.items()]
        return "\n".join([HEAD, f'<bpmn:laneSet id="lajur">{lanes}</bpmn:laneSet>', *nodes,
                          *(_flow_text(*flow) for flow in self.flows), "</bpmn:process>", self._layout(),
                          "</bpmn:definitions>"]).encode()

    def _layout(self) -> str:
        shapes = "".join(
            f'<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}"><dc:Bounds x="{100 * number}" '
            f'y="{self.chance.randrange(1000)}" width="100" height="80"/></bpmndi:BPMNShape>'
            for number, name in enumerate(self.nodes))
        return (f'<bpmndi:BPMNDiagram id="gambar"><bpmndi:BPMNPlane id="bidang" bpmnElement="kolaborasi">{shapes}'
                "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>")


def _flow_text(name: str, source: str, target: str, condition: str | None) -> str:
    inner = "" if condition is None else (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition.replace(">", "&gt;")}'
        "</bpmn:conditionExpression>")
    return f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'


def diagram(seed: int) -> bytes:
    """The diagram of a seed."""
    sketch = Sketch(seed)
    sketch.whole()
    return sketch.written()


def diagrams(seed: int, number: int = 20) -> list[bytes]:
    """Several diagrams of one seed."""
    chance = random.Random(seed)
    return [diagram(chance.randrange(2 ** 31)) for _ in range(number)]


KINDS = ("person", "person", "handler", "exclusiveGateway", "inclusiveGateway", "inclusiveGateway", "parallelGateway")
CONDITIONS = ("angka > 1", "angka > 3", "cukup == True", "arah in ('a', 'b')")


def tangle(seed: int) -> bytes:
    """A few nodes with flows from anywhere to anywhere: not what anyone would draw, but the rules must hold there too."""
    chance = random.Random(seed)
    nodes = {f"n{number}": chance.choice(KINDS) for number in range(chance.randint(5, 11))}
    parts = [node("startEvent", "mulai"), node("endEvent", "diam"),
             node("endEvent", "habis", TERMINATE if chance.random() < .3 else "")]
    ways = [f"mulai > {chance.choice(list(nodes))}"]
    for name, kind in nodes.items():
        part, out = _tangled(name, kind, [*nodes, "diam", "habis"], chance)
        parts.append(part)
        ways += out
    return drawn(*parts, flows(*ways))


def _tangled(name: str, kind: str, targets: list[str], chance: random.Random) -> tuple[str, list[str]]:
    if kind in ("person", "handler"):
        return (person if kind == "person" else handler)(name), [f"{name} > {chance.choice(targets)}"]
    *others, last = chance.sample(targets, chance.randint(1, 3))
    if kind == "parallelGateway" or not others:
        return node(kind, name), [f"{name} > {target}" for target in (*others, last)]
    conditions = chance.sample(CONDITIONS, len(others))
    chosen = [f"{name} > {target} if {condition}" for target, condition in zip(others, conditions)]
    return node(kind, name, default=f"f_{name}_{last}"), [*chosen, f"{name} > {last}"]
