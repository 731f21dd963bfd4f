"""The office's calendar: seeded once, then changed day by day by decree; nothing is ever taken back out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from engine.digest import canonical, parse_trusted
from engine.store import locks, tables

SEED = 1


@dataclass(frozen=True)
class DayChange:
    """One day set by decree. `hours` = [["07:30", "12:00"], …] or None for the usual ones; `reckoned_at` = dues recomputed."""

    number: int
    day: str
    works: bool
    hours: list[list[str]] | None
    decree: str
    set_at: str
    set_by: str | None = None
    reckoned_at: str | None = None


def seed(connection: Connection, rows: Mapping[str, Any], at: str) -> bool:
    """Keep the first tables; False when there are some already, so that a new release moves no promise."""
    locks.hold(connection, "kalender")
    if seeded(connection) is not None:
        return False
    connection.execute(insert(tables.calendar_seed), {"id": SEED, "body": canonical(rows), "seeded_at": at})
    return True


def seeded(connection: Connection) -> dict[str, Any] | None:
    """The tables as they were seeded."""
    row = connection.execute(select(tables.calendar_seed.c.body).where(tables.calendar_seed.c.id == SEED)).first()
    return parse_trusted(row.body) if row else None


VERSION = select(func.coalesce(func.max(tables.calendar_change.c.number), 0))
CHANGES = select(tables.calendar_change).order_by(tables.calendar_change.c.number)


def version(connection: Connection) -> int:
    """How many days were changed so far."""
    return int(connection.execute(VERSION).scalar_one())


def changes(connection: Connection) -> list[DayChange]:
    """Every changed day in the order of the decrees."""
    return [DayChange(**(dict(row._mapping) | {"hours": parse_trusted(row.hours.encode()) if row.hours else None}))
            for row in connection.execute(CHANGES)]


def add(connection: Connection, wanted: DayChange) -> DayChange:
    """Keep a change under the next number."""
    locks.hold(connection, "kalender")
    made = DayChange(**(wanted.__dict__ | {"number": version(connection) + 1}))
    hours = canonical(made.hours).decode() if made.hours else None
    connection.execute(insert(tables.calendar_change), made.__dict__ | {"hours": hours})
    return made


def reckoned(connection: Connection, up_to: int, at: str) -> None:
    """The open due dates follow the changes up to this number."""
    table = tables.calendar_change
    connection.execute(update(table).where(table.c.number <= up_to, table.c.reckoned_at.is_(None)).values(reckoned_at=at))


def unreckoned(connection: Connection) -> int | None:
    """The newest change that open due dates do not follow yet."""
    table = tables.calendar_change.c
    return connection.execute(select(func.max(table.number)).where(table.reckoned_at.is_(None))).scalar_one_or_none()
