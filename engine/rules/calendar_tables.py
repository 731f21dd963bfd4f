"""What do other tables of a calendar say otherwise? Table by table in the office's words, for who takes them over.

Rows are those of `processes/_shared/kalender.toml`, parsed; calendar_from() reads them into what counts time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.rules.calendars import Calendar, Hours, Override, calendar_from
from engine.rules.explanation import spans_of
from engine.rules.language import date_range, day_and_date, long_date

ALWAYS = date(1970, 1, 1)
"""Before every case: where a table without a first day begins."""

Days = tuple[tuple[date, str], ...]


@dataclass(frozen=True)
class Table:
    """One table in words; `begins` = the first day it is about (None = its `days` say so); days with their names."""

    says: str
    begins: date | None = None
    days: Mapping[date, str] = field(default_factory=dict)
    decrees: tuple[str, ...] = ()


@dataclass(frozen=True)
class Difference:
    """A table that differs: its name, what it says now and then ("" = nothing), the days, the decrees of the new one."""

    name: str
    now: str
    then: str
    closed: Days
    opened: Days
    renamed: Days
    decrees: tuple[str, ...]
    first: date | None
    """The first day that may be kept otherwise; None when only words differ."""


def differences(now: Mapping[str, Any], then: Mapping[str, Any]) -> list[Difference]:
    """Where the rows `then` differ from the rows `now`; empty when they say the same. DefinitionRefused as calendar_from()."""
    before, after = tables_of(now), tables_of(then)
    return [_difference(name, before.get(name, []), after.get(name, []))
            for name in {**before, **after} if before.get(name) != after.get(name)]


def first_day(found: Iterable[Difference]) -> date | None:
    """The first day that may be kept otherwise; None when nothing moves."""
    return min((one.first for one in found if one.first is not None), default=None)


def decrees(found: Iterable[Difference]) -> list[str]:
    """What the new tables rest on, each named once."""
    return list(dict.fromkeys(decree for one in found for decree in one.decrees))


def validity(one: Hours) -> str:
    """sejak 1 Januari 2027 sampai 30 Juni 2027; "" for hours that always hold."""
    parts = (f"sejak {long_date(one.first)}" if one.first else "", f"sampai {long_date(one.last)}" if one.last else "")
    return " ".join(filter(None, parts))


def tables_of(rows: Mapping[str, Any]) -> dict[str, list[Table]]:
    """Every table of the rows under its name; those of one name (a second Ramadan in a year) stand together."""
    found: dict[str, list[Table]] = {}
    for name, table in _named(rows, calendar_from(rows)):
        found.setdefault(name, []).append(table)
    return found


def _named(rows: Mapping[str, Any], calendar: Calendar) -> Iterator[tuple[str, Table]]:
    zone = rows["zona"]
    yield "Zona waktu", Table(f"{zone['nama']}, {zone['selisih_menit']} menit dari UTC", ALWAYS)
    for hours in calendar.hours:
        name = f"Jam kerja {'Ramadan' if hours.ramadan else 'biasa'} {validity(hours)}".rstrip()
        yield name, Table(f"Senin–Kamis {spans_of(hours.usual)}; Jumat {spans_of(hours.friday)}", hours.first or ALWAYS,
                          decrees=_named_only(hours.decree))
    for fast in calendar.ramadan:
        yield f"Ramadan {fast.first.year}", Table(date_range(fast.first, fast.last), fast.first,
                                                  decrees=_named_only(fast.decree))
    for year in rows.get("tahun", ()):
        yield f"Tahun {int(year['tahun'])}", _year(year)
    for change in calendar.overrides.values():
        yield day_and_date(change.on), Table(_kept(change), change.on, decrees=_named_only(change.decree))


def _year(year: Mapping[str, Any]) -> Table:
    free, leave = year.get("libur", ()), year.get("cuti_bersama", ())
    days = {one["tanggal"]: (one["nama"], *_named_only(one.get("dasar", ""))) for one in (*free, *leave)}
    known = "sudah ditetapkan" if year["ditetapkan"] else "belum ditetapkan"
    return Table(f"{len(free)} hari libur, {len(leave)} cuti bersama; {known}", None,
                 {on: " · ".join(words) for on, words in days.items()},
                 (*_named_only(year.get("dasar", "")), *(decree for _, *own in days.values() for decree in own)))


def _kept(change: Override) -> str:
    if not change.works:
        return "libur"
    return f"hari kerja, {'jam biasa' if change.spans is None else 'pukul ' + spans_of(change.spans)}"


def _named_only(decree: str) -> tuple[str, ...]:
    return (decree,) if decree else ()


def _difference(name: str, now: list[Table], then: list[Table]) -> Difference:
    before, after = _days(now), _days(then)
    closed = tuple((on, text) for on, text in after.items() if on not in before)
    opened = tuple((on, text) for on, text in before.items() if on not in after)
    moved = [one for one in (*now, *then) if one not in now or one not in then]
    firsts = [on for on, _ in (*closed, *opened)] + [one.begins for one in moved if one.begins is not None]
    return Difference(
        name, _says(now), _says(then), closed, opened,
        tuple((on, text) for on, text in after.items() if before.get(on, text) != text),
        tuple(dict.fromkeys(decree for one in then for decree in one.decrees)), min(firsts, default=None))


def _days(tables: Iterable[Table]) -> dict[date, str]:
    return {on: text for one in tables for on, text in sorted(one.days.items())}


def _says(tables: Iterable[Table]) -> str:
    return "; ".join(one.says for one in tables)
