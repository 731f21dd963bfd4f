"""A case for whoever may read it, its files and letters: who opens what, noted in the access log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from engine.assembly import CaseFile, DocumentRow
from engine.errors import NotAllowed, NotFound
from engine.rules.people import ROLES
from engine.rules.privacy import may_see_personal
from forms.web import words
from forms.web.answers import Section, sections
from forms.web.ground import engine
from forms.web.guard import opens_to
from forms.web.pictures import plain_name
from forms.web.visitor import current_actor

bp = Blueprint("casefile", __name__)

READABLE = frozenset(words.KINDS)
"""Media types that a browser may show by itself; everything else is only handed over."""


def open_case(case: str) -> CaseFile:
    """The case, if the person who asks may read it: its applicant, a post of its process, an office role."""
    found, actor = engine().case_files.read(case), current_actor()
    if actor.capacity == "pemohon":
        if actor.account is None or actor.account != found.row.applicant:
            raise NotFound(f"case {case}")
    elif actor.post not in ROLES and actor.post not in posts_of(found):
        raise NotAllowed(f"{actor.post} does not work on {case}")
    return found


def posts_of(case: CaseFile) -> frozenset[str]:
    """The posts that work on a case."""
    return frozenset(lane.post for lane in case.edition.process.lanes)


def sees_personal(case: CaseFile) -> bool:
    """May the person who asks read personal answers in clear?"""
    return may_see_personal(current_actor(), case.row.applicant, posts_of(case))


def file_addresses(case: str, digests: Iterable[str]) -> dict[str, str]:
    """digest -> address, for files of a case."""
    return {digest: url_for("casefile.attachment", case=case, digest=digest) for digest in digests}


@bp.get("/lampiran/<case>/<digest>")
@opens_to("pemohon", "petugas")
def attachment(case: str, digest: str) -> ResponseReturnValue:
    """An uploaded file, for the applicant of the case and the posts that work on it."""
    found = open_case(case)
    if not sees_personal(found):
        raise NotAllowed(f"{current_actor().post} may not see files of {case}")
    row = engine().files.find(case, digest)
    if current_actor().capacity != "pemohon":
        engine().identity.note_access(current_actor(), "lampiran", f"{case}/{digest[:12]}")
    return file_answer(engine().files.read(case, digest), row.name, row.type)


@bp.get("/surat/<document>")
@opens_to("pemohon", "petugas", "auditor", "administrator")
def letter(document: str) -> ResponseReturnValue:
    """A letter of a case; the applicant gets those that are made for the applicant."""
    row = engine().papers.find(document)
    found = open_case(row.case)
    kind = found.edition.process.documents.get(row.kind)
    if current_actor().capacity == "pemohon" and not is_for_applicant(found, row):
        raise NotFound(f"document {document}")
    if current_actor().capacity != "pemohon":
        engine().identity.note_access(current_actor(), "surat", f"{row.case}/{row.kind}/{row.version}")
    name = f"{kind.name if kind else row.kind} {row.number or ''}".strip().replace("/", "-")
    return file_answer(engine().papers.read(row), f"{name}.pdf", "application/pdf")


def file_answer(content: bytes, name: str, media: str) -> Response:
    """A stored file as an answer: shown by the browser's own viewer, never run, named as it is called."""
    safe = media if media in READABLE else "application/octet-stream"
    answer = Response(content, mimetype=safe)
    shown = "inline" if safe == media else "attachment"
    answer.headers.set("Content-Disposition", shown, filename=name)
    answer.headers["Content-Security-Policy"] = ("default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; "
                                                 "frame-ancestors 'self'")
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


@dataclass(frozen=True)
class Answered:
    """One form of the case as it was sent, to be read."""

    activity: str
    title: str
    lane: str
    person: str
    at: datetime
    sections: list[Section]


def answered(case: CaseFile) -> list[Answered]:
    """Every form that was sent, in order, each read with what had been answered before it; masked where it has to be."""
    earlier: dict[str, Mapping[str, Any]] = {}
    told = []
    for one in case.timeline:
        known = case.edition.diagram.activities.get(one.activity)
        if one.kind == "completed" and known is not None:
            context = engine().desks.reading(case.edition, one.activity, case.variables, dict(earlier))
            told.append(Answered(one.activity, plain_name(known.name), known.lane or "", one.person, one.at,
                                 sections(case.edition.form_of(one.activity), one.values, context,
                                          masked=not sees_personal(case))))
            earlier[one.activity] = one.values
    return told


def is_for_applicant(case: CaseFile, row: DocumentRow) -> bool:
    """Is this letter made for the applicant, and given already?"""
    kind = case.edition.process.documents.get(row.kind)
    return kind is not None and kind.public and engine().papers.is_out(row)


def letters_for_applicant(case: CaseFile) -> list[Mapping[str, object]]:
    """The letters that the applicant has, newest first; of each kind the newest version."""
    kinds = case.edition.process.documents
    newest = {row.kind: row for row in case.documents if is_for_applicant(case, row)}
    return [{"id": row.id, "name": kinds[row.kind].name, "number": row.number, "at": row.published_at or row.made_at}
            for row in sorted(newest.values(), key=lambda row: row.published_at or row.made_at, reverse=True)]
