"""The auditor's room: every case read only, its journal step by step beside the diagram, executed again, and taken along."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from engine.assembly import CaseFile, Moment
from engine.rules import privacy
from engine.rules.events import KINDS, STEPS, form_values
from forms.web import cases, officer, pictures, words
from forms.web.answers import Section, sections
from forms.web.casefile import open_case
from forms.web.ground import engine
from forms.web.guard import opens_to
from forms.web.listing import csv_answer, kept, number_of, pages
from forms.web.promise import TOLD, told_of
from forms.web.visitor import current_actor

bp = Blueprint("audit", __name__)

MOST = 120
"""Steps on one page; a case that went round more often is read in parts."""

NAMES = {
    "started": "Berkas dibuka", "completed": "Selesai: {name}", "effect_done": "Otomatis: {name}",
    "effect_failed": "Gagal: {name}", "timer_fired": "Batas waktu tercapai: {name}", "message": "Dicabut pemohon",
    "claimed": "Diambil: {name}", "released": "Dilepas: {name}", "reassigned": "Dialihkan: {name}", "note": "Catatan",
    "incident_raised": "Tersangkut: {name}", "incident_solved": "Dijalankan lagi: {name}",
    "late_result": "Hasil terlambat dibatalkan: {name}", "reminder": "Pengingat batas waktu",
    "escalated": "Lewat batas, diteruskan ke atasan", "deadline_moved": "Batas waktu bergeser",
}
"""Kind of event -> words of a step; a kind without an entry shows its own name."""


@dataclass(frozen=True)
class Change:
    """A variable of the case that a step set."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Step:
    """One event of the journal as an auditor reads it."""

    number: int
    kind: str
    title: str
    at: datetime
    who: str
    element: str
    late: str
    due: str | None
    why: tuple[str, ...]
    words: str
    waiting: tuple[str, ...]
    changes: tuple[Change, ...]
    entered: tuple[Section, ...]
    seen: tuple[str, ...]
    digest: str
    marks: Mapping[str, list[str]]
    sentence: str


@bp.get("/audit", endpoint="cases")
@opens_to("auditor")
def listed() -> ResponseReturnValue:
    """Every case, each with the way to its journal."""
    query = cases.asked()
    found, total = engine().case_files.search(query)
    return render_template("audit_cases.html", hasil=[(row, cases.title_of(row), status) for row, status in found], cari=query,
                           halaman=pages(total, cases.SIZE, "audit.cases", kept(*cases.FILTERS)),
                           proses_ada=cases.own_editions(), disaring=kept(*cases.FILTERS))


@bp.get("/audit/<case>")
@opens_to("auditor")
def show(case: str) -> ResponseReturnValue:
    """The journal of one case, step by step."""
    return _show(case, None)


@bp.post("/audit/<case>/jalankan")
@opens_to("auditor")
def run_again(case: str) -> ResponseReturnValue:
    """Execute the case again from its journal and say whether every step comes out as it was recorded."""
    open_case(case)
    engine().identity.note_access(current_actor(), "putar ulang", case)
    return _show(case, engine().replays.case(case))


def _show(case: str, replayed: Any) -> ResponseReturnValue:
    found = open_case(case)
    engine().identity.note_access(current_actor(), "jurnal", case)
    steps = steps_of(found)
    if not steps:
        return redirect(url_for("cases.show", case=case))
    chosen = min(max(number_of("langkah", len(steps)), 1), len(steps))
    first = (chosen - 1) // MOST * MOST
    return render_template(
        "audit.html", berkas=found, proses=found.edition.process, judul_berkas=cases.title(found), langkah=steps,
        bagian=steps[first:first + MOST], kini_langkah=steps[chosen - 1], nomor=chosen, putar=replayed, cacat=flaws(case),
        tahap=[one.marks for one in steps[first:first + MOST]], pertama=first + 1, sempurna=MOST)


def flaws(case: str) -> list[str]:
    """What is not as it was written: the chain of the journal, and the stored state against it."""
    verification = engine().verification
    return [one.sentence for one in (*verification.chain_flaws(case), *verification.state_flaws(case))]


# --- the journal as steps -----------------------------------------------------------------------------------------


@dataclass
class _Fold:
    """What is known while the journal is read forward."""

    ladder: tuple[pictures.Step, ...]
    variables: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    done: dict[str, None] = field(default_factory=dict)
    current: list[str] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """What the drawing shows now."""
        return pictures.in_words(self.ladder, pictures.states(self.ladder, self.done, self.current))


def steps_of(found: CaseFile) -> list[Step]:
    """Every event of the case's journal."""
    fold = _Fold(pictures.steps_of(found.edition.process, found.edition.diagram))
    moments = {one.seq: one for one in found.timeline}
    return [_step(found, fold, one, moments.get(one.event.seq)) for one in engine().case_files.history(found.row.id)]


def _step(found: CaseFile, fold: _Fold, recorded: Any, moment: Moment | None) -> Step:
    kind, body, at = recorded.event.kind, recorded.body, words.office_time(recorded.event.at)
    activity = str(body.get("activity", ""))
    seen = tuple(_seen(found, fold, recorded.event.at)) if kind == "completed" else ()
    changes = tuple(_changes(fold, body.get("variables") or {}))
    entered = tuple(_entered(found, fold, activity, form_values(body))) if kind == "completed" else ()
    _move(fold, kind, activity, body)
    name = _name(found, activity)
    due = {one.task: one.due for one in found.tasks}
    task = next((one for one in found.tasks if kind == "completed" and one.task == body.get("task")), None)
    why = officer.why(found, task) if task and task.due else None
    return Step(
        recorded.event.seq, kind, NAMES.get(kind, KINDS.get(kind, kind)).format(name=name), at, _who(found, recorded, moment),
        activity, cases.lateness(moment, due) if moment and kind == "completed" else "", task.due if task else None,
        tuple(why.lines()) if why else (), _words(found, kind, body),
        tuple(_name(found, one) for one in fold.current), changes, entered, seen,
        recorded.event.state_digest or recorded.event.payload_digest,
        {"done": list(fold.done), "current": list(fold.current)}, fold.sentence)


