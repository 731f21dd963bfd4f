"""Is a whole edition fit to be deployed? Its files are read once, judged alone, then against each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.authoring.lint import definition, expressions, sheets, texts
from engine.authoring.lint.diagram import check_diagram
from engine.authoring.lint.drawing import Drawing, identity
from engine.authoring.lint.findings import Finding, Known, caution, fault, placed, shown
from engine.authoring.lint.reading import Unreadable, read_tree
from engine.errors import DefinitionRefused
from engine.handling import Handler
from engine.rules.form import Form
from engine.rules.process import Process, load_process

LARGEST = 1 << 20
TOML = "process.toml"


def check_edition(files: Mapping[str, bytes], handlers: Mapping[str, Handler] | None) -> list[Finding]:
    """Everything wrong with the files of one process, by file; never an exception, whatever the bytes are."""
    name = process_of(files)
    if name is None:
        return [Finding("tanpa_process_toml", "galat", None, "processes", "Tidak ada process.toml.",
                        "Tambahkan processes/<proses>/process.toml.")]
    own = _own(files, name)
    process, found = _definition(own, name)
    forms, told = sheets.forms_of(files, name, sheets.sources_of(process))
    known = Known(process, {key: sheets.form_keys(form) for key, form in forms.items()} if _whole(told) else None,
                  handlers)
    found += [*_diagram(own, known, name), *told, *_together(files, name, known, forms)]
    if process is not None and not any(one.code.startswith("templat") for one in found):
        found += texts.printed(process, files, f"processes/{name}")
    return found


def process_of(files: Mapping[str, bytes]) -> str | None:
    """The folder name of the process among these files."""
    names = [path.split("/")[1] for path in files if path.startswith("processes/") and path.endswith(f"/{TOML}")
             and path.count("/") == 2]
    return next((name for name in names if not name.startswith("_")), None)


def _whole(told: list[Finding]) -> bool:
    """Were all forms read? If not, nothing is said about keys that a broken form may well have."""
    return not told


def _definition(own: Mapping[str, bytes], name: str) -> tuple[Process | None, list[Finding]]:
    place = f"processes/{name}/{TOML}"
    for path in (TOML, "persyaratan.toml"):
        if len(own.get(path, b"")) > LARGEST:
            return None, [Finding("berkas_terlalu_besar", "galat", None, place, f"{path} lebih besar dari "
                                  f"{LARGEST >> 20} MB.", "Periksa apakah ini berkas yang benar.")]
    try:
        process = load_process(own)
    except DefinitionRefused as refused:
        return None, [Finding("definisi_ditolak", "galat", None, place, refused.advice,
                              "Bandingkan dengan processes/README.md.")]
    found = placed(_named(process, name), place) + placed(definition.of_itself(process), place)
    return process, found + placed(expressions.requirement_conditions(Known(process)),
                                   f"processes/{name}/persyaratan.toml")


def _named(process: Process, name: str) -> Iterator[Finding]:
    if process.id != name:
        yield fault("nama_folder", "proses",
                    f"[proses] id “{shown(process.id)}” berbeda dari nama folder “{shown(name)}”.", "Samakan keduanya.")


def _diagram(own: Mapping[str, bytes], known: Known, name: str) -> list[Finding]:
    place = f"processes/{name}/{name}.bpmn"
    source = own.get(f"{name}.bpmn")
    if source is None:
        return [Finding("tanpa_diagram", "galat", None, place, f"Diagram {name}.bpmn tidak ada.",
                        f"Simpan diagram sebagai {place}.")]
    return check_diagram(source, replace(known, place=place))


def _together(files: Mapping[str, bytes], name: str, known: Known, forms: Mapping[str, Form]) -> Iterator[Finding]:
    folder = f"processes/{name}"
    own, drawing = _own(files, name), _drawing(files.get(f"{folder}/{name}.bpmn"))
    yield from texts.scenarios(own, drawing, folder)
    if known.process is not None:
        yield from placed(texts.letters(known.process, files, folder), f"{folder}/{TOML}")
        yield from placed(texts.messages(known.process, own, folder), f"{folder}/{TOML}")
        yield from texts.unused(known.process, own, folder)
    if drawing is not None:
        yield from placed(_process_id(drawing, name), f"{folder}/{name}.bpmn")
        yield from placed(definition.against_the_rest(drawing, known), f"{folder}/{TOML}")
        yield from sheets.against_the_rest(forms, drawing, known, f"forms/{name}")


def _own(files: Mapping[str, bytes], name: str) -> dict[str, bytes]:
    start = f"processes/{name}/"
    return {path.removeprefix(start): content for path, content in files.items() if path.startswith(start)}


def _drawing(source: bytes | None) -> Drawing | None:
    try:
        return None if source is None else Drawing(read_tree(source))
    except Unreadable:
        return None  # told by check_diagram already


def _process_id(drawing: Drawing, name: str) -> Iterator[Finding]:
    wanted = name.replace("-", "_")
    if drawing.main is not None and identity(drawing.main) != wanted:
        yield caution("id_proses_berbeda", identity(drawing.main),
                      f"Id proses pada diagram “{shown(identity(drawing.main))}”, folder “{name}”.",
                      f"Beri proses id {wanted}.")
