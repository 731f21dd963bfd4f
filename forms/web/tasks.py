"""One task: its form on the table, drafts, uploads, the review before sending, and what if somebody was first."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from engine.assembly import Lease, TaskRow
from engine.errors import Conflict, FormRefused, Refusal, StaleDraft, StoreUnavailable
from engine.rules.form import Fault
from forms.web import answers, officer, refusals
from forms.web.again import REVISION, SECRETS, drafted
from forms.web.casefile import file_addresses
from forms.web.desk import Addresses, Desk, Reading, faulty, fresh, read
from forms.web.ground import engine
from forms.web.guard import opens_to
from forms.web.visitor import current_actor

log = logging.getLogger("izin.web")

bp = Blueprint("tasks", __name__)

DRAFT = "draf"
NOT_TYPED = ("_token", "_aksi", REVISION, SECRETS)


def lay(case: str, number: int) -> Desk:
    """The task on this person's table: as drafted, or as it opens. Refused when it is not theirs or not open."""
    opening = engine().desks.task(case, number, current_actor())
    send, redraw, autosave = (url_for(one, case=case, number=number)
                              for one in ("tasks.show", "tasks.fields", "tasks.autosave"))
    return fresh(Desk(opening, current_actor(), Addresses(send, redraw, autosave, case)))


def task_of(desk: Desk) -> TaskRow:
    """The task behind a desk of a case."""
    task = desk.opening.task
    assert task is not None
    return task


def is_applicant() -> bool:
    """True when an applicant is acting."""
    return current_actor().capacity == "pemohon"


@bp.get("/tugas/<case>/<int:number>")
@opens_to("pemohon", "petugas")
def show(case: str, number: int) -> ResponseReturnValue:
    """The task page."""
    try:
        return page(lay(case, number))
    except Conflict as refusal:
        return gone(refusal, case)


def page(desk: Desk) -> ResponseReturnValue:
    """The form, for an applicant alone, for an officer between the SOP and the file."""
    if not is_applicant():
        return officer.page(desk)
    return render_template("task_applicant.html", meja=desk, proses=desk.edition.process,
                           kurang=faulty(desk)), 422 if desk.faults else 200


@bp.post("/tugas/<case>/<int:number>")
@opens_to("pemohon", "petugas")
def take(case: str, number: int) -> ResponseReturnValue:
    """Rows edited, a draft saved, or the form sent; what was typed is kept in every case."""
    try:
        reading = read(lay(case, number))
        desk = keep(reading)
    except StaleDraft as refusal:
        return other_device(refusal, case, number)
    except Conflict as refusal:
        return gone(refusal, case)
    if reading.submission.stays or reading.refused:
        return page(desk)
    if request.form.get("_aksi") == DRAFT:
        return redirect(url_for("tasks.show", case=case, number=number, pesan="draf"))
    if is_applicant():
        return to_review(desk)
    return finish(desk, reading.submission.secrets)


def keep(reading: Reading) -> Desk:
    """Save what was typed as this person's draft."""
    desk = reading.desk
    task = task_of(desk)
    made = engine().tasks.save_draft(task.case, task.task, desk.values, desk.by, revision=_revision())
    drafted(made.revision)
    return replace(desk, revision=made.revision, saved_at=made.saved_at)


def _revision() -> int:
    sent = request.form.get(REVISION, "0")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else 0


@bp.post("/tugas/<case>/<int:number>/draf")
@opens_to("pemohon", "petugas")
def autosave(case: str, number: int) -> ResponseReturnValue:
    """The script saves while somebody types; the answer is one sentence and the new revision."""
    try:
        saved = keep(read(lay(case, number)))
    except Refusal as refusal:
        return jsonify(text=refusal.advice), refusals.status_of(refusal)
    return jsonify(text=saved.saved_text, revision=saved.revision, parts=saved.parts, counted=officer.counted(saved))


@bp.post("/tugas/<case>/<int:number>/isian")
@opens_to("pemohon", "petugas")
def fields(case: str, number: int) -> ResponseReturnValue:
    """The fields drawn anew for what was just answered or uploaded; nothing else of the page."""
    return str(read(lay(case, number)).desk.fields)


def to_review(desk: Desk) -> ResponseReturnValue:
    """A whole form goes to the page that shows it once more; a faulty one comes back."""
    judged, task = desk.judged(), task_of(desk)
    if judged.faults:
        return page(judged)
    return redirect(url_for("tasks.review", case=task.case, number=task.task))


