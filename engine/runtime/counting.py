"""What the service level counts of a task that was done and of a case that ended; written in their own transaction."""

from __future__ import annotations

from engine.clock import local, parse_stamp
from engine.store.cases import CaseRow, TaskRow
from engine.store.service_level import IN_TIME, LATE, UNLIMITED, Counted

WORKDAY = 450
"""Minutes of an ordinary working day."""


def month_of(at: str) -> str:
    """The office's month of a stamp: 2026-06."""
    return local(parse_stamp(at)).strftime("%Y-%m")


def verdict(due: str | None, finished: str) -> str:
    """In time, late, or without a limit."""
    return UNLIMITED if due is None else IN_TIME if finished <= due else LATE


def in_steps(minutes: int) -> int:
    """Minutes as they are counted: exact up to two hours, then in fives, beyond a working day in quarters of an hour.

    Nobody reads "2,4 hari kerja" to the minute; a year of counts stays small however many cases there are.
    """
    step = 1 if minutes < 120 else 5 if minutes < WORKDAY else 15
    return minutes // step * step


def task(process: str, done: TaskRow) -> Counted:
    """A task that was done."""
    closed, spent = str(done.closed_at), in_steps(done.office_minutes or 0)
    return Counted(process, month_of(closed), done.activity, done.post, verdict(done.due, closed), spent)


def whole_case(row: CaseRow, applicant_post: str | None) -> list[Counted]:
    """A case that ended: its time at the office judged by the promise, and beside it its time with the applicant."""
    ended, found = str(row.ended_at), []
    spent, away = in_steps(row.office_minutes or 0), in_steps(row.applicant_minutes)
    found.append(Counted(row.process, month_of(ended), "", "", verdict(row.promised, ended), spent))
    if applicant_post is not None:
        found.append(Counted(row.process, month_of(ended), "", applicant_post, UNLIMITED, away))
    return found
