"""The clocks of a case: due dates of tasks, of groups of tasks, of the promise, of the legal limit; and their alarms.

Every clock is rows of the due table. A row that does not fire says when a clock runs out ("kelompok:naskah", "janji",
"hukum"; task 0 = the case as a whole); rows that fire are its alarms: the clock's kind, "!" and the number of
the threshold in process.toml. While the file is with the applicant the clocks of the case stand still: their rows are gone
until it comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from engine.clock import parse_stamp, stamp
from engine.rules.calendars import Calendar
from engine.rules.deadlines import (
    LEGAL,
    PROMISE,
    Absence,
    Limits,
    Threshold,
    alarms,
    due_outside,
    limits_of,
)
from engine.rules.explanation import Explanation, explain
from engine.rules.process import Alarm, Process
from engine.rules.worktime import Limit, due, parse_limit, working_time
from engine.runtime.action import WHOLE_CASE, Promised
from engine.runtime.catalog import Catalog
from engine.runtime.office_calendar import OfficeCalendar
from engine.store import cases
from engine.store.cases import CaseRow, DueRow, TaskRow
from engine.store.database import Database

GROUP, TASK = "kelompok:", "tugas"


@dataclass(frozen=True)
class Plan:
    """What process.toml says about time, read once: limits and thresholds by scope with their numbers in the file."""

    limits: Limits
    legal: Limit | None
    plan: dict[str, list[tuple[int, Threshold]]]
    spared: dict[int, tuple[str, ...]]

    def of(self, scope: str, activity: str) -> list[tuple[int, Threshold]]:
        """The thresholds of a clock with their numbers, without those that spare this activity."""
        return [(number, one) for number, one in self.plan.get(scope, ()) if activity not in self.spared[number]]


@lru_cache(64)
def clocks_of(process: Process) -> Plan:
    """The clocks of a process; TimeRefused for a limit that cannot be read."""
    plan: dict[str, list[tuple[int, Threshold]]] = {}
    for number, one in enumerate(process.alarms):
        plan.setdefault(one.scope, []).append((number, _threshold(one)))
    legal = parse_limit(process.legal_limit) if process.legal_limit else None
    return Plan(limits_of(process), legal, plan, {number: one.spares for number, one in enumerate(process.alarms)})


def _threshold(one: Alarm) -> Threshold:
    distance = parse_limit(one.distance) if one.distance else None
    return Threshold("escalated" if one.escalates else "reminder", -1 if one.side < 0 else 1 if one.side else 0, distance,
                     one.posts)


@dataclass(frozen=True)
class Promises:
    """Says when something is due and why."""

    database: Database
    catalog: Catalog
    office: OfficeCalendar
    other: Calendar | None = None

    @property
    def calendar(self) -> Calendar:
        """The calendar in force, or the one that is being tried."""
        return self.other or self.office.current()

    def under(self, calendar: Calendar) -> Promises:
        """The same promises under another calendar."""
        return replace(self, other=calendar)

    def steady(self) -> Promises:
        """The same promises under the calendar of this moment: for many questions at once."""
        return self.under(self.calendar)

    def minutes(self, since: str, until: str) -> int:
        """Whole working minutes between two stamps."""
        return working_time(self.calendar, parse_stamp(since), parse_stamp(until)) // timedelta(minutes=1)

    # --- a task opens ---

    def due_of(self, task: TaskRow, row: CaseRow, running: Sequence[DueRow]) -> Promised:
        """What a task that opens now promises: its own limit, else its share of a group's clock, which begins with it."""
        clocks = self._clocks(row)
        calendar, opened = self.calendar, parse_stamp(task.opened_at)
        group = next((one for one in clocks.limits.groups if task.activity in one.activities), None)
        at, rows = self._own(clocks, calendar, task, opened), []
        own: datetime | None = None
        if group is not None:
            kind = GROUP + group.id
            known = next((one for one in running if one.kind == kind), None)
            whole = parse_stamp(known.at) if known else due(calendar, opened, group.limit)
            rows = [] if known else self._clock_rows(clocks, calendar, DueRow(task.case, WHOLE_CASE, kind, task.activity,
                                                                              stamp(whole), False), opened)
            target = group.targets.get(task.activity)
            own = due(calendar, opened, target) if target else whole
            at = min(whole, own)
        if at is None:
            return Promised(None)
        # A task that opens when the time of its group is over is late from the start, and reminded by its own share.
        reminded = at if own is None or at > opened else own
        clock = DueRow(task.case, task.task, TASK, task.activity, stamp(reminded), False)
        return Promised(stamp(at), [*rows, *self._alarm_rows(clocks, calendar, clock, opened)])

    def _own(self, clocks: Plan, calendar: Calendar, task: TaskRow, opened: datetime) -> datetime | None:
        limit = clocks.limits.tasks.get(task.activity)
        return due(calendar, opened, limit) if limit else None

    def _clock_rows(self, clocks: Plan, calendar: Calendar, clock: DueRow, since: datetime) -> list[DueRow]:
        """A clock of the case and its alarms."""
        return [clock, *self._alarm_rows(clocks, calendar, clock, since)]

    def _alarm_rows(self, clocks: Plan, calendar: Calendar, clock: DueRow, since: datetime) -> list[DueRow]:
        """The alarms of a clock that are still to come after `since`."""
        scope = clock.kind.partition(":")[0]
        plan = clocks.of(scope, clock.activity)
        numbered = {id(row): number for number, row in plan}
        found = alarms(calendar, parse_stamp(clock.at), [row for _, row in plan])
        return [DueRow(clock.case, clock.task, f"{clock.kind}!{numbered[id(row)]}", clock.activity, stamp(at))
                for at, row in found if at > since]

    # --- the case as a whole ---

    def received(self, row: CaseRow) -> list[DueRow]:
        """The promise and the legal limit begin with the receipt."""
        return self.case_rows(row, (), parse_stamp(row.received_at or row.started_at))

    def case_rows(self, row: CaseRow, tasks: Sequence[TaskRow], since: datetime) -> list[DueRow]:
        """The clocks of the case as a whole, reckoned anew; nothing while the applicant has the file."""
        clocks, away = self._clocks(row), self.absences(row, tasks)
        if any(end is None for _, end in away):
            return []
        found: list[DueRow] = []
        for kind, limit in ((PROMISE, clocks.limits.promise), (LEGAL, clocks.legal)):
            if row.received_at is not None and limit is not None:
                begun = DueRow(row.id, WHOLE_CASE, kind, "", row.received_at, False)
                found += self._reckoned(clocks, begun, limit, away, since)
        for group in clocks.limits.groups:
            members = [one for one in tasks if one.activity in group.activities]
            if members:
                first = min(members, key=lambda one: one.opened_at)
                begun = DueRow(row.id, WHOLE_CASE, GROUP + group.id, first.activity, first.opened_at, False)
                found += self._reckoned(clocks, begun, group.limit, away, since)
        return found

    def _reckoned(self, clocks: Plan, begun: DueRow, limit: Limit, away: Sequence[Absence], since: datetime) -> list[DueRow]:
        """A clock that began at the moment in its row."""
        at = due_outside(self.calendar, parse_stamp(begun.at), limit, away)
        return self._clock_rows(clocks, self.calendar, replace(begun, at=stamp(at)), since) if at is not None else []

    def absences(self, row: CaseRow, tasks: Iterable[TaskRow]) -> tuple[Absence, ...]:
        """When the file was with the applicant since the receipt."""
        lane = self.catalog.edition(row.edition).process.applicant_lane
        return tuple((parse_stamp(one.opened_at), parse_stamp(one.closed_at) if one.closed_at else None) for one in tasks
                     if lane is not None and one.post == lane.post and row.received_at is not None
                     and one.opened_at > row.received_at)

    def pauses(self, row: CaseRow) -> str | None:
        """The post whose tasks pause the clocks of the case, once they run."""
        lane = self.catalog.edition(row.edition).process.applicant_lane
        return lane.post if lane is not None and row.received_at is not None else None

    def tasks_of(self, case: str) -> list[TaskRow]:
        """Every task of a case, for clocks that span returns."""
        with self.database.reading() as connection:
            return cases.tasks(connection, case)

    # --- for people ---

    def shared(self, running: Sequence[DueRow]) -> dict[str, datetime]:
        """group id -> due, of the groups' clocks among a case's due rows."""
        return {one.kind.removeprefix(GROUP): parse_stamp(one.at) for one in running
                if one.kind.startswith(GROUP) and "!" not in one.kind}

    def promised(self, row: CaseRow, tasks: Sequence[TaskRow]) -> datetime | None:
        """When the applicant was promised an answer; None before the receipt or while the file is with the applicant."""
        limit = self._clocks(row).limits.promise
        if row.received_at is None or limit is None:
            return None
        return due_outside(self.calendar, parse_stamp(row.received_at), limit, self.absences(row, tasks))

    def legal(self, row: CaseRow, tasks: Sequence[TaskRow]) -> datetime | None:
        """When the law would deem the application granted; the office only warns of it, it never issues by itself."""
        limit = self._clocks(row).legal
        if row.received_at is None or limit is None:
            return None
        return due_outside(self.calendar, parse_stamp(row.received_at), limit, self.absences(row, tasks))

    def promised_from(self, process: Process, since: datetime) -> datetime | None:
        """Until when an answer is promised if the receipt is made now."""
        limit = clocks_of(process).limits.promise
        return due(self.calendar, since, limit) if limit else None

    def why(self, row: CaseRow, task: TaskRow) -> Explanation | None:
        """Line by line why a task is due then; None for a task without a limit."""
        limit = self.limit_of(row, task.activity)
        return explain(self.calendar, parse_stamp(task.opened_at), limit) if limit else None

    def why_promised(self, row: CaseRow, tasks: Sequence[TaskRow]) -> Explanation | None:
        """Line by line why the applicant was promised that day."""
        return self._why(row, tasks, row.received_at, self.limits(row).promise)

    def why_legal(self, row: CaseRow, tasks: Sequence[TaskRow]) -> Explanation | None:
        """Line by line why the law gives the office until that day."""
        return self._why(row, tasks, row.received_at, self.legal_limit(row))

    def why_shared(self, row: CaseRow, tasks: Sequence[TaskRow], group: str) -> Explanation | None:
        """Line by line why a group of tasks is due then."""
        known = next(one for one in self.limits(row).groups if one.id == group)
        opened = [one.opened_at for one in tasks if one.activity in known.activities]
        return self._why(row, tasks, min(opened, default=None), known.limit)

    def _why(self, row: CaseRow, tasks: Sequence[TaskRow], since: str | None, limit: Limit | None) -> Explanation | None:
        if since is None or limit is None:
            return None
        closed = [(start, end) for start, end in self.absences(row, tasks) if end is not None]
        return explain(self.calendar, parse_stamp(since), limit, closed)

    def warned_from(self, edition: str, at: datetime) -> datetime:
        """From when the legal limit of a case of this edition is a danger: its first threshold, or the limit itself."""
        plan = [threshold for _, threshold in clocks_of(self.catalog.edition(edition).process).plan.get(LEGAL, ())]
        return min((when for when, _ in alarms(self.calendar, at, plan)), default=at)

    def limits(self, row: CaseRow) -> Limits:
        """The limits of a case's process."""
        return self._clocks(row).limits

    def legal_limit(self, row: CaseRow) -> Limit | None:
        """The limit by law of a case's process."""
        return self._clocks(row).legal

    def limit_of(self, row: CaseRow, activity: str) -> Limit | None:
        """The limit of an activity: its own or its sub-target in a group."""
        limits = self._clocks(row).limits
        if activity in limits.tasks:
            return limits.tasks[activity]
        group = next((one for one in limits.groups if activity in one.activities), None)
        return group.targets.get(activity, group.limit) if group else None

    def _clocks(self, row: CaseRow) -> Plan:
        return clocks_of(self.catalog.edition(row.edition).process)
