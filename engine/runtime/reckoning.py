"""Open due dates after a change of the calendar: recomputed case by case, the old ones kept in the journal.

A case whose dates stay as they are is not touched; running it twice changes nothing more. An alarm that already rang does
not ring again: only thresholds still to come are set anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from engine.clock import Clock, parse_stamp, stamp
from engine.rules.calendars import Calendar
from engine.rules.deadlines import PROMISE
from engine.rules.people import SYSTEM
from engine.runtime.action import TIMER, WHOLE_CASE, Action
from engine.runtime.promises import TASK, Promises
from engine.runtime.transitions import Transitions
from engine.store import calendars, cases
from engine.store.cases import CaseRow, DueRow, TaskRow
from engine.store.database import Connection, Database

Told = Callable[[Connection, Action, "Move"], None]


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

    def moves(self, calendar: Calendar) -> Iterator[tuple[str, Move]]:
        """(case, move) of every open due date under another calendar; nothing is changed."""
        with self.database.reading() as connection:
            wanted = cases.open_ids(connection)
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

    def follow(self, decree: str, told: Told, progress: Callable[[int, int], None] = lambda done, of: None) -> int:
        """Let every open due date follow the calendar in force; how many moved. `told` queues what people are told."""
        with self.database.reading() as connection:
            number, wanted = calendars.unreckoned(connection), cases.open_ids(connection)
        if number is None:
            return 0
        moved = 0
        for count, case in enumerate(wanted, 1):
            moved += self._case(case, decree, told)
            progress(count, len(wanted))
        with self.database.transaction() as connection:
            calendars.reckoned(connection, number, stamp(self.clock.now()))
        return moved

    def _case(self, case: str, decree: str, told: Told) -> int:
        def decide(action: Action) -> list[Move]:
            if action.row.ended_at is not None:
                return []
            return self._moved(action, action.found, decree)

        def also(connection: Connection, action: Action) -> None:
            for one in action.moved:
                told(connection, action, one)
        return len(self.transitions.change(case, decide, also=also, read=lambda connection: cases.tasks(connection, case)))

    def _moved(self, action: Action, tasks: list[TaskRow], decree: str) -> list[Move]:
        calendar, running = self.promises.calendar, action.running_dues()
        found = list(self._moves(action.row, tasks, running, calendar))
        if not found:
            return []
        action.note("deadline_moved", SYSTEM, {"decree": decree, "moves": [
            {"task": one.task, "clock": one.clock, "activity": one.activity, "old": one.old, "new": one.new}
            for one in found]})
        self._set_anew(action, tasks, running, found)
        action.moved = found
        return found

    def _set_anew(self, action: Action, tasks: list[TaskRow], running: list[DueRow], found: list[Move]) -> None:
        now: datetime = parse_stamp(action.at)
        action.drop_dues([one for one in running if one.kind != TIMER])
        action.add_dues(self.promises.case_rows(action.row, tasks, now))
        for task in action.open_tasks:
            promised = self.promises.due_of(task, action.row, action.running_dues())
            fresh = {(one.task, one.kind) for one in action.running_dues()}
            action.add_dues([one for one in promised.rows if parse_stamp(one.at) > now and (one.task, one.kind) not in fresh])
        action.change.task_dues += [(one.task, one.new) for one in found if one.clock == TASK]


def promise_moved(moves: list[Move]) -> Move | None:
    """The move of the promise to the applicant, if it is among them."""
    return next((one for one in moves if one.clock == PROMISE), None)
