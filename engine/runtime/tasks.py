"""Tasks: taken, put back, handed over, drafted, completed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.clock import Clock, local, parse_stamp, stamp
from engine.errors import Conflict, FormRefused, NotAllowed, NotFound, Refusal, StaleDraft
from engine.rules import people
from engine.rules.events import with_values
from engine.rules.language import moment
from engine.rules.people import Actor
from engine.runtime import dossier
from engine.runtime.action import Action, Lease
from engine.runtime.advance import Complete, apply, inspect
from engine.runtime.describing import describe
from engine.runtime.files import Files
from engine.runtime.transitions import Transitions
from engine.store import cases, directory, files
from engine.store.cases import CaseRow, Draft, TaskRow
from engine.store.database import Connection, Database


class Withdrawn(Refusal):
    """The applicant took the application back; what its end still orders is on the way."""

    code = "sudah_dicabut"
    advice = "Pemohon baru saja mencabut permohonan ini, jadi tugasnya tidak perlu lagi dikerjakan."


@dataclass(frozen=True)
class Background:
    """What a completion is judged against, read in the same snapshot as the case."""

    past: dossier.Past
    files: Mapping[str, Mapping[str, Any]]

    @classmethod
    def read(cls, connection: Connection, case: str) -> Background:
        """The case's last answers and uploads."""
        uploads = files.of_holder(connection, case)
        return cls(dossier.past(connection, case), {row.sha256: row.value() for row in uploads})


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
            row, owner = cases.task(connection, case, task), cases.find(connection, case)
            if row is None or owner is None:
                raise NotFound(f"task {task} of {case}")
            self._must_be_theirs(owner, row, by)
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
        return self.transitions.change(case, decide, lease=lease, read=lambda connection: Background.read(connection, case))

    def complete_within(self, action: Action, task: int, values: Mapping[str, Any], by: Actor, holder: str = "") -> None:
        """complete() as part of a larger action. `holder` has the uploads when the case is not stored yet."""
        back = action.found
        if not isinstance(back, Background):
            back = Background(dossier.NO_PAST, self.files.values_of(holder))
        activity = self._completable(action, task, by, back) if action.change.before else self._only_waiting(action)
        checked = self._checked(action, activity, back, values)
        variables = dossier.declared(action.edition, activity, checked)
        step = apply(action.edition.diagram, action.row.state, Complete(task, variables), action.row.seq + 1)
        if not step.applied:
            raise Conflict(f"task {task} is gone")
        body = {"task": task, "activity": activity, "form": action.edition.form_name(activity), "variables": variables}
        action.move("completed", by, body | with_values(checked), step)
        answers = {**back.past.answers, activity: checked}
        action.change.after = describe(action.row, action.edition.process.summary, answers)
        action.change.answers.append((activity, by.account or "", action.row.seq))
        if by.account is not None:
            action.change.drafts_dropped.append((task, by.account))

    def _only_waiting(self, action: Action) -> str:
        assert action.step is not None
        return action.step.waiting[0].activity

    def _completable(self, action: Action, task: int, by: Actor, back: Background) -> str:
        row = self._open(action, task, by)
        if row.claimed_by not in (None, by.account):
            raise self._taken(row)
        self._four_eyes(action, row.activity, back.past, by)
        return row.activity

    def _four_eyes(self, action: Action, activity: str, past: dossier.Past, by: Actor) -> None:
        properties = action.edition.diagram.activities[activity].properties
        excluded = {one.strip() for one in properties.get("pisah", "").split(",")} - {""}
        if excluded:
            names = {key: one.name for key, one in action.edition.diagram.activities.items()}
            people.must_not_repeat(by, activity, excluded, past.doers, names)

    def _checked(self, action: Action, activity: str, back: Background, values: Mapping[str, Any]) -> dict[str, Any]:
        form, known = action.edition.form_of(activity), inspect(action.edition.diagram, action.row.state).variables
        page = dossier.Page(action.edition, activity, known, back.past.answers, parse_stamp(action.at))
        context = dossier.form_context(page, typed=values, files=back.files)
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
        self._must_be_theirs(action.row, row, by)
        if action.row.withdrawn_at is not None:
            raise Withdrawn(f"{action.row.id} was withdrawn")
        return row

    def _must_be_theirs(self, case: CaseRow, row: TaskRow, by: Actor) -> None:
        """NotAllowed unless the actor holds the task's post or is the applicant whose task it is."""
        if by.capacity != "pemohon":
            people.must_hold(by, row.post)
            return
        lane = self.transitions.catalog.edition(case.edition).process.applicant_lane
        if by.account is None or by.account != case.applicant or lane is None or row.post != lane.post:
            raise NotAllowed(f"{by.account} is not the applicant of {row.case}")

    def _gone(self, case: str, task: int) -> TaskRow:
        row = self.find(case, task)
        with self.database.reading() as connection:
            who = directory.names(connection, {row.closed_by or ""}).get(row.closed_by or "")
        at = moment(parse_stamp(row.closed_at)) if row.closed_at else ""
        raise Conflict(f"task {task} was closed", who=who or ("orang lain" if row.closed_by else "sistem"), at=at)

    def _taken(self, row: TaskRow) -> NotAllowed:
        with self.database.reading() as connection:
            who = directory.names(connection, {row.claimed_by or ""}).get(row.claimed_by or "", "orang lain")
        return NotAllowed(f"{row.task} is claimed", advice=f"Tugas ini sedang dikerjakan oleh {who}. Minta ia "
                                                           "melepasnya, atau hubungi administrator.")

    def _holders(self, post: str) -> set[str]:
        today = local(self.clock.now()).date()
        with self.database.reading() as connection:
            return {one.account for one in directory.appointments(connection, post=post) if one.holds_on(today)}
