"""An office with very many cases, in rows only: finished ones of two years and open ones, as if people had worked on them.

Times are reckoned with the office's calendar for some models; every case is a copy of one with its own minutes.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, text

from engine.assembly import Engine
from engine.clock import parse_stamp, stamp
from engine.rules.people import Actor
from engine.rules.worktime import HOURS, Limit, after_working_days, after_working_minutes, due, parse_limit
from engine.runtime import counting
from engine.store import tables
from engine.store.cases import CaseRow, DueRow, TaskRow
from engine.store.service_level import Counted

MODELS, BATCH = 1200, 5000
DAYS_BACK, DAYS_OPEN = 730, 24
HOUR, DAY = 60, 450
RECEIVED_AFTER = 3
"""Steps before the receipt."""

ALARMS = ("janji!1", "janji!2", "hukum!1", "tugas!0", "tugas!1")


@dataclass(frozen=True)
class Step:
    """A user task of the way: its limit, and the minutes that it usually takes."""

    activity: str
    post: str
    limit: Limit | None
    usual: int


@dataclass(frozen=True)
class Crowd:
    """What was put in."""

    finished: int
    open: int
    tasks: int
    counts: int


@dataclass(frozen=True)
class Model:
    """A case as it could have gone: the row without its name, and its tasks."""

    row: CaseRow
    tasks: tuple[TaskRow, ...]


class Filling:
    """Fills one office."""

    def __init__(self, engine: Engine, process: str, seed: int) -> None:
        self.engine, self.edition, self.random = engine, engine.catalog.current(process), random.Random(seed)
        self.calendar, self.now = engine.promises.calendar, engine.clock.now()
        self.steps = list(self._steps())
        self.pattern = self._pattern()
        self.tasks = 0
        self.counted: Counter[Counted] = Counter()

    def _steps(self) -> Iterator[Step]:
        process = self.edition.process
        shared = {one: group.limit for group in process.groups for one in group.activities}
        for activity in self.edition.diagram.activities.values():
            if activity.kind == "userTask":
                said = process.limits.get(activity.id) or shared.get(activity.id)
                limit = parse_limit(said) if said else None
                length = DAY if limit is None else limit.amount * (HOUR if limit.unit == HOURS else DAY)
                yield Step(activity.id, self.edition.post_of(activity.lane), limit, max(10, length // 5))

    def _pattern(self) -> CaseRow:
        """A real case, whose state all copies share."""
        message = next(iter(self.edition.diagram.starts[1:]), None)
        return self.engine.cases.start(self.edition.process.id, message, Actor(None, None, "pemohon"))

    def fill(self, finished: int, opened: int) -> Crowd:
        """Put the cases in."""
        models = [self._model(self._moment(DAYS_BACK)) for _ in range(MODELS)]
        for first in range(0, finished, BATCH):
            self._write([self._copy(number, self.random.choice(models), ended=True)
                         for number in range(first, min(first + BATCH, finished))])
        begun = [self._model(self._moment(DAYS_OPEN)) for _ in range(MODELS)]
        for first in range(0, opened, BATCH):
            self._write([self._copy(finished + number, self.random.choice(begun), ended=False)
                         for number in range(first, min(first + BATCH, opened))])
        with self.engine.database.transaction() as connection:
            connection.execute(insert(tables.service_count), [one.__dict__ | {"count": many} for one, many in
                                                              self.counted.items()])
        self._settle()
        return Crowd(finished, opened, self.tasks, len(self.counted))

    def _settle(self) -> None:
        """Let the database look at its tables, as one that has been used for long has done."""
        with self.engine.database.transaction() as connection:
            connection.execute(text("ANALYZE"))

    def _moment(self, days: int) -> datetime:
        start = self.now - timedelta(days=self.random.uniform(1, days))
        return after_working_minutes(self.calendar, start, self.random.randint(1, DAY))

    def _model(self, start: datetime) -> Model:
        tasks, at = [], start
        for number, step in enumerate(self.steps, 1):
            spent = max(1, int(step.usual * self.random.lognormvariate(0, .6)))
            closed = after_working_minutes(self.calendar, at, spent)
            limit = due(self.calendar, at, step.limit) if step.limit else None
            tasks.append(TaskRow("", number << 20, step.activity, step.post, stamp(at), stamp(limit) if limit else None,
                                 closed_at=stamp(closed), closed_by="x", closed_seq=number, office_minutes=spent))
            at = closed
        received = str(tasks[RECEIVED_AFTER].closed_at)
        promised = after_working_days(self.calendar, parse_stamp(received), 14)
        office = sum(one.office_minutes or 0 for one in tasks[RECEIVED_AFTER + 1:])
        row = replace(self.pattern, started_at=stamp(start), submitted_at=tasks[1].closed_at, received_at=received,
                      ended_at=stamp(at), promised=stamp(promised), office_minutes=office,
                      applicant_minutes=self.random.choice((0, 0, 0, 300, 900)), end=next(iter(self.edition.process.ends)))
        return Model(row, tuple(tasks))

    def _copy(self, number: int, model: Model, *, ended: bool) -> Model:
        name = f"{number:026d}"
        row = replace(model.row, id=name, number=f"UJI-{number}", title=f"Usaha Rekaan {number}", place="Desa Rekaan")
        tasks = tuple(self._own(one, name) for one in model.tasks)
        if ended:
            return Model(replace(row, office_minutes=(row.office_minutes or 0) + self.random.randint(0, 90)), tasks)
        return self._unfinished(row, tasks)

    def _own(self, task: TaskRow, name: str) -> TaskRow:
        """The same task, some minutes longer."""
        more = self.random.randint(0, (task.office_minutes or 0) // 5)
        closed = parse_stamp(str(task.closed_at)) + timedelta(minutes=more)
        return replace(task, case=name, closed_at=stamp(closed), office_minutes=(task.office_minutes or 0) + more)

    def _unfinished(self, row: CaseRow, tasks: Sequence[TaskRow]) -> Model:
        """What has happened up to now; the step that is under way waits."""
        now = stamp(self.now)
        begun = [one for one in tasks if one.opened_at < now] or list(tasks[:1])
        waits = self.random.randint(0, len(begun) - 1)
        here = replace(begun[waits], closed_at=None, closed_by=None, closed_seq=None, office_minutes=None)
        received = row.received_at if waits > RECEIVED_AFTER else None
        return Model(replace(row, received_at=received, ended_at=None, end=None, promised=None, office_minutes=None),
                     (*begun[:waits], here))

    def _write(self, models: Sequence[Model]) -> None:
        tasks = [one for model in models for one in model.tasks]
        self.tasks += len(tasks)
        process, lane = self.edition.process.id, self.edition.process.applicant_lane
        self.counted.update(counting.task(process, one) for one in tasks if one.closed_at is not None)
        for model in models:
            if model.row.ended_at is not None:
                self.counted.update(counting.whole_case(model.row, lane.post if lane else None))
        dues = [one for model in models if model.row.ended_at is None for one in self._dues(model)]
        with self.engine.database.transaction() as connection:
            connection.execute(insert(tables.cases), [_columns(model.row) for model in models])
            connection.execute(insert(tables.task), [one.__dict__ | {"urgency": one.urgency} for one in tasks])
            if dues:
                connection.execute(insert(tables.due), [one.__dict__ for one in dues])

    def _dues(self, model: Model) -> Iterator[DueRow]:
        """The clocks of an open case, and alarms that lie far ahead."""
        task = model.tasks[-1]
        if model.row.received_at is not None:
            promised = stamp(after_working_days(self.calendar, parse_stamp(model.row.received_at), 14))
            yield DueRow(model.row.id, 0, "janji", "", promised, False)
            yield DueRow(model.row.id, 0, "hukum", "", promised, False)
        ahead = stamp(self.now + timedelta(days=400))
        for kind in ALARMS:
            yield DueRow(model.row.id, task.task if kind.startswith("tugas") else 0, kind, task.activity, ahead)


def _columns(row: CaseRow) -> dict[str, Any]:
    return row.__dict__ | {"head": bytes.fromhex(row.head)}
