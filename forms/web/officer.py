"""The task page of the office: what the SOP asks, the form, the file so far; and where one goes after it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from engine.assembly import CaseFile, DocumentRow, Moment, TaskRow
from engine.rules.explanation import Explanation
from forms.web import pictures, reading, widgets, words
from forms.web.casefile import Answered, answered, file_addresses, open_case
from forms.web.desk import Desk
from forms.web.ground import engine
from forms.web.meter import step_of
from forms.web.time_left import time_left
from forms.web.visitor import current_actor

FINISH, DECIDE = "Selesaikan tugas", "Kirim keputusan"
CHECK_LIST = "periksa"
"""The style of a list in which each row is judged."""


@dataclass(frozen=True)
class Letter:
    """A letter of the file, as the lists of a page name it."""

    row: DocumentRow
    name: str
    state: str


def page(desk: Desk) -> ResponseReturnValue:
    """Everything an officer needs for one task."""
    return render_template("task_officer.html", **shown(desk)), 422 if desk.faults else 200


def shown(desk: Desk) -> dict[str, Any]:
    """What the template draws."""
    task = desk.opening.task
    assert task is not None
    case = open_case(task.case)
    process, diagram = desk.edition.process, desk.edition.diagram
    passed = {one.activity for one in case.tasks if one.closed_at is not None}
    return {
        "meja": desk, "proses": process, "berkas": case, "tugas": task, "baris": process.rows.get(task.activity),
        "lajur": diagram.activities[task.activity].lane, "batas": pictures.limit_words(process, task.activity),
        "langkah": step_of(process.id, task.activity), "waktu": time_left(task.due), "mengapa": why(case, task),
        "pegang": holder(case, task),
        "gambar": pictures.draw(process, diagram, passed, {one.activity for one in case.open_tasks}),
        "konsep": reading.draft_letter(case), "putusan": reading.decisions(case), "isian": earlier(case, desk),
        "surat": letters(case), "catatan": notes(case), "gagal": reading.failed(case) if came_back(case, task) else "",
        "alamat_berkas": file_addresses(task.case, (one.sha256 for one in case.uploads)),
        "hitungan": counted(desk), "utama": DECIDE if desk.form.secrets else FINISH, "penanda_tangan": signer(desk)}


def counted(desk: Desk) -> str:
    """How far the form is: of a check list how often each answer was given, of any other how many are given."""
    chosen: dict[str, int] = {}
    for widget in widgets.form_widgets(desk.form, desk.page):
        if widget.style == CHECK_LIST:
            for one in widgets.leaves([widget]):
                for choice in one.choices:
                    chosen[choice.label] = chosen.get(choice.label, 0) + choice.chosen
    if chosen:
        return ", ".join(f"{count} {words.lower_first(label)}" for label, count in chosen.items())
    parts = desk.contents
    asked = sum(one.asked for one in parts)
    return f"{sum(one.filled for one in parts)} dari {asked} isian wajib terisi" if asked else ""


def why(case: CaseFile, task: TaskRow) -> Explanation | None:
    """Day by day why the task is due then."""
    return engine().case_files.why(case, task)


def holder(case: CaseFile, task: TaskRow) -> str:
    """Who took the task: `saya`, the name of somebody else, or empty."""
    if task.claimed_by is None:
        return ""
    return "saya" if task.claimed_by == current_actor().account else case.people.get(task.claimed_by, "petugas lain")


def came_back(case: CaseFile, task: TaskRow) -> bool:
    """True when a failed step led the case back to this very task."""
    return case.failure is not None and any(one.task == task.task for one in case.open_tasks)


def earlier(case: CaseFile, desk: Desk) -> list[Answered]:
    """The last answer to every form of the case, newest first."""
    newest = {one.activity: one for one in answered(case)}
    return list(reversed(newest.values()))


def letters(case: CaseFile) -> list[Letter]:
    """The newest version of every letter of the file, newest first."""
    kinds = case.edition.process.documents
    newest = {row.kind: row for row in case.documents}
    return [Letter(row, kinds[row.kind].name if row.kind in kinds else row.kind, letter_state(case, row))
            for row in reversed(newest.values())]


def letter_state(case: CaseFile, row: DocumentRow) -> str:
    """Where a letter stands, in one or two words."""
    kind = case.edition.process.documents.get(row.kind)
    if row.signed is not None:
        return "ditandatangani"
    if kind is not None and kind.signed:
        return "konsep" if row.draft else "belum ditandatangani"
    return "terbit" if row.published_at else "dibuat"


def notes(case: CaseFile) -> list[Moment]:
    """Notes of people on the case, newest first."""
    return [one for one in reversed(case.timeline) if one.kind == "note"]


def signer(desk: Desk) -> Any:
    """Could this person sign now? None for a form that needs no signature."""
    if not desk.form.secrets:
        return None
    return engine().administration.signer_status(desk.by.account or "")


def finished(desk: Desk, secrets: Mapping[str, str]) -> Response:
    """Where an officer goes after a task: a signer to what happened, everybody else to the next task."""
    if secrets and desk.case is not None:
        return redirect(url_for("signing.outcome", case=desk.case.id))
    return redirect(url_for("inbox.mine", pesan="selesai"))
