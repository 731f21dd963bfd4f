"""Until when, and when is somebody told? Limits of tasks, of groups and of whole cases, outside of absences; thresholds.

Intervals in, due dates out; which clocks of a case run is asked of engine/runtime/promises.py. A task's limit starts anew
each time the task opens (so the check of a returned file has a new limit at each resubmission). A group's clock starts when
its first activity opens and runs on across returns inside it. The promise to the applicant starts at one instant of the
case. Group clocks and the promise stand still while the file is with the applicant; a task's own limit does not, for it is
with the office while the task is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from engine.rules.calendars import Calendar
from engine.rules.process import Process
from engine.rules.worktime import DAYS, Limit, Pause, after_working_days, before, due, parse_limit

PROMISE, LEGAL = "janji", "hukum"
"""Clocks of a whole case: the promise to the applicant, and the limit that the law sets."""

Absence = tuple[datetime, datetime | None]
"""The file is with the applicant; None = still."""


@dataclass(frozen=True)
class Group:
    """Activities that share a limit, with sub-targets of single activities."""

    id: str
    activities: tuple[str, ...]
    limit: Limit
    targets: Mapping[str, Limit]


@dataclass(frozen=True)
class Limits:
    """All limits of a process."""

    tasks: Mapping[str, Limit]
    groups: tuple[Group, ...]
    promise: Limit | None


@dataclass(frozen=True)
class Threshold:
    """A row of the plan of reminders: so long before (-1), at (0) or after (+1) the due instant, tell these posts."""

    kind: Literal["reminder", "escalated"]
    side: Literal[-1, 0, 1]
    distance: Limit | None
    posts: tuple[str, ...]


def limits_of(process: Process) -> Limits:
    """The limits that process.toml names; TimeRefused for one that cannot be read."""
    return Limits(
        tasks={activity: parse_limit(text) for activity, text in process.limits.items()},
        groups=tuple(Group(one.id, one.activities, parse_limit(one.limit),
                           {activity: parse_limit(text) for activity, text in one.targets.items()})
                     for one in process.groups),
        promise=parse_limit(process.promise.limit) if process.promise else None)


def due_outside(calendar: Calendar, since: datetime, limit: Limit, away: Sequence[Absence]) -> datetime | None:
    """The due instant; None while an absence that is not over holds it: the file must come back first."""
    closed: list[Pause] = [(start, end) for start, end in away if end is not None]
    at = due(calendar, since, limit, closed)
    gone = [start for start, end in away if end is None]
    # An hour's due instant may coincide with the start of a pause; a day's closing time may not (it would lie inside).
    held = any(start <= at if limit.unit == DAYS else start < at for start in gone)
    return None if held else at


def alarms(calendar: Calendar, at: datetime, plan: Iterable[Threshold]) -> list[tuple[datetime, Threshold]]:
    """When each row of the plan fires for a due instant, in order of time."""
    return sorted(((_alarm(calendar, at, row), row) for row in plan), key=lambda one: one[0])


def near_until(calendar: Calendar, now: datetime, plan: Iterable[Threshold]) -> datetime:
    """Due instants before this one are near or past: a threshold before them, or they themselves, have come."""
    return max((_reach(calendar, now, row.distance) for row in plan if row.side < 0 and row.distance is not None), default=now)


def _reach(calendar: Calendar, now: datetime, distance: Limit) -> datetime:
    """The end of before(): the first due instant whose threshold has not come."""
    if distance.unit != DAYS:
        return due(calendar, now, distance) + timedelta(microseconds=1)
    today = calendar.date_of(now)
    closing = calendar.day(calendar.number(now)).closing
    # Until today is over, the last day that is over is an earlier one.
    over = today if not closing or calendar.moment(closing) <= now else today - timedelta(days=1)
    last = after_working_days(calendar, datetime.combine(over, time(), calendar.zone), distance.amount)
    return datetime.combine(calendar.date_of(last) + timedelta(days=1), time(), calendar.zone)


def _alarm(calendar: Calendar, at: datetime, row: Threshold) -> datetime:
    if row.side == 0 or row.distance is None:
        return at
    return before(calendar, at, row.distance) if row.side < 0 else due(calendar, at, row.distance)