def _move(fold: _Fold, kind: str, activity: str, body: Mapping[str, Any]) -> None:
    if kind not in STEPS:
        return
    fold.current = [str(one) for _, one in body.get("waiting", ())]
    if activity and kind != "effect_failed":
        fold.done[activity] = None
    for one in fold.current:
        fold.done.pop(one, None)


def _name(found: CaseFile, activity: str) -> str:
    known = found.edition.diagram.activities.get(activity)
    return pictures.plain_name(known.name) if known and known.name else activity


def _who(found: CaseFile, recorded: Any, moment: Moment | None) -> str:
    if moment is not None:
        return cases.who(found, moment)
    actor = recorded.actor
    if actor.capacity == "sistem":
        return "Sistem"
    person = found.people.get(actor.account or "", "")
    post = found.edition.process.posts.get(actor.post or "")
    named = Moment(recorded.event.seq, words.office_time(recorded.event.at), recorded.event.kind, "", "", "", actor, person,
                   post.name if post else str(actor.post or ""))
    return cases.who(found, named)


def _words(found: CaseFile, kind: str, body: Mapping[str, Any]) -> str:
    """What a step says beyond its form: a result, a cause, a note, a reason."""
    if kind == "effect_done":
        return "; ".join(f"{name}: {shown(value)}" for name, value in (body.get("result") or {}).items()
                         if name not in HIDDEN_RESULTS)
    if kind in TOLD:
        return told_of(found, kind, body)
    told = body.get("advice") or body.get("cause") or body.get("text") or body.get("isian.alasan") or ""
    return str(told)


HIDDEN_RESULTS = frozenset({"recipients", "account", "applicant"})
"""Parts of a receipt that name people."""


def shown(value: object) -> str:
    """A plain value in words."""
    if value is None:
        return "belum diisi"
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)[:120]
    return str(value)[:120]


def _changes(fold: _Fold, variables: Mapping[str, Any]) -> Iterator[Change]:
    for name, value in variables.items():
        before = fold.variables.get(name)
        if before != value:
            yield Change(name, shown(before), shown(value))
    fold.variables.update(variables)


def _entered(found: CaseFile, fold: _Fold, activity: str, values: Mapping[str, Any]) -> list[Section]:
    """What the person typed, personal answers masked."""
    if activity not in found.edition.diagram.activities:
        return []
    context = engine().desks.reading(found.edition, activity, fold.variables, dict(fold.answers))
    fold.answers[activity] = values
    return sections(found.edition.form_of(activity), values, context, masked=True)


def _seen(found: CaseFile, fold: _Fold, at: str) -> Iterator[str]:
    """What lay before the person then: the letters made so far, the newest of each kind, and the forms answered."""
    newest = {row.kind: row for row in found.documents if row.made_at < at}
    for row in newest.values():
        yield f"{cases.kind_name(found, row.kind)}, versi {row.version}"
    for activity in fold.answers:
        yield f"Isian {_name(found, activity)}"


# --- taken along --------------------------------------------------------------------------------------------------


@bp.get("/audit/<case>/jurnal.json")
@opens_to("auditor")
def export(case: str) -> ResponseReturnValue:
    """The journal as stored, event by event, personal answers masked: digests and hashes stay as they are."""
    found = open_case(case)
    engine().identity.note_access(current_actor(), "unduh jurnal", case)
    exported = {"berkas": case, "edisi": found.row.edition, "peristiwa": [
        {"seq": one.event.seq, "kind": one.event.kind, "at": one.event.at, "actor": dict(one.event.actor),
         "payload_digest": one.event.payload_digest, "state_digest": one.event.state_digest, "previous": one.event.previous,
         "hash": one.stored_hash, "body": masked(found, one.event.kind, one.body)}
        for one in engine().case_files.history(case)]}
    answer = Response(json.dumps(exported, ensure_ascii=False, indent=1, sort_keys=True), mimetype="application/json")
    answer.headers.set("Content-Disposition", "attachment", filename=f"jurnal-{found.row.number or case}.json")
    return answer


def masked(found: CaseFile, kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A payload without what it says about people."""
    activity = str(body.get("activity", ""))
    hidden = {key: value for key, value in body.items() if key not in HIDDEN_RESULTS}
    if kind != "completed" or activity not in found.edition.diagram.activities:
        return hidden
    values = privacy.mask_values(form_values(body), found.edition.form_of(activity).personal)
    return {**hidden, **{f"isian.{key}": value for key, value in values.items()}}


@bp.get("/audit/<case>/langkah.csv")
@opens_to("auditor")
def table(case: str) -> ResponseReturnValue:
    """The steps in words, for a spreadsheet."""
    found = open_case(case)
    return csv_answer(f"langkah-{found.row.number or case}", ("Langkah", "Waktu", "Peristiwa", "Oleh", "Tepat waktu", "Sidik"),
                      _lines(steps_of(found)))


def _lines(steps: Sequence[Step]) -> Iterator[Sequence[object]]:
    for one in steps:
        yield one.number, words.moment(one.at), one.title, one.who, one.late, one.digest
