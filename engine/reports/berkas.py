"""A case as people read it: status in words, timeline, tasks, documents, way taken, what went wrong last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.clock import Clock, parse_stamp
from engine.errors import NotFound
from engine.reports import deadlines
from engine.reports.deadlines import Deadlines, Standing
from engine.rules.events import form_values
from engine.rules.explanation import Explanation
from engine.rules.people import Actor
from engine.runtime import dossier
from engine.runtime.advance import inspect
from engine.runtime.catalog import Catalog, Edition
from engine.runtime.dossier import Done
from engine.runtime.promises import Promises
from engine.store import cases, directory, files, journal, messages, papers, receipts
from engine.store.cases import CaseQuery, CaseRow, TaskRow
from engine.store.database import Database
from engine.store.files import FileRow
from engine.store.journal import Recorded
from engine.store.messages import MessageRow
from engine.store.papers import DocumentRow
from engine.store.receipts import EffectRow

SHOWN = ("started", "completed", "message", "timer_fired", "effect_failed", "note", "reassigned", "incident_raised",
         "incident_solved", "late_result", "reminder", "escalated", "deadline_moved")
"""Kinds of events that the timeline shows; the rest is the auditor's."""


@dataclass(frozen=True)
class Moment:
    """One line of the timeline."""

    seq: int
    at: datetime
    kind: str
    activity: str
    activity_name: str
    row: str
    actor: Actor
    person: str
    post: str
    values: Mapping[str, Any] = field(repr=False, default_factory=dict)
    body: Mapping[str, Any] = field(repr=False, default_factory=dict)


@dataclass(frozen=True)
class CaseFile:
    """Everything about one case. Values are in clear: screens mask by engine.rules.privacy."""

    row: CaseRow
    edition: Edition
    variables: Mapping[str, Any]
    status: str
    outcome: str | None
    tasks: tuple[TaskRow, ...]
    timeline: tuple[Moment, ...]
    documents: tuple[DocumentRow, ...]
    uploads: tuple[FileRow, ...]
    messages: tuple[MessageRow, ...]
    pending: tuple[EffectRow, ...]
    visited: frozenset[str]
    current: frozenset[str]
    promised: datetime | None
    deadlines: Deadlines
    listening: tuple[str, ...]
    people: Mapping[str, str]
    failure: Moment | None

    @property
    def open_tasks(self) -> tuple[TaskRow, ...]:
        """The tasks that wait."""
        return tuple(one for one in self.tasks if one.closed_at is None)

    @property
    def answers(self) -> dict[str, Mapping[str, Any]]:
        """activity -> its last answer."""
        return {one.activity: one.values for one in self.timeline if one.kind == "completed"}

    @property
    def can_withdraw(self) -> bool:
        """True while the case listens to a withdrawal and the process allows one."""
        return bool(self.listening) and self.edition.process.may_withdraw(one.activity for one in self.open_tasks)

    @property
    def applicant_turn(self) -> bool:
        """True while the file is with the applicant."""
        lane = self.edition.process.applicant_lane
        return lane is not None and any(one.post == lane.post for one in self.open_tasks)


