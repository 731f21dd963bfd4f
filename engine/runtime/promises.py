"""Due dates of tasks: the limits of process.toml on the office's calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from engine.clock import parse_stamp, stamp
from engine.rules.calendars import Calendar
from engine.rules.deadlines import Limits, Opening, group_dues, limits_of, promise_due, task_due
from engine.rules.explanation import Explanation, explain
from engine.rules.process import Process
from engine.rules.worktime import Limit
from engine.runtime.catalog import Catalog
from engine.store import cases
from engine.store.cases import CaseRow, TaskRow
from engine.store.database import Database


@lru_cache(64)
def _limits(process: Process) -> Limits:
    return limits_of(process)


@dataclass(frozen=True)
class Promises:
    """Says when something is due and why."""

    database: Database
    catalog: Catalog
    calendar: Calendar

    def due_of(self, activity: str, row: CaseRow, opened_at: datetime) -> str | None:
        """The due stamp of a task that opens now: its own limit, else its share of a group's; None when it has none."""
        limits = _limits(self.catalog.edition(row.edition).process)
        if activity in limits.tasks:
            found = task_due(self.calendar, Opening(activity, opened_at), limits.tasks[activity]).at
            return stamp(found) if found else None
        return self._group_due(limits, activity, row, opened_at)

    def _group_due(self, limits: Limits, activity: str, row: CaseRow, opened_at: datetime) -> str | None:
        group = next((one for one in limits.groups if activity in one.activities), None)
        if group is None:
            return None
        with self.database.reading() as connection:
            earlier = [_opening(one) for one in cases.tasks(connection, row.id) if one.activity in group.activities]
        dues = group_dues(self.calendar, group, [*earlier, Opening(activity, opened_at)], ())
        own = [one.at for one in dues if one.at and (one.name == activity or one.scope == "kelompok")]
        return stamp(min(own)) if own else None

    def group_due(self, row: CaseRow, tasks: Sequence[TaskRow]) -> dict[str, datetime]:
        """group id -> due, for the groups with an open member."""
        limits = _limits(self.catalog.edition(row.edition).process)
        found = {}
        for group in limits.groups:
            openings = [_opening(one) for one in tasks if one.activity in group.activities]
            for one in group_dues(self.calendar, group, openings, ()):
                if one.scope == "kelompok" and one.at is not None:
                    found[group.id] = one.at
        return found

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


def _opening(task: TaskRow) -> Opening:
    return Opening(task.activity, parse_stamp(task.opened_at), parse_stamp(task.closed_at) if task.closed_at else None)
