"""When is the office open? Office hours, Ramadan, holidays and changed days as one frozen value, each with its decree.

A calendar is built from plain rows (`calendar_from`), never from a package at run time: an upgrade moves no promise.
Moments inside are whole microseconds of office time since 1 January of year 1 ("ticks"), days their number since then.
Keys of the rows are those of `processes/_shared/kalender.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from functools import cached_property
from typing import Any, TypeVar

from engine.errors import DefinitionRefused, TimeRefused

SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE
FRIDAY = 4
MOST_PLANS = 20_000
"""Days kept in memory per calendar (54 years)."""

Span = tuple[int, int]
"""Half-open [open, close) in ticks."""
Spans = tuple[Span, ...]

Row = TypeVar("Row", "Holiday", "Override")

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00", re.ASCII)


@dataclass(frozen=True)
class NewDay:
    """What an administrator types: a day, whether it is worked, own hours (none = the usual ones), and the decree."""

    day: date
    works: bool
    hours: list[list[str]] | None
    decree: str


@dataclass(frozen=True)
class Hours:
    """Office hours of a period of validity (None = open): spans within one day."""

    first: date | None
    last: date | None
    ramadan: bool
    usual: Spans
    friday: Spans
    decree: str

    def hold_on(self, on: date) -> bool:
        """True in the period of validity."""
        return (self.first is None or self.first <= on) and (self.last is None or on <= self.last)


@dataclass(frozen=True)
class Ramadan:
    """First and last day of a Ramadan, both inclusive."""

    first: date
    last: date
    decree: str


@dataclass(frozen=True)
class Holiday:
    """A national holiday or a day of joint leave."""

    on: date
    name: str
    decree: str


@dataclass(frozen=True)
class Override:
    """A day the office changed: `works` without spans takes the hours of that weekday and period."""

    on: date
    works: bool
    spans: Spans | None
    decree: str


@dataclass(frozen=True)
class Year:
    """Whether the holidays of a year are decreed, and by what."""

    year: int
    decreed: bool
    decree: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day as the office keeps it: when it is open, and why (or why not)."""

    on: date
    spans: Spans
    length: int
    closing: int
    reason: str
    ramadan: bool


