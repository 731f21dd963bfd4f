"""A database that breaks at a given statement, in the way its driver would say it.

A full disk and a lock that does not come are errors raised in place of the statement; a connection is lost in earnest: the
server ends it (PostgreSQL), or it is closed below the statement (SQLite). A full disk and a held lock in earnest are in
tests/engine/store/test_database.py.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import errors
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from engine.store.database import Connection, Database

FULL, LOCKED, LOST = KINDS = ("disk full", "lock time-out", "connection lost")
LITE = {FULL: ("database or disk is full", "SQLITE_FULL"), LOCKED: ("database is locked", "SQLITE_BUSY")}
LARGE = {FULL: errors.DiskFull, LOCKED: errors.LockNotAvailable}
ENDS_WITHIN = 5000
"""Milliseconds for a server process to end."""


@contextmanager
def failing_at(database: Database, number: int, kind: str, *, once: bool = False) -> Iterator[list[str]]:
    """The statement of this number breaks, and unless `once` all after it; the statements that were tried."""
    tried: list[str] = []

    def execute(cursor: Any, statement: str, *_rest: Any) -> None:
        tried.append(statement)
        if len(tried) == number or len(tried) > number and not once:
            _break(database, cursor, kind)
    names = ("do_execute", "do_executemany", "do_execute_no_params")
    for name in names:
        event.listen(database.server, name, execute)
    try:
        yield tried
    finally:
        for name in names:
            event.remove(database.server, name, execute)


@contextmanager
def failing_commits(database: Database, kind: str) -> Iterator[list[str]]:
    """No transaction comes to its end; one line for each that was tried."""
    tried: list[str] = []

    def commit(connection: Connection) -> None:
        tried.append("COMMIT")
        if kind == LOST:
            _cut(database, connection.connection.dbapi_connection)
        else:
            raise OperationalError("COMMIT", None, _fault(database, kind))
    event.listen(database.server, "commit", commit)
    try:
        yield tried
    finally:
        event.remove(database.server, "commit", commit)


def _break(database: Database, cursor: Any, kind: str) -> None:
    if kind != LOST:
        raise _fault(database, kind)
    _cut(database, cursor.connection)


def _fault(database: Database, kind: str) -> Exception:
    """As the driver would raise it."""
    if not database.lite:
        return LARGE[kind](kind)
    told, name = LITE[kind]
    fault = sqlite3.OperationalError(told)
    fault.sqlite_errorname = name
    return fault


def _cut(database: Database, connection: Any) -> None:
    """The statement that follows finds nobody at the other end."""
    if database.lite:
        connection.close()
        return
    if not connection.closed:
        with psycopg.connect(connection.info.dsn, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, %s)", (connection.info.backend_pid, ENDS_WITHIN))
