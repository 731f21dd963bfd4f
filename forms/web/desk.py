"""One form on the table of one person: what it asks, what was typed, what is wrong, what was kept.

A browser's answer is read in this order: uploads are kept first, then the text is turned into plain values, then it is
judged. So a fault in one field never costs a file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import request, url_for
from markupsafe import Markup
from werkzeug.datastructures import FileStorage

from engine.assembly import CaseRow, Edition, Opening
from engine.errors import Refusal
from engine.rules.form import Fault, Field, Form, FormContext, Submission
from engine.rules.people import Actor
from engine.rules.process import REQUIREMENTS
from forms.web import widgets, words
from forms.web.again import kept_so_far
from forms.web.ground import engine
from forms.web.pictures import plain_name


@dataclass(frozen=True)
class Addresses:
    """Where a form is sent, drawn anew, saved while typing, and of which case a kept file is opened; empty = not here."""

    send: str
    redraw: str
    autosave: str = ""
    case: str = ""

    def of_file(self, file: Mapping[str, Any]) -> str | None:
        """The address of one kept file; a visitor's file has none yet."""
        return url_for("casefile.attachment", case=self.case, digest=file["sha256"]) if self.case else None


@dataclass(frozen=True)
class Desk:
    """A form with its surroundings, before or after somebody typed."""

    opening: Opening = field(repr=False)
    by: Actor
    addresses: Addresses
    values: Mapping[str, Any] = field(repr=False, default_factory=dict)
    faults: Sequence[Fault] = ()
    revision: int = 0
    saved_at: str | None = None
    focus: str | None = None

    @property
    def edition(self) -> Edition:
        """The edition this form belongs to."""
        return self.opening.edition

    @property
    def case(self) -> CaseRow | None:
        """The case; None before there is one."""
        return self.opening.row

    @property
    def form(self) -> Form:
        """The form of this task."""
        return self.edition.form_of(self.opening.activity)

    @property
    def title(self) -> str:
        """The name of the activity, without its number."""
        return plain_name(self.edition.diagram.activities[self.opening.activity].name)

    @property
    def context(self) -> FormContext:
        """What the form may know, with what stands in it now."""
        return engine().desks.context(self.opening, self.values)

    @property
    def page(self) -> widgets.Page:
        """What the form is drawn with."""
        return widgets.Page(self.values, self.context, tuple(self.faults), self.addresses.of_file, self.focus)

    @property
    def fields(self) -> Markup:
        """The form as HTML."""
        return widgets.render_form(self.form, self.page)

    @property
    def contents(self) -> tuple[widgets.Part, ...]:
        """The sections of a long form, with how far each is filled."""
        return widgets.contents(self.form, self.page)

    @property
    def parts(self) -> dict[str, str]:
        """The same for the script, after it saved a draft: section -> how far it is filled."""
        return {one.id: f"{one.filled} dari {one.asked} terisi" for one in self.contents if one.asked}

    @property
    def saved_text(self) -> str:
        """What is kept so far, for the bar at the bottom."""
        return f"Tersimpan {words.clock(self.saved_at)}" if self.saved_at else "Isian tersimpan selama Anda mengetik."

    def judged(self) -> Desk:
        """The same desk with its faults."""
        return replace(self, faults=self.form.validate(self.values, self.context).faults)


def fresh(desk: Desk) -> Desk:
    """The desk as drafted, or as the form opens."""
    draft = desk.opening.draft
    if draft is None:
        return replace(desk, values=desk.form.initial(desk.context))
    return replace(desk, values=draft.values, revision=draft.revision, saved_at=draft.saved_at)


@dataclass(frozen=True)
class Reading:
    """What a browser sent: the desk with its values, and the submission itself."""

    desk: Desk
    submission: Submission = field(repr=False)
    refused: Sequence[Fault] = ()


def read(desk: Desk) -> Reading:
    """Keep the uploads of this request, then read its answers."""
    raw = {name: list(values) for name, values in request.form.lists()}
    refused = keep_uploads(desk, raw)
    kept_so_far(raw, lost=bool(refused))
    submission = desk.form.parse(raw, desk.context)
    typed = replace(desk, values=submission.values, focus=submission.focus, faults=refused)
    return Reading(typed, submission, refused)


def keep_uploads(desk: Desk, raw: dict[str, list[str]]) -> list[Fault]:
    """Keep every file of this request and name it in the answers; what cannot be taken is a fault at its field."""
    refused = []
    for path in request.files:
        sent = field_at(desk.form, path)
        for upload in request.files.getlist(path):
            if sent is None or not upload.filename:
                continue
            try:
                _keep(desk, sent, path, upload, raw)
            except Refusal as refusal:
                refused.append(Fault(path, sent.label, refusal.advice))
    return refused


def _keep(desk: Desk, sent: Field, path: str, upload: FileStorage, raw: dict[str, list[str]]) -> None:
    kept = engine().files.save_upload(desk.opening.holder, upload.filename or "", upload.read(), desk.by)
    others = raw.get(path, []) if sent.limits.multiple else []
    raw[path] = [*others, kept.sha256]


def field_at(form: Form, path: str) -> Field | None:
    """The file field behind a name like "persyaratan.0.berkas"; None for any other name."""
    keys = [part for part in path.split(".") if not part.isdecimal()]
    found = form.field(keys[0]) if keys else None
    for key in keys[1:]:
        found = next((one for one in found.children if one.key == key), None) if found else None
    return found if found is not None and found.kind == "filepicker" else None


@dataclass(frozen=True)
class Faulty:
    """What a return asks for: the rows marked as faulty by an earlier form, out of how many; `noun` = what a row is."""

    names: tuple[str, ...]
    total: int
    noun: str = "dokumen"


def faulty(desk: Desk) -> Faulty:
    """The fixed rows of this form that an earlier form kept back."""
    sheet = desk.form.sheet(desk.values, desk.context)
    names: list[str] = []
    total, noun = 0, "dokumen"
    for answer in sheet.visible(sheet.answers):
        source = answer.field.source
        if source is not None and source.kept_by is not None:
            activity, rows = source.kept_by[:2]
            names += [row.entry.label for row in answer.rows if row.entry is not None]
            total += len(desk.opening.earlier.get(activity, {}).get(rows) or ())
            noun = "dokumen" if source.name == REQUIREMENTS else "butir"
    return Faulty(tuple(names), total, noun)
