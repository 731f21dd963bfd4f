"""Which promises of a case run, until when, why, and do they stand still? For the pages of officers and applicants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.clock import parse_stamp
from engine.rules.explanation import Explanation
from engine.runtime.promises import Promises
from engine.store.cases import CaseRow, DueRow, TaskRow

TASK, GROUP, PROMISE, LEGAL = "tugas", "kelompok", "janji", "undang_undang"


@dataclass(frozen=True)
class Deadline:
    """One promise; `at` is None while its clock stands still. `endangered`: the legal limit is near or past."""

    kind: str
    activities: tuple[str, ...]
    limit: str
    at: datetime | None
    why: Explanation | None = None
    task: int = 0
    endangered: bool = False


@dataclass(frozen=True)
class Deadlines:
    """Every promise of a case, and since when the clocks of the case stand still because the applicant has the file."""

    every: tuple[Deadline, ...]
    paused_since: datetime | None

    def of_kind(self, kind: str) -> Deadline | None:
        """The promise to the applicant, the legal limit; None while there is none."""
        return next((one for one in self.every if one.kind == kind), None)

    @property
    def in_danger(self) -> Deadline | None:
        """The legal limit, when it is near or past: a warning; nothing is ever issued by itself."""
        return next((one for one in self.every if one.endangered), None)


@dataclass(frozen=True)
class Standing:
    """A case with its tasks and what is due for it."""

    row: CaseRow
    tasks: Sequence[TaskRow]
    dues: Sequence[DueRow]


def read(promises: Promises, standing: Standing, now: datetime) -> Deadlines:
    """The promises of a case. One that ended keeps only what the applicant was promised."""
    row, tasks, promises = standing.row, standing.tasks, promises.steady()
    away = [start for start, end in promises.absences(row, tasks) if end is None]
    if row.ended_at is not None:
        return Deadlines(tuple(_promise(promises, standing)), None)
    return Deadlines((*_tasks(promises, standing), *_groups(promises, standing), *_promise(promises, standing),
                      *_legal(promises, standing, now)), away[0] if away else None)


def _tasks(promises: Promises, standing: Standing) -> Iterator[Deadline]:
    for one in standing.tasks:
        if one.closed_at is None and one.due is not None:
            limit = promises.limit_of(standing.row, one.activity)
            yield Deadline(TASK, (one.activity,), str(limit or ""), parse_stamp(one.due), promises.why(standing.row, one),
                           one.task)


def _groups(promises: Promises, standing: Standing) -> Iterator[Deadline]:
    """The shared clocks that have begun and are not over: they run on, or stand still with the rest."""
    running = promises.shared(standing.dues)
    paused = any(end is None for _, end in promises.absences(standing.row, standing.tasks))
    begun = {one.activity for one in standing.tasks}
    for group in promises.limits(standing.row).groups:
        if group.id in running or paused and begun.intersection(group.activities):
            yield Deadline(GROUP, group.activities, str(group.limit), running.get(group.id),
                           promises.why_shared(standing.row, standing.tasks, group.id))


def _promise(promises: Promises, standing: Standing) -> Iterator[Deadline]:
    limit, row = promises.limits(standing.row).promise, standing.row
    if limit is not None and row.received_at is not None:
        yield Deadline(PROMISE, (), str(limit), promises.promised(row, standing.tasks),
                       promises.why_promised(row, standing.tasks))


def _legal(promises: Promises, standing: Standing, now: datetime) -> Iterator[Deadline]:
    limit, row = promises.legal_limit(standing.row), standing.row
    if limit is not None and row.received_at is not None:
        at = promises.legal(row, standing.tasks)
        endangered = at is not None and now >= promises.warned_from(row.edition, at)
        yield Deadline(LEGAL, (), str(limit), at, promises.why_legal(row, standing.tasks), endangered=endangered)
