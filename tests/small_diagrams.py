"""Small diagrams written in one line per node, for tests that need just this shape."""

from __future__ import annotations

from xml.sax.saxutils import escape

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="definisi" targetNamespace="urn:kecil">
<bpmn:message id="m_buka" name="buka"/><bpmn:message id="m_tutup" name="tutup"/>
<bpmn:message id="m_ajukan" name="ajukan"/><bpmn:message id="m_cabut" name="cabut"/>
<bpmn:error id="galat_mati" errorCode="mati"/>"""

TERMINATE = "<bpmn:terminateEventDefinition/>"
MESSAGE = '<bpmn:messageEventDefinition messageRef="{}"/>'


def node(tag: str, name: str, inner: str = "", /, **attributes: str) -> str:
    """Any node."""
    more = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<bpmn:{tag} id="{name}"{more}>{inner}</bpmn:{tag}>'


def person(name: str, inner: str = "") -> str:
    """A user task."""
    return node("userTask", name, inner)


def handler(name: str, operation: str = "catat", value: str = "'tetap'", parameter: str = "isi") -> str:
    """A service task with one parameter."""
    return node("serviceTask", name, (
        f'<bpmn:extensionElements><spiffworkflow:serviceTaskOperator id="{operation}"><spiffworkflow:parameters>'
        f'<spiffworkflow:parameter id="{parameter}" type="str" value="{escape(value)}"/></spiffworkflow:parameters>'
        "</spiffworkflow:serviceTaskOperator></bpmn:extensionElements>"))


def lane(name: str, *nodes: str) -> str:
    """A lane and what lies in it; inside a laneSet."""
    return f'<bpmn:lane id="lajur_{nodes[0]}" name="{name}">' + "".join(
        f"<bpmn:flowNodeRef>{one}</bpmn:flowNodeRef>" for one in nodes) + "</bpmn:lane>"


def sets(variable: str) -> str:
    """What a user task holds inside when its form sets a variable."""
    return ('<bpmn:extensionElements><spiffworkflow:properties>'
            f'<spiffworkflow:property name="variabel" value="{variable}"/>'
            '</spiffworkflow:properties></bpmn:extensionElements>')


def several(cardinality: str) -> str:
    """What makes a task one for several people."""
    return ("<bpmn:multiInstanceLoopCharacteristics>"
            f"<bpmn:loopCardinality>{cardinality}</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>")


def timer(text: str, tag: str = "timeDuration") -> str:
    """A timer definition; the text is an expression."""
    return f"<bpmn:timerEventDefinition><bpmn:{tag}>{text}</bpmn:{tag}></bpmn:timerEventDefinition>"


def boundary(name: str, host: str, inner: str, *, interrupting: bool) -> str:
    """A boundary event."""
    return node("boundaryEvent", name, inner, attachedToRef=host, cancelActivity=str(interrupting).lower())


def flows(*texts: str) -> str:
    """Flows written "a > b" or "a > b if condition"; their id is f_a_b."""
    return "".join(_flow(text) for text in texts)


def _flow(text: str) -> str:
    ends, _, condition = text.partition(" if ")
    source, target = ends.split(" > ")
    inner = "" if not condition else (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{escape(condition)}</bpmn:conditionExpression>')
    return f'<bpmn:sequenceFlow id="f_{source}_{target}" sourceRef="{source}" targetRef="{target}">{inner}' \
           "</bpmn:sequenceFlow>"


def drawn(*parts: str, process: str = "kecil") -> bytes:
    """The whole diagram."""
    body = "\n".join(parts)
    return (f'{HEAD}<bpmn:process id="{process}" isExecutable="true">{body}</bpmn:process>'
            "</bpmn:definitions>").encode()


def line(*parts: str) -> bytes:
    """A diagram with a plain start "mulai" and a plain end "selesai" besides what is given."""
    return drawn(node("startEvent", "mulai"), node("endEvent", "selesai"), *parts)


RETURNS = line(
    person("isi"), person("periksa"), node("exclusiveGateway", "putus", default="f_putus_isi"),
    flows("mulai > isi", "isi > periksa", "periksa > putus", "putus > isi", "putus > selesai if cukup == True"))
"""Fill in, judge, and back for as long as it is not enough."""
