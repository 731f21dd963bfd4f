"""Does process.toml agree with itself and with the diagram? Names, paths, limits, patterns; what nothing uses."""

from __future__ import annotations

import difflib
import keyword
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from engine.authoring.lint import clocks
from engine.authoring.lint.activities import VARIABLES, things
from engine.authoring.lint.drawing import AUTOMATIC, END, PEOPLE, SPIFF, Drawing, identity, properties, words
from engine.authoring.lint.findings import CAUTION, Finding, FormKeys, Known, caution, fault, meant, shown
from engine.errors import ExpressionRefused, Refusal
from engine.rules.expressions import FUNCTIONS, compile_expression
from engine.rules.numbering import compile_pattern
from engine.rules.process import Process

TOML = "process.toml"
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
ALWAYS = {"sumber", "yakin", "catatan"}
KEYS: Mapping[str, Collection[str]] = {
    "proses": {"id", "nama", "awalan", "versi", "register"}, "lajur": {"id", "nama", "jabatan", "pemohon"},
    "jabatan": {"id", "nama", "penandatangan"},
    "kegiatan": {"id", "baris", "uraian", "kelengkapan", "waktu", "keluaran", "status", "pilihan"},
    "akhir": {"status", "hasil"},
    "variabel": {"jenis", "bawaan"}, "pilihan": {"dipakai"}, "register": {"nama", "pola", "isi"},
    "dokumen": {"nama", "templat", "register", "ditandatangani", "terbuka", "wajib", "gagal", "hasil"},
    "pesan": {"nama", "berkas", "lampiran"}, "waktu": {"batas"}, "kelompok_waktu": {"langkah", "batas", "sub"},
    "janji": {"batas", "mulai", "pesan_bergeser"}, "hukum": {"batas"}, "pencabutan": {"selama"},
}
"""The keys of each table that the engine reads; others are kept for display."""
READ = {*KEYS, "sop", "layanan", "ambang", "ringkasan", "akun", "masa_berlaku", "daftar", "surel_gagal"}
"""The tables that the engine reads; others are kept for display."""

Forms = Mapping[str, FormKeys]


def of_itself(process: Process) -> Iterator[Finding]:
    """What can be said without the diagram."""
    yield from _misspelt_tables(process.raw)
    yield from _misspelt(process.raw)
    yield from _lanes(process)
    yield from _rows(process)
    for variable in process.variables.values():
        yield from _variable(variable.name, variable.kind, variable.default)
    yield from _registers(process)
    yield from _documents(process)
    yield from _refused_mail(process)
    yield from clocks.of_itself(process)
    yield from _requirements(process)


def _misspelt_tables(raw: Mapping[str, Any]) -> Iterator[Finding]:
    for table in sorted(set(raw) - READ):
        close = difflib.get_close_matches(table[:60], READ, n=1, cutoff=0.85)
        if close:
            yield fault("tabel_salah_eja", table, f"Tabel [{shown(table)}] tidak dibaca.",
                        f"Mungkin maksudnya “{close[0]}”.")


def _misspelt(raw: Mapping[str, Any]) -> Iterator[Finding]:
    for table, keys in KEYS.items():
        for name, one in _tables(raw.get(table), table):
            for key in sorted(set(one) - set(keys) - ALWAYS):
                close = difflib.get_close_matches(key[:60], set(keys) - set(one), n=1, cutoff=0.8)
                if close:
                    yield fault("kunci_salah_eja", name, f"Kunci “{shown(key)}” pada [{table}] {shown(name)} tidak "
                                f"dibaca.", f"Mungkin maksudnya “{close[0]}”.")


