"""Are letters, notices and scenarios there, and can they be read?"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from engine.authoring.lint.drawing import PEOPLE, Drawing, identity
from engine.authoring.lint.findings import Finding, Known, fault, meant, placed, shown
from engine.documents import notices
from engine.documents.notices import NoticeRefused
from engine.rules.process import Process

Files = Mapping[str, bytes]
LARGEST = 1 << 20


def letters(process: Process, own: Files) -> Iterator[Finding]:
    """Every letter has its template."""
    there = [path.removeprefix("documents/") for path in own if path.startswith("documents/") and path.endswith(".typ")]
    for one in process.documents.values():
        if one.template not in there:
            yield fault("templat_tidak_ada", one.id,
                        f"Templat “{shown(one.template)}” untuk dokumen “{shown(one.id)}” tidak ada. "
                        + meant(one.template, there),
                        "Tambahkan berkasnya di folder documents/, atau perbaiki templat.")


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

def scenarios(own: Files, drawing: Drawing | None, known: Known, folder: str) -> Iterator[Finding]:
    """An edition comes with examples that gate its deploy; each step says what it expects."""
    found = {path: content for path, content in own.items() if path.startswith("scenarios/") and path.endswith(".toml")}
    if not found:
        yield Finding("tanpa_skenario", "peringatan", None, f"{folder}/scenarios", "Belum ada skenario.",
                      "Tulis sekurangnya satu contoh berkas dari awal sampai akhir.")
    tasks = None if drawing is None else {identity(node) for node in drawing.of(PEOPLE)}
    for path, content in found.items():
        yield from placed(_scenario(content, tasks), f"{folder}/{path}")


def _scenario(content: bytes, tasks: set[str] | None) -> Iterator[Finding]:
    try:
        scenario = tomllib.loads(content.decode("utf-8")) if len(content) <= LARGEST else None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as broken:
        yield fault("toml_rusak", None, f"Skenario tidak dapat dibaca: {shown(broken)}.", "Perbaiki tulisannya.")
        return
    steps = scenario.get("langkah") if scenario else None
    if not isinstance(steps, list) or not steps or not all(isinstance(step, dict) for step in steps):
        yield fault("skenario_kosong", None, "Skenario ini tidak mempunyai langkah.", "Tambahkan [[langkah]].")
        return
    for number, step in enumerate(steps, 1):
        yield from _step(number, step, tasks)


def _step(number: int, step: Mapping[str, Any], tasks: set[str] | None) -> Iterator[Finding]:
    if ("lalu" in step) == ("ditolak" in step):
        yield fault("langkah_tanpa_harapan", f"langkah {number}",
                    f"Langkah {number} harus menyebut lalu atau ditolak, tepat salah satu.",
                    "Tulis keadaan yang diharapkan pada lalu, atau kode penolakan pada ditolak.")
    task = step.get("tugas")
    if isinstance(task, str) and tasks is not None and task not in tasks:
        yield fault("tugas_tidak_dikenal", f"langkah {number}", f"Langkah {number} menyebut tugas “{shown(task)}” yang "
                    f"tidak ada. " + meant(task, tasks), "Perbaiki id tugasnya.")


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
