"""The applicant's rooms: register, begin, see where each application is, read what was sent, take letters, withdraw."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.assembly import CannotWithdraw, CaseFile, Edition
from engine.errors import FormRefused
from engine.rules.people import VISITOR
from forms.web import pictures, tasks
from forms.web.casefile import Answered, answered, file_addresses, letters_for_applicant, open_case
from forms.web.desk import Addresses, Desk, Faulty, Reading, faulty, fresh, read
from forms.web.ground import edition_of, editions, engine
from forms.web.guard import opens_to
from forms.web.journey import Journey, journey
from forms.web.promise import promise_of
from forms.web.public import APPLY, REGISTER
from forms.web.visitor import current_actor, visitor

bp = Blueprint("applicant", __name__)

UPLOADS_PER_VISIT = 60
"""Uploads of one visitor without account within the window of the limit."""

UPLOADS_PER_PLACE = 300
"""The same for everybody behind one address, an internet café for instance."""

MOST_REASON = 1000
"""Letters of a reason to withdraw."""


# --- without an account -------------------------------------------------------------------------------------------


def registration(edition: Edition) -> Desk:
    """The first form of a case that begins without an account."""
    if REGISTER not in edition.diagram.starts:
        abort(404)
    opening = engine().desks.start(edition.process.id, REGISTER, visitor().holder)
    process = edition.process.id
    return fresh(Desk(opening, VISITOR, Addresses(url_for("applicant.register", process=process),
                                                  url_for("applicant.register_fields", process=process))))


def review_limit(edition: Edition, activity: str) -> str:
    """How long the office may take with the registration: the limit of the step after the form."""
    order = list(edition.diagram.activities)
    after = [one for one in order[order.index(activity) + 1:] if one in edition.process.limits]
    return edition.process.limits[after[0]] if after else ""


@bp.get("/daftar/<process>")
@opens_to("public")
def register(process: str) -> ResponseReturnValue:
    """The account form."""
    return _registration(registration(edition_of(process)))


def _registration(desk: Desk) -> ResponseReturnValue:
    return render_template("register.html", meja=desk, proses=desk.edition.process,
                           batas=review_limit(desk.edition, desk.opening.activity)), 422 if desk.faults else 200


@bp.post("/daftar/<process>")
@opens_to("public")
def registering(process: str) -> ResponseReturnValue:
    """Take the account form; uploads stay, whatever else is wrong."""
    edition = edition_of(process)
    reading = _read_visitor(registration(edition))
    desk = reading.desk
    if reading.submission.stays or reading.refused or request.form.get("_aksi") != "kirim":
        return _registration(desk)
    try:
        engine().cases.start_with(process, REGISTER, desk.values, VISITOR, holder=desk.opening.holder)
    except FormRefused as refusal:
        return _registration(replace(desk, faults=tasks.faults_of(refusal)))
    return redirect(url_for("applicant.registered", process=process))


def _read_visitor(desk: Desk) -> Reading:
    if any(upload.filename for upload in request.files.values()):
        engine().identity.limit(f"unggah:{desk.opening.holder[:40]}", UPLOADS_PER_VISIT)
        engine().identity.limit(f"unggah-dari:{request.remote_addr or ''}", UPLOADS_PER_PLACE)
    return read(desk)


@bp.post("/daftar/<process>/isian")
@opens_to("public")
def register_fields(process: str) -> ResponseReturnValue:
    """The fields of the account form drawn anew."""
    return str(_read_visitor(registration(edition_of(process))).desk.fields)


@bp.get("/daftar/<process>/terkirim")
@opens_to("public")
def registered(process: str) -> ResponseReturnValue:
    """What happens next after registering."""
    edition = edition_of(process)
    activity = engine().desks.start(process, REGISTER, "").activity
    return render_template("registered.html", proses=edition.process, batas=review_limit(edition, activity))


# --- with an account ----------------------------------------------------------------------------------------------


@bp.get("/permohonan")
@opens_to("pemohon")
def mine() -> ResponseReturnValue:
    """Every application of this person, what waits for them on top."""
    known = engine().case_files.of_applicant(current_actor().account or "")
    found = [engine().case_files.read(row.id) for row, *_ in known]
    rows = [{"id": case.row.id, "way": way_of(case), "task": task_address(case), "missing": _missing(case)} for case in found]
    rows.sort(key=lambda one: not one["task"])
    return render_template("mine.html", jalan=rows, menunggu=sum(bool(one["task"]) for one in rows),
                           layanan=[edition.process for edition in editions() if _may_begin(edition)])


def way_of(case: CaseFile) -> Journey:
    """The case in public words."""
    return journey(case.edition.process, case.edition.diagram, case.row, case.tasks, promise_of(case))


def task_address(case: CaseFile) -> str | None:
    """The form that waits for the applicant, if one does."""
    lane = case.edition.process.applicant_lane
    waiting = [one for one in case.open_tasks if lane is not None and one.post == lane.post]
    return url_for("tasks.show", case=case.row.id, number=waiting[0].task) if waiting else None


def _may_begin(edition: Edition) -> bool:
    return APPLY in edition.diagram.starts or not edition.diagram.starts


@bp.post("/ajukan/<process>")
@opens_to("pemohon")
def begin(process: str) -> ResponseReturnValue:
    """A new application: its first form opens as a draft."""
    edition = edition_of(process)
    if not _may_begin(edition):
        abort(404)
    row = engine().cases.start(process, APPLY if edition.diagram.starts else None, current_actor())
    return redirect(task_address(engine().case_files.read(row.id)) or url_for("applicant.case", case=row.id))


@bp.get("/permohonan/<case>")
@opens_to("pemohon")
def case(case: str) -> ResponseReturnValue:
    """One application: what is asked, the promise, letters, the way, what was sent."""
    found = open_case(case)
    process, diagram = found.edition.process, found.edition.diagram
    done = {one.activity for one in found.tasks if one.closed_at is not None}
    return render_template(
        "application.html", proses=process, jalan=way_of(found), berkas=found, tugas=task_address(found),
        kurang=_missing(found), surat=letters_for_applicant(found), isian=sent_answers(found),
        alamat_berkas=file_addresses(case, (one.sha256 for one in found.uploads)),
        gambar=pictures.draw(process, diagram, done, {one.activity for one in found.open_tasks}))


def _missing(found: CaseFile) -> Faulty:
    """What a return asks for, while it waits for the applicant."""
    lane = found.edition.process.applicant_lane
    waiting = [one for one in found.open_tasks if lane is not None and one.post == lane.post]
    return faulty(tasks.lay(found.row.id, waiting[0].task)) if waiting else Faulty((), 0)


def sent_answers(found: CaseFile) -> list[Answered]:
    """What the applicant sent, form by form, to be read."""
    lane = found.edition.process.applicant_lane
    return [one for one in answered(found) if lane is not None and one.lane == lane.name]


@bp.get("/permohonan/<case>/cabut")
@opens_to("pemohon")
def withdrawal(case: str) -> ResponseReturnValue:
    """Ask back before an application is taken back."""
    found = open_case(case)
    if not found.can_withdraw:
        raise CannotWithdraw(case)
    return render_template("withdraw.html", berkas=found.row, proses=found.edition.process)


@bp.post("/permohonan/<case>/cabut")
@opens_to("pemohon")
def withdraw(case: str) -> ResponseReturnValue:
    """Take the application back, with a reason."""
    found, reason = open_case(case), request.form.get("alasan", "").strip()
    if not reason:
        return render_template("withdraw.html", berkas=found.row, proses=found.edition.process,
                               advice="Tulis alasannya, satu kalimat cukup."), 422
    lease = engine().effects.lease()
    engine().cases.withdraw(case, reason[:MOST_REASON], current_actor(), lease=lease)
    tasks.carry_out(case, lease)
    return redirect(url_for("applicant.case", case=case, pesan="dicabut"))
