"""What the service level is read from: counts kept in the transaction that finishes a task or a case, and what is open now.

One row of `service_count` says how many tasks of an activity were done in a month at a post, in time or not, in so many
working minutes (in steps: engine/runtime/counting.py). From it counts of any months are exact and percentiles right to a
step, however many cases there were. Activity "" is the case as a whole: post "" its time at the office, the applicant's post
its time with the applicant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select, text

from engine.rules.deadlines import LEGAL, PROMISE
from engine.store import statements, tables

IN_TIME, LATE, UNLIMITED = "tepat", "lewat", "tanpa"
"""Verdicts: within the limit, after it, without one."""


@dataclass(frozen=True, order=True)
class Counted:
    """One finished task or case."""

    process: str
    month: str
    activity: str
    post: str
    verdict: str
    minutes: int


COUNT, TASK, CASE, DUE = tables.service_count.c, tables.task.c, tables.cases.c, tables.due.c
KEY = ("process", "month", "activity", "post", "verdict", "minutes")


@lru_cache(4)
def _adding(dialect: str) -> Any:
    """Built once for each kind of database."""
    new = statements.INSERTS[dialect](tables.service_count)
    return new.on_conflict_do_update(index_elements=[COUNT[name] for name in KEY], set_={"count": COUNT.count + 1})


def add(connection: Connection, counted: Sequence[Counted]) -> None:
    """Count what was finished; always in the same order, so that two writers never wait for each other in a circle."""
    if counted:
        connection.execute(_adding(connection.dialect.name), [one.__dict__ | {"count": 1} for one in sorted(counted)])


# --- finished -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    """How many were finished with one verdict in exactly so many minutes."""

    activity: str
    post: str
    verdict: str
    minutes: int
    count: int


def finished(connection: Connection, process: str, months: Sequence[str], activity: str | None = None) -> list[Bar]:
    """Everything finished in some months, by activity, post and verdict, each with its minutes."""
    many = func.sum(COUNT["count"])
    wanted = select(COUNT.activity, COUNT.post, COUNT.verdict, COUNT.minutes, many).where(
        COUNT.process == process, COUNT.month.in_(months))
    if activity is not None:
        wanted = wanted.where(COUNT.activity == activity)
    rows = connection.execute(wanted.group_by(COUNT.activity, COUNT.post, COUNT.verdict, COUNT.minutes))
    return [Bar(*row[:4], int(row[4])) for row in rows]


def by_month(connection: Connection, process: str, months: Sequence[str], activity: str) -> list[tuple[str, Bar]]:
    """(month, bar) of one activity."""
    rows = connection.execute(select(COUNT.month, COUNT.activity, COUNT.post, COUNT.verdict, COUNT.minutes, COUNT["count"])
                              .where(COUNT.process == process, COUNT.month.in_(months), COUNT.activity == activity))
    return [(row[0], Bar(*row[1:])) for row in rows]


# --- open now -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Now:
    """Stamps that part what is late from what is due today and what is near."""

    now: str
    tomorrow: str


@dataclass(frozen=True)
class Open:
    """Open tasks of one activity at one post."""

    activity: str
    post: str
    many: int
    late: int
    today: int
    oldest: str


def open_tasks(connection: Connection, process: str, at: Now) -> list[Open]:
    """Open tasks by activity and post."""
    late = func.sum(case((TASK.due < at.now, 1), else_=0))
    today = func.sum(case((and_(TASK.due >= at.now, TASK.due < at.tomorrow), 1), else_=0))
    rows = connection.execute(
        select(TASK.activity, TASK.post, func.count(), late, today, func.min(TASK.opened_at))
        .select_from(tables.task.join(tables.cases, CASE.id == TASK.case))
        .where(TASK.closed_at.is_(None), CASE.process == process).group_by(TASK.activity, TASK.post))
    return [Open(row[0], row[1], int(row[2]), int(row[3]), int(row[4]), row[5]) for row in rows]


def open_cases(connection: Connection, process: str) -> int:
    """How many cases have not ended."""
    return connection.execute(select(func.count()).select_from(tables.cases).where(
        CASE.process == process, CASE.ended_at.is_(None))).scalar_one()


def clocks_before(connection: Connection, process: str, kind: str, at: str) -> int:
    """How many cases have a clock of this kind that ends before a moment."""
    return connection.execute(_clock(select(func.count()), process, kind, at)).scalar_one()


def _clock(statement: Select[Any], process: str, kind: str, at: str) -> Select[Any]:
    return statement.select_from(tables.due.join(tables.cases, CASE.id == DUE.case)).where(
        text("NOT due.fires"), DUE.kind == kind, DUE.at < at, CASE.process == process)


# --- the cases behind a number ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Drill:
    """The tasks or cases behind a number: `since` (inclusive) and `until` (exclusive) are stamps of when they finished."""

    process: str
    kind: str
    activity: str = ""
    post: str = ""
    since: str = ""
    until: str = ""
    at: Now = Now("", "")
    page: int = 1
    size: int = 25


OPEN_KINDS = ("terbuka", "hari_ini", "terlambat")
DONE_KINDS = ("selesai", "tepat", "lewat")
CLOCK_KINDS = ("lewat_janji", "dekat_batas")
CASE_KINDS = ("berjalan", "berakhir", "ditepati", "dilanggar", *CLOCK_KINDS)
KINDS = (*OPEN_KINDS, *DONE_KINDS, *CASE_KINDS)
"""Numbers that lead to their cases: of open tasks, of done tasks, of whole cases."""

SHOWN = (CASE.id, CASE.number, CASE.title, CASE.place, CASE.kind, CASE.started_at, CASE.ended_at)
OF_TASK = (*SHOWN, TASK.activity, TASK.post, TASK.opened_at, TASK.due, TASK.closed_at, TASK.office_minutes.label("minutes"))
OF_CASE = (*SHOWN, CASE.received_at.label("opened_at"), CASE.promised.label("due"), CASE.ended_at.label("closed_at"),
           CASE.office_minutes.label("minutes"))


def rows(connection: Connection, drill: Drill) -> list[Any]:
    """One page of the tasks or cases behind a number."""
    if drill.kind in CLOCK_KINDS:
        wanted = _clocked(select(*SHOWN, CASE.received_at.label("opened_at"), DUE.at.label("due")), drill).order_by(DUE.at)
    elif drill.kind in CASE_KINDS:
        wanted = select(*OF_CASE).where(*_of_cases(drill)).order_by(
            *((CASE.started_at, CASE.id) if drill.kind == "berjalan" else (CASE.ended_at.desc(), CASE.id)))
    else:
        wanted = select(*OF_TASK).select_from(tables.task.join(tables.cases, CASE.id == TASK.case)).where(
            *_of_tasks(drill), CASE.process == drill.process).order_by(
            *((TASK.opened_at, TASK.case) if drill.kind in OPEN_KINDS else (TASK.closed_at.desc(), TASK.case)))
    return list(connection.execute(wanted.limit(drill.size).offset((drill.page - 1) * drill.size)))


def total(connection: Connection, drill: Drill, months: Sequence[str]) -> int:
    """How many there are behind a number; done tasks are known from their counts."""
    if drill.kind in CLOCK_KINDS:
        return connection.execute(_clocked(select(func.count()), drill)).scalar_one()
    if drill.kind in DONE_KINDS:
        return _counted(connection, drill, months)
    if drill.kind in CASE_KINDS:
        return connection.execute(select(func.count()).select_from(tables.cases).where(*_of_cases(drill))).scalar_one()
    return connection.execute(select(func.count()).select_from(tables.task.join(tables.cases, CASE.id == TASK.case)).where(
        *_of_tasks(drill), CASE.process == drill.process)).scalar_one()


def _counted(connection: Connection, drill: Drill, months: Sequence[str]) -> int:
    wanted = select(func.coalesce(func.sum(COUNT["count"]), 0)).where(
        COUNT.process == drill.process, COUNT.month.in_(months), COUNT.activity == drill.activity)
    if drill.post:
        wanted = wanted.where(COUNT.post == drill.post)
    if drill.kind != "selesai":
        wanted = wanted.where(COUNT.verdict == drill.kind)
    return int(connection.execute(wanted).scalar_one())


def _clocked(statement: Select[Any], drill: Drill) -> Select[Any]:
    kind, until = (PROMISE, drill.at.now) if drill.kind == "lewat_janji" else (LEGAL, drill.until)
    return _clock(statement, drill.process, kind, until)


def _of_cases(drill: Drill) -> list[ColumnElement[bool]]:
    mine: list[ColumnElement[bool]] = [CASE.process == drill.process]
    if drill.kind == "berjalan":
        return [*mine, CASE.ended_at.is_(None)]
    mine += [CASE.ended_at >= drill.since, CASE.ended_at < drill.until, CASE.received_at.is_not(None)]
    if drill.kind == "ditepati":
        mine.append(CASE.ended_at <= CASE.promised)
    if drill.kind == "dilanggar":
        mine.append(CASE.ended_at > CASE.promised)
    return mine


def _of_tasks(drill: Drill) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if drill.activity:
        wanted.append(TASK.activity == drill.activity)
    if drill.post:
        wanted.append(TASK.post == drill.post)
    if drill.kind in OPEN_KINDS:
        return [*wanted, TASK.closed_at.is_(None), *_urgency(drill)]
    wanted += [TASK.office_minutes.is_not(None), TASK.closed_at >= drill.since, TASK.closed_at < drill.until]
    if drill.kind == "tepat":
        wanted.append(TASK.closed_at <= TASK.due)
    if drill.kind == "lewat":
        wanted.append(TASK.closed_at > TASK.due)
    return wanted


def _urgency(drill: Drill) -> list[ColumnElement[bool]]:
    if drill.kind == "terlambat":
        return [TASK.due < drill.at.now]
    return [TASK.due >= drill.at.now, TASK.due < drill.at.tomorrow] if drill.kind == "hari_ini" else []
