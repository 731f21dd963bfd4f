"""What stands before a person who fills in a form: the task, its form, what it may know, what was typed so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.clock import Clock, parse_stamp
from engine.errors import Conflict, NotAllowed, NotFound
from engine.rules import people
from engine.rules.form import FormContext
from engine.rules.language import moment
from engine.rules.people import Actor
from engine.runtime import dossier
from engine.runtime.advance import Start, inspect, start
from engine.runtime.catalog import Catalog, Edition
from engine.runtime.files import Files
from engine.store import cases, directory
from engine.store.cases import CaseRow, Draft, TaskRow
from engine.store.database import Connection, Database

ACCOUNT = "akun"
"""The name under which a form is prefilled from the applicant's account."""


@dataclass(frozen=True)
class Opening:
    """A form at the moment it is opened. Of a case, or the first form of a case that does not exist yet."""

    edition: Edition
    activity: str
    holder: str
    variables: Mapping[str, Any] = field(repr=False)
    earlier: Mapping[str, Mapping[str, Any]] = field(repr=False)
    row: CaseRow | None = None
    task: TaskRow | None = None
    draft: Draft | None = field(repr=False, default=None)


@dataclass(frozen=True)
class Desks:
    """Opens forms for people. Reads only; Tasks and Cases take the answers."""

    database: Database
    clock: Clock
    catalog: Catalog
    files: Files

    def task(self, case: str, number: int, by: Actor) -> Opening:
        """An open task for who may work on it; Conflict for one that is done, with who was first."""
        with self.database.reading() as connection:
            row, task = cases.find(connection, case), cases.task(connection, case, number)
            if row is None or task is None:
                raise NotFound(f"task {number} of {case}")
            edition = self.catalog.edition(row.edition)
            _must_be_theirs(edition, row, task, by)
            if task.closed_at is not None:
                raise _gone(connection, task)
            done = dossier.completions(connection, case)
            draft = cases.draft(connection, case, number, by.account) if by.account else None
            own = _account(connection, by) if by.capacity == "pemohon" else {}
        known = inspect(edition.diagram, row.state).variables
        return Opening(edition, task.activity, case, known, own | dossier.last_answers(done), row, task, draft)

    def start(self, process: str, message: str | None, holder: str) -> Opening:
        """The first form of a new case; `holder` = the name under which the visitor's uploads are kept."""
        edition = self.catalog.current(process)
        if message is not None and message not in edition.diagram.starts:
            raise NotFound(f"{process} has no start {message}")
        step = start(edition.diagram, Start(message, edition.process.defaults()), seq=1)
        return Opening(edition, step.waiting[0].activity, holder, step.variables, {})

    def context(self, opening: Opening, typed: Mapping[str, Any]) -> FormContext:
        """What the form may know when these values stand in it."""
        page = dossier.Page(opening.edition, opening.activity, opening.variables, opening.earlier, self.clock.now())
        return dossier.form_context(page, typed=typed, files=self.files.values_of(opening.holder))

    def reading(self, edition: Edition, activity: str, variables: Mapping[str, Any],
                earlier: Mapping[str, Mapping[str, Any]]) -> FormContext:
        """What a form knows when its kept answers are only read; `earlier` as it stood then."""
        return dossier.form_context(dossier.Page(edition, activity, variables, earlier, self.clock.now()))


def _must_be_theirs(edition: Edition, row: CaseRow, task: TaskRow, by: Actor) -> None:
    """The applicant of the case for the applicant's tasks, a holder of the post for all others."""
    if by.capacity != "pemohon":
        people.must_hold(by, task.post)
        return
    lane = edition.process.applicant_lane
    if by.account is None or by.account != row.applicant:
        raise NotFound(f"task {task.task} of {row.id}")
    if lane is None or task.post != lane.post:
        raise NotAllowed(f"{task.activity} is not the applicant's")


def _account(connection: Connection, by: Actor) -> dict[str, Mapping[str, Any]]:
    """What the applicant's account says, for forms that begin with it (`isi_awal` akun.nama, …)."""
    account = directory.account(connection, by.account or "")
    if account is None:
        return {}
    return {ACCOUNT: {"nama": account.name, "surel": account.email, "telepon": account.phone, "nik": account.identity}}


def _gone(connection: Connection, task: TaskRow) -> Conflict:
    who = directory.names(connection, {task.closed_by or ""}).get(task.closed_by or "", "orang lain")
    return Conflict(f"task {task.task} is closed", who=who, at=moment(parse_stamp(task.closed_at or "")))
