"""Due dates of tasks: the limits of process.toml on the office's calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from engine.clock import parse_stamp, stamp
from engine.rules.calendars import Calendar
from engine.rules.deadlines import Group, Limits, Opening, limits_of, promise_due, task_due
from engine.rules.explanation import Explanation, explain
from engine.rules.process import Process
from engine.rules.worktime import Limit, due
from engine.runtime.action import Promised
from engine.runtime.catalog import Catalog
from engine.store.cases import CaseRow, DueRow, TaskRow

GROUP = "kelompok:"
"""Before a group's id: the kind of the due row of a clock that several activities share."""


@lru_cache(64)
def _limits(process: Process) -> Limits:
    return limits_of(process)


@dataclass(frozen=True)
class Promises:
    """Says when something is due and why."""

    catalog: Catalog
    calendar: Calendar

    def due_of(self, task: TaskRow, row: CaseRow, running: Sequence[DueRow]) -> Promised:
        """What a task that opens now promises: its own limit, else its share of a group's clock, which begins with it."""
        limits = _limits(self.catalog.edition(row.edition).process)
        opening = Opening(task.activity, parse_stamp(task.opened_at))
        if task.activity in limits.tasks:
            found = task_due(self.calendar, opening, limits.tasks[task.activity]).at
            return Promised(stamp(found) if found else None)
        group = next((one for one in limits.groups if task.activity in one.activities), None)
        return Promised(None) if group is None else self._share(group, task, opening, running)

    def _share(self, group: Group, task: TaskRow, opening: Opening, running: Sequence[DueRow]) -> Promised:
        """The earlier of a task's target and its group's due; the group's own row is made by its first task."""
        kind = GROUP + group.id
        known = next((one for one in running if one.kind == kind), None)
        whole = known.at if known else stamp(due(self.calendar, opening.opened, group.limit))
        rows = () if known else (DueRow(task.case, task.task, kind, task.activity, whole),)
        target = group.targets.get(task.activity)
        return Promised(min(whole, stamp(due(self.calendar, opening.opened, target))) if target else whole, rows)

    def shared(self, running: Sequence[DueRow]) -> dict[str, datetime]:
        """group id -> due, of the groups' clocks among a case's due rows."""
        return {one.kind.removeprefix(GROUP): parse_stamp(one.at) for one in running if one.kind.startswith(GROUP)}

    def promised(self, row: CaseRow, tasks: Sequence[TaskRow]) -> datetime | None:
        """When the applicant was promised an answer; None before the receipt or while the file is with the applicant."""
        process = self.catalog.edition(row.edition).process
        limits, lane = _limits(process), process.applicant_lane
        if row.received_at is None or limits.promise is None:
            return None
        away = [(parse_stamp(one.opened_at), parse_stamp(one.closed_at) if one.closed_at else None) for one in tasks
                if lane is not None and one.post == lane.post and one.opened_at > row.received_at]
        return promise_due(self.calendar, parse_stamp(row.received_at), limits.promise, away).at

    def promised_from(self, process: Process, since: datetime) -> datetime | None:
        """Until when an answer is promised if the receipt is made now."""
        promise = _limits(process).promise
        return promise_due(self.calendar, since, promise, ()).at if promise else None

    def why(self, row: CaseRow, task: TaskRow) -> Explanation | None:
        """Line by line why a task is due then; None for a task without a limit."""
        limit = self.limit_of(row, task.activity)
        return explain(self.calendar, parse_stamp(task.opened_at), limit) if limit else None

    def limit_of(self, row: CaseRow, activity: str) -> Limit | None:
        """The limit of an activity: its own or its sub-target in a group."""
        limits = _limits(self.catalog.edition(row.edition).process)
        if activity in limits.tasks:
            return limits.tasks[activity]
        group = next((one for one in limits.groups if activity in one.activities), None)
        return group.targets.get(activity, group.limit) if group else None
