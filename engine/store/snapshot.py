"""Rows out of one database and into another, table by table, in lines that are the same for SQLite and PostgreSQL.

One line is one row: a JSON array in the order of the columns, raw bytes as base64. Lines follow the primary key byte by
byte, so that the same rows give the same digest wherever they lie. Columns are read from the database itself and not from
this release's tables: an office is also copied at an older revision, before it is brought to this one.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, LargeBinary, MetaData, Select, String, Table, and_, func, insert, select

from engine.digest import canonical_trusted, parse_trusted, sha256
from engine.store import tables

PASSING = {"alembic_version", "attempt", "session"}
"""What is not carried along: sign-ins (everyone signs in again), counted tries, and the mark of the schema itself."""

WITHHELD = {"setting": ("name", ("frasa_sandi_contoh",))}
"""Rows that hold a secret in clear: the passphrase that a demo shows."""

BATCH = 500


@dataclass(frozen=True)
class TableFacts:
    """One table as copied: its columns (`raw` = bytes, as base64), how many rows, and the digest of their lines."""

    name: str
    columns: tuple[str, ...]
    raw: tuple[str, ...]
    rows: int
    sha256: str


def carried(connection: Connection) -> list[Table]:
    """The tables that are copied, as the database describes them."""
    found = MetaData()
    found.reflect(connection)
    return [table for name, table in sorted(found.tables.items()) if name not in PASSING]


def is_empty(connection: Connection) -> bool:
    """True when no table holds a row."""
    return not any(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in carried(connection))


class Outgoing:
    """The lines of one table; `facts` is whole once they were read to the end."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection, self.table = connection, table
        self._digest, self.rows = hashlib.sha256(), 0

    def __iter__(self) -> Iterator[bytes]:
        raw = [position for position, column in enumerate(self.table.columns) if is_raw(column)]
        for row in self._connection.execute(_in_order(self._connection, self.table), execution_options={"yield_per": BATCH}):
            line = _line(list(row), raw)
            self._digest.update(line)
            self.rows += 1
            yield line

    @property
    def facts(self) -> TableFacts:
        """What the manifest says about this table."""
        return _facts(self.table, self.rows, self._digest.hexdigest())


def _facts(table: Table, rows: int, digest: str) -> TableFacts:
    """Names as plain text: the library's own kind of text is more than a file should hold."""
    columns = tuple(table.columns)
    return TableFacts(str(table.name), tuple(str(one.name) for one in columns),
                      tuple(str(one.name) for one in columns if is_raw(one)), rows, digest)


def facts(connection: Connection) -> list[TableFacts]:
    """Every carried table with its count and digest, nothing kept."""
    found = []
    for table in carried(connection):
        outgoing = Outgoing(connection, table)
        for _ in outgoing:
            pass
        found.append(outgoing.facts)
    return found


def is_raw(column: Any) -> bool:
    """True for a column of bytes."""
    return isinstance(column.type, LargeBinary)


def _in_order(connection: Connection, table: Table) -> Select[Any]:
    wanted = select(table).order_by(*(_bytewise(connection, column) for column in table.primary_key.columns))
    if table.name in WITHHELD:
        column, secret = WITHHELD[table.name]
        wanted = wanted.where(table.c[column].not_in(secret))
    return wanted


def _bytewise(connection: Connection, column: Any) -> Any:
    """A server sorts words by its language unless told otherwise; a file sorts them by their bytes."""
    words = isinstance(column.type, String) and connection.dialect.name == "postgresql"
    return column.collate("C") if words else column


def _line(values: list[Any], raw: Sequence[int]) -> bytes:
    for position in raw:
        if values[position] is not None:
            values[position] = base64.b64encode(values[position]).decode()
    return canonical_trusted(values) + b"\n"


class Incoming:
    """Takes the lines of one table into a database, in batches; `rows` = how many came."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection, self._table, self.rows = connection, table, 0
        self.columns = tuple(str(column.name) for column in table.columns)
        self._raw = [column.name for column in table.columns if is_raw(column)]

    def take(self, lines: Iterable[bytes]) -> None:
        """Insert every line. ValueError for one that is no row of this table."""
        waiting = iter(lines)
        while batch := [self._row(line) for line in islice(waiting, BATCH)]:
            self._connection.execute(insert(self._table), batch)
            self.rows += len(batch)

    def _row(self, line: bytes) -> dict[str, Any]:
        row = dict(zip(self.columns, parse_trusted(line), strict=True))
        for name in self._raw:
            if row[name] is not None:
                row[name] = base64.b64decode(row[name], validate=True)
        return row


# --- what proves that two databases tell the same


@dataclass(frozen=True)
class Standing:
    """The heads of all chains and the digests of all states, each as one digest over their list."""

    chains: int
    heads: str
    cases: int
    states: str


def standing(connection: Connection) -> Standing:
    """Where every chain and every case stands."""
    heads, states = _Sum(), _Sum()
    for row in connection.execute(_heads(connection), execution_options={"yield_per": BATCH}):
        heads.add([row.chain, row.seq, row.hash.hex()])
    table = tables.cases.c
    ordered = select(table.id, table.state).order_by(_bytewise(connection, table.id))
    for row in connection.execute(ordered, execution_options={"yield_per": BATCH}):
        states.add([row.id, sha256(row.state)])
    return Standing(heads.count, heads.digest.hexdigest(), states.count, states.digest.hexdigest())


def _heads(connection: Connection) -> Select[Any]:
    table = tables.event.c
    last = select(table.chain, func.max(table.seq).label("seq")).group_by(table.chain).subquery()
    return select(table.chain, table.seq, table.hash).join(
        last, and_(last.c.chain == table.chain, last.c.seq == table.seq)).order_by(_bytewise(connection, table.chain))


class _Sum:
    def __init__(self) -> None:
        self.digest, self.count = hashlib.sha256(), 0

    def add(self, line: list[Any]) -> None:
        self.digest.update(canonical_trusted(line) + b"\n")
        self.count += 1


def files(connection: Connection) -> Iterator[tuple[str, str]]:
    """Holder and digest of every registered file, in order."""
    table = tables.stored_file.c
    ordered = select(table.holder, table.sha256).order_by(_bytewise(connection, table.holder), table.sha256)
    for row in connection.execute(ordered, execution_options={"yield_per": BATCH}):
        yield row.holder, row.sha256
