"""The desk of a signing post: what waits for a signature, what came of it, and the signer's own certificate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.assembly import CaseFile, InboxLine, InboxQuery
from engine.errors import Refusal
from engine.rules.people import PREFIXES
from forms.web import pictures, reading
from forms.web.casefile import open_case
from forms.web.ground import edition_of, engine
from forms.web.guard import opens_to
from forms.web.listing import pages
from forms.web.reading import Decision, Draft
from forms.web.time_left import TimeLeft, time_left
from forms.web.visitor import current_actor

bp = Blueprint("signing", __name__)

SIZE = 20
"""Files on one page: each is read whole."""

MOST = 1000


@dataclass(frozen=True)
class Check:
    """Something that was looked at: in order or not, in words."""

    good: bool
    text: str


@dataclass(frozen=True)
class Row:
    """One letter that waits for a decision."""

    line: InboxLine
    left: TimeLeft
    draft: Draft | None
    decisions: list[Decision]
    checks: list[Check]
    failed: str


@bp.get("/tanda-tangan")
@opens_to("penandatangan")
def waiting() -> ResponseReturnValue:
    """The letters that wait, most urgent first; each is opened, read and signed on its task page."""
    lines = [line for line in engine().inbox.page(current_actor(), InboxQuery(size=MOST)).lines if asks_secret(line)]
    found = pages(len(lines), SIZE, "signing.waiting", {})
    rows = [row_of(line) for line in lines[max(found.first - 1, 0):found.last]]
    return render_template("signing.html", baris=rows, halaman=found, status=own_status())


def asks_secret(line: InboxLine) -> bool:
    """Does the form of this task ask for a passphrase?"""
    return bool(edition_of(line.process).form_of(line.activity).secrets)


def row_of(line: InboxLine) -> Row:
    """A task with what a signer has to know before opening it."""
    case = open_case(line.case)
    draft = reading.draft_letter(case)
    failed = reading.failed(case)
    before = [one for one in reading.decisions(case) if one.activity != pictures.plain_name(line.activity_name)]
    return Row(line, time_left(line.due), draft, before, list(checks(case, draft, line.activity)), failed)


def checks(case: CaseFile, draft: Draft | None, own: str) -> Iterator[Check]:
    """What a program can say about the way the letter came here; an earlier try of the signer's own task is no check."""
    yield Check(True, f"{draft.name}, versi {draft.row.version}") if draft else Check(False, "Naskah belum ada")
    if draft is not None and draft.changes:
        yield Check(False, f"{len(draft.changes)} isian berubah sejak versi sebelumnya")
    since = [one for one in case.timeline if one.kind == "completed" and one.actor.post is not None and one.activity != own]
    last = {one.activity: one for one in since}
    verified = list(last.values())[-2:]
    people = {one.actor.account for one in verified}
    yield Check(len(people) == len(verified), "Diperiksa " + " dan ".join(reading.by_whom(one) for one in verified))
    for one in verified:
        if one.actor.capacity in PREFIXES:
            yield Check(False, f"{pictures.plain_name(one.activity_name)} dikerjakan {PREFIXES[one.actor.capacity].strip()}")
    if case.promised is not None:
        left = time_left(case.promised)
        yield Check(left.mood != "negative", f"Janji kepada pemohon: {left.text.lower()}")


@bp.get("/tanda-tangan/<case>/hasil")
@opens_to("penandatangan")
def outcome(case: str) -> ResponseReturnValue:
    """What became of the decision: signed and sent, back with the reason, or still at work."""
    found = open_case(case)
    again = next((one for one in found.open_tasks if one.post == current_actor().post), None)
    kinds = found.edition.process.documents
    signed = [row for row in found.documents if row.signed is not None and row.kind in kinds]
    return render_template(
        "signing_outcome.html", berkas=found, proses=found.edition.process, gagal=reading.failed(found),
        lagi=url_for("tasks.show", case=case, number=again.task) if again else None,
        surat=signed[-1] if signed else None, jenis=kinds[signed[-1].kind] if signed else None,
        tertunda=[one for one in found.pending if one.status == "incident"], berjalan=bool(found.pending))


@bp.get("/sertifikat")
@opens_to("penandatangan")
def certificate() -> ResponseReturnValue:
    """The signer's own certificate: valid until when, and a new one of the test authority."""
    return _certificate()


def _certificate(advice: str | None = None) -> str:
    return render_template("certificate.html", status=own_status(), advice=advice)


def own_status() -> object:
    """Could the person who asks sign now?"""
    return engine().administration.signer_status(current_actor().account or "")


@bp.post("/sertifikat")
@opens_to("penandatangan")
def new_certificate() -> ResponseReturnValue:
    """A new test certificate under a passphrase that only its owner knows."""
    passphrase, actor = request.form.get("frasa", ""), current_actor()
    if passphrase != request.form.get("ulangi", ""):
        return _certificate("Kedua frasa sandi tidak sama. Ketik sekali lagi."), 422
    try:
        engine().administration.issue_certificate(actor.account or "", passphrase, engine().clock.now(), actor)
    except Refusal as refusal:
        return _certificate(refusal.advice), 422
    return redirect(url_for("signing.certificate", pesan="tersimpan"))
