"""A sound diagram and its variants, and small ways to break one: attributes, tags, flows, texts, pieces of XML."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from engine.authoring.lint import Finding, FormKeys, Known, check_diagram
from engine.handling import Handler, Outcome
from engine.rules.process import load_process

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
NAMES = {"bpmn": MODEL, "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
         "dc": "http://www.omg.org/spec/DD/20100524/DC",
         "di": "http://www.omg.org/spec/DD/20100524/DI", "xsi": "http://www.w3.org/2001/XMLSchema-instance",
         "spiffworkflow": SPIFF, "camunda": "http://camunda.org/schema/1.0/bpmn",
         "zeebe": "http://camunda.org/schema/zeebe/1.0"}
DECLARED = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in NAMES.items())
Tree = etree._Element
Break = Callable[[Tree], object]


@dataclass
class Sketch:
    """Collects nodes and flows, then writes them with lanes, ties and picture."""

    nodes: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    lanes: dict[str, list[str]] = field(default_factory=dict)
    flows: list[tuple[str, str, str, str | None]] = field(default_factory=list)
    defaults: dict[str, str] = field(default_factory=dict)

    def node(self, tag: str, name: str, inner: str = "", lane: str = "Loket", /, **attributes: str) -> str:
        written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
        self.nodes[name] = (tag, written, inner)
        self.lanes.setdefault(lane, []).append(name)
        return name

    def user(self, name: str, lane: str = "Loket", inner: str = "", **settings: str) -> str:
        return self.node("userTask", name, _properties({"baris_sop": "1", **settings}) + inner, lane, name=name)

    def service(self, name: str, operation: str, parameters: dict[str, str] | None = None) -> str:
        given = "".join(f'<spiffworkflow:parameter id={quoteattr(key)} type="str" value={quoteattr(value)}/>'
                        for key, value in (parameters or {}).items())
        return self.node("serviceTask", name, "<bpmn:extensionElements><spiffworkflow:serviceTaskOperator "
                         f'id="{operation}"><spiffworkflow:parameters>{given}</spiffworkflow:parameters>'
                         "</spiffworkflow:serviceTaskOperator></bpmn:extensionElements>", name=name)

    def flow(self, *path: str, when: str | None = None, default: bool = False) -> None:
        for source, target in zip(path, path[1:]):
            name = f"f_{source}_{target}"
            self.flows.append((name, source, target, when))
            if default:
                self.defaults[source] = name

    def end(self, name: str, *, stops: bool = True) -> str:
        return self.node("endEvent", name, f'<bpmn:terminateEventDefinition id="{name}_d"/>' if stops else "")

    def timer(self, name: str, host: str, length: str, *, stops: bool) -> str:
        return self.node("boundaryEvent", name, timer(length), attachedToRef=host, cancelActivity=str(stops).lower())

    def bytes(self) -> bytes:
        lanes = "".join(f'<bpmn:lane id="lajur_{index}" name={quoteattr(name)}>'
                        + "".join(f"<bpmn:flowNodeRef>{one}</bpmn:flowNodeRef>" for one in members) + "</bpmn:lane>"
                        for index, (name, members) in enumerate(self.lanes.items()))
        return (f'<bpmn:definitions {DECLARED} id="definisi" targetNamespace="urn:contoh">'
                '<bpmn:collaboration id="kolaborasi"><bpmn:participant id="kolam" name="Contoh" processRef="contoh"/>'
                '</bpmn:collaboration><bpmn:message id="m_ajukan" name="ajukan"/>'
                + ('<bpmn:message id="m_cabut" name="cabut"/>' if "cabut" in self.nodes else "") +
                '<bpmn:error id="g_sandi" name="Sandi salah" errorCode="sandi_salah"/>'
                f'<bpmn:process id="contoh" name="Contoh" isExecutable="true">'
                f'<bpmn:laneSet id="susunan">{lanes}</bpmn:laneSet>'
                + "".join(map(self._node, self.nodes)) + "".join(map(_flow, self.flows))
                + f"</bpmn:process>{self._picture()}</bpmn:definitions>").encode()

    def _node(self, name: str) -> str:
        tag, attributes, inner = self.nodes[name]
        ties = "".join(f"<bpmn:incoming>{one}</bpmn:incoming>" for one, _, target, _ in self.flows if target == name)
        ties += "".join(f"<bpmn:outgoing>{one}</bpmn:outgoing>" for one, source, _, _ in self.flows if source == name)
        split = inner.rfind("</bpmn:extensionElements>") + len("</bpmn:extensionElements>") if "</bpmn:ext" in inner else 0
        default = f' default="{self.defaults[name]}"' if name in self.defaults else ""
        return f'<bpmn:{tag} id="{name}"{attributes}{default}>{inner[:split]}{ties}{inner[split:]}</bpmn:{tag}>'

    def _picture(self) -> str:
        shapes = "".join(f'<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}"><dc:Bounds x="{at * 150}" y="80" '
                         f'width="100" '
                         'height="80"/></bpmndi:BPMNShape>' for at, name in enumerate(["kolam", *self.nodes]))
        edges = "".join(f'<bpmndi:BPMNEdge id="{name}_di" bpmnElement="{name}"><di:waypoint x="0" y="0"/>'
                        '<di:waypoint x="9" y="9"/></bpmndi:BPMNEdge>' for name, _, _, _ in self.flows)
        return ('<bpmndi:BPMNDiagram id="gambar"><bpmndi:BPMNPlane id="bidang" bpmnElement="kolaborasi">'
                f"{shapes}{edges}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>")


def _properties(settings: dict[str, str]) -> str:
    each = "".join(f"<spiffworkflow:property name={quoteattr(key)} value={quoteattr(value)}/>" for key,
                   value in settings.items())
    return f"<bpmn:extensionElements><spiffworkflow:properties>{each}</spiffworkflow:properties></bpmn:extensionElements>"


def _flow(one: tuple[str, str, str, str | None]) -> str:
    name, source, target, when = one
    condition = "" if when is None else ('<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
                                         f"{escape(when)}</bpmn:conditionExpression>")
    return f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{condition}</bpmn:sequenceFlow>'


def timer(length: str, kind: str = "timeDuration") -> str:
    return f"<bpmn:timerEventDefinition><bpmn:{kind}>{escape(length)}</bpmn:{kind}></bpmn:timerEventDefinition>"


MANY = ("<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>len(tim)</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics>")


def sketch(*, listener: bool = True, timers: bool = True, many: bool = True, inclusive: bool = True,
           secret: bool = True) -> Sketch:
    """A case from application to decision, with the parts asked for."""
    made = Sketch()
    made.node("startEvent", "mulai", '<bpmn:messageEventDefinition messageRef="m_ajukan"/>', "Pemohon")
    made.user("ajukan", "Pemohon", variabel="tim, jenis")
    made.user("periksa", batas="1 hari kerja", variabel="lengkap")
    made.user("lengkapi", "Pemohon")
    made.node("exclusiveGateway", "cukup", name="Lengkap?")
    made.flow("ajukan", "periksa", "cukup")
    made.flow("cukup", "lengkapi", default=True)
    made.flow("lengkapi", "periksa")
    _beginning(made, listener)
    if timers:
        _reminders(made)
    _study(made, inclusive, many)
    _decision(made, secret)
    return made


def _beginning(made: Sketch, listener: bool) -> None:
    if not listener:
        made.flow("mulai", "ajukan")
        return
    made.node("parallelGateway", "pantau")
    made.node("intermediateCatchEvent", "cabut", '<bpmn:messageEventDefinition messageRef="m_cabut"/>', "Pemohon")
    made.flow("mulai", "pantau", "ajukan")
    made.flow("pantau", "cabut", made.end("dicabut"))


def _reminders(made: Sketch) -> None:
    made.timer("ingatkan", "lengkapi", "'P14D'", stops=False)
    made.service("kirim_ingat", "kirim", {"pesan": "'ingat'"})
    made.flow("ingatkan", "kirim_ingat", made.end("diingatkan", stops=False))
    made.timer("tutup", "lengkapi", "'P30D'", stops=True)
    made.flow("tutup", made.end("ditutup"))


def _study(made: Sketch, inclusive: bool, many: bool) -> None:
    made.user("tinjau", "Tim", MANY if many else "", variabel="nilai")
    if not inclusive:
        made.flow("cukup", "tinjau", when="lengkap == True")
        made.flow("tinjau", "putuskan")
        return
    made.node("inclusiveGateway", "pilih")
    made.node("inclusiveGateway", "gabung")
    made.user("rapat", "Tim")
    made.flow("cukup", "pilih", when="lengkap == True")
    made.flow("pilih", "rapat", when="jenis in ('rapat', 'keduanya')")
    made.flow("pilih", "tinjau", when="jenis in ('lapangan', 'keduanya')")
    made.flow("pilih", "gabung", default=True)
    made.flow("rapat", "gabung")
    made.flow("tinjau", "gabung", "putuskan")


def _decision(made: Sketch, secret: bool) -> None:
    made.user("putuskan", "Pimpinan", variabel="setuju, nilai", pisah="periksa")
    made.node("exclusiveGateway", "disetujui")
    made.flow("putuskan", "disetujui")
    made.flow("disetujui", made.end("ditolak"), default=True)
    made.service("nomori", "nomor", {"register": "'izin' if nilai > 5 else 'khusus'"})
    made.flow("disetujui", "nomori", when="setuju == True")
    if not secret:
        made.flow("nomori", made.end("terbit"))
        return
    made.service("tandatangani", "tanda_tangan", {"dokumen": "'surat'"})
    made.node("boundaryEvent", "salah", '<bpmn:errorEventDefinition errorRef="g_sandi"/>', attachedToRef="tandatangani")
    made.flow("nomori", "tandatangani", made.end("terbit"))
    made.flow("salah", "putuskan")


SOUND = sketch().bytes()


def _work(context: object) -> Outcome:
    return Outcome()


HANDLERS = {"kirim": Handler("kirim", _work, ("pesan",), False, None), "nomor": Handler("nomor", _work, ("register",),
                                                                                        False, None),
            "tanda_tangan": Handler("tanda_tangan", _work, ("dokumen",), True, None)}
TOML = """
[proses]
id = "contoh"
nama = "Contoh"
[[lajur]]
id = "pemohon"
nama = "Pemohon"
jabatan = "pemohon"
pemohon = true
""" + "".join(f'[[lajur]]\nid = "{one.lower()}"\nnama = "{one}"\njabatan = "{one.lower()}"\n'
              for one in ("Loket", "Tim", "Pimpinan")) \
    + "".join(f'[[jabatan]]\nid = "{one}"\nnama = "{one}"\n' for one in ("loket", "tim", "pimpinan")) \
    + "".join(f'[[kegiatan]]\nid = "{one}"\nbaris = "1"\nuraian = "Mengerjakan {one}"\nstatus = "Berjalan"\n'
              for one in ("ajukan", "periksa", "lengkapi", "tinjau", "rapat", "putuskan")) \
    + "".join(f'[akhir.{one}]\nstatus = "Selesai"\nhasil = "{how}"\n'
              for one, how in (("dicabut", "dibatalkan"), ("ditutup", "ditutup"), ("ditolak", "ditolak"), ("terbit",
                                                                                                           "terbit"))) \
    + "".join(f'[variabel.{name}]\njenis = "{kind}"\n' for name, kind in
              (("lengkap", "ya_tidak"), ("setuju", "ya_tidak"), ("jenis", "teks"), ("tim", "daftar"), ("nilai",
                                                                                                       "bilangan"))) \
    + "".join(f'[register.{one}]\nnama = "{one}"\npola = "{{urut}}/{{tahun}}"\n' for one in ("izin", "khusus")) + """