def _tables(value: object, table: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(value, list):
        yield from ((str(one.get("id", table)), one) for one in value if isinstance(one, Mapping))
    elif isinstance(value, Mapping) and table in ("proses", "janji", "hukum", "pencabutan"):
        yield table, value
    elif isinstance(value, Mapping):
        yield from ((str(name), one) for name, one in value.items() if isinstance(one, Mapping))


def _twice(names: Iterable[str], what: str) -> Iterator[Finding]:
    for name, count in Counter(names).items():
        if count > 1:
            yield fault("ganda", name, f"{what} “{shown(name)}” ditulis {count} kali di {TOML}.", "Sisakan satu.")


def _lanes(process: Process) -> Iterator[Finding]:
    yield from _twice([lane.id for lane in process.lanes], "Lajur")
    yield from _twice([lane.name for lane in process.lanes], "Nama lajur")
    for lane in process.lanes:
        if not lane.applicant and lane.post not in process.posts:
            yield fault("jabatan_tidak_dikenal", lane.id,
                        f"Lajur “{shown(lane.name)}” menunjuk jabatan “{shown(lane.post)}” yang tidak ada. "
                        + meant(lane.post, process.posts), "Nyatakan jabatannya pada [[jabatan]].")
    if len([lane for lane in process.lanes if lane.applicant]) > 1:
        yield fault("pemohon_ganda", None, "Lebih dari satu lajur ditandai pemohon.",
                    "Sisakan satu lajur dengan pemohon = true.")
    used = {lane.post for lane in process.lanes}
    for name in process.posts:
        if name not in used:
            yield caution("jabatan_tidak_dipakai", name, f"Jabatan “{shown(name)}” tidak dipakai lajur mana pun.",
                          "Hapus atau pasangkan dengan lajur.")


def _rows(process: Process) -> Iterator[Finding]:
    raw = process.raw.get("kegiatan", ())
    yield from _twice([str(one.get("id")) for one in raw], "Kegiatan")
    for row in process.rows.values():
        if not row.number or not row.text.strip():
            yield fault("kegiatan_kosong", row.activity, f"Kegiatan “{shown(row.activity)}” tanpa baris atau uraian "
                        f"SOP.", "Isi baris dan uraian sesuai tabel SOP.")
        if not row.status.strip():
            yield caution("tanpa_status", row.activity, f"Kegiatan “{shown(row.activity)}” tanpa status untuk umum.",
                          "Isi status, misalnya “Sedang diperiksa”.")
        if row.choice is not None and row.choice not in process.section("pilihan"):
            yield fault("pilihan_tidak_dikenal", row.activity, f"Kegiatan “{shown(row.activity)}” bergantung pada pilihan "
                        f"“{shown(str(row.choice))}” yang tidak ada. " + meant(str(row.choice), process.section("pilihan")),
                        "Nyatakan pada [pilihan].")


PLAIN: Mapping[str, Callable[[object], bool]] = {
    "teks": lambda value: isinstance(value, str),
    "bilangan": lambda value: isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2 ** 53,
    "ya_tidak": lambda value: isinstance(value, bool),
    "tanggal": lambda value: isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) is not None,
    "daftar": lambda value: isinstance(value, list) and all(isinstance(one, (str, int)) for one in value)}


def _variable(name: str, kind: str, default: object) -> Iterator[Finding]:
    if not NAME.fullmatch(name) or keyword.iskeyword(name) or name in FUNCTIONS:
        yield fault("nama_variabel_salah", name, f"Nama variabel “{shown(name)}” tidak dapat dipakai dalam syarat.",
                    "Tulis huruf kecil, angka, dan garis bawah; bukan kata khusus seperti and, len, ada.")
    if default is not None and not PLAIN[kind](default):
        yield fault("bawaan_salah", name, f"Nilai bawaan “{shown(default)}” bukan {kind}.",
                    "Sesuaikan nilainya; pecahan tidak boleh, dan tanggal ditulis sebagai teks \"2026-06-09\".")


def _registers(process: Process) -> Iterator[Finding]:
    running = process.section("proses").get("register")
    if running is not None and running not in process.registers:
        yield fault("register_tidak_dikenal", "proses", f"Register pendaftaran “{shown(running)}” tidak ada. "
                    + meant(str(running), process.registers), "Nyatakan pada [register].")
    for register in process.registers.values():
        if register.id == running:
            continue
        try:
            compile_pattern(register.pattern, register.words)
        except Refusal as refused:
            yield fault("pola_salah", register.id, refused.advice,
                        "Contoh: {klasifikasi}/{urut:04}/{jenis}/{unit}/{bulan_romawi}/{tahun}.")


