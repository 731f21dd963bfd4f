"""Jobs of the day, each once over all workers, and what they read."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from engine.store import locks, tables


@dataclass(frozen=True)
class OpenTask:
    """An open task as messages about inboxes name it."""

    case: str
    task: int
    activity: str
    post: str
    due: str | None
    claimed_by: str | None
    number: str | None


def done(connection: Connection, job: str, day: str) -> bool:
    """True when some worker did a day's job: asked before the write lock is taken, every second."""
    table = tables.daily_job
    return connection.execute(select(table.c.day).where(table.c.job == job, table.c.day == day)).first() is not None


def first(connection: Connection, job: str, day: str, at: str) -> bool:
    """True for the one worker that does a day's job; the row is the proof that it was done.

    The lock alone would not do: clocks of machines differ, and a second run could begin after the first had ended.
    """
    locks.hold(connection, f"{job}:{day}")
    if done(connection, job, day):
        return False
    connection.execute(insert(tables.daily_job), {"job": job, "day": day, "done_at": at})
    return True


TASK, CASE = tables.task.c, tables.cases.c
OPEN = select(TASK.case, TASK.task, TASK.activity, TASK.post, TASK.due, TASK.claimed_by, CASE.number).join(
    tables.cases, CASE.id == TASK.case).where(TASK.closed_at.is_(None)).order_by(TASK.due.is_(None), TASK.due, TASK.opened_at)


def open_tasks(connection: Connection) -> list[OpenTask]:
    """Every open task, most urgent first."""
    return [OpenTask(*row) for row in connection.execute(OPEN)]


def opened_between(connection: Connection, since: str, until: str) -> list[OpenTask]:
    """Open tasks that opened after `since` and not after `until`."""
    return [OpenTask(*row) for row in connection.execute(OPEN.where(TASK.opened_at > since, TASK.opened_at <= until))]
