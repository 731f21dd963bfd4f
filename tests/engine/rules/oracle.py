"""Brute force for worktime: time as one mark per second, stepped one by one over plain tables. Imports nothing of ours.

`tables` is the parsed kalender.toml; `overrides` maps a date to ("libur", None) or ("kerja", [[open, close], …] | None)
with times as "HH:MM". Moments are naive datetimes of office time with whole seconds.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

DAY = timedelta(days=1)
SECONDS = 86400
CLOSED, OPEN, AWAY = 0, 1, 2


class Office:
    """What every second of a day is, read from the tables."""

    def __init__(self, tables, overrides):
        self.overrides = overrides
        self.free = {row["tanggal"] for year in tables["tahun"] for row in year["libur"] + year["cuti_bersama"]}
        self.fasts = [(row["mulai"], row["sampai"]) for row in tables["ramadan"]]
        self.hours = {row["periode"]: row for row in tables["jam_kerja"]}

    def spans(self, on: date):
        """The opening hours of a date; empty when closed."""
        kind, own = self.overrides.get(on, (None, None))
        if kind == "libur" or kind is None and (on.weekday() >= 5 or on in self.free):
            return ()
        return tuple((seconds(opens), seconds(closes)) for opens, closes in (own or self.table_hours(on)))

    def table_hours(self, on: date):
        """The hours of a date as if it were a working day."""
        fasting = any(first <= on <= last for first, last in self.fasts)
        row = self.hours["ramadan" if fasting else "biasa"]
        return row["jumat"] if on.weekday() == 4 else row["senin_kamis"]

    def marks(self, on: date, pauses):
        """86,400 marks: closed, open, or open while the file is away."""
        marks = bytearray(opened(self.spans(on)))
        midnight = datetime.combine(on, time.min)
        for start, end in pauses:
            first, last = (min(SECONDS, max(0, int((at - midnight).total_seconds()))) for at in (start, end))
            marks[first:last] = marks[first:last].replace(bytes([OPEN]), bytes([AWAY]))
        return marks


@lru_cache(maxsize=256)
def opened(spans):
    """The marks of a day with these hours."""
    return bytes(any(opens <= second < closes for opens, closes in spans) for second in range(SECONDS))


def seconds(text):
    """07:30 as seconds since midnight."""
    return int(text[:2]) * 3600 + int(text[3:]) * 60


def due_hours(office, received, hours, pauses):
    """Step until n × 3600 open seconds outside of pauses have passed."""
    left, on, second = hours * 3600, received.date(), second_of(received)
    while True:
        marks = office.marks(on, pauses)
        if marks[second:].count(OPEN) >= left:
            break
        left -= marks[second:].count(OPEN)
        on, second = on + DAY, 0
    while left:
        left -= marks[second] == OPEN
        second += 1
    return datetime.combine(on, time.min) + timedelta(seconds=second)


def second_of(at):
    """Seconds since midnight."""
    return at.hour * 3600 + at.minute * 60 + at.second


def due_days(office, received, days, pauses):
    """Walk the dates; closing time of the n-th counted one, or of a later one while it lies in a pause."""
    on, counted = received.date(), 0
    while True:
        on += DAY
        if not office.spans(on) or any(start.date() < on <= end.date() for start, end in pauses):
            continue
        counted += 1
        closing = datetime.combine(on, time.min) + timedelta(seconds=office.spans(on)[-1][1])
        if counted >= days and not any(start <= closing < end for start, end in pauses):
            return closing


def elapsed(office, start, end, pauses):
    """Open seconds in [start, end): with the office, and with the applicant."""
    here = away = 0
    on = start.date()
    while on <= end.date():
        marks = office.marks(on, pauses)
        first = second_of(start) if on == start.date() else 0
        last = second_of(end) if on == end.date() else SECONDS
        here += marks[first:last].count(OPEN)
        away += marks[first:last].count(AWAY)
        on += DAY
    return here, away
