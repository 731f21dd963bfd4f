"""One action on one case while it is computed: events chained, state advanced, rows collected. Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Protocol

from engine.clock import Clock, parse_stamp, stamp
from engine.digest import canonical_trusted, sha256
from engine.errors import EngineFault
from engine.rules.deadlines import PROMISE
from engine.rules.people import Actor
from engine.runtime import counting
from engine.runtime.advance import Ordered, Step
from engine.runtime.catalog import Edition
from engine.store import journal
from engine.store.cases import CaseChange, CaseRow, DueRow, TaskRow
from engine.store.journal import Head

TIMER = "timer"
"""The kind of due rows that fire a timer drawn in the diagram."""

WHOLE_CASE = 0
"""The task number of due rows that belong to the case and not to one task."""


@dataclass(frozen=True)
class Promised:
    """The due stamp of a task that opens, and due rows that begin with it."""

    due: str | None
    rows: Sequence[DueRow] = ()


class Clocks(Protocol):
    """What an action asks about time (engine/runtime/promises.py answers)."""

    def steady(self) -> Clocks:
        """The same clocks under the calendar of this moment."""

    def minutes(self, since: str, until: str) -> int:
        """Whole working minutes between two stamps."""

    def due_of(self, task: TaskRow, row: CaseRow, running: Sequence[DueRow]) -> Promised:
        """What a task that opens now promises."""

    def received(self, row: CaseRow) -> list[DueRow]:
        """The clocks that begin with the receipt."""

    def pauses(self, row: CaseRow) -> str | None:
        """The post whose tasks pause the clocks of the case."""

    def case_rows(self, row: CaseRow, tasks: Sequence[TaskRow], since: datetime) -> list[DueRow]:
        """The clocks of the case, reckoned anew."""

    def tasks_of(self, case: str) -> list[TaskRow]:
        """Every stored task of a case."""


@dataclass(frozen=True)
class Standing:
    """A case as it stands before an action; `found` = what the caller read beside it in the same snapshot."""

    edition: Edition
    row: CaseRow | None
    open_tasks: Sequence[TaskRow] = ()
    dues: Sequence[DueRow] = ()
    found: Any = None


@dataclass(frozen=True)
class Lease:
    """The request that runs the effects it orders itself; `left`: each running case as this request left it."""

    owner: str
    seconds: int
    left: dict[str, Standing] = field(default_factory=dict, repr=False, compare=False)


class Action:
    """The builder of one CaseChange."""

    def __init__(self, standing: Standing, row: CaseRow, clock: Clock, clocks: Clocks, lease: Lease | None = None) -> None:
        self.found = standing.found
        self.edition, self._clock, self._given_clocks, self._lease = standing.edition, clock, clocks, lease
        self.at = max(stamp(clock.now()), row.head_at)
        self.change = CaseChange(standing.row, row)
        self._open = {one.task: one for one in standing.open_tasks}
        self._running = {(one.task, one.kind): one for one in standing.dues}
        self._timers = {one.task for one in standing.dues if one.kind == TIMER}
        self.step: Step | None = None
        self.moved: list[Any] = []

    @cached_property
    def _clocks(self) -> Clocks:
        """The calendar is looked up once for an action, and only by one that asks about time."""
        return self._given_clocks.steady()

    @property
    def row(self) -> CaseRow:
        """The case as it will be."""
        return self.change.after

    @property
    def open_tasks(self) -> list[TaskRow]:
        """The tasks that wait now."""
        return list(self._open.values())

    def leave(self) -> None:
        """It is written: the request's next deed on a case that goes on need not read it again."""
        if self._lease is not None:
            self._lease.left.pop(self.row.id, None)
            if self.row.ended_at is None:
                self._lease.left[self.row.id] = Standing(self.edition, self.row, self.open_tasks, self.running_dues())

    def set(self, **values: Any) -> None:
        """Change columns of the case."""
        self.change.after = replace(self.row, **values)

    def note(self, kind: str, actor: Actor, body: Mapping[str, Any]) -> None:
        """An event that does not move the state."""
        self._chain(kind, actor, body, sha256(self.row.state) if self.row.state else None)

    def move(self, kind: str, actor: Actor, body: Mapping[str, Any], step: Step) -> None:
        """An event with its step: new state, tasks, effects and timers."""
        self._chain(kind, actor, {**body, **expected(self.row.id, step)}, step.digest)
        self.set(state=step.state)
        self.step = step
        self._tasks(step, actor, body.get("task") if kind == "completed" else None)
        self._effects(step.effects)
        self._drawn_timers(step)
        if step.ended:
            self.set(ended_at=self.at, end=step.end)
            self._ended()
            self.change.running = frozenset()
            self.drop_dues(list(self._running.values()))

    def _chain(self, kind: str, actor: Actor, body: Mapping[str, Any], state_digest: str | None) -> None:
        happened = {"chain": self.row.id, "kind": kind, "at": self.at, "actor": actor.record(), "state_digest": state_digest}
        made = journal.entry(Head(self.row.seq, self.row.head, self.row.head_at), happened, body, self._clock.new_salt())
        self.change.entries.append(made)
        self.set(seq=made.event.seq, head=made.event.hash, head_at=self.at)

    def _tasks(self, step: Step, actor: Actor, done: int | None) -> None:
        waiting = {one.task: one for one in step.waiting}
        for task in [one for one in self._open if one not in waiting]:
            row = replace(self._open.pop(task), closed_at=self.at, closed_by=actor.account, closed_seq=self.row.seq)
            self.change.closed.append(self._counted(row) if task == done else row)
            self._away(row)
            self.drop_dues([one for one in self._running.values() if one.task == task and one.kind != TIMER])
        for one in step.waiting:
            if one.task not in self._open:
                self._opened(TaskRow(self.row.id, one.task, one.activity, self.edition.post_of(one.lane), self.at))
        # A task opened and closed within one action is written once, closed.
        passing = {one.task: one for one in self.change.closed}
        self.change.opened = [passing.get(one.task, one) for one in self.change.opened]
        fresh = {one.task for one in self.change.opened}
        self.change.closed = [one for one in self.change.closed if one.task not in fresh]
        self._pause_or_go_on()

    def _counted(self, row: TaskRow) -> TaskRow:
        """A task that was done, with the working time it took, and counted."""
        made = replace(row, office_minutes=self._clocks.minutes(row.opened_at, self.at))
        self.change.counted.append(counting.task(self.row.process, made))
        return made

    def _away(self, row: TaskRow) -> None:
        """The file comes back from the applicant: the time there is not the office's."""
        if row.post == self._given_clocks.pauses(self.row) and row.opened_at > (self.row.received_at or ""):
            self.set(applicant_minutes=self.row.applicant_minutes + self._clocks.minutes(row.opened_at, self.at))

    def _ended(self) -> None:
        """What the service level keeps of a case that was received and is over now."""
        if self.row.received_at is None:
            return
        promised = self._running.get((WHOLE_CASE, PROMISE))
        end = self.edition.process.ends.get(self.row.end or "")
        answered = promised.at if promised is not None and end is not None and end.answers else None
        spent = self._clocks.minutes(self.row.received_at, self.at) - self.row.applicant_minutes
        self.set(promised=answered, office_minutes=max(0, spent))
        self.change.counted += counting.whole_case(self.row, self._given_clocks.pauses(self.row))

    def _opened(self, row: TaskRow) -> None:
        promised = self._clocks.due_of(row, self.row, list(self._running.values()))
        self.add_dues(promised.rows)
        self._open[row.task] = replace(row, due=promised.due)
        self.change.opened.append(self._open[row.task])

    def _pause_or_go_on(self) -> None:
        """The clocks of the case stand still while the applicant has the file, and are reckoned anew when it comes back."""
        post = self._given_clocks.pauses(self.row)
        changed = [one for one in (*self.change.opened, *self.change.closed) if one.post == post]
        if post is None or not changed:
            return
        self.drop_dues([one for one in self._running.values() if one.task == 0])
        now = {one.task: one for one in (*self.change.opened, *self.change.closed)}
        before = [one for one in self._given_clocks.tasks_of(self.row.id) if one.task not in now]
        self.add_dues(self._clocks.case_rows(self.row, [*before, *now.values()], parse_stamp(self.at)))

    def received(self) -> None:
        """The receipt was made: the promise to the applicant begins."""
        self.add_dues(self._clocks.received(self.row))

    def add_dues(self, rows: Sequence[DueRow]) -> None:
        """Due rows that begin."""
        self._running |= {(one.task, one.kind): one for one in rows}
        self.change.dues += rows

    def drop_dues(self, rows: Sequence[DueRow]) -> None:
        """Due rows that are over; one that began within this action is simply not written."""
        gone = {(one.task, one.kind) for one in rows}
        fresh = {(one.task, one.kind) for one in self.change.dues}
        self.change.dues = [one for one in self.change.dues if (one.task, one.kind) not in gone]
        self.change.dues_gone += sorted(gone - fresh)
        for key in gone:
            self._running.pop(key, None)

    def is_next(self, due: DueRow) -> bool:
        """True for the row of the case that is to be acted upon next: it still stands as it was claimed, and none fell due
        before it that another worker may hold. While a withdrawn case comes to its end nothing falls due any more."""
        if self.row.withdrawn_at is not None:
            return False
        before = [one for one in self._running.values() if one.fires and one.at <= self.at and _order(one) < _order(due)]
        return self._running.get((due.task, due.kind)) == due and not before

    def running_dues(self) -> list[DueRow]:
        """The due rows as they stand."""
        return list(self._running.values())

    def _effects(self, ordered: Sequence[Ordered]) -> None:
        until = stamp(parse_stamp(self.at) + timedelta(seconds=self._lease.seconds)) if self._lease else None
        for position, one in enumerate(ordered):
            self.change.effects.append({
                "case": self.row.id, "task": one.task, "position": position, "activity": one.activity,
                "operation": one.operation, "arguments": canonical_trusted(one.arguments), "ordered_at": self.at,
                "status": "ordered", "owner": self._lease.owner if self._lease else None, "lease_until": until,
                "next_try": None, "attempts": 1 if self._lease else 0, "cause": None})

    def _drawn_timers(self, step: Step) -> None:
        running = {one.task: one for one in step.timers if one.expression}
        self.drop_dues([one for one in self._running.values() if one.kind == TIMER and one.task not in running])
        began = parse_stamp(self.at)
        self.add_dues([DueRow(self.row.id, task, TIMER, one.activity, stamp(began + timer_length(one.expression)))
                       for task, one in sorted(running.items()) if task not in self._timers])
        self._timers = set(running)


def expected(case: str, step: Step) -> dict[str, Any]:
    """What replay compares beside the digest: effects (key, operation, digest of arguments) and waiting tasks."""
    return {
        "effects": [[f"{case}:{one.task}", one.operation, sha256(canonical_trusted(one.arguments))] for one in step.effects],
        "waiting": [[one.task, one.activity] for one in step.waiting]}


def _order(due: DueRow) -> tuple[str, int, str]:
    return (due.at, due.task, due.kind)


UNITS = {"D": "days", "H": "hours", "M": "minutes", "S": "seconds", "W": "weeks"}


def timer_length(expression: str) -> timedelta:
    """The length of a drawn timer: ISO 8601 with weeks, days, hours, minutes, seconds (calendar time, not working time)."""
    total, digits = timedelta(), ""
    text = expression.strip("'\" ")
    if not text.startswith("P"):
        raise EngineFault(f"timer {expression!r}")
    for sign in text[1:]:
        if sign.isdigit():
            digits += sign
        elif sign != "T":
            total, digits = total + timedelta(**{UNITS[sign]: int(digits)}), ""
    return total
