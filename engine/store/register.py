"""Number registers: gap-free, one live number per case and register; a void keeps its row and its reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, insert, select, update

from engine.store import statements, tables


@dataclass(frozen=True)
class NumberRow:
    """One number of a register."""

    register: str
    year: int
    sequence: int
    text: str
    case: str
    key: str
    reserved_at: str
    voided_at: str | None = None
    reason: str | None = None


NUMBER = tables.number.c
LAST = select(func.max(NUMBER.sequence)).where(NUMBER.register == bindparam("register"), NUMBER.year == bindparam("year"))
INSERT = insert(tables.number)


def live(connection: Connection, register: str, case: str) -> NumberRow | None:
    """The live number of a case in a register."""
    row = connection.execute(statements.by(tables.number, ("register", "case"), where_null="voided_at"),
                             {"register": register, "case": case}).first()
    return NumberRow(**row._mapping) if row else None


def of_effect(connection: Connection, register: str, case: str, key: str) -> NumberRow | None:
    """The number of a register that an effect took, live or voided."""
    row = connection.execute(statements.by(tables.number, ("register", "case", "key")),
                             {"register": register, "case": case, "key": key}).first()
    return NumberRow(**row._mapping) if row else None


def reserve(connection: Connection, wanted: NumberRow, write: Callable[[int], str]) -> NumberRow:
    """Take the next number; `write(sequence)` gives its text. The caller's transaction notes it on the office's chain."""
    last = connection.execute(LAST, {"register": wanted.register, "year": wanted.year}).scalar_one_or_none()
    sequence = (last or 0) + 1
    row = wanted.__dict__ | {"sequence": sequence, "text": write(sequence)}
    connection.execute(INSERT, row)
    return NumberRow(**row)


def void(connection: Connection, number: NumberRow, at: str, reason: str) -> None:
    """Void a live number."""
    table = tables.number
    connection.execute(update(table).where(
        table.c.register == number.register, table.c.year == number.year, table.c.sequence == number.sequence,
        table.c.voided_at.is_(None)).values(voided_at=at, reason=reason))


def of_case(connection: Connection, case: str) -> list[NumberRow]:
    """Every number a case ever had."""
    table = tables.number
    rows = connection.execute(select(table).where(table.c.case == case).order_by(table.c.reserved_at, table.c.register))
    return [NumberRow(**row._mapping) for row in rows]


def listed(connection: Connection, register: str, year: int) -> list[NumberRow]:
    """A register's numbers of a year in order."""
    table = tables.number
    rows = connection.execute(select(table).where(table.c.register == register, table.c.year == year)
                              .order_by(table.c.sequence))
    return [NumberRow(**row._mapping) for row in rows]
