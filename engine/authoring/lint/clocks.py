"""Do the clocks of process.toml run? Limits, the promise, the legal limit, and who is told how long before or after."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from engine.authoring.lint.activities import limit_findings
from engine.authoring.lint.findings import Finding, fault, meant, shown
from engine.rules.process import STAFF, Alarm, Process

ALARM = {"untuk", "jenis", "kapan", "jarak", "kepada", "pesan", "kecuali", "sumber", "yakin", "catatan"}
"""The keys of [[ambang]]; its rows are shown nowhere, so that any other key is a mistake."""
APPLICANT = "pemohon"


def of_itself(process: Process) -> Iterator[Finding]:
    """What can be said without the diagram."""
    yield from _limits(process)
    yield from _promise(process)
    if "hukum" in process.raw:
        yield from _needed(process.legal_limit, "hukum")
    rows = process.raw.get("ambang", ())
    for number, (row, alarm) in enumerate(zip(rows, process.alarms), 1):
        place = f"ambang {number}"
        yield from _keys(row, place)
        yield from _distance(alarm, place)
        yield from _posts(alarm, place, {*process.posts, STAFF})
        yield from _notice(alarm.notice, place, process)


def _limits(process: Process) -> Iterator[Finding]:
    for activity, limit in process.limits.items():
        yield from _needed(limit, activity)
    for group in process.groups:
        yield from _needed(group.limit, group.id)
        for activity, limit in group.targets.items():
            yield from _needed(limit, f"{group.id}.{activity}")
            if activity not in group.activities:
                yield fault("kegiatan_tidak_dikenal", group.id, f"Sasaran “{shown(activity)}” bukan langkah kelompok "
                            f"“{shown(group.id)}”.", "Tambahkan pada langkah atau hapus.")


def _needed(limit: object, place: str) -> Iterator[Finding]:
    """A limit that stands in process.toml says how long: an empty one would be a clock that never runs."""
    if limit is None or limit == "":
        yield fault("batas_kosong", place, f"{shown(place)}: batas belum diisi, jadi waktunya tidak pernah dihitung.",
                    "Isi batas, misalnya \"14 hari kerja\", atau hapus tabelnya.")
    else:
        yield from limit_findings(limit, place)


def _promise(process: Process) -> Iterator[Finding]:
    if process.promise is None:
        return
    yield from _needed(process.promise.limit, "janji")
    moved = process.promise.moved
    if moved is not None and moved not in process.notices:
        yield fault("pesan_tidak_dikenal", "janji", f"[janji] pesan_bergeser “{shown(moved)}” tidak ada. "
                    + meant(moved, process.notices), "Nyatakan pada [pesan].")


def _keys(row: Mapping[str, object], place: str) -> Iterator[Finding]:
    for key in sorted(set(row) - ALARM):
        yield fault("kunci_tidak_dikenal", place, f"{place}: kunci “{shown(key)}” tidak dikenal. "
                    + meant(key, ALARM - set(row)), "Perbaiki namanya atau hapus.")


def _distance(alarm: Alarm, place: str) -> Iterator[Finding]:
    if alarm.side == 0 and alarm.distance is not None:
        yield fault("ambang_jarak_berlebih", place, f"{place}: kapan “saat” tidak memakai jarak.",
                    "Hapus jarak, atau pilih “sebelum” atau “sesudah”.")
    elif alarm.side != 0 and alarm.distance in (None, ""):
        yield fault("ambang_tanpa_jarak", place, f"{place}: kapan “sebelum” atau “sesudah” memerlukan jarak.",
                    "Isi jarak, misalnya \"4 jam\" atau \"1 hari kerja\".")
    yield from limit_findings(alarm.distance, place)


def _posts(alarm: Alarm, place: str, posts: Collection[str]) -> Iterator[Finding]:
    if not alarm.posts:
        yield fault("ambang_tanpa_penerima", place, f"{place}: kepada kosong, jadi tidak ada yang diberi tahu.",
                    "Isi id jabatan, atau hapus kunci kepada agar pemegang tugas yang diberi tahu.")
    for post in alarm.posts:
        if post not in posts:
            yield fault("jabatan_tidak_dikenal", place, f"{place}: jabatan “{shown(post)}” tidak ada. "
                        + meant(post, posts), "Pakai id jabatan, atau petugas.")


def _notice(name: str | None, place: str, process: Process) -> Iterator[Finding]:
    if name is None:
        return
    notice = process.notices.get(name)
    if notice is None:
        yield fault("pesan_tidak_dikenal", place, f"{place}: pesan “{shown(name)}” tidak ada. "
                    + meant(name, process.notices), "Nyatakan pada [pesan].")
    elif notice.to == APPLICANT:
        yield fault("pesan_untuk_pemohon", place, f"{place}: pesan “{shown(name)}” ditulis untuk pemohon, padahal ambang "
                    "memberi tahu petugas.", "Pakai pesan yang kepada-nya jabatan atau petugas.")
