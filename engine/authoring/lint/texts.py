"""Are letters, notices and scenarios there, and can they be read?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TypeVar

from engine.authoring.lint.drawing import PEOPLE, Drawing, identity
from engine.authoring.lint.findings import CAUTION, Finding, fault, meant, placed, shown
from engine.documents import notices
from engine.documents.notices import NoticeRefused
from engine.documents.templates import TemplateFinding, check_template, try_template
from engine.rules.process import Process
from engine.rules.scenario import EXAMPLES, Scenario, ScenarioRefused, load_examples, load_scenario

T = TypeVar("T")
MISSES_A_VALUE = "does not contain key"
"""What the typesetter says of a value that is not there; in a real case it may be."""

Files = Mapping[str, bytes]
LARGEST = 1 << 20


def letters(process: Process, files: Files, folder: str) -> Iterator[Finding]:
    """Every letter has its template, and no template reaches out of its room."""
    room = f"{folder}/documents/"
    there = [path.removeprefix(room) for path in files if path.startswith(room) and path.endswith(".typ")]
    for one in process.documents.values():
        if one.template not in there:
            yield fault("templat_tidak_ada", one.id,
                        f"Templat “{shown(one.template)}” untuk dokumen “{shown(one.id)}” tidak ada. "
                        + meant(one.template, there),
                        "Tambahkan berkasnya di folder documents/, atau perbaiki templat.")
    for path, content in files.items():
        if path.endswith(".typ"):
            yield from placed(map(_template, check_template(content)), path)


def printed(process: Process, files: Files, folder: str) -> Iterator[Finding]:
    """Every letter can be set when all values are missing; one that only misses a value is warned of, not refused."""
    for one in process.documents.values():
        path = f"{folder}/documents/{one.template}"
        if path in files:
            yield from placed(map(_printing, try_template(path, files)), path)


def _printing(told: TemplateFinding) -> Finding:
    found = _template(told)
    return replace(found, severity=CAUTION) if MISSES_A_VALUE in told.problem else found


def _template(told: TemplateFinding) -> Finding:
    line = f" (baris {told.line})" if told.line else ""
    return fault("templat_salah", f"baris {told.line}" if told.line else None, f"Templat{line} {told.problem}.",
                 told.remedy)


def messages(process: Process, own: Files, folder: str) -> Iterator[Finding]:
    """Every notice has its text, and the text is within the small language."""
    there = [path.removeprefix("notices/") for path in own if path.startswith("notices/")]
    for one in process.notices.values():
        if one.file not in there:
            yield fault("teks_pesan_tidak_ada", one.id,
                        f"Teks “{shown(one.file)}” untuk pesan “{shown(one.id)}” tidak ada. " + meant(one.file, there),
                        "Tambahkan berkasnya di folder notices/, atau perbaiki berkas.")
    for path, content in own.items():
        if path.startswith("notices/"):
            yield from placed(_notice(content, process), f"{folder}/{path}")


def _notice(content: bytes, process: Process) -> Iterator[Finding]:
    try:
        source = content.decode("utf-8")
        notices.check_notice(source)
    except UnicodeDecodeError:
        yield fault("pengodean_tidak_dikenal", None, "Teks pesan bukan UTF-8.", "Simpan ulang sebagai UTF-8.")
        return
    except NoticeRefused as refused:
        yield fault("pesan_ditolak", None, refused.advice, "Perbaiki baris itu; contoh ada di processes/README.md.")
        return
    for path in sorted(notices.names_in(source)):
        yield from _notice_path(path, process)


def _notice_path(path: str, process: Process) -> Iterator[Finding]:
    head, _, rest = path.partition(".")
    name = rest.partition(".")[0]
    tables = {"variabel": process.variables, "isian": process.rows, "pelaku": process.rows, "nomor": process.registers,
              "dokumen_lain": process.documents}
    if name and head in tables and name not in tables[head]:
        yield fault("nama_tidak_dikenal", None,
                    f"Teks pesan menyebut “{shown(path)}” yang tidak ada. " + meant(name, tables[head]),
                    "Perbaiki namanya.")


# --- scenarios -------------------------------------------------------------------------------------------------------

def scenarios(own: Files, drawing: Drawing | None, folder: str) -> Iterator[Finding]:
    """An edition comes with examples that gate its deploy; each is written rightly and names tasks that exist."""
    found = {path: content for path, content in own.items() if path.startswith("scenarios/") and path.endswith(".toml")}
    shared = found.pop(f"scenarios/{EXAMPLES}", b"")
    examples, wrong = _read(load_examples, shared)
    yield from placed(wrong, f"{folder}/scenarios/{EXAMPLES}")
    if not found:
        yield Finding("tanpa_skenario", "peringatan", None, f"{folder}/scenarios", "Belum ada skenario.",
                      "Tulis sekurangnya satu contoh berkas dari awal sampai akhir.")
    tasks = None if drawing is None else {identity(node) for node in drawing.of(PEOPLE)}
    for path, content in found.items():
        name = path.rpartition("/")[2].removesuffix(".toml")
        scenario, wrong = _read(partial(load_scenario, name, examples=examples), content)
        strangers = [] if scenario is None or tasks is None else _strangers(scenario, tasks)
        yield from placed([*wrong, *strangers], f"{folder}/{path}")


def _read(load: Callable[[bytes], T], content: bytes) -> tuple[T | None, list[Finding]]:
    if len(content) > LARGEST:
        return None, [fault("berkas_terlalu_besar", None, f"Skenario lebih besar dari {LARGEST >> 20} MB.",
                            "Pecah skenarionya.")]
    try:
        return load(content), []
    except (ScenarioRefused, AttributeError, TypeError, ValueError) as refused:
        told = getattr(refused, "advice", f"Bentuknya tidak sesuai: {shown(refused)}.")
        return None, [fault("skenario_ditolak", None, told,
                            "Perbaiki bagian itu; bentuknya diterangkan di processes/README.md.")]


def _strangers(scenario: Scenario, tasks: set[str]) -> list[Finding]:
    return [fault("tugas_tidak_dikenal", f"langkah {step.number}",
                  f"Langkah {step.number} menyebut tugas “{shown(step.name)}” yang tidak ada. "
                  + meant(step.name, tasks), "Perbaiki id tugasnya.")
            for step in scenario.steps if step.deed == "task" and step.name not in tasks]


def unused(process: Process, own: Files, folder: str) -> Iterator[Finding]:
    """Texts that nothing names."""
    templates = {one.template for one in process.documents.values()}
    files = {one.file for one in process.notices.values()}
    for path in own:
        room, _, name = path.partition("/")
        if (room == "notices" and name not in files) or (room == "documents" and name.endswith(".typ")
                                                         and not name.startswith("_") and name not in templates):
            yield Finding("teks_tidak_dipakai", "peringatan", None, f"{folder}/{path}",
                          f"Berkas {shown(path)} tidak dipakai.", "Hapus, atau nyatakan di process.toml.")
