"""What did a step of a scenario bring about? Everything that was not there after the step before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.authoring.stage import Stage
from engine.clock import local, parse_stamp
from engine.rules.scenario import Expected
from engine.runtime.catalog import Edition
from engine.runtime.promises import GROUP, TASK
from engine.store import cases, journal, messages, papers, receipts, register
from engine.store.cases import CaseRow, TaskRow
from engine.store.database import Connection
from engine.store.journal import Recorded
from engine.store.messages import CHAT, MessageRow
from engine.store.papers import DocumentRow
from engine.store.register import NumberRow

PROMISE = "janji"
KINDS = ("reminder", "escalated", "deadline_moved", "effect_failed")
ALARMS = {"reminder": "pengingat", "escalated": "eskalasi"}
REFUSALS = ("later", "failed", "refused")
"""Outcomes of a try that was no success."""


@dataclass
class Aftermath:
    """Looks around after each step. `told` = what was there already, `dues` = those that ran."""

    stage: Stage
    edition: Edition
    told: set[str] = field(default_factory=set)
    dues: dict[str, str] = field(default_factory=dict)

    def of(self, case: str) -> Expected:
        """The waiting tasks, and what is new since the step before."""
        with self.stage.database.reading() as connection:
            row, tasks = cases.find(connection, case), cases.tasks(connection, case)
            made = self._new(_documents(papers.of_case(connection, case)))
            letters = messages.of_case(connection, case)
            sent = self._new(_notices(letters))
            numbers = self._new(_numbers(register.of_case(connection, case)))
            events = journal.read_kinds(connection, case, KINDS)
            failed = self._new(dict([*_failures(events), *_unsent(connection, letters)]))
        waiting = [one for one in tasks if one.closed_at is None]
        return Expected(tuple(f"{one.activity}@{self._lane(one)}" for one in waiting), made, sent, numbers,
                        self._new(dict(_alarms(events))), self._new(dict(_moves(events))), failed,
                        self._moved(row, tasks, waiting), row.end if row else None)

    def _new(self, there: Mapping[str, str]) -> tuple[str, ...]:
        """What was not there after the step before: key -> word."""
        fresh = {key: word for key, word in there.items() if key not in self.told}
        self.told |= set(fresh)
        return tuple(fresh.values())

    def _moved(self, row: CaseRow | None, tasks: list[TaskRow], waiting: list[TaskRow]) -> dict[str, str]:
        """The due dates that were set or moved."""
        dues, before = self._running(row, tasks, waiting), self.dues
        self.dues = dues
        return {name.partition(":")[0]: at for name, at in dues.items() if before.get(name) != at}

    def _running(self, row: CaseRow | None, tasks: list[TaskRow], waiting: list[TaskRow]) -> dict[str, str]:
        """Every due date that runs: of open tasks (by task), of shared limits, of the promise."""
        found = {f"{one.activity}:{one.task}": local(parse_stamp(one.due)).isoformat() for one in waiting if one.due}
        if row is None or row.ended_at is not None:
            return found
        with self.stage.database.reading() as connection:
            running = cases.dues(connection, row.id)
        promised = self.stage.promises.promised(row, tasks)
        found |= {name: local(at).isoformat() for name, at in self.stage.promises.shared(running).items()}
        return found | ({PROMISE: local(promised).isoformat()} if promised else {})

    def _lane(self, task: TaskRow) -> str:
        activity = self.edition.diagram.activities[task.activity]
        lane = self.edition.process.lane_named(activity.lane)
        return lane.id if lane else "-"

    def stuck(self, case: str) -> tuple[str, ...]:
        """Automatic steps that did not end."""
        with self.stage.database.reading() as connection:
            rows = receipts.of_case(connection, case)
        left = [one for one in rows if one.status in ("ordered", "incident")]
        return tuple(f"{one.activity}: {one.cause or 'belum selesai'}" for one in left)


def _documents(rows: Iterable[DocumentRow]) -> dict[str, str]:
    made = {one.id: one.kind for one in rows}
    return made | {f"ttd {one.signed}": f"ttd {one.kind}" for one in rows if one.signed is not None}


def _notices(rows: Iterable[MessageRow]) -> dict[str, str]:
    """Effect -> notice: one notice to several people is one row for each, and counts once."""
    return {one.key.rpartition(":")[0] + one.channel: f"{CHAT} {one.notice}" if one.channel == CHAT else one.notice
            for one in rows}


def _numbers(rows: Iterable[NumberRow]) -> dict[str, str]:
    found = {f"{one.register}/{one.text}": one.register for one in rows}
    return found | {f"batal {one.register}/{one.text}": f"batal {one.register}" for one in rows if one.voided_at}


def _unsent(connection: Connection, rows: Iterable[MessageRow]) -> Iterator[tuple[str, str]]:
    """Messages whose send log holds a try without success."""
    for row in rows:
        if any(one.outcome in REFUSALS for one in messages.tries(connection, row.id)):
            yield f"gagal {row.id}", f"{row.channel}: {row.notice}"


def _failures(events: Iterable[Recorded]) -> Iterator[tuple[str, str]]:
    for one in events:
        if one.event.kind == "effect_failed":
            yield f"gagal {one.event.seq}", f"{one.body['activity']}: {one.body['code']}"


def _alarms(events: Iterable[Recorded]) -> Iterator[tuple[str, str]]:
    """Each threshold that was journaled, once for each post that was told."""
    for one in events:
        if one.event.kind in ALARMS:
            for post in one.body["posts"]:
                clock = _clock(one.body["clock"], one.body["activity"])
                yield f"ambang {one.event.seq} {post}", f"{ALARMS[one.event.kind]} {clock}@{post}"


def _moves(events: Iterable[Recorded]) -> Iterator[tuple[str, str]]:
    """Each clock that the journal says was moved."""
    for one in events:
        if one.event.kind == "deadline_moved":
            for number, move in enumerate(one.body["moves"]):
                yield f"geser {one.event.seq} {number}", _clock(move["clock"], move["activity"])


def _clock(clock: str, activity: str) -> str:
    return activity if clock == TASK else clock.removeprefix(GROUP)
