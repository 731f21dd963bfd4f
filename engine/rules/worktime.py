"""When is it due, and how long did it take? Working hours and working days by interval arithmetic over days.

`n jam` is n × 60 working minutes, due at the earliest instant at which they have passed. `n hari kerja` does not count
the date of receipt and is due at closing time of the n-th working day. A pause [from, to) is time in which the file is
with the applicant. Seconds are kept, nothing is rounded, and no moment depends on the zone of the machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.errors import TimeRefused
from engine.rules.calendars import DAY, MINUTE, Calendar, Span

HOURS = "jam"
DAYS = "hari kerja"
SHOWN_IN_DAYS = 8 * 60 * MINUTE
"""From this much working time on, what remains is told in days."""

Pause = tuple[datetime, datetime]
"""[from, to): the file is with the applicant."""

_LIMIT = re.compile(r"([1-9][0-9]{0,3}) (jam|hari kerja)")


@dataclass(frozen=True)
class Limit:
    """A time limit as the office says it: 1 jam, 7 hari kerja."""

    amount: int
    unit: str

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"


@dataclass(frozen=True)
class Elapsed:
    """Working time that passed at the office (petugas) and with the applicant (pemohon)."""

    office: timedelta
    applicant: timedelta


@dataclass(frozen=True)
class Remaining:
    """How far a due instant is: working days, hours or minutes (`unit`), ahead or behind."""

    late: bool
    amount: int
    unit: str


def parse_limit(text: object) -> Limit:
    """"7 hari kerja" or "1 jam" (1 to 9999); TimeRefused for anything else."""
    found = _LIMIT.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise TimeRefused(f"not a limit: {text!r}",
                          advice=f"Batas waktu {text!r} tidak dikenal. Tulis misalnya “1 jam” atau “7 hari kerja”.")
    return Limit(int(found[1]), found[2])


def due(calendar: Calendar, received: datetime, limit: Limit, pauses: Iterable[Pause] = ()) -> datetime:
    """The due instant of a limit."""
    if limit.unit == HOURS:
        return after_working_minutes(calendar, received, limit.amount * 60, pauses)
    return after_working_days(calendar, received, limit.amount, pauses)


def after_working_minutes(calendar: Calendar, received: datetime, minutes: int,
                          pauses: Iterable[Pause] = ()) -> datetime:
    """The earliest instant t such that the working time in [received, t) outside pauses is so many minutes."""
    start, left, idle = calendar.ticks(received), minutes * MINUTE, idle_spans(calendar, pauses)
    number = start // DAY
    while True:
        for opens, closes in busy_spans(calendar.day(number).spans, start, idle):
            if closes - opens >= left:
                return calendar.moment(opens + left)
            left -= closes - opens
        number += 1


def busy_spans(spans: Sequence[Span], start: int, idle: Sequence[Span]) -> Iterator[Span]:
    """The parts of a day's spans from `start` on that lie outside of the idle spans."""
    for opens, closes in spans:
        begin = max(opens, start)
        for pauses, resumes in idle:
            if pauses < closes and begin < resumes:
                if begin < pauses:
                    yield begin, pauses
                begin = resumes
        if begin < closes:
            yield begin, closes


def after_working_days(calendar: Calendar, received: datetime, days: int, pauses: Iterable[Pause] = ()) -> datetime:
    """Closing time of the n-th counted working day after the date of receipt, never inside a pause."""
    idle = [(calendar.ticks(start), calendar.ticks(end)) for start, end in _checked(pauses)]
    number, counted = calendar.number(received), 0
    while True:
        number += 1
        closing = calendar.day(number).closing
        if not closing or any(start // DAY < number <= end // DAY for start, end in idle):
            continue
        counted += 1
        if counted >= days and not any(start <= closing < end for start, end in idle):
            return calendar.moment(closing)


def idle_spans(calendar: Calendar, pauses: Iterable[Pause]) -> list[Span]:
    """The pauses as ticks, in order, overlapping ones joined, empty ones dropped."""
    joined: list[Span] = []
    for start, end in sorted((calendar.ticks(start), calendar.ticks(end)) for start, end in _checked(pauses)):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif start < end:
            joined.append((start, end))
    return joined


def _checked(pauses: Iterable[Pause]) -> Iterator[Pause]:
    for start, end in pauses:
        if end < start:
            raise TimeRefused(f"pause ends before it starts: {start} {end}",
                              advice="Jeda berakhir sebelum dimulai. Tukar kedua waktunya.")
        yield start, end


def working_time(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Working time in [start, end), whoever has the file."""
    return timedelta(microseconds=_working(calendar, calendar.ticks(start), calendar.ticks(end)))


def _working(calendar: Calendar, start: int, end: int) -> int:
    """Working ticks in [start, end)."""
    first, last = start // DAY, end // DAY
    if first == last:
        return _within(calendar, first, start, end)
    between = sum(calendar.day(number).length for number in range(first + 1, last))
    return _within(calendar, first, start, end) + between + _within(calendar, last, start, end)


def _within(calendar: Calendar, number: int, start: int, end: int) -> int:
    return sum(max(0, min(closes, end) - max(opens, start)) for opens, closes in calendar.day(number).spans)


def working_minutes(calendar: Calendar, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> Elapsed:
    """Working time in [start, end): outside pauses (petugas) and inside them (pemohon), exact to the microsecond."""
    begin, finish = calendar.ticks(start), calendar.ticks(end)
    if finish < begin:
        raise TimeRefused("ends before it starts", advice="Waktu akhir mendahului waktu mulai. Tukar keduanya.")
    clipped = ((max(begin, out), min(finish, back)) for out, back in idle_spans(calendar, pauses))
    applicant = sum(_working(calendar, out, back) for out, back in clipped if out < back)
    office = _working(calendar, begin, finish) - applicant
    return Elapsed(timedelta(microseconds=office), timedelta(microseconds=applicant))


def before(calendar: Calendar, at: datetime, limit: Limit) -> datetime:
    """So long before an instant: the latest t with n × 60 working minutes in [t, at), or the closing time of the
    n-th working day before its date. For reminders."""
    if limit.unit == DAYS:
        return _days_before(calendar, at, limit.amount)
    end, left = calendar.ticks(at), limit.amount * 60 * MINUTE
    number = end // DAY
    while True:
        for opens, closes in reversed(calendar.day(number).spans):
            length = max(0, min(closes, end) - opens)
            if length >= left:
                return calendar.moment(opens + length - left)
            left -= length
        number -= 1


def _days_before(calendar: Calendar, at: datetime, days: int) -> datetime:
    number = calendar.number(at)
    while days:
        number -= 1
        days -= bool(calendar.day(number).closing)
    return calendar.moment(calendar.day(number).closing)


def remaining(calendar: Calendar, now: datetime, due_at: datetime) -> Remaining:
    """How far away a due instant is, in the unit a person would use. Behind it, the time is late."""
    late = now > due_at
    start, end = sorted((calendar.ticks(now), calendar.ticks(due_at)))
    length = _working(calendar, start, end)
    days = sum(bool(calendar.day(number).closing) for number in range(start // DAY + 1, end // DAY + 1))
    if days and length >= SHOWN_IN_DAYS:
        return Remaining(late, days, "hari")
    if length >= 60 * MINUTE:
        return Remaining(late, length // (60 * MINUTE), "jam")
    return Remaining(late, -(-length // MINUTE), "menit")
