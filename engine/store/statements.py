"""Statements built once: building one costs eight times what running it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, CursorResult, Select, Table, Update, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite


@lru_cache(512)
def _updating(table: Table, keys: tuple[str, ...], columns: tuple[str, ...]) -> Update:
    statement = update(table).values({table.c[name]: bindparam(f"new_{name}") for name in columns})
    return statement.where(*(table.c[name] == bindparam(f"old_{name}") for name in keys))


def change(connection: Connection, table: Table, keys: Mapping[str, Any], columns: Mapping[str, Any]) -> int:
    """UPDATE table SET columns WHERE every key is as given; how many rows."""
    statement = _updating(table, tuple(keys), tuple(columns))
    given = {f"old_{name}": value for name, value in keys.items()} | {f"new_{name}": value for name, value in columns.items()}
    return connection.execute(statement, given).rowcount


@lru_cache(512)
def by(table: Table, keys: tuple[str, ...], order: tuple[str, ...] = (), where_null: str = "") -> Select[Any]:
    """SELECT every column WHERE the keys are as given (bound by their names), in order; `where_null` must be NULL."""
    statement = select(table).where(*(table.c[name] == bindparam(name) for name in keys))
    if where_null:
        statement = statement.where(table.c[where_null].is_(None))
    return statement.order_by(*(table.c[name] for name in order))


@lru_cache(64)
def _removing(table: Table, keys: tuple[str, ...]) -> Any:
    return delete(table).where(*(table.c[name] == bindparam(name) for name in keys))


def remove(connection: Connection, table: Table, **keys: Any) -> CursorResult[Any]:
    """DELETE FROM table WHERE every key is as given."""
    return connection.execute(_removing(table, tuple(keys)), keys)


def remove_all(connection: Connection, table: Table, keys: Sequence[Mapping[str, Any]]) -> None:
    """remove() for many rows at once."""
    if keys:
        connection.execute(_removing(table, tuple(keys[0])), list(keys))


INSERTS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
"""Insertions that know what to do about a key that exists."""


def upsert(connection: Connection, table: Table) -> Any:
    """An insertion to be given `on_conflict_do_nothing` or `on_conflict_do_update`: two writers that meet never fail."""
    return INSERTS[connection.dialect.name](table)


def add_new(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """INSERT a row whose key is new; False (and nothing written) when somebody wrote that key before."""
    kept = upsert(connection, table).values(**row).on_conflict_do_nothing().returning(*table.primary_key.columns)
    return connection.execute(kept).first() is not None
