"""One action on one case while it is computed: events chained, state advanced, rows collected. Nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from engine.clock import Clock, parse_stamp, stamp
from engine.digest import canonical_trusted, sha256
from engine.errors import EngineFault
from engine.rules.people import Actor
from engine.runtime.advance import Ordered, Step
from engine.runtime.catalog import Edition
from engine.store import journal
from engine.store.cases import CaseChange, CaseRow, DueRow, TaskRow
from engine.store.journal import Head

TIMER = "timer"
"""Kind of due rows that fire a timer drawn in the diagram."""


@dataclass(frozen=True)
class Promised:
    """The due stamp of a task that opens, and due rows that begin with it."""

    due: str | None
    rows: Sequence[DueRow] = ()


DueOf = Callable[[TaskRow, CaseRow, Sequence[DueRow]], Promised]
"""The opening task, its case and the running due rows -> what is promised."""


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
    """The request that runs the effects it orders itself."""

    owner: str
    seconds: int


class Action:
    """The builder of one CaseChange."""

    def __init__(self, standing: Standing, row: CaseRow, clock: Clock, due_of: DueOf, lease: Lease | None = None) -> None:
        self.found = standing.found
        self.edition, self._clock, self._due_of, self._lease = standing.edition, clock, due_of, lease
        self.at = max(stamp(clock.now()), row.head_at)
        self.change = CaseChange(standing.row, row)
        self._open = {one.task: one for one in standing.open_tasks}
        self._dues_known = list(standing.dues)
        self._timers = {one.task for one in standing.dues if one.kind == TIMER}
        self.step: Step | None = None

    @property
    def row(self) -> CaseRow:
        """The case as it will be."""
        return self.change.after

    @property
    def timers(self) -> frozenset[int]:
        """The timers that run now."""
        return frozenset(self._timers)

    @property
    def open_tasks(self) -> list[TaskRow]:
        """The tasks that wait now."""
        return list(self._open.values())

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
        self._tasks(step, actor)
        self._effects(step.effects)
        self._dues(step)
        if step.ended:
            self.set(ended_at=self.at, end=step.end)
            self.change.running = frozenset()
            self.change.dues_gone += [(one.task, one.kind) for one in self._dues_known if one.kind != TIMER]

    def _chain(self, kind: str, actor: Actor, body: Mapping[str, Any], state_digest: str | None) -> None:
        happened = {"chain": self.row.id, "kind": kind, "at": self.at, "actor": actor.record(), "state_digest": state_digest}
        made = journal.entry(Head(self.row.seq, self.row.head, self.row.head_at), happened, body, self._clock.new_salt())
        self.change.entries.append(made)
        self.set(seq=made.event.seq, head=made.event.hash, head_at=self.at)

    def _tasks(self, step: Step, actor: Actor) -> None:
        waiting = {one.task: one for one in step.waiting}
        for task in [one for one in self._open if one not in waiting]:
            row = self._open.pop(task)
            self.change.closed.append(replace(row, closed_at=self.at, closed_by=actor.account, closed_seq=self.row.seq))
        for one in step.waiting:
            if one.task not in self._open:
                self._opened(TaskRow(self.row.id, one.task, one.activity, self.edition.post_of(one.lane), self.at))
        # A task opened and closed within one action is written once, closed.
        passing = {one.task: one for one in self.change.closed}
        self.change.opened = [passing.get(one.task, one) for one in self.change.opened]
        fresh = {one.task for one in self.change.opened}
        self.change.closed = [one for one in self.change.closed if one.task not in fresh]

    def _opened(self, row: TaskRow) -> None:
        promised = self._due_of(row, self.row, self._dues_known)
        self._dues_known += promised.rows
        self.change.dues += promised.rows
        self._open[row.task] = replace(row, due=promised.due)
        self.change.opened.append(self._open[row.task])

    def _effects(self, ordered: Sequence[Ordered]) -> None:
        until = stamp(parse_stamp(self.at) + timedelta(seconds=self._lease.seconds)) if self._lease else None
        for position, one in enumerate(ordered):
            self.change.effects.append({
                "case": self.row.id, "task": one.task, "position": position, "activity": one.activity,
                "operation": one.operation, "arguments": canonical_trusted(one.arguments), "ordered_at": self.at,
                "status": "ordered", "owner": self._lease.owner if self._lease else None, "lease_until": until,
                "next_try": None, "attempts": 1 if self._lease else 0, "cause": None})

    def _dues(self, step: Step) -> None:
        running = {one.task: one for one in step.timers}
        gone = self._timers - running.keys()
        self.change.dues_gone += [(task, TIMER) for task in sorted(gone)]
        for task in sorted(running.keys() - self._timers):
            one = running[task]
            self.change.dues.append(DueRow(self.row.id, task, TIMER, one.activity, stamp(
                parse_stamp(self.at) + timer_length(one.expression))))
        self._timers = set(running)


def expected(case: str, step: Step) -> dict[str, Any]:
    """What replay compares beside the digest: effects (key, operation, digest of arguments) and waiting tasks."""
    return {
        "effects": [[f"{case}:{one.task}", one.operation, sha256(canonical_trusted(one.arguments))] for one in step.effects],
        "waiting": [[one.task, one.activity] for one in step.waiting]}


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
