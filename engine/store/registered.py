"""What there is: counts and erasures, for whoever verifies an installation."""

from __future__ import annotations

from sqlalchemy import Connection, Table, func, select

from engine.store import tables


def counts(connection: Connection) -> tuple[int, int, int, int]:
    """Events, cases, files and documents."""
    def count(table: Table) -> int:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()
    return count(tables.event), count(tables.cases), count(tables.stored_file), count(tables.document)


def erased(connection: Connection, chain: str) -> frozenset[int]:
    """The steps of a chain whose payload was erased by decision."""
    table = tables.erasure.c
    return frozenset(connection.execute(select(table.seq).where(table.chain == chain)).scalars())