def _documents(process: Process) -> Iterator[Finding]:
    for one in process.documents.values():
        if one.register is not None and one.register not in process.registers:
            yield fault("register_tidak_dikenal", one.id,
                        f"Dokumen “{shown(one.id)}” memakai register “{shown(one.register)}” yang tidak ada. "
                        + meant(one.register, process.registers), "Nyatakan pada [register].")
    for notice in process.notices.values():
        for name in notice.attachments:
            if name not in process.documents:
                yield fault("dokumen_tidak_dikenal", notice.id,
                            f"Pesan “{shown(notice.id)}” melampirkan “{shown(name)}” yang tidak ada. "
                            + meant(name, process.documents), "Sebut id dokumen pada [dokumen].")


def _refused_mail(process: Process) -> Iterator[Finding]:
    section = process.section("surel_gagal")
    post, notice = str(section.get("beri_tahu", "")), str(section.get("pesan", ""))
    if section and post not in process.posts:
        yield fault("jabatan_tidak_dikenal", "surel_gagal", f"[surel_gagal] memberi tahu “{shown(post)}” yang bukan jabatan. "
                    + meant(post, process.posts), "Isi beri_tahu dengan id jabatan.")
    if notice and notice not in process.notices:
        yield fault("pesan_tidak_dikenal", "surel_gagal", f"[surel_gagal] mengirim “{shown(notice)}” yang tidak ada. "
                    + meant(notice, process.notices), "Sebut id pesan pada [pesan].")


def _requirements(process: Process) -> Iterator[Finding]:
    yield from _twice([str(one.code) for one in process.requirements], "Persyaratan")
    for one in process.requirements:
        if not isinstance(one.code, str) or not NAME.fullmatch(one.code):
            yield fault("kode_salah", str(one.code), f"Kode persyaratan “{shown(one.code)}” harus huruf kecil, angka, "
                        f"dan garis bawah.", "Contoh: surat_permohonan.")


# --- against the diagram and the forms -------------------------------------------------------------------------------

def against_the_rest(drawing: Drawing, known: Known) -> Iterator[Finding]:
    """Names that must exist elsewhere, and names that nothing uses."""
    process = known.process
    if process is None:
        return
    people = {identity(node): properties(node) for node in drawing.of(PEOPLE)}
    yield from _activities(process, people)
    yield from _promise(process, drawing)
    yield from _ends(process, drawing)
    yield from _paths(process, people, known.forms)
    yield from _unused(process, drawing, known)


def _activities(process: Process, people: Collection[str]) -> Iterator[Finding]:
    named = {**{name: "[[kegiatan]]" for name in process.rows}, **{name: "[waktu]" for name in process.limits},
             **{name: f"kelompok {group.id}" for group in process.groups for name in group.activities},
             **{name: f"ambang {number}" for number, one in enumerate(process.alarms, 1) for name in one.spares},
             **{name: "[pencabutan] selama" for name in process.withdrawable or ()}}
    for name, place in named.items():
        if name not in people:
            yield fault("kegiatan_tidak_dikenal", name,
                        f"{place} menyebut “{shown(name)}”, yang bukan tugas pengguna pada diagram. "
                        + meant(name, people), "Samakan dengan id tugas pada diagram.")


def _promise(process: Process, drawing: Drawing) -> Iterator[Finding]:
    activities = [identity(node) for node in drawing.of(PEOPLE, AUTOMATIC)]
    if process.promise is not None and process.promise.starts not in activities:
        name = process.promise.starts
        yield fault("kegiatan_tidak_dikenal", "janji", f"[janji] mulai “{shown(name)}” tidak ada pada diagram. "
                    + meant(name, activities), "Sebut id tugas yang selesainya memulai janji.")


def _ends(process: Process, drawing: Drawing) -> Iterator[Finding]:
    drawn = [identity(node) for node in drawing.of(END)]
    for name in process.ends:
        if name not in drawn:
            yield fault("akhir_tidak_dikenal", name,
                        f"[akhir.{shown(name)}] tidak ada pada diagram. " + meant(name, drawn),
                        "Samakan dengan id akhir pada diagram.")