@dataclass(frozen=True)
class Calendar:
    """The tables of one office. Equal tables are equal calendars."""

    zone: timezone
    hours: tuple[Hours, ...]
    ramadan: tuple[Ramadan, ...]
    holidays: Mapping[date, Holiday]
    overrides: Mapping[date, Override]
    years: Mapping[int, Year]
    _below: Calendar | None = field(default=None, repr=False, compare=False)
    _plans: dict[int, Day] = field(default_factory=dict, init=False, repr=False, compare=False)

    def ticks(self, at: datetime) -> int:
        """A moment in ticks of office time."""
        if at.tzinfo is None:
            raise TimeRefused("a moment without offset", advice="Waktu harus memuat selisih zona, misalnya +07:00.")
        since = at - self._start
        return (since.days * 86400 + since.seconds) * SECOND + since.microseconds

    def moment(self, ticks: int) -> datetime:
        """Ticks as a moment in the zone of the office."""
        try:
            return self._start + timedelta(microseconds=ticks)
        except OverflowError as fault:
            raise _beyond() from fault

    @cached_property
    def _start(self) -> datetime:
        return datetime.min.replace(tzinfo=self.zone)

    def date_of(self, at: datetime) -> date:
        """The calendar date of a moment, by the office's clock."""
        return _date(self.ticks(at) // DAY)

    def number(self, at: datetime) -> int:
        """The day number of a moment."""
        return self.ticks(at) // DAY

    def day(self, number: int) -> Day:
        """The plan of a day; computed once."""
        plan = self._plans.get(number)
        if plan is None:
            plan = self._planned(number)
            if len(self._plans) >= MOST_PLANS:
                self._plans.clear()
            self._plans[number] = plan
        return plan

    def on(self, day: date) -> Day:
        """The plan of a date."""
        return self.day(day.toordinal() - 1)

    def is_provisional(self, year: int) -> bool:
        """True while the holidays of that year are not decreed (or not known at all)."""
        return year not in self.years or not self.years[year].decreed

    def has_ramadan(self, year: int) -> bool:
        """False when no Ramadan of that year is in the table: it then has no Ramadan hours, and pages say so."""
        return any(one.first.year <= year <= one.last.year for one in self.ramadan)

    def with_overrides(self, overrides: Iterable[Override]) -> Calendar:
        """This calendar with further changed days; a later row for the same day wins."""
        added = {one.on: one for one in overrides}
        return replace(self, overrides={**self.overrides, **added}, _below=self) if added else self

    def _planned(self, number: int) -> Day:
        on = _date(number)
        override = self.overrides.get(on)
        if override is not None:
            return self._overridden(number, on, override)
        if self._below is not None:
            return self._below.day(number)
        if on.weekday() > FRIDAY:
            return _closed(on, "akhir pekan")
        holiday = self.holidays.get(on)
        if holiday is not None:
            return _closed(on, _with_decree(holiday.name, holiday.decree))
        return self._open(number, on, self._hours(on), "")

    def _overridden(self, number: int, on: date, override: Override) -> Day:
        if not override.works:
            return _closed(on, _with_decree("diliburkan", override.decree))
        spans = self._hours(on) if override.spans is None else override.spans
        return self._open(number, on, spans, _with_decree("ditetapkan sebagai hari kerja", override.decree))

    def _open(self, number: int, on: date, spans: Spans, reason: str) -> Day:
        start = number * DAY
        placed = tuple((start + opens, start + closes) for opens, closes in spans)
        length = sum(closes - opens for opens, closes in spans)
        return Day(on, placed, length, placed[-1][1], reason, self._in_ramadan(on))

    def _hours(self, on: date) -> Spans:
        fasting = self._in_ramadan(on)
        valid = [one for one in self.hours if one.hold_on(on) and (fasting or not one.ramadan)]
        best = max(valid, key=lambda one: (one.ramadan, one.first or date.min))
        return best.friday if on.weekday() == FRIDAY else best.usual

    def _in_ramadan(self, on: date) -> bool:
        return any(one.first <= on <= one.last for one in self.ramadan)


def _beyond() -> TimeRefused:
    return TimeRefused("beyond the years 1 to 9999", advice="Tanggal berada di luar kalender (tahun 1 sampai 9999).")


def _date(number: int) -> date:
    try:
        return date.fromordinal(number + 1)
    except (ValueError, OverflowError) as fault:
        raise _beyond() from fault


def _closed(on: date, reason: str) -> Day:
    return Day(on, (), 0, 0, reason, False)


def _with_decree(name: str, decree: str) -> str:
    return f"{name} ({decree})" if decree else name


def parse_spans(pairs: object) -> Spans:
    """[["07:30", "12:00"], …] as spans in order; TimeRefused when empty, malformed, reversed or overlapping."""
    if not isinstance(pairs, (list, tuple)) or not pairs:
        raise _bad_hours(pairs)
    spans = tuple(sorted(_span(pair) for pair in pairs))
    overlap = any(after[0] < before[1] for before, after in zip(spans, spans[1:], strict=False))
    if overlap or any(opens >= closes for opens, closes in spans):
        raise _bad_hours(pairs)
    return spans


def _span(pair: object) -> Span:
    if not isinstance(pair, (list, tuple)) or len(pair) != 2:
        raise _bad_hours(pair)
    return _minutes(pair[0]) * MINUTE, _minutes(pair[1]) * MINUTE


def _minutes(text: object) -> int:
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        raise _bad_hours(text)
    return int(text[:2]) * 60 + int(text[3:])


def _bad_hours(found: object) -> TimeRefused:
    return TimeRefused(f"not office hours: {found!r}",
                       advice="Jam kerja ditulis sebagai pasangan [[\"07:30\", \"12:00\"], …] tanpa tumpang tindih.")


def calendar_from(rows: Mapping[str, Any]) -> Calendar:
    """The calendar of parsed rows; DefinitionRefused says which table is wrong."""
    try:
        calendar = _calendar(rows)
    except (KeyError, TypeError, ValueError, AttributeError, TimeRefused) as fault:
        raise DefinitionRefused(f"calendar: {fault!r}",
                                advice=f"Tabel kalender tidak dapat dibaca ({fault}). Bandingkan dengan "
                                       "processes/_shared/kalender.toml.") from fault
    if not any(one.first is None and one.last is None and not one.ramadan for one in calendar.hours):
        raise DefinitionRefused("no base hours", advice="Tabel jam_kerja memerlukan satu baris “biasa” tanpa tanggal "
                                                        "mulai dan sampai, sebagai jam kerja dasar.")
    return calendar


def _calendar(rows: Mapping[str, Any]) -> Calendar:
    zone = rows["zona"]
    years = {int(one["tahun"]): Year(int(one["tahun"]), bool(one["ditetapkan"]), one.get("dasar", ""))
             for one in rows.get("tahun", ())}
    return Calendar(
        zone=timezone(timedelta(minutes=int(zone["selisih_menit"])), zone["nama"]),
        hours=tuple(_hours(one) for one in rows["jam_kerja"]),
        ramadan=tuple(Ramadan(_day(one["mulai"]), _day(one["sampai"]), one.get("dasar", ""))
                      for one in rows["ramadan"]),
        holidays=_unique(_holiday(one, years) for year in rows.get("tahun", ())
                         for one in (*year.get("libur", ()), *year.get("cuti_bersama", ()))),
        overrides=_unique(override_from(one) for one in rows.get("perubahan", ())),
        years=years)


def _unique(found: Iterable[Row]) -> dict[date, Row]:
    by_day: dict[date, Row] = {}
    for one in found:
        if one.on in by_day:
            raise ValueError(f"{one.on} tertulis dua kali")
        by_day[one.on] = one
    return by_day


def _hours(one: Mapping[str, Any]) -> Hours:
    if one["periode"] not in ("biasa", "ramadan"):
        raise ValueError(f"periode {one['periode']!r} bukan biasa atau ramadan")
    first, last = one.get("mulai"), one.get("sampai")
    return Hours(None if first is None else _day(first), None if last is None else _day(last),
                 one["periode"] == "ramadan", parse_spans(one["senin_kamis"]), parse_spans(one["jumat"]),
                 one.get("dasar", ""))


def _holiday(one: Mapping[str, Any], years: Mapping[int, Year]) -> Holiday:
    on = _day(one["tanggal"])
    return Holiday(on, one["nama"], one.get("dasar") or years[on.year].decree)


def override_from(one: Mapping[str, Any]) -> Override:
    """A changed day of rows: tanggal, jenis = "libur" | "kerja", jam (optional, only for kerja), dasar."""
    if one["jenis"] not in ("libur", "kerja"):
        raise ValueError(f"jenis {one['jenis']!r} bukan libur atau kerja")
    works, hours = one["jenis"] == "kerja", one.get("jam")
    if hours and not works:
        raise ValueError("hari libur tidak mempunyai jam kerja")
    return Override(_day(one["tanggal"]), works, None if hours is None or not works else parse_spans(hours),
                    one.get("dasar", ""))


def _day(value: object) -> date:
    """A TOML date; a datetime is not a date, and text is not guessed at."""
    if type(value) is not date:
        raise TypeError(f"{value!r} bukan tanggal")
    return value