[dokumen.surat]
nama = "Surat"
templat = "surat.typ"
register = "izin"
[pesan.ingat]
nama = "Pengingat"
"""
PROCESS = load_process({"process.toml": TOML.encode()})
FORMS = {
    "ajukan": FormKeys({"tim": "checklist", "jenis": "select", "nama": "textfield"}, frozenset({"nama"}),
                       {"jenis": ("rapat", "lapangan", "keduanya")}),
    "periksa": FormKeys({"lengkap": "radio"}, frozenset(), {"lengkap": (True, False)}), "lengkapi": FormKeys({}),
    "tinjau": FormKeys({"nilai": "number"}), "rapat": FormKeys({}),
    "putuskan": FormKeys({"setuju": "radio", "nilai": "number"}, frozenset(), {"setuju": (True, False)})}
KNOWN = Known(PROCESS, FORMS, HANDLERS)


def told(source: bytes, code: str, element: str | None, known: Known = KNOWN) -> list[Finding]:
    """The findings of this code at this element; every one of them says what to do, in a sentence."""
    found = check_diagram(source, known)
    assert all(len(one.remedy.split()) >= 2 and one.remedy.endswith((".", "”")) and one.message for one in found), found
    wanted = [one for one in found if (one.code, one.element) == (code, element)]
    assert wanted, "\n".join(f"{one.code} {one.element}: {one.message}" for one in found) or "nothing found"
    return wanted


# --- ways to break a diagram -----------------------------------------------------------------------------------------

def broken(*breaks: Break, source: bytes = SOUND) -> bytes:
    root = etree.fromstring(source)
    for one in breaks:
        one(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def find(root: Tree, name: str) -> Tree:
    return root.xpath(f"//bpmn:*[@id='{name}']", namespaces=NAMES)[0]


def piece(xml: str) -> list[Tree]:
    return list(etree.fromstring(f"<x {DECLARED}>{xml}</x>"))


def attribute(name: str, /, **values: str | None) -> Break:
    def change(root: Tree) -> None:
        for key, value in values.items():
            if value is None:
                find(root, name).attrib.pop(key, None)
            else:
                find(root, name).set(key, value)
    return change


def retag(name: str, tag: str) -> Break:
    return lambda root: setattr(find(root, name), "tag", f"{{{MODEL}}}{tag}")


def put(name: str, xml: str, *, first: bool = False) -> Break:
    """Into the element of this id ("" = the root)."""
    def change(root: Tree) -> None:
        inside = find(root, name) if name else root
        for one in piece(xml):
            inside.insert(0, one) if first else inside.append(one)
    return change


def draw(xml: str) -> Break:
    """Into the process."""
    return put("contoh", xml)


def strip(name: str, *tags: str) -> Break:
    """Take away every part of these names inside the element."""
    def change(root: Tree) -> None:
        for one in [one for one in find(root, name).iter("{*}*") if etree.QName(one).localname in tags]:
            one.getparent().remove(one)
    return change


def remove(name: str) -> Break:
    return lambda root: find(root, name).getparent().remove(find(root, name))


def text(name: str, tag: str, words: str) -> Break:
    def change(root: Tree) -> None:
        for one in find(root, name).iter(f"{{*}}{tag}"):
            one.text = words
    return change


def condition(flow: str, words: str) -> Break:
    def change(root: Tree) -> None:
        strip(flow, "conditionExpression")(root)
        put(flow, f'<bpmn:conditionExpression '
            f'xsi:type="bpmn:tFormalExpression">{escape(words)}</bpmn:conditionExpression>')(root)
    return change


def link(source: str, target: str, name: str = "f_baru", when: str | None = None) -> Break:
    """A new flow, named in its nodes too."""
    def change(root: Tree) -> None:
        draw(_flow((name, source, target, when)))(root)
        for node, tie in ((source, "outgoing"), (target, "incoming")):
            for found in root.xpath(f"//bpmn:*[@id='{node}']", namespaces=NAMES)[:1]:
                ahead = ("documentation", "extensionElements", "incoming", *(["outgoing"] if tie == "outgoing" else []))
                at = len([one for one in found if etree.QName(one).localname in ahead])
                found.insert(at, piece(f"<bpmn:{tie}>{name}</bpmn:{tie}>")[0])
    return change


def parameter(task: str, name: str, words: str) -> Break:
    def change(root: Tree) -> None:
        for one in find(root, task).iter(f"{{{SPIFF}}}parameter"):
            if one.get("id") == name:
                one.set("value", words)
    return change


def setting(task: str, name: str, words: str | None) -> Break:
    """A property of a task; None takes it away."""
    def change(root: Tree) -> None:
        box = next(find(root, task).iter(f"{{{SPIFF}}}properties"))
        for one in [one for one in box if one.get("name") == name]:
            box.remove(one)
        if words is not None:
            etree.SubElement(box, f"{{{SPIFF}}}property", name=name, value=words)
    return change
