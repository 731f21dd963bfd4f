"""Mengapa tanggal ini? The way from receipt to due instant, day by day, in Indonesian, each day with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from engine.rules import language
from engine.rules.calendars import DAY, MINUTE, Calendar, Day, Span
from engine.rules.worktime import HOURS, Limit, Pause, busy_spans, due, idle_spans

PROVISIONAL = "kalender belum ditetapkan"


@dataclass(frozen=True)
class DayLine:
    """One day: counted or not, what it adds ("hari ke-3", "40 menit"), why, and the hours of the office."""

    on: date
    counted: bool
    adds: str
    why: str
    hours: str

    def __str__(self) -> str:
        mark = self.adds if self.counted else "tidak dihitung"
        reasons = "".join(f"; {part}" for part in (self.why, self.hours) if part)
        return f"{language.day_and_date(self.on)}: {mark}{reasons}"


@dataclass(frozen=True)
class Explanation:
    """A due instant and how it came about, in the zone of the office."""

    zone: tzinfo
    received: datetime
    limit: Limit
    due: datetime
    days: tuple[DayLine, ...]
    notes: tuple[str, ...]

    def lines(self) -> list[str]:
        """The whole explanation as text."""
        head = [f"Diterima: {language.moment(self.received, self.zone)}", f"Batas waktu: {self.limit}"]
        tail = [f"Jatuh tempo: {language.moment(self.due, self.zone)}"]
        return [*head, *map(str, self.days), *tail, *(f"Catatan: {note}" for note in self.notes)]


def explain(calendar: Calendar, received: datetime, limit: Limit, pauses: Iterable[Pause] = ()) -> Explanation:
    """Every day from receipt to due, with holidays, joint leave, changed days, pauses and hours."""
    kept = tuple(pauses)
    end = due(calendar, received, limit, kept)
    days = _hour_days if limit.unit == HOURS else _working_days
    lines = tuple(days(calendar, received, end, kept))
    return Explanation(calendar.zone, received, limit, end, lines, _notes(calendar, received, end))


def _working_days(calendar: Calendar, received: datetime, end: datetime,
                  pauses: Sequence[Pause]) -> Iterator[DayLine]:
    first, counted = calendar.number(received), 0
    yield _line(calendar.day(first), False, "", "hari diterima")
    for number in range(first + 1, _last(calendar, end) + 1):
        day = calendar.day(number)
        held = any(calendar.number(start) < number <= calendar.number(back) for start, back in pauses)
        counts = bool(day.spans) and not held
        counted += counts
        yield _line(day, counts, f"hari kerja ke-{counted}", _why(day, held, _closes_in_pause(calendar, day, pauses)))


def _last(calendar: Calendar, end: datetime) -> int:
    """The day that a due instant ends; midnight ends the day before it."""
    return (calendar.ticks(end) - 1) // DAY


def _closes_in_pause(calendar: Calendar, day: Day, pauses: Sequence[Pause]) -> bool:
    return any(calendar.ticks(start) <= day.closing < calendar.ticks(back) for start, back in pauses)


def _why(day: Day, held: bool, closes_in_pause: bool) -> str:
    if day.spans and held:
        return "berkas ada pada pemohon"
    if day.spans and closes_in_pause:
        return "saat tutup kantor berkas ada pada pemohon, sehingga batas tidak jatuh di hari ini"
    return day.reason


def _hour_days(calendar: Calendar, received: datetime, end: datetime, pauses: Sequence[Pause]) -> Iterator[DayLine]:
    start, stop, idle = calendar.ticks(received), calendar.ticks(end), idle_spans(calendar, pauses)
    for number in range(start // DAY, _last(calendar, end) + 1):
        day = calendar.day(number)
        used = _used(day, start, stop, idle)
        held = any(out < day.closing and day.spans[0][0] < back for out, back in idle) if day.spans else False
        why = "sebagian waktu berkas ada pada pemohon" if held and used else _why(day, held, False)
        yield _line(day, used > 0, f"{_minutes(used)} terpakai", why or ("" if used else "di luar jam kerja"))


def _used(day: Day, start: int, stop: int, idle: Sequence[Span]) -> int:
    """Working ticks of a day between start and stop, outside of pauses."""
    return sum(max(0, min(closes, stop) - opens) for opens, closes in busy_spans(day.spans, start, idle))


def _minutes(ticks: int) -> str:
    hours, left = divmod(ticks, 60 * MINUTE)
    parts = [f"{hours} jam"] if hours else []
    minutes, rest = divmod(left, MINUTE)
    parts += [f"{minutes} menit"] if minutes else []
    seconds = f"{rest / 1_000_000:.6f}".rstrip("0").rstrip(".").replace(".", ",")
    return " ".join([*parts, *([f"{seconds} detik"] if rest else [])])


def _line(day: Day, counted: bool, adds: str, why: str) -> DayLine:
    return DayLine(day.on, counted, adds if counted else "", why, hours_of(day))


def hours_of(day: Day) -> str:
    """The office hours of a day: pukul 07.30–12.00, 13.00–16.00."""
    if not day.spans:
        return ""
    midnight = (day.on.toordinal() - 1) * DAY
    spans = spans_of([(opens - midnight, closes - midnight) for opens, closes in day.spans])
    return f"pukul {spans}" + (" (jam Ramadan)" if day.ramadan else "")


def spans_of(spans: Iterable[Span]) -> str:
    """Spans within a day, in ticks since midnight: 07.30–12.00, 13.00–16.00."""
    return ", ".join(f"{_clock(opens)}–{_clock(closes)}" for opens, closes in spans)


def _clock(ticks: int) -> str:
    hours, minutes = divmod(ticks // MINUTE, 60)
    return f"{hours:02}.{minutes:02}"


def _notes(calendar: Calendar, received: datetime, end: datetime) -> tuple[str, ...]:
    years = range(calendar.date_of(received).year, calendar.date_of(end).year + 1)
    return tuple(f"{PROVISIONAL} untuk tahun {year}; tanggal ini masih dapat bergeser."
                 for year in years if calendar.is_provisional(year))