def _paths(process: Process, people: Mapping[str, Mapping[str, str]], forms: Forms | None) -> Iterator[Finding]:
    for key, paths in process.summary.items():
        yield from _alternatives(f"[ringkasan] {key}", paths, people, forms)
    asked = [(f"[akun] {key}", path) for key, path in process.account.items()]
    asked += [(f"[dokumen.{one.id}] wajib", path) for one in process.documents.values() for path in one.required]
    for place, path in asked:
        yield from path_findings(place, path, people, forms)


def _alternatives(place: str, paths: Collection[str], people: Mapping[str, Mapping[str, str]],
                  forms: Forms | None) -> Iterator[Finding]:
    """Paths read first to last: one that leads nowhere is a fault only when no other leads anywhere."""
    each = [list(path_findings(place, path, people, forms)) for path in paths]
    for wrong in each:
        yield from wrong if all(each) else [replace(one, severity=CAUTION) for one in wrong]


def path_findings(place: str, path: str, people: Mapping[str, Mapping[str, str]],
                  forms: Forms | None) -> Iterator[Finding]:
    """A path "activity.key" leads to a field of that activity's form."""
    activity, _, key = path.partition(".")
    form = (forms or {}).get(people.get(activity, {}).get("formulir") or activity)
    if activity not in people or not key:
        yield fault("jalur_salah", place, f"{place}: “{shown(path)}” tidak menunjuk tugas pada diagram. "
                    + meant(activity, people), "Tulis kegiatan.kunci.")
    elif form is not None and key.partition(".")[0] not in form.kinds:
        yield fault("jalur_salah", place, f"{place}: formulir “{shown(activity)}” tidak mempunyai isian "
                    f"“{shown(key)}”. " + meant(key, form.kinds), "Tulis kunci isian pada formulir itu.")


def _unused(process: Process, drawing: Drawing, known: Known) -> Iterator[Finding]:
    named = names_in_parameters(drawing, process)
    for word, table in (("dokumen", process.documents), ("pesan", process.notices), ("register", process.registers)):
        used = named[word] | {process.print_out, str(process.section("proses").get("register")),
                              str(process.section("surel_gagal").get("pesan"))}
        used |= {one.register or "" for one in process.documents.values()}
        used |= {one.notice or "" for one in process.alarms} | {process.promise.moved if process.promise else None}
        for name in table:
            if name not in used:
                yield caution(f"{word}_tidak_dipakai", name, f"[{word}.{shown(name)}] tidak dipakai langkah mana pun.",
                              "Pakai pada tugas layanan atau hapus.")
    written = {name for node in drawing.of(PEOPLE, AUTOMATIC) for name in words(properties(node).get(VARIABLES))}
    read = _names_read(drawing, process)
    for name, variable in process.variables.items():
        if name not in written and name not in read:
            yield caution("variabel_tidak_dipakai", name, f"Variabel “{shown(name)}” tidak diisi dan tidak dibaca.",
                          "Hapus dari process.toml.")
        elif name not in written and variable.default is None:
            yield caution("variabel_tidak_diisi", name,
                          f"Variabel “{shown(name)}” dibaca tetapi tidak pernah diisi, jadi selalu kosong.",
                          "Tambahkan pada properti variabel tugas yang mengisinya, atau beri nilai bawaan.")


def names_in_parameters(drawing: Drawing, process: Process) -> dict[str, set[str]]:
    """Parameter -> the names written in it, over the whole diagram."""
    found: dict[str, set[str]] = {name: set() for name in things(process)}
    for one in drawing.root.iter(f"{{{SPIFF}}}parameter"):
        if one.get("id") in found:
            found[str(one.get("id"))] |= {str(value) for value in _constants(one.get("value") or "")}
    return found


def _constants(text: str) -> Collection[object]:
    try:
        return compile_expression(text.strip()).constants
    except ExpressionRefused:
        return ()


def _names_read(drawing: Drawing, process: Process) -> set[str]:
    texts = [one.text or "" for one in drawing.root.iter("{*}conditionExpression", "{*}loopCardinality")]
    texts += [one.get("value") or "" for one in drawing.root.iter(f"{{{SPIFF}}}parameter")]
    texts += [str(one.condition) for one in process.requirements]
    read: set[str] = set()
    for text in texts:
        try:
            read |= compile_expression(text.strip()).names
        except ExpressionRefused:
            continue
    return read
