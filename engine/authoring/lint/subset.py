"""Which elements does the engine run, and what is used instead of the others? Every element of the file is judged here.

The parser accepts most of what stands in these tables in silence and then does something else, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.authoring.lint.drawing import (
    ACTIVITIES,
    DRAWN,
    GATEWAYS,
    PICTURE,
    SCOPES,
    SPIFF,
    SUBSET,
    Drawing,
    elements,
    kind,
    local,
    shape_of,
)
from engine.authoring.lint.findings import Finding, caution, fault, shown
from engine.authoring.lint.reading import MODEL, Tree
from engine.authoring.lint.refused import ATTRIBUTES, EXTENSIONS, INSTEAD

NOTES = {"documentation", "extensionElements"}
ARTIFACTS = {"textAnnotation", "association", "group"}
TIES = {"incoming", "outgoing"}
LOOP = {"multiInstanceLoopCharacteristics"}
CONTENT: dict[str, set[str]] = {
    "definitions": {"collaboration", "process", "message", "error", "category"},
    "collaboration": {"participant"} | ARTIFACTS,
    "participant": set(),
    "process": {"laneSet", "sequenceFlow"} | SUBSET | ARTIFACTS,
    **{scope: {"sequenceFlow"} | SUBSET | ARTIFACTS | TIES | LOOP for scope in SCOPES},
    "category": {"categoryValue"},
    "laneSet": {"lane"},
    "lane": {"flowNodeRef"},
    "userTask": TIES | LOOP,
    "serviceTask": TIES | LOOP,
    **{gateway: TIES for gateway in GATEWAYS},
    "startEvent": TIES | {"messageEventDefinition"},
    "endEvent": TIES | {"terminateEventDefinition"},
    "intermediateCatchEvent": TIES | {"messageEventDefinition", "timerEventDefinition"},
    "boundaryEvent": TIES | {"messageEventDefinition", "timerEventDefinition", "errorEventDefinition"},
    "timerEventDefinition": {"timeDate", "timeDuration", "timeCycle"},
    "multiInstanceLoopCharacteristics": {"loopCardinality"},
    "sequenceFlow": {"conditionExpression"},
    "textAnnotation": {"text"},
}
TEXTS = {"documentation", "incoming", "outgoing", "flowNodeRef", "timeDate", "timeDuration", "timeCycle",
         "loopCardinality",
         "conditionExpression", "text"}
EMPTY_ONES = {"association", "group", "categoryValue", "message", "error", "messageEventDefinition",
              "terminateEventDefinition", "errorEventDefinition"}
TAGS = set(CONTENT) | TEXTS | EMPTY_ONES | NOTES
RANKS = {"documentation": 0, "extensionElements": 1, "incoming": 2, "outgoing": 3, "laneSet": 4,
         **dict.fromkeys(ARTIFACTS, 6)}
PLAIN = {"id", "name"}
OWN: dict[str, set[str]] = {
    "definitions": {"targetNamespace", "exporter", "exporterVersion", "expressionLanguage", "typeLanguage"},
    "collaboration": {"isClosed"},
    "participant": {"processRef"},
    "process": {"isExecutable", "isClosed", "processType"},
    "sequenceFlow": {"sourceRef", "targetRef", "isImmediate"},
    "boundaryEvent": {"attachedToRef", "cancelActivity", "parallelMultiple"},
    "startEvent": {"isInterrupting", "parallelMultiple"},
    "intermediateCatchEvent": {"parallelMultiple"},
    "subProcess": {"triggeredByEvent", "default", "method", "ordering", "cancelRemainingInstances"},
    "transaction": {"triggeredByEvent", "default", "method"},
    "adHocSubProcess": {"triggeredByEvent", "default", "ordering", "cancelRemainingInstances"},
    "group": {"categoryValueRef"}, "categoryValue": {"value"},
    "userTask": {"implementation"},
    "serviceTask": {"implementation"},
    "exclusiveGateway": {"default", "gatewayDirection"},
    "inclusiveGateway": {"default", "gatewayDirection"},
    "parallelGateway": {"gatewayDirection"},
    "messageEventDefinition": {"messageRef"},
    "errorEventDefinition": {"errorRef"},
    "error": {"errorCode"},
    "multiInstanceLoopCharacteristics": {"isSequential"},
    "textAnnotation": {"textFormat"},
    "documentation": {"textFormat"},
    "association": {"sourceRef", "targetRef", "associationDirection"},
    "conditionExpression": {"language"},
    "timeDate": {"language"}, "timeDuration": {"language"}, "timeCycle": {"language"}, "loopCardinality": {"language"},
}
HARMLESS_VALUES = {"isForCompensation": "false", "startQuantity": "1", "completionQuantity": "1",
                   "triggeredByEvent": "false",
                   "parallelMultiple": "false", "isInterrupting": "true"}
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"


def elements_outside(drawing: Drawing) -> Iterator[Finding]:
    """Every element and attribute that the engine would not run as drawn."""
    todo = [drawing.root]
    while todo:
        here = todo.pop()
        yield from _attributes(here)
        if kind(here) in TEXTS:
            yield from _only_text(here)
            continue
        inside = list(elements(here))
        yield from _order(here, inside)
        for child in inside:
            yield from _judged(here, child)
        todo += [child for child in reversed(inside) if kind(child) in TAGS and kind(child) != "extensionElements"]


def _judged(parent: Tree, child: Tree) -> Iterator[Finding]:
    name, allowed = kind(child), CONTENT.get(kind(parent), set())
    if name == "extensionElements":
        yield from _extensions(child)
    elif name in allowed or name in NOTES:
        return
    elif name:
        yield _refused(parent, child, name)
    elif parent.tag != f"{{{MODEL}}}definitions" or etree.QName(child).namespace not in PICTURE:
        yield fault("unsur_asing", shape_of(parent),
                    f"Unsur asing <{shown(local(child))}> di dalam {shown(kind(parent))} akan diabaikan.",
                    "Hapus unsur itu; pengaturan ditulis sebagai properti kegiatan (spiffworkflow:properties).")


def _order(here: Tree, inside: list[Tree]) -> Iterator[Finding]:
    """The schema wants the parts of an element in one order; the engine's reader stops where they are not."""
    ranks = [RANKS.get(kind(child), 5) for child in inside if kind(child) in TAGS | SUBSET]
    if kind(here) != "definitions" and ranks != sorted(ranks):
        yield fault("urutan_salah", shape_of(here), f"Bagian-bagian {kind(here)} tidak pada urutan BPMN 2.0.",
                    "Urutkan: documentation, extensionElements, incoming, outgoing, lalu yang lain; "
                    "atau simpan ulang dengan editor diagram.")


