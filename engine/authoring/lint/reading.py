"""Can these bytes be read as a diagram at all? Whatever comes in, a tree or one finding goes out, never a stack trace.

Two passes: the first streams through the file and builds nothing, so that a document type (entities, bombs), endless
nesting or millions of elements are refused before any memory is spent; only what passes is made into a tree.
"""

from __future__ import annotations

from xml.parsers import expat

from lxml import etree

from engine.authoring.lint.findings import Finding, fault

LARGEST = 2 << 20
"""Bytes of a diagram; the largest real one seen is a tenth of this."""
MOST_ELEMENTS = 10_000
DEEPEST = 40
LONGEST_TAG = 4_000
"""Characters of all attributes of one element."""

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
EXPORT = "Ekspor ulang diagram sebagai BPMN 2.0 XML (UTF-8) dari editor diagram, lalu periksa lagi."

Tree = etree._Element


class Unreadable(Exception):
    """The bytes are no diagram; carries the finding that says so."""

    def __init__(self, code: str, message: str, remedy: str = EXPORT) -> None:
        super().__init__(message)
        self.finding: Finding = fault(code, None, message, remedy)


def read_tree(source: bytes) -> Tree:
    """The root of a BPMN file; Unreadable says why there is none."""
    if len(source) > LARGEST:
        raise Unreadable("berkas_terlalu_besar",
                         f"Berkas lebih besar dari {LARGEST >> 20} MB; diagram SOP tidak sebesar ini.",
                         "Periksa apakah ini berkas yang benar; keluarkan gambar atau lampiran dari dalam diagram.")
    if not source.strip(b"\x00 \t\r\n"):
        raise Unreadable("berkas_kosong", "Berkas ini kosong.")
    _walk_through(source)
    return _rooted(_tree(source))


class _Gate:
    """The first pass: counts, and stops at what must never be built."""

    def __init__(self) -> None:
        self.depth = self.elements = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > DEEPEST:
            raise Unreadable("terlalu_dalam", f"Unsur bersarang lebih dari {DEEPEST} tingkat.",
                             "Gambar ulang secara mendatar: satu kolam, lajur, dan alur di dalamnya.")
        if self.elements > MOST_ELEMENTS:
            raise Unreadable("terlalu_banyak_unsur", f"Berkas memuat lebih dari {MOST_ELEMENTS} unsur.",
                             "Pecah menjadi beberapa proses yang masing-masing dapat dibaca orang.")
        if sum(map(len, attributes.values())) + sum(map(len, attributes)) > LONGEST_TAG:
            raise Unreadable("atribut_terlalu_panjang", f"Atribut unsur {name[:60]} terlalu panjang.",
                             "Hapus atribut yang tidak diperlukan; keterangan panjang ditulis di process.toml.")

    def end(self, name: str) -> None:
        self.depth -= 1

    def doctype(self, *ignored: object) -> None:
        raise Unreadable("dtd_ditolak",
                         "Berkas memuat DOCTYPE atau entitas, yang dapat dipakai untuk membaca berkas lain "
                         "atau menghabiskan memori.",
                         "Hapus bagian <!DOCTYPE …> beserta entitasnya; BPMN tidak memerlukannya.")


def _walk_through(source: bytes) -> None:
    gate, parser = _Gate(), expat.ParserCreate()
    parser.StartElementHandler = gate.start
    parser.EndElementHandler = gate.end
    parser.StartDoctypeDeclHandler = gate.doctype
    try:
        parser.Parse(source, True)
    except expat.ExpatError as broken:
        raise Unreadable("xml_rusak",
                         f"XML rusak di baris {broken.lineno}: {expat.ErrorString(broken.code)}.") from broken
    except (LookupError, ValueError) as broken:
        raise Unreadable("pengodean_tidak_dikenal", "Pengodean huruf berkas ini tidak dikenal.",
                         "Simpan ulang berkas dengan pengodean UTF-8.") from broken


def _tree(source: bytes) -> Tree:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(source, parser)
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise Unreadable("xml_rusak", f"XML rusak: {' '.join(str(broken).split())[:120]}.") from broken


def _rooted(root: Tree) -> Tree:
    name = etree.QName(root)
    if name.namespace == MODEL and name.localname == "definitions":
        return root
    if name.localname == "definitions" and "DMN" in str(name.namespace):
        raise Unreadable("bukan_bpmn", "Berkas ini tabel keputusan DMN, bukan diagram BPMN.",
                         "Tulis keputusan sebagai syarat pada alur keluar gateway, dengan bahasa syarat yang sama.")
    raise Unreadable("bukan_bpmn", f"Akar berkas adalah <{name.localname[:60]}>, bukan definitions dari BPMN 2.0.")
