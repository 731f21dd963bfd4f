"""Deployed editions: every file of a process as it was put into force, kept for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select

from engine.digest import canonical, sha256
from engine.store import tables


@dataclass(frozen=True)
class EditionRow:
    """A deployed process; `number` counts the editions of one process from 1."""

    hash: str
    process: str
    meaning: str
    deployed_at: str
    deployed_by: str | None
    number: int


def edition_hash(files: Mapping[str, bytes]) -> str:
    """SHA-256 of the canonical list [[path, sha256(bytes)] …], sorted by path (formats.md 4)."""
    return sha256(canonical([[path, sha256(content)] for path, content in sorted(files.items())]))


def save(connection: Connection, row: EditionRow, files: Mapping[str, bytes]) -> None:
    """Keep an edition and its files."""
    connection.execute(insert(tables.edition).values(**row.__dict__))
    connection.execute(insert(tables.edition_file),
                       [{"edition": row.hash, "path": path, "content": content} for path, content in sorted(files.items())])


def next_number(connection: Connection, process: str) -> int:
    """The number of the next edition of a process."""
    table = tables.edition.c
    last = connection.execute(select(func.max(table.number)).where(table.process == process)).scalar_one_or_none()
    return (last or 0) + 1


def _row(row: Any) -> EditionRow:
    return EditionRow(**row._mapping)


def find(connection: Connection, wanted: str) -> EditionRow | None:
    """An edition by hash."""
    row = connection.execute(select(tables.edition).where(tables.edition.c.hash == wanted)).first()
    return _row(row) if row else None


def listed(connection: Connection) -> list[EditionRow]:
    """Every edition, process by process, newest last."""
    table = tables.edition
    return [_row(row) for row in connection.execute(select(table).order_by(table.c.process, table.c.number))]


def files(connection: Connection, wanted: str) -> dict[str, bytes]:
    """The files of an edition."""
    table = tables.edition_file.c
    rows = connection.execute(select(table.path, table.content).where(table.edition == wanted).order_by(table.path))
    return {row.path: row.content for row in rows}