def _refused(parent: Tree, child: Tree, name: str) -> Finding:
    where = shape_of(child) if kind(child) in DRAWN else shape_of(parent)
    if name in INSTEAD:
        label, remedy = INSTEAD[name]
        return fault("unsur_tidak_didukung", where, f"{label} ({name}) tidak dijalankan mesin.", remedy)
    if name in TAGS:
        return fault("unsur_salah_tempat", where, f"Unsur {name} tidak boleh berada di dalam {kind(parent)}.",
                     "Pindahkan atau hapus unsur itu; gambar ulang dengan editor diagram.")
    return fault("unsur_tidak_dikenal", where, f"Unsur <{shown(name)}> bukan bagian dari BPMN 2.0 yang dikenal.",
                 "Hapus unsur itu atau gambar ulang bagiannya dengan editor diagram.")


def _only_text(here: Tree) -> Iterator[Finding]:
    if len(here) and kind(here) not in {"documentation", "text"}:
        yield fault("isi_bukan_teks", shape_of(here),
                    f"Isi {kind(here)} harus teks saja; di dalamnya ada unsur atau komentar XML.",
                    "Hapus unsur atau komentar itu sehingga tinggal satu baris teks.")


def _extensions(box: Tree) -> Iterator[Finding]:
    parent = box.getparent()
    owner = "" if parent is None else kind(parent)
    for one in elements(box):
        name, where = local(one), shape_of(box)
        if etree.QName(one).namespace != SPIFF:
            yield fault("ekstensi_asing", where, f"Ekstensi asing <{shown(name)}> akan diabaikan mesin.",
                        "Hapus ekstensi itu; tulis pengaturannya sebagai properti kegiatan (spiffworkflow:properties).")
        elif name in EXTENSIONS:
            yield fault("ekstensi_tidak_didukung", where, f"{EXTENSIONS[name][0]} ({name}) tidak dijalankan.",
                        EXTENSIONS[name][1])
        elif not _belongs(name, owner):
            yield fault("ekstensi_salah_tempat", where, f"Ekstensi {shown(name)} tidak berlaku pada {owner}.",
                        "Hapus ekstensi itu atau pindahkan ke kegiatan yang dimaksud.")


