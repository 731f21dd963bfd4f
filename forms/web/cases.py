"""The file of a case for everyone inside: found, told, drawn; its letters, uploads, notes and messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from engine.assembly import CaseFile, CaseQuery, CaseRow, Edition, Moment
from engine.errors import NotAllowed
from engine.rules import privacy
from engine.rules.people import ROLES
from forms.web import officer, pictures, reading, words
from forms.web.answers import Section
from forms.web.casefile import answered, file_addresses, open_case, sees_personal
from forms.web.ground import editions, engine
from forms.web.guard import opens_to
from forms.web.journey import journey
from forms.web.listing import EVERYTHING, csv_answer, kept, number_of, pages
from forms.web.promise import TOLD, lines, promise_of, told_of
from forms.web.time_left import TimeLeft, kept_in_time, time_left
from forms.web.visitor import current_actor

bp = Blueprint("cases", __name__)

SIZE = 25
FILTERS = ("q", "p", "s")
STATES = {"berjalan": False, "selesai": True}
INSIDE = ("petugas", *ROLES)
MOST_NOTE = 2000


# --- the list -----------------------------------------------------------------------------------------------------


def own_editions() -> list[Edition]:
    """The processes whose cases this person may open: an officer those of the post, an office role all."""
    post = current_actor().post
    return [one for one in editions() if post in ROLES or post in {lane.post for lane in one.process.lanes}]


def asked(size: int = SIZE) -> CaseQuery:
    """What the address asks for. Who does not work on every process looks at one of them at a time."""
    offered = [one.process.id for one in own_editions()]
    wanted = request.args.get("p", "")
    if wanted not in offered:
        wanted = "" if len(offered) == len(editions()) else next(iter(offered), "–")
    return CaseQuery(words=request.args.get("q", "")[:80], process=wanted, ended=STATES.get(request.args.get("s", "")),
                     page=number_of("h") if size == SIZE else 1, size=size)


@bp.get("/berkas")
@opens_to(*INSIDE)
def search() -> ResponseReturnValue:
    """Every case, newest first; found by words of its number, title or place."""
    query = asked()
    found, total = engine().case_files.search(query)
    return render_template(
        "cases.html", hasil=[(row, title_of(row), status) for row, status in found], proses_ada=own_editions(), cari=query,
        halaman=pages(total, SIZE, "cases.search", kept(*FILTERS)), disaring=kept(*FILTERS),
        unduh=url_for("cases.export", **kept(*FILTERS)))


def title_of(row: CaseRow) -> str:
    """The title of a case in a list. Before there is a number it is the name of a person: masked for office roles."""
    if row.number is None and current_actor().post in ROLES:
        return privacy.mask_text(row.title)
    return row.title


@bp.get("/berkas.csv")
@opens_to(*INSIDE)
def export() -> ResponseReturnValue:
    """The same list, whole, for a spreadsheet."""
    found, _ = engine().case_files.search(asked(EVERYTHING))
    return csv_answer("berkas", ("Nomor", "Judul", "Tempat", "Jenis", "Status", "Dimulai", "Diajukan", "Selesai"), (
        (row.number, title_of(row), row.place, row.kind, status, day(row.started_at), day(row.submitted_at), day(row.ended_at))
        for row, status in found))


def day(stamp: str | None) -> str:
    """A stamp as an ISO day of the office, for spreadsheets."""
    return words.office_time(stamp).date().isoformat() if stamp else ""


# --- one case -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Event:
    """One line of the timeline: what happened, who did it in which capacity, in time or not, and what was answered."""

    seq: int
    at: datetime
    title: str
    by: str
    sign: str
    state: str
    words: str = ""
    element: str = ""
    late: str = ""
    sections: tuple[Section, ...] = ()


@bp.get("/berkas/<case>")
@opens_to(*INSIDE)
def show(case: str) -> ResponseReturnValue:
    """The case from end to end."""
    found = open_case(case)
    engine().identity.note_access(current_actor(), "berkas", case)
    return render_template("case.html", **told(found))


def told(found: CaseFile, advice: str | None = None) -> dict[str, Any]:
    """What the page of a case shows."""
    process, diagram, clear = found.edition.process, found.edition.diagram, sees_personal(found)
    passed = {one.activity for one in found.tasks if one.closed_at is not None}
    return {
        "berkas": found, "proses": process, "judul_berkas": title(found), "jelas": clear, "advice": advice,
        "jalan": journey(process, diagram, found.row, found.tasks, promise_of(found)),
        "riwayat": list(reversed(events(found))),
        "surat": [officer.Letter(row, kind_name(found, row.kind), officer.letter_state(found, row))
                  for row in reversed(found.documents)],
        "cetakan": print_out(found), "gagal": reading.failed(found), "putusan": reading.decisions(found),
        "alamat_berkas": file_addresses(found.row.id, (one.sha256 for one in found.uploads)) if clear else {},
        "tunggu": [waiting(found, one) for one in found.open_tasks],
        "janji": promise(found), "batas": lines(found), "unggahan": uploads(found),
        "orang": people(found), "catatan": officer.notes(found), "pesan_keluar": sent(found),
        "boleh_kirim": may_resend(found), "tanda": marks(found),
        "gambar": pictures.draw(process, diagram, passed, {one.activity for one in found.open_tasks}),
        "boleh_catat": current_actor().post not in ("auditor", "analis")}


def title(found: CaseFile) -> str:
    """The title of the case as this person may read it."""
    return title_of(found.row) or found.edition.process.name


def promise(found: CaseFile) -> TimeLeft | None:
    """The promise to the applicant: what is left of it, or whether it was kept."""
    if found.promised is None:
        return None
    if found.row.ended_at is None:
        return replace(time_left(found.promised), until=f"Janji kepada pemohon: {words.long_day(found.promised)}")
    kept_it = words.office_time(found.row.ended_at) <= found.promised
    return TimeLeft("Janji ditepati" if kept_it else "Lewat dari janji", f"Dijanjikan {words.long_day(found.promised)}",
                    "positive" if kept_it else "negative")


def uploads(found: CaseFile) -> list[Any]:
    """What people brought; the letters of the house, kept in the same folder, have their own list."""
    made = {digest for row in found.documents for digest in (row.rendered, row.signed)}
    return [one for one in found.uploads if one.sha256 not in made]


def kind_name(found: CaseFile, kind: str) -> str:
    """The name of a kind of letter."""
    known = found.edition.process.documents.get(kind)
    return known.name if known else kind


def print_out(found: CaseFile) -> str | None:
    """The address of the newest print-out of the whole case, where its process makes one."""
    kind = found.edition.process.print_out
    made = [row for row in found.documents if row.kind == kind]
    return url_for("casefile.letter", document=made[-1].id) if made else None


def waiting(found: CaseFile, task: Any) -> Mapping[str, Any]:
    """An open task: what, whose, how long still, who holds it."""
    activity = found.edition.diagram.activities[task.activity]
    mine = current_actor().post == task.post
    return {"name": pictures.plain_name(activity.name), "lane": activity.lane, "left": time_left(task.due), "task": task,
            "who": found.people.get(task.claimed_by or "", ""), "why": officer.why(found, task),
            "address": url_for("tasks.show", case=found.row.id, number=task.task) if mine else None}


def people(found: CaseFile) -> list[tuple[str, str]]:
    """(name, what they did) of everyone who acted on the case, in order of appearance."""
    did: dict[str, dict[str, None]] = {}
    for one in found.timeline:
        if one.kind in ("completed", "note", "message") and one.actor.account is not None:
            did.setdefault(who(found, one), {})[pictures.plain_name(one.activity_name) or "Catatan"] = None
    return [(name, ", ".join(deeds)) for name, deeds in did.items()]


def who(found: CaseFile, one: Moment) -> str:
    """Who acted, as this person may read it: officers by name, post and capacity, the applicant masked for office roles."""
    if one.actor.capacity == "sistem":
        return "Sistem"
    if one.actor.post is None:
        name = one.person if sees_personal(found) else privacy.mask_text(one.person)
        return f"{name}, pemohon" if name else "Pemohon"
    return reading.by_whom(one)


def sent(found: CaseFile) -> list[Mapping[str, str]]:
    """The messages of the case, newest first: subject, state, when."""
    return [{"id": one.id, "subject": one.subject, "state": MAIL_STATES[one.status], "at": one.sent_at or one.queued_at,
             "missed": "ya" if one.status in MISSED else ""} for one in reversed(found.messages)]


MAIL_STATES = {"queued": "menunggu dikirim", "sent": "terkirim", "failed": "gagal dikirim", "refused": "ditolak alamat tujuan"}
MISSED = ("failed", "refused")


def may_resend(found: CaseFile) -> bool:
    """The administrator, and the post that the process names for mail that does not arrive."""
    return current_actor().post in ("administrator", found.edition.process.mail_keeper)


@bp.post("/berkas/<case>/pesan/<message>/kirim")
@opens_to("petugas", "administrator")
def resend(case: str, message: str) -> ResponseReturnValue:
    """Queue a message of this case again, to the address its recipient has now."""
    found = open_case(case)
    if not may_resend(found) or message not in {one.id for one in found.messages}:
        raise NotAllowed(f"message {message} of {case}")
    engine().mail.resend(message)
    return redirect(url_for("cases.show", case=case, pesan="dikirim_ulang", _anchor="ps"))


def marks(found: CaseFile) -> Mapping[str, list[str]]:
    """What the drawn diagram marks: where the case has been, where it is."""
    return {"done": sorted(found.visited - found.current), "current": sorted(found.current)}


# --- the timeline -------------------------------------------------------------------------------------------------


def events(found: CaseFile) -> list[Event]:
    """The timeline, oldest first, with what was answered where this person may read it."""
    sections = {(one.activity, one.at): tuple(one.sections) for one in answered(found)}
    due = {one.task: one.due for one in found.tasks}
    return [event(found, one, sections.get((one.activity, one.at), ()), due) for one in found.timeline]


def event(found: CaseFile, one: Moment, sections: tuple[Section, ...], due: Mapping[int, str | None]) -> Event:
    """One line of the timeline in words."""
    name, (sign, state, text, more) = pictures.plain_name(one.activity_name), LINES[one.kind]
    told_words = str(more and one.body.get(more) or "")
    if one.kind == "reassigned":
        told_words = f"Sekarang dipegang {found.people.get(str(one.body.get('to')), 'petugas lain')}"
    elif one.kind in TOLD:
        told_words = told_of(found, one.kind, one.body)
    late = lateness(one, due) if one.kind == "completed" else ""
    return Event(one.seq, one.at, text.format(name=name), who(found, one), sign, state, told_words, one.activity, late,
                 sections)


LINES: Mapping[str, tuple[str, str, str, str]] = {
    "started": ("edit", "done", "Berkas dibuka", ""),
    "completed": ("check", "done", "{name}", ""),
    "message": ("cross", "back", "Dicabut pemohon", "isian.alasan"),
    "timer_fired": ("clock", "done", "Batas waktu tercapai: {name}", ""),
    "effect_failed": ("back", "back", "Belum berhasil: {name}", "advice"),
    "note": ("edit", "done", "Catatan", "text"),
    "reassigned": ("person", "done", "Dialihkan: {name}", ""),
    "incident_raised": ("warning", "back", "Tersangkut: {name}", "cause"),
    "incident_solved": ("ok", "done", "Dijalankan lagi: {name}", ""),
    "late_result": ("clock", "done", "Hasil terlambat dibatalkan: {name}", ""),
    "reminder": ("clock", "done", "Pengingat batas waktu", ""),
    "escalated": ("warning", "back", "Lewat batas, diteruskan ke atasan", ""),
    "deadline_moved": ("clock", "done", "Batas waktu bergeser", ""),
}
"""Kind of event -> sign, state, title, and the part of its payload that is told."""


def lateness(one: Moment, due: Mapping[int, str | None]) -> str:
    """tepat, lewat, or empty for a step without a limit."""
    limit = due.get(int(one.body.get("task", 0)))
    in_time = kept_in_time(limit, one.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
    return "" if in_time is None else "tepat" if in_time else "lewat"


# --- notes and the diagram ----------------------------------------------------------------------------------------


@bp.post("/berkas/<case>/catatan")
@opens_to("petugas", "administrator")
def note(case: str) -> ResponseReturnValue:
    """A note on the case: for the office, or for the applicant too."""
    found, text = open_case(case), request.form.get("catatan", "").strip()
    if not text:
        return render_template("case.html", **told(found, "Tulis catatannya dahulu, lalu simpan.")), 422
    engine().cases.note(case, text[:MOST_NOTE], current_actor(), public=request.form.get("terbuka") == "ya")
    return redirect(url_for("cases.show", case=case, pesan="tersimpan", _anchor="catatan"))


@bp.get("/diagram/<edition>.bpmn")
@opens_to(*INSIDE)
def diagram(edition: str) -> ResponseReturnValue:
    """The diagram of an edition as it was deployed; the same bytes for ever."""
    answer = Response(engine().catalog.edition(edition).source, mimetype="application/xml")
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    answer.headers["Content-Security-Policy"] = "default-src 'none'"
    return answer
