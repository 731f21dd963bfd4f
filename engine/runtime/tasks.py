"""Tasks: taken, put back, handed over, drafted, completed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.clock import Clock, parse_stamp, stamp
from engine.errors import Conflict, FormRefused, NotAllowed, NotFound, StaleDraft
from engine.rules import people
from engine.rules.events import with_values
from engine.rules.form import Fault
from engine.rules.language import moment
from engine.rules.people import Actor
from engine.runtime import dossier
from engine.runtime.action import Action, Lease
from engine.runtime.advance import Complete, apply, inspect
from engine.runtime.describing import describe
from engine.runtime.files import Files
from engine.runtime.transitions import Transitions
from engine.store import cases, directory
from engine.store.cases import CaseRow, Draft, TaskRow
from engine.store.database import Connection, Database


@dataclass(frozen=True)
class Tasks:
    """What people do to one task."""

    database: Database
    clock: Clock
    transitions: Transitions
    files: Files

    def find(self, case: str, task: int) -> TaskRow:
        """A task, open or closed."""
        with self.database.reading() as connection:
            row = cases.task(connection, case, task)
        if row is None:
            raise NotFound(f"task {task} of {case}")
        return row

    def claim(self, case: str, task: int, by: Actor) -> None:
        """Take a task; Conflict when somebody else holds it."""
        def decide(action: Action) -> None:
            row = self._open(action, task, by)
            if row.claimed_by == by.account:
                return
            if row.claimed_by is not None:
                raise self._taken(row)
            action.note("claimed", by, {"task": task, "activity": row.activity})
            action.change.claims.append((task, by.account))
        self.transitions.change(case, decide)

    def release(self, case: str, task: int, by: Actor) -> None:
        """Put a task back."""
        def decide(action: Action) -> None:
            row = self._open(action, task, by)
            if row.claimed_by != by.account:
                raise NotAllowed(f"{task} is not claimed by {by.account}", advice="Tugas ini tidak sedang Anda pegang.")
            action.note("released", by, {"task": task, "activity": row.activity})
            action.change.claims.append((task, None))
        self.transitions.change(case, decide)

    def reassign(self, case: str, task: int, to: str, by: Actor) -> None:
        """An administrator gives a task to a holder of its post (None of the post = refused)."""
        def decide(action: Action) -> None:
            if by.post != "administrator":
                raise NotAllowed(f"{by.post} may not reassign")
            row = self._known_open(action, task)
            if to not in self._holders(row.post):
                raise NotAllowed(f"{to} does not hold {row.post}", advice="Orang itu tidak memegang jabatan tugas ini.")
            action.note("reassigned", by, {"task": task, "activity": row.activity, "from": row.claimed_by, "to": to})
            action.change.claims.append((task, to))
        self.transitions.change(case, decide)

    def draft(self, case: str, task: int, by: Actor) -> Draft | None:
        """What this person typed so far."""
        if by.account is None:
            return None
        with self.database.reading() as connection:
            return cases.draft(connection, case, task, by.account)

    def save_draft(self, case: str, task: int, values: Mapping[str, Any], by: Actor, *, revision: int) -> Draft:
        """Keep what was typed; `revision` is the one the page was opened with (0 = none). StaleDraft when it moved on."""
        assert by.account is not None
        made = Draft(by.account, revision + 1, values, stamp(self.clock.now()))
        with self.database.transaction() as connection:
            row = cases.task(connection, case, task)
            if row is None:
                raise NotFound(f"task {task} of {case}")
            self._may_see(connection, row, by)
            if not cases.save_draft(connection, case, task, made):
                raise StaleDraft(f"draft of {task}")
        return made

    def complete(self, case: str, task: int, values: Mapping[str, Any], by: Actor, *, lease: Lease | None = None) -> CaseRow:
        """Finish a task: check, journal, new state, ordered effects and open tasks in one transaction.

        FormRefused carries the faults; Conflict says who was first. With a lease the caller runs the effects itself.
        """
        def decide(action: Action) -> CaseRow:
            self.complete_within(action, task, values, by)
            return action.row
        return self.transitions.change(case, decide, lease=lease)

    def complete_within(self, action: Action, task: int, values: Mapping[str, Any], by: Actor, *, holder: str = "") -> None:
        """complete() as part of a larger action. `holder` has the uploads when the case is not stored yet."""
        if action.change.before is None:
            activity, done, known = self._only_waiting(action), [], {}
        else:
            activity, done = self._completable(action, task, by)
        known = inspect(action.edition.diagram, action.row.state).variables
        checked = self._checked(action, activity, known, done, values, holder or action.row.id)
        variables = dossier.declared(action.edition, activity, checked)
        step = apply(action.edition.diagram, action.row.state, Complete(task, variables), action.row.seq + 1)
        if not step.applied:
            raise Conflict(f"task {task} is gone")
        body = {"task": task, "activity": activity, "form": action.edition.form_name(activity), "variables": variables}
        action.move("completed", by, body | with_values(checked), step)
        answers = dossier.last_answers(done) | {activity: checked}
        action.change.after = describe(action.row, action.edition.process.summary, answers)
        if by.account is not None:
            action.change.drafts_dropped.append((task, by.account))

    def _only_waiting(self, action: Action) -> str:
        assert action.step is not None
        return action.step.waiting[0].activity

    def _completable(self, action: Action, task: int, by: Actor) -> tuple[str, list[dossier.Done]]:
        row = self._open(action, task, by)
        if row.claimed_by not in (None, by.account):
            raise self._taken(row)
        with self.database.reading() as connection:
            done = dossier.completions(connection, action.row.id)
        self._four_eyes(action, row.activity, done, by)
        return row.activity, done

    def _four_eyes(self, action: Action, activity: str, done: list[dossier.Done], by: Actor) -> None:
        excluded = {one.strip() for one in action.edition.diagram.activities[activity].properties.get("pisah", "").split(",")}
        did: dict[str, set[str]] = {}
        for one in done:
            did.setdefault(one.activity, set()).add(one.actor.account or "")
        names = {key: one.name for key, one in action.edition.diagram.activities.items()}
        people.must_not_repeat(by, activity, excluded - {""}, did, names)

    def _checked(self, action: Action, activity: str, known: Mapping[str, Any], done: list[dossier.Done],
                 values: Mapping[str, Any], holder: str) -> dict[str, Any]:
        form = action.edition.form_of(activity)
        context = dossier.form_context(action.edition, activity, known, dossier.last_answers(done), parse_stamp(action.at),
                                       typed=values, files=self.files.values_of(holder))
        checked = form.validate(values, context)
        if checked.faults:
            raise FormRefused(checked.faults)
        return checked.values

    def _known_open(self, action: Action, task: int) -> TaskRow:
        found = next((one for one in action.open_tasks if one.task == task), None)
        return found or self._gone(action.row.id, task)

    def _open(self, action: Action, task: int, by: Actor) -> TaskRow:
        """The open task, if this actor may work on it."""
        row = self._known_open(action, task)
        with self.database.reading() as connection:
            self._may_see(connection, row, by, applicant=action.row.applicant)
        return row

    def _may_see(self, connection: Connection, row: TaskRow, by: Actor, *, applicant: str | None = None) -> None:
        if by.capacity != "pemohon":
            people.must_hold(by, row.post)
            return
        owner = applicant or getattr(cases.find(connection, row.case), "applicant", None)
        edition = self.transitions.catalog.edition(cases.find(connection, row.case).edition)  # type: ignore[union-attr]
        lane = edition.process.applicant_lane
        if by.account is None or by.account != owner or lane is None or row.post != lane.post:
            raise NotAllowed(f"{by.account} is not the applicant of {row.case}")

    def _gone(self, case: str, task: int) -> TaskRow:
        row = self.find(case, task)
        with self.database.reading() as connection:
            who = directory.names(connection, {row.closed_by or ""}).get(row.closed_by or "")
        at = moment(parse_stamp(row.closed_at)) if row.closed_at else ""
        raise Conflict(f"task {task} was closed", who=who or "orang lain", at=at)

    def _taken(self, row: TaskRow) -> NotAllowed:
        with self.database.reading() as connection:
            who = directory.names(connection, {row.claimed_by or ""}).get(row.claimed_by or "", "orang lain")
        return NotAllowed(f"{row.task} is claimed", advice=f"Tugas ini sedang dikerjakan oleh {who}. Minta ia melepasnya, "
                                                            "atau hubungi administrator.")

    def _holders(self, post: str) -> set[str]:
        today = self.clock.now().date()
        with self.database.reading() as connection:
            return {one.account for one in directory.appointments(connection, post=post) if one.holds_on(today)}


__all__ = ["Fault", "Tasks"]
