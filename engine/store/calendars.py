"""The office's calendar: tables seeded once, days changed and whole tables taken over by decree; nothing is taken back out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import Connection, func, insert, select, update

from engine.digest import canonical, parse_trusted, sha256
from engine.store import locks, tables

SEED = 1


@dataclass(frozen=True, kw_only=True)
class Decreed:
    """A change of the calendar: its number, by which decree, when, by whom; `reckoned_at` = due dates recomputed."""

    number: int = 0
    decree: str
    set_at: str
    set_by: str | None = None
    reckoned_at: str | None = None


@dataclass(frozen=True, kw_only=True)
class DayChange(Decreed):
    """One day. `hours` = [["07:30", "12:00"], …] or None for the usual ones."""

    day: str
    works: bool
    hours: list[list[str]] | None


@dataclass(frozen=True, kw_only=True)
class TablesChange(Decreed):
    """All tables; tables_before() the next number gives them."""


Made = TypeVar("Made", DayChange, TablesChange)


def seed(connection: Connection, rows: Mapping[str, Any], at: str) -> bool:
    """Keep the first tables; False when there are some already, so that a new release moves no promise."""
    locks.hold(connection, "kalender")
    if connection.execute(SEEDED).first() is not None:
        return False
    connection.execute(insert(tables.calendar_seed), {"id": SEED, "body": canonical(rows), "seeded_at": at})
    return True


CHANGE = tables.calendar_change
SEEDED = select(tables.calendar_seed.c.body).where(tables.calendar_seed.c.id == SEED)
VERSION = select(func.coalesce(func.max(CHANGE.c.number), 0))
CHANGES = select(*(one for one in CHANGE.c if one.name != "tables")).order_by(CHANGE.c.number)
TAKEN = select(CHANGE.c.tables).where(CHANGE.c.tables.is_not(None)).order_by(CHANGE.c.number.desc()).limit(1)


def tables_before(connection: Connection, number: int | None = None) -> bytes | None:
    """The tables in force before a change (None = in force now), as kept: taken over last, else seeded, else None."""
    taken = TAKEN if number is None else TAKEN.where(CHANGE.c.number < number)
    row = connection.execute(taken).first() or connection.execute(SEEDED).first()
    return bytes(row[0]) if row else None


def digests(connection: Connection) -> dict[int, str]:
    """number -> digest of the tables taken over under it."""
    taken = select(CHANGE.c.number, CHANGE.c.tables).where(CHANGE.c.tables.is_not(None)).order_by(CHANGE.c.number)
    return {row.number: sha256(bytes(row.tables)) for row in connection.execute(taken)}


def version(connection: Connection) -> int:
    """How many changes there were so far."""
    return int(connection.execute(VERSION).scalar_one())


def changes(connection: Connection) -> list[DayChange | TablesChange]:
    """Every change in the order of the decrees."""
    return [_change(dict(row._mapping)) for row in connection.execute(CHANGES)]


def _change(row: dict[str, Any]) -> DayChange | TablesChange:
    day, works, hours = (row.pop(name) for name in ("day", "works", "hours"))
    if day is None:
        return TablesChange(**row)
    return DayChange(day=day, works=works, hours=parse_trusted(hours.encode()) if hours else None, **row)


def add(connection: Connection, wanted: DayChange) -> DayChange:
    """Keep a changed day under the next number."""
    hours = canonical(wanted.hours).decode() if wanted.hours else None
    return _keep(connection, wanted, {"day": wanted.day, "works": wanted.works, "hours": hours})


def take_over(connection: Connection, wanted: TablesChange, body: bytes) -> TablesChange | None:
    """Keep whole tables under the next number; None when they are in force already."""
    locks.hold(connection, "kalender")
    if tables_before(connection) == body:
        return None
    return _keep(connection, wanted, {"tables": body})


def _keep(connection: Connection, wanted: Made, what: Mapping[str, Any]) -> Made:
    locks.hold(connection, "kalender")
    made = replace(wanted, number=version(connection) + 1)
    connection.execute(insert(CHANGE), {**made.__dict__, **what})
    return made


def reckoned(connection: Connection, up_to: int, at: str) -> None:
    """The open due dates follow the changes up to this number."""
    connection.execute(update(CHANGE).where(CHANGE.c.number <= up_to, CHANGE.c.reckoned_at.is_(None)).values(reckoned_at=at))


def unreckoned(connection: Connection) -> int | None:
    """The newest change that open due dates do not follow yet."""
    return connection.execute(select(func.max(CHANGE.c.number)).where(CHANGE.c.reckoned_at.is_(None))).scalar_one_or_none()