@dataclass(frozen=True)
class CaseFiles:
    """Reads cases whole, and lists of them."""

    database: Database
    clock: Clock
    catalog: Catalog
    promises: Promises

    def read(self, case: str) -> CaseFile:
        """A case; NotFound when there is none."""
        with self.database.reading() as connection:
            row = cases.find(connection, case)
            if row is None:
                raise NotFound(f"case {case}")
            events = journal.read(connection, case)
            tasks = cases.tasks(connection, case)
            people = directory.names(connection, {one.event.actor["account"] or "" for one in events}
                                     | {one.claimed_by or "" for one in tasks} | {row.applicant or ""})
            documents, uploads = papers.of_case(connection, case), files.of_holder(connection, case)
            sent = messages.of_case(connection, case)
            pending = [one for one in receipts.of_case(connection, case) if one.status in ("ordered", "incident")]
            standing = Standing(row, tasks, cases.dues(connection, case))
        edition = self.catalog.edition(row.edition)
        step = inspect(edition.diagram, row.state)
        timeline = [self._moment(edition, one, people) for one in events]
        running = deadlines.read(self.promises, standing, self.clock.now())
        shown = tuple(one for one in timeline if one.kind in SHOWN)
        return CaseFile(
            row, edition, step.variables, status_of(edition, row, tasks), outcome_of(edition, row), tuple(tasks), shown,
            tuple(documents), tuple(uploads), tuple(sent), tuple(pending),
            frozenset(one.activity for one in timeline if one.activity),
            frozenset(one.activity for one in (*step.waiting, *step.running)), self.promises.promised(row, tasks),
            running, step.messages, people, _failure(timeline))

    def _moment(self, edition: Edition, one: Recorded, people: Mapping[str, str]) -> Moment:
        body, actor = one.body, one.actor
        activity = str(body.get("activity", ""))
        known, row = edition.diagram.activities.get(activity), edition.process.rows.get(activity)
        post = edition.process.posts.get(actor.post or "")
        return Moment(one.event.seq, parse_stamp(one.event.at), one.event.kind, activity, known.name if known else "",
                      row.number if row else "", actor, people.get(actor.account or "", ""), post.name if post else "",
                      form_values(body), body)

    def of_applicant(self, account: str) -> list[tuple[CaseRow, str, list[TaskRow]]]:
        """An applicant's cases, newest first, with their status and open tasks."""
        with self.database.reading() as connection:
            rows = cases.of_applicant(connection, account)
            tasks = {row.id: cases.tasks(connection, row.id, only_open=True) for row in rows}
        return [(row, status_of(self.catalog.edition(row.edition), row, tasks[row.id]), tasks[row.id]) for row in rows]

    def search(self, query: CaseQuery) -> tuple[list[tuple[CaseRow, str]], int]:
        """One page of found cases with their status, and how many there are."""
        with self.database.reading() as connection:
            rows, total = cases.search(connection, query)
            tasks = {row.id: cases.tasks(connection, row.id, only_open=True) for row in rows}
        return [(row, status_of(self.catalog.edition(row.edition), row, tasks[row.id])) for row in rows], total

    def history(self, case: str) -> list[Recorded]:
        """The journal of a case as stored, for the auditor."""
        with self.database.reading() as connection:
            return journal.read(connection, case)

    def tracked(self, number: str, last_four: str) -> CaseFile:
        """A case for the public: by its number and the last four digits of the applicant's identity number."""
        with self.database.reading() as connection:
            row = cases.find_by_number(connection, number)
            account = directory.account(connection, row.applicant or "") if row else None
        if row is None or account is None or not last_four.isdigit() or account.identity[-4:] != last_four[-4:] \
                or len(last_four) != 4:
            raise NotFound("tracking", advice="Nomor pendaftaran dan 4 angka terakhir NIK tidak cocok. Periksa keduanya; "
                                              "nomor ada pada tanda terima.")
        return self.read(row.id)

    def completions(self, case: str) -> list[Done]:
        """Every completion of a case."""
        with self.database.reading() as connection:
            return dossier.completions(connection, case)

    def why(self, case: CaseFile, task: TaskRow) -> Explanation | None:
        """Why a task is due when it is."""
        return self.promises.why(case.row, task)


def status_of(edition: Edition, row: CaseRow, tasks: list[TaskRow]) -> str:
    """The public words for where a case stands."""
    process = edition.process
    if row.end is not None:
        found = process.ends.get(row.end)
        return found.status if found else row.end
    waiting = [process.rows[one.activity].status for one in tasks if one.closed_at is None and one.activity in process.rows]
    words = [one for one in dict.fromkeys(waiting) if one]
    return " dan ".join(words) if words else "Sedang diproses"


def outcome_of(edition: Edition, row: CaseRow) -> str | None:
    """terbit, ditolak, dibatalkan or ditutup once the case is over."""
    found = edition.process.ends.get(row.end or "")
    return found.outcome if found else None


def _failure(timeline: list[Moment]) -> Moment | None:
    """The failed effect that led back to the task that waits now, if it was the last thing that happened."""
    moves = [one for one in timeline if one.kind in ("completed", "effect_done", "effect_failed", "message", "timer_fired")]
    return moves[-1] if moves and moves[-1].kind == "effect_failed" else None