def _belongs(extension: str, owner: str) -> bool:
    return owner in {"properties": {*ACTIVITIES, "sequenceFlow"}, "serviceTaskOperator": {"serviceTask"}}.get(extension, ())


def _attributes(here: Tree) -> Iterator[Finding]:
    name, where = kind(here), shape_of(here)
    for key, value in here.attrib.items():
        attribute = etree.QName(str(key))
        if attribute.namespace in (INSTANCE, XML):
            continue
        if attribute.namespace is not None:
            yield _foreign_attribute(name, where, attribute.localname)
        elif HARMLESS_VALUES.get(attribute.localname) == value or attribute.localname in PLAIN | OWN.get(name, set()):
            yield from _heeded(name, where, attribute.localname, str(value))
        else:
            yield _idle_attribute(name, where, attribute.localname)


def _foreign_attribute(name: str, where: str | None, attribute: str) -> Finding:
    told = caution if name in {"definitions", "collaboration", "participant"} else fault
    return told("atribut_asing", where, f"Atribut asing “{shown(attribute)}” pada {name} akan diabaikan mesin.",
                "Hapus atribut itu; pengaturan ditulis sebagai properti kegiatan (spiffworkflow:properties).")


def _idle_attribute(name: str, where: str | None, attribute: str) -> Finding:
    message, remedy = ATTRIBUTES.get(attribute, (f"Atribut “{shown(attribute)}” pada {name} tidak dikenal mesin.",
                                                 "Hapus atribut itu."))
    if attribute == "default" and name in ACTIVITIES | GATEWAYS:
        message, remedy = (f"Alur default pada {name} akan diabaikan.",
                           "Alur default hanya berlaku pada gateway eksklusif dan inklusif; sisipkan gateway di sini.")
    return fault("atribut_tidak_berlaku", where, message, remedy)


def _heeded(name: str, where: str | None, attribute: str, value: str) -> Iterator[Finding]:
    if attribute in {"triggeredByEvent", "isInterrupting", "parallelMultiple"} and HARMLESS_VALUES[attribute] != value:
        message, remedy = ATTRIBUTES[attribute]
        yield fault("atribut_tidak_berlaku", where, message, remedy)
    if attribute == "language" and value:
        yield fault("bahasa_asing", where,
                    f"Bahasa “{shown(value)}” pada {name} akan diabaikan; mesin hanya mengenal satu bahasa syarat.",
                    "Hapus atribut language, lalu tulis syarat seperti: lengkap == True.")
    if attribute == "implementation" and value not in ("", "##unspecified", "##WebService"):
        yield fault("atribut_tidak_berlaku", where, f"Implementasi “{shown(value)}” pada {name} akan diabaikan.",
                    "Hapus atribut implementation; operasi layanan dipilih lewat spiffworkflow:serviceTaskOperator.")
