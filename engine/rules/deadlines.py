"""Which promises of a case are running, and until when? Limits of tasks, of groups, and the promise end to end.

Intervals in, due dates out. A task's limit starts anew each time the task opens (so the check of a returned file has a
new limit at each resubmission). A group's clock starts when its first activity opens and runs on across returns inside
it. The promise to the applicant starts at one instant of the case. Group clocks and the promise stand still while the
file is with the applicant; a task's own limit does not, for it is with the office while the task is open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine.rules.calendars import Calendar
from engine.rules.process import Process
from engine.rules.worktime import DAYS, Limit, Pause, before, due, parse_limit

PROMISE, LEGAL = "janji", "hukum"
"""Clocks of a whole case: the promise to the applicant, and the limit that the law sets."""

Scope = Literal["tugas", "sasaran", "kelompok", "janji"]
Absence = tuple[datetime, datetime | None]
"""The file is with the applicant; None = still."""


@dataclass(frozen=True)
class Opening:
    """One time that an activity was open: from, to (None = still open)."""

    activity: str
    opened: datetime
    closed: datetime | None = None


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
class Due:
    """One running promise. `at` is None while the clock stands still because the applicant has the file."""

    scope: Scope
    name: str
    since: datetime
    limit: Limit
    at: datetime | None
    provisional: bool


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


def absences(openings: Iterable[Opening], applicants: Collection[str]) -> tuple[Absence, ...]:
    """When the file was with the applicant: the openings of the activities that are the applicant's."""
    return tuple((one.opened, one.closed) for one in openings if one.activity in applicants)


def task_due(calendar: Calendar, opening: Opening, limit: Limit) -> Due:
    """The due instant of one open task: new at each opening, without pauses."""
    return _due(calendar, Due("tugas", opening.activity, opening.opened, limit, None, False), ())


def promise_due(calendar: Calendar, since: datetime, limit: Limit, away: Sequence[Absence]) -> Due:
    """The promise to the applicant, from the instant it starts."""
    return _due(calendar, Due("janji", "janji", since, limit, None, False), away)


def group_dues(calendar: Calendar, group: Group, openings: Sequence[Opening],
               away: Sequence[Absence]) -> tuple[Due, ...]:
    """The group's clock and the sub-targets of its open members; nothing when no member is open.

    A sub-target never lies after the due instant of its group: the group is the promise, the target divides it.
    """
    members = [one for one in openings if one.activity in group.activities]
    still_open = [one for one in members if one.closed is None]
    if not still_open:
        return ()
    since = min(one.opened for one in members)
    whole = _due(calendar, Due("kelompok", group.id, since, group.limit, None, False), away)
    return (whole, *(_target(calendar, one, group.targets[one.activity], whole) for one in still_open
                     if one.activity in group.targets))


def _target(calendar: Calendar, opening: Opening, limit: Limit, whole: Due) -> Due:
    own = due(calendar, opening.opened, limit)
    at = own if whole.at is None else min(own, whole.at)
    return Due("sasaran", opening.activity, opening.opened, limit, at, is_provisional(calendar, opening.opened, at))


def running_dues(calendar: Calendar, limits: Limits, openings: Sequence[Opening], promised: datetime | None,
                 applicants: Collection[str]) -> tuple[Due, ...]:
    """Every promise that runs now: open tasks, groups with their targets, the end-to-end promise (None = not made)."""
    away = absences(openings, applicants)
    tasks = [task_due(calendar, one, limits.tasks[one.activity]) for one in openings
             if one.closed is None and one.activity in limits.tasks]
    groups = [one for group in limits.groups for one in group_dues(calendar, group, openings, away)]
    if limits.promise is None or promised is None:
        return (*tasks, *groups)
    return (*tasks, *groups, promise_due(calendar, promised, limits.promise, away))


def _due(calendar: Calendar, bare: Due, away: Sequence[Absence]) -> Due:
    at = due_outside(calendar, bare.since, bare.limit, away)
    return Due(bare.scope, bare.name, bare.since, bare.limit, at, is_provisional(calendar, bare.since, at))


def due_outside(calendar: Calendar, since: datetime, limit: Limit, away: Sequence[Absence]) -> datetime | None:
    """The due instant; None while an absence that is not over holds it: the file must come back first."""
    closed: list[Pause] = [(start, end) for start, end in away if end is not None]
    at = due(calendar, since, limit, closed)
    gone = [start for start, end in away if end is None]
    # An hour's due instant may coincide with the start of a pause; a day's closing time may not (it would lie inside).
    held = any(start <= at if limit.unit == DAYS else start < at for start in gone)
    return None if held else at


def is_provisional(calendar: Calendar, since: datetime, at: datetime | None) -> bool:
    """True when a year between start and due has no decreed holidays yet."""
    first, last = calendar.date_of(since).year, calendar.date_of(at or since).year
    return any(calendar.is_provisional(year) for year in range(first, last + 1))


def breached(one: Due, now: datetime) -> bool:
    """True when the promise is late. At the due instant itself it is still on time."""
    return one.at is not None and now > one.at


def alarms(calendar: Calendar, at: datetime, plan: Iterable[Threshold]) -> list[tuple[datetime, Threshold]]:
    """When each row of the plan fires for a due instant, in order of time."""
    return sorted(((_alarm(calendar, at, row), row) for row in plan), key=lambda one: one[0])


def _alarm(calendar: Calendar, at: datetime, row: Threshold) -> datetime:
    if row.side == 0 or row.distance is None:
        return at
    return before(calendar, at, row.distance) if row.side < 0 else due(calendar, at, row.distance)
