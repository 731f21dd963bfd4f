"""The connection: one transaction per action, on SQLite or PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from select import POLLIN, poll
from typing import Any

from sqlalchemy import Connection, create_engine, event, func, inspect, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    InvalidatePoolError,
    OperationalError,
    StatementError,
)
from sqlalchemy.pool import StaticPool

from engine.errors import CannotRun, LostRace, NotStorable, Refusal, StoreUnavailable

__all__ = ["Connection", "Database", "StoreUnavailable"]

BUSY_SECONDS = 20
"""How long a writer waits for the one before it."""

CONNECT_SECONDS = 10
"""How long a server may take to answer the door."""

BACKENDS = ("sqlite", "postgresql")
"""Databases that an office can live in."""

RACES = {"23505", "40001", "40P01", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
"""What the databases call it when two writers met: a key that exists by now, a snapshot too old, a deadlock."""


class Database:
    """One database of an office. `reading()` sees what is committed, `transaction()` writes all or nothing."""

    def __init__(self, url: str, *, synchronous: str = "FULL") -> None:
        self.url: URL = _address(url)
        self.lite = self.url.get_backend_name() == "sqlite"
        self.server = create_engine(_with_driver(self.url), **_options(self.url, self.lite))
        if self.lite:
            _prepare_sqlite(self.server, synchronous)
        else:
            _prepare_postgresql(self.server)

    @property
    def path(self) -> Path | None:
        """The file of an SQLite database on disk."""
        return Path(self.url.database) if self.lite and self.url.database not in (None, "", ":memory:") else None

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A write transaction; on SQLite the single writer's (BEGIN IMMEDIATE)."""
        with _told(), self.server.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Statements that only read: of one moment on SQLite; on PostgreSQL each sees what is committed when it begins, so
        that none has to be opened and closed around it."""
        options = {} if self.lite else {"isolation_level": "AUTOCOMMIT"}
        with _told(), self.server.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """One view of everything, however long it is read and whatever is written meanwhile."""
        options = {} if self.lite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with _told(), self.server.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    def reachable(self) -> None:
        """CannotRun when nobody answers at the URL or the folder is not writable."""
        try:
            with self.server.connect() as connection:
                inspect(connection).get_table_names()
        except DBAPIError as fault:
            place = self.path or self.url.render_as_string(hide_password=True)
            raise CannotRun(str(type(fault.orig)), advice=f"Basis data {place} tidak dapat dibuka. Periksa alamat dan izin "
                                                          "tulis foldernya.") from fault

    def clock(self) -> datetime | None:
        """The time of the database's own machine; None for a file on this one."""
        if self.lite:
            return None
        with self.reading() as connection:
            told: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
            return told

    def close(self) -> None:
        """Give every connection back."""
        self.server.dispose()


def _address(url: str) -> URL:
    """The address of a database; CannotRun for one that is none, without repeating it: a password may stand in it."""
    try:
        found = make_url(url)
    except (ArgumentError, ValueError):
        raise _no_address() from None   # the fault's own words repeat the address
    if found.get_backend_name() not in BACKENDS:
        raise _no_address()
    return found


def _no_address() -> CannotRun:
    advice = ("IZIN_DATABASE_URL bukan alamat basis data yang dikenal. Tulis seperti "
              "postgresql://izin:sandi@tuan-rumah/izin, atau kosongkan untuk SQLite.")
    return CannotRun("no database address", advice=advice)


@contextmanager
def _told() -> Iterator[None]:
    """Faults of the database as refusals: who met another writer tries again, a person reads a sentence."""
    try:
        yield
    except StatementError as fault:
        told = _refusal(fault)
        if told is None:
            raise
        raise told from fault


def _refusal(fault: StatementError) -> Refusal | None:
    if isinstance(fault.orig, Refusal):
        return fault.orig
    name = type(fault.orig).__name__
    if (getattr(fault.orig, "sqlstate", None) or getattr(fault.orig, "sqlite_errorname", "")) in RACES:
        return LostRace(name)
    if isinstance(fault, DataError):
        return NotStorable(name)
    lost = isinstance(fault, DBAPIError) and fault.connection_invalidated
    return StoreUnavailable(name) if lost or isinstance(fault, OperationalError) else None


def _with_driver(url: URL) -> URL:
    return url.set(drivername="postgresql+psycopg") if url.get_backend_name() == "postgresql" else url


def _options(url: URL, lite: bool) -> dict[str, Any]:
    if not lite:
        ours = {"connect_timeout": CONNECT_SECONDS, "application_name": "izin"}
        return {"pool_use_lifo": True, "pool_size": 8, "max_overflow": 8,
                "connect_args": {name: value for name, value in ours.items() if name not in url.query}}
    given: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False}}
    if url.database in (None, "", ":memory:"):
        given["poolclass"] = StaticPool
    return given


def _prepare_sqlite(server: Any, synchronous: str) -> None:
    """WAL, foreign keys, and transactions begun by us: the driver's own would begin too late (after the first read)."""
    @event.listens_for(server, "connect")
    def opened(raw: Any, _record: Any) -> None:
        raw.isolation_level = None
        for pragma in ("journal_mode=WAL", f"synchronous={synchronous}", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS}000"):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(server, "begin")
    def begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        try:
            connection.connection.cursor().execute("BEGIN IMMEDIATE" if writes else "BEGIN")
        except sqlite3.OperationalError as fault:   # the driver's own word, since it was asked past the library
            raise StoreUnavailable(type(fault).__name__) from fault


def _prepare_postgresql(server: Any) -> None:
    """A writer waits for another one as long as on SQLite, then says so; never for ever. A connection that was cut while it
    rested is replaced: a server that hangs up says so on the line, where nothing else is to be heard between transactions."""
    @event.listens_for(server, "connect")
    def opened(raw: Any, _record: Any) -> None:
        raw.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
        raw.commit()

    @event.listens_for(server, "checkout")
    def lent(raw: Any, _record: Any, _proxy: Any) -> None:
        if raw.closed or _heard(raw.fileno()):
            raise InvalidatePoolError


def _heard(line: int) -> bool:
    """True when something came in."""
    listening = poll()
    listening.register(line, POLLIN)
    return bool(listening.poll(0))
