"""Is the office keeping its promises, where does work wait, how long does it take? Each number leads to its cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from engine.clock import WIB, Clock, local, stamp
from engine.rules.calendars import Calendar
from engine.rules.deadlines import LEGAL, PROMISE, near_until
from engine.runtime.catalog import Catalog
from engine.runtime.promises import clocks_of
from engine.store import service_level as store
from engine.store.database import Connection, Database
from engine.store.service_level import IN_TIME, KINDS, LATE, Bar, Drill, Now, Open

__all__ = ["KINDS", "Drill", "DrillPage", "MonthLine", "Overview", "Period", "ServiceLevel", "Spread", "StepLine"]

MONTHS = 12
"""Months of a trend."""


@dataclass(frozen=True)
class Period:
    """Whole months of the office, both inclusive: 2026-01 to 2026-03."""

    first: str
    last: str

    @property
    def months(self) -> list[str]:
        """Every month of the period, oldest first."""
        found = [self.first]
        while found[-1] < self.last:
            found.append(after(found[-1], 1))
        return found

    @property
    def since(self) -> str:
        """The stamp at which the period begins."""
        return _begins(self.first)

    @property
    def until(self) -> str:
        """The stamp at which it is over."""
        return _begins(after(self.last, 1))


def after(month: str, count: int) -> str:
    """So many months later, or earlier."""
    number = int(month[:4]) * 12 + int(month[5:]) - 1 + count
    return f"{number // 12:04}-{number % 12 + 1:02}"


def _begins(month: str) -> str:
    return stamp(datetime(int(month[:4]), int(month[5:]), 1, tzinfo=WIB))


@dataclass(frozen=True)
class Spread:
    """What was finished: how many, in time, late, and the working minutes of the middle one and of the slowest tenth."""

    count: int = 0
    in_time: int = 0
    late: int = 0
    median: int | None = None
    ninetieth: int | None = None
    mean: float | None = None

    @property
    def share(self) -> float | None:
        """The part in time of what had a limit."""
        judged = self.in_time + self.late
        return self.in_time / judged if judged else None


def spread(bars: Iterable[Bar]) -> Spread:
    """The spread of what was counted."""
    kept = sorted(bars, key=lambda one: one.minutes)
    count = sum(one.count for one in kept)
    if not count:
        return Spread()
    return Spread(count, _many(kept, IN_TIME), _many(kept, LATE), percentile(kept, count, 50), percentile(kept, count, 90),
                  sum(one.minutes * one.count for one in kept) / count)


def _many(bars: Sequence[Bar], verdict: str) -> int:
    return sum(one.count for one in bars if one.verdict == verdict)


def percentile(bars: Sequence[Bar], count: int, part: int) -> int:
    """The smallest minutes that so many of a hundred do not exceed (nearest rank); `bars` in order of minutes."""
    rank, seen = -(-count * part // 100), 0
    for one in bars:
        seen += one.count
        if seen >= rank:
            return one.minutes
    raise ValueError("no such rank")


@dataclass(frozen=True)
class StepLine:
    """One step at one post: what waits there now, and what was done in the period."""

    activity: str
    post: str
    open: int
    today: int
    late: int
    oldest: str | None
    done: Spread


@dataclass(frozen=True)
class Overview:
    """A process in a period. `cases` and `applicant`: working time of ended cases at the office and with the applicant."""

    period: Period
    steps: tuple[StepLine, ...]
    cases: Spread
    applicant: Spread
    open_cases: int
    late_promises: int
    near_legal: int


@dataclass(frozen=True)
class MonthLine:
    """One month of a trend."""

    month: str
    done: Spread


@dataclass(frozen=True)
class DrillPage:
    """One page of the tasks or cases behind a number."""

    lines: tuple[Any, ...]
    total: int


@dataclass(frozen=True)
class ServiceLevel:
    """Reads the service level; always as fresh as the last write."""

    database: Database
    clock: Clock
    catalog: Catalog
    calendar: Callable[[], Calendar]

    def this_month(self) -> str:
        """The office's month."""
        return local(self.clock.now()).strftime("%Y-%m")

    def overview(self, process: str, period: Period) -> Overview:
        """Everything that the page of a process shows."""
        near = self.near(process)
        with self.database.reading() as connection:
            bars = store.finished(connection, process, period.months)
            waiting = store.open_tasks(connection, process, self._now())
            running = store.open_cases(connection, process)
            late, endangered = self._clocks(connection, process, near)
        edition = self.catalog.current(process)
        applicant = edition.process.applicant_lane
        whole = [one for one in bars if not one.activity]
        return Overview(period, tuple(_steps(list(edition.diagram.activities), bars, waiting)),
                        spread(one for one in whole if not one.post),
                        spread(one for one in whole if applicant is not None and one.post == applicant.post),
                        running, late, endangered)

    def _clocks(self, connection: Connection, process: str, near: str) -> tuple[int, int]:
        return (store.clocks_before(connection, process, PROMISE, stamp(self.clock.now())),
                store.clocks_before(connection, process, LEGAL, near))

    def trend(self, process: str, activity: str = "", last: str = "") -> list[MonthLine]:
        """A year of one step, or of whole cases, month by month."""
        last = last or self.this_month()
        months = Period(after(last, 1 - MONTHS), last).months
        with self.database.reading() as connection:
            found = store.by_month(connection, process, months, activity)
        return [MonthLine(month, spread(bar for when, bar in found if when == month and (activity or not bar.post)))
                for month in months]

    def near(self, process: str) -> str:
        """Before which moment a legal limit is near: as the thresholds of the process say, so that lists and flags agree."""
        plan = [row for _, row in clocks_of(self.catalog.current(process).process).plan.get(LEGAL, ())]
        return stamp(near_until(self.calendar(), self.clock.now(), plan))

    def behind(self, wanted: Drill, period: Period) -> DrillPage:
        """The tasks or cases behind a number."""
        until = self.near(wanted.process) if wanted.kind == "dekat_batas" else period.until
        drill = replace(wanted, since=period.since, until=until, at=self._now())
        with self.database.reading() as connection:
            total = store.total(connection, drill, period.months)
            lines = store.rows(connection, drill) if (drill.page - 1) * drill.size < total else []
        return DrillPage(tuple(lines), total)

    def _now(self) -> Now:
        now = self.clock.now()
        tomorrow = local(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return Now(stamp(now), stamp(tomorrow))


def _steps(order: Sequence[str], bars: Sequence[Bar], waiting: Sequence[Open]) -> Iterator[StepLine]:
    """Every step that has something to tell, in the order of the diagram; steps of older editions come last."""
    done: dict[tuple[str, str], list[Bar]] = {}
    for bar in bars:
        done.setdefault((bar.activity, bar.post), []).append(bar)
    now = {(one.activity, one.post): one for one in waiting}
    places = {activity: place for place, activity in enumerate(order)}
    for key in sorted({*done, *now}, key=lambda one: (places.get(one[0], len(places)), one)):
        if key[0]:
            one = now.get(key) or Open(*key, 0, 0, 0, "")
            yield StepLine(*key, one.many, one.today, one.late, one.oldest or None, spread(done.get(key, ())))