@bp.get("/tugas/<case>/<int:number>/periksa")
@opens_to("pemohon")
def review(case: str, number: int) -> ResponseReturnValue:
    """Everything once more, to be read before it is sent."""
    try:
        desk = lay(case, number).judged()
    except Conflict as refusal:
        return gone(refusal, case)
    if desk.faults:
        return page(desk)
    return render_template("task_review.html", meja=desk, proses=desk.edition.process,
                           alamat_berkas=file_addresses(case, engine().files.values_of(case)),
                           bagian=answers.sections(desk.form, desk.values, desk.context),
                           kirim=url_for("tasks.send", case=case, number=number))


@bp.post("/tugas/<case>/<int:number>/kirim")
@opens_to("pemohon")
def send(case: str, number: int) -> ResponseReturnValue:
    """Send what was reviewed: the saved draft, if it is still the one that was shown."""
    try:
        desk = lay(case, number)
    except Conflict as refusal:
        return gone(refusal, case)
    if desk.revision != _revision():
        return redirect(url_for("tasks.review", case=case, number=number))
    return finish(desk, {})


def finish(desk: Desk, secrets: Mapping[str, str]) -> ResponseReturnValue:
    """Complete the task; what follows by itself is done within this request, so that nobody waits for the worker."""
    task = task_of(desk)
    missing = desk.form.secret_faults(desk.values, secrets, desk.context)
    if missing:
        return page(replace(desk, faults=[*desk.judged().faults, *missing]))
    lease = engine().effects.lease()
    try:
        engine().tasks.complete(task.case, task.task, desk.values, desk.by, lease=lease)
    except FormRefused as refusal:
        return page(replace(desk, faults=faults_of(refusal)))
    except Conflict as refusal:
        return gone(refusal, task.case)
    carry_out(task.case, lease, next(iter(secrets.values()), None))
    return onward(task.case) if is_applicant() else officer.finished(desk, secrets)


def carry_out(case: str, lease: Lease, secret: str | None = None) -> None:
    """What a deed ordered is done within its request. The deed itself is written already: when the store fails from here
    on, nobody is told that it was not, and the worker does the rest."""
    try:
        engine().effects.run_case(case, lease, secret=secret)
    except StoreUnavailable as refusal:
        log.warning("left to the worker", extra={"action": "effects", "case": case, "cause": str(refusal)})


def faults_of(refusal: FormRefused) -> Sequence[Fault]:
    """What is to be mended, in the order of the page."""
    return [one for one in refusal.faults if isinstance(one, Fault)]


def onward(case: str) -> Response:
    """Where an applicant goes after a task is done."""
    return redirect(url_for("applicant.case", case=case, pesan="terkirim"))


def gone(refusal: Conflict, case: str) -> ResponseReturnValue:
    """Somebody was first; what was just typed is shown, so that nothing of it is lost."""
    back = ("applicant.case", "Lihat permohonan") if is_applicant() else ("cases.show", "Lihat berkas")
    return render_template("task_conflict.html", advice=refusal.advice, berbeda=False, nama_kembali=back[1],
                           kembali=url_for(back[0], case=case), diketik=typed_words(case)), 409


def typed_words(case: str) -> Sequence[answers.Section]:
    """What a browser just sent to a task that is no longer open, to be read and copied; nothing when only a page was asked."""
    number = (request.view_args or {}).get("number")
    typed = {name: list(values) for name, values in request.form.lists() if name not in NOT_TYPED}
    if number is None or not typed:
        return []
    found, task = engine().case_files.read(case), engine().tasks.find(case, number)
    form = found.edition.form_of(task.activity)
    context = engine().desks.reading(found.edition, task.activity, found.variables, found.answers)
    return answers.sections(form, form.parse(typed, context).values, context)


def other_device(refusal: StaleDraft, case: str, number: int) -> ResponseReturnValue:
    """Two devices, one draft: the person chooses."""
    desk = lay(case, number)
    hidden = (*NOT_TYPED, *desk.form.secrets)
    typed = {name: values for name, values in request.form.lists() if name not in hidden}
    return render_template("task_conflict.html", advice=refusal.advice, berbeda=True, tersimpan=desk.opening.draft,
                           isian=typed, alamat=desk.addresses.send), 409
