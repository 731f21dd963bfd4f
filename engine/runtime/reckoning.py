"""Open due dates reckoned anew: after a change of the calendar, and once a day in case one was missed.

Case by case; the old dates are kept in the journal. A case whose dates are right is not touched, so that running it twice
changes nothing more. Thresholds still to come are set anew, also for a later due date an alarm of which has rung; one
that had not rung and that now lies behind us rings at once. A clock that an older release did not know is begun.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from engine.clock import Clock, local, parse_stamp, stamp
from engine.errors import StoreUnavailable
from engine.rules.calendars import Calendar
from engine.rules.people import SYSTEM
from engine.runtime.action import TIMER, WHOLE_CASE, Action
from engine.runtime.promises import TASK, Promises
from engine.runtime.transitions import Transitions
from engine.store import calendars, cases
from engine.store.calendars import DayChange, TablesChange
from engine.store.cases import CaseRow, DueRow, TaskRow
from engine.store.database import Connection, Database

Told = Callable[[Connection, Action, "Move", str], None]
"""Queues what people are told of a move; the text names its decrees."""

Decrees = Sequence[DayChange | TablesChange]
"""The changes that due dates are to follow."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Move:
    """A due date that moves: of a task ("tugas"), of a group, of the promise, of the legal limit. Stamps."""

    task: int
    clock: str
    activity: str
    old: str
    new: str

    @property
    def earlier(self) -> bool:
        """True when there is less time than before."""
        return self.new < self.old


@dataclass(frozen=True)
class Reckoning:
    """Recomputes what is open."""

    database: Database
    clock: Clock
    transitions: Transitions
    promises: Promises

    def moves(self, calendar: Calendar, changed: date) -> Iterator[tuple[str, Move]]:
        """(case, move) of every open due date under a calendar in which a day changed; nothing is written.

        What is due before that day does not move, so those cases are not even read.
        """
        with self.database.reading() as connection:
            wanted = cases.open_ids_due_from(connection, stamp(datetime.combine(changed, time(), calendar.zone)))
        for case in wanted:
            with self.database.reading() as connection:
                row, tasks = cases.find(connection, case), cases.tasks(connection, case)
                running = cases.dues(connection, case)
            if row is not None:
                yield from ((case, one) for one in self._moves(row, tasks, running, calendar))

    def _moves(self, row: CaseRow, tasks: list[TaskRow], running: list[DueRow], calendar: Calendar) -> Iterator[Move]:
        under = self.promises.under(calendar)
        whole = [one for one in under.case_rows(row, tasks, parse_stamp(row.started_at)) if not one.fires]
        for one in whole:
            known = next((was for was in running if (was.task, was.kind) == (one.task, one.kind)), None)
            if known is not None and known.at != one.at:
                yield Move(WHOLE_CASE, one.kind, "", known.at, one.at)
        for task in [one for one in tasks if one.closed_at is None and one.due is not None]:
            new = under.due_of(task, row, whole).due
            if new is not None and new != task.due:
                yield Move(task.task, TASK, task.activity, str(task.due), new)

    def follow(self, decrees: Decrees, told: Told) -> int:
        """Let every open due date follow changes that are in force; how many moved."""
        moved = self.check(decrees, told)
        with self.database.transaction() as connection:
            calendars.reckoned(connection, max(one.number for one in decrees), stamp(self.clock.now()))
        return moved

    def check(self, decrees: Decrees, told: Told) -> int:
        """Look at every open due date; how many were wrong or missing and are right now.

        A case that cannot be reckoned holds up no other: it is looked at again the next day.
        """
        with self.database.reading() as connection:
            wanted = cases.open_ids(connection)
        moved = 0
        for case in wanted:
            try:
                moved += self._case(case, decrees, told)
            except StoreUnavailable:
                raise
            except Exception:
                log.exception("not reckoned", extra={"action": "reckon", "case": case})
        return moved

    def _case(self, case: str, decrees: Decrees, told: Told) -> int:
        def decide(action: Action) -> int:
            return 0 if action.row.ended_at is not None else self._set_right(action, action.found, decrees)

        def also(connection: Connection, action: Action) -> None:
            for one in action.moved:
                told(connection, action, one, named(decrees, [one]))
        return self.transitions.change(case, decide, also=also, read=lambda connection: cases.tasks(connection, case))

    def _set_right(self, action: Action, tasks: list[TaskRow], decrees: Decrees) -> int:
        calendar, running = self.promises.calendar, action.running_dues()
        moved = list(self._moves(action.row, tasks, running, calendar))
        begun = self._begun(action, tasks, running)
        if moved:
            action.note("deadline_moved", SYSTEM, {"decree": named(decrees, moved), "moves": [
                {"task": one.task, "clock": one.clock, "activity": one.activity, "old": one.old, "new": one.new}
                for one in moved]})
        if begun:
            action.note("deadline_set", SYSTEM, {"clocks": [
                {"task": one.task, "clock": one.kind, "activity": one.activity, "due": one.at} for one in begun]})
        if moved or begun:
            self._set_anew(action, tasks, running)
            action.change.task_dues += [(one.task, one.new) for one in moved if one.clock == TASK]
            action.change.task_dues += [(one.task, one.at) for one in begun if one.task != WHOLE_CASE]
            action.moved = moved
        return len(moved) + len(begun)

    def _begun(self, action: Action, tasks: list[TaskRow], running: list[DueRow]) -> list[DueRow]:
        """Clocks that ought to run and do not."""
        known = {(one.task, one.kind) for one in running}
        whole = [one for one in self._whole(action.row, tasks) if not one.fires]
        missing = [one for one in whole if (one.task, one.kind) not in known]
        for task in [one for one in action.open_tasks if one.due is None]:
            at = self.promises.due_of(task, action.row, whole).due
            if at is not None:
                missing.append(DueRow(task.case, task.task, TASK, task.activity, at, False))
        return missing

    def _whole(self, row: CaseRow, tasks: list[TaskRow]) -> list[DueRow]:
        """Clocks of the case with every threshold, those behind us too."""
        return self.promises.case_rows(row, tasks, parse_stamp(row.started_at))

    def _set_anew(self, action: Action, tasks: list[TaskRow], running: list[DueRow]) -> None:
        now, silent = action.at, {(one.task, one.kind) for one in running if one.fires}
        action.drop_dues([one for one in running if one.kind != TIMER])
        wanted = self._whole(action.row, tasks)
        for task in action.open_tasks:
            wanted += self.promises.due_of(task, action.row, wanted).rows
        action.add_dues([one for one in wanted if not one.fires or one.at > now or (one.task, one.kind) in silent])


def named(decrees: Decrees, moves: Sequence[Move]) -> str:
    """The decrees that can have moved these dates: a day after all of them moves none."""
    last = max(local(parse_stamp(max(one.old, one.new))).date().isoformat() for one in moves)
    return "; ".join(dict.fromkeys(one.decree for one in decrees if isinstance(one, TablesChange) or one.day <= last))
