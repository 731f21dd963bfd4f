"""Attachments and documents: bytes on disk by hash, one folder per holder (a case, or an account that has no case yet).

Written to a temporary name, synced, then renamed: a file is whole or not there. Rows say what a file is called.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, select, update

from engine.digest import sha256
from engine.errors import NotFound, StoreUnavailable
from engine.store import statements, tables


@dataclass(frozen=True)
class FileRow:
    """A stored file of a holder. `taken` = canonical JSON of when and where a camera made it, if it said so."""

    holder: str
    sha256: str
    name: str
    type: str
    bytes: int
    stored_at: str
    by: str | None = None
    original: str | None = None
    taken: str | None = None
    key_id: str | None = None

    def value(self) -> dict[str, object]:
        """As a form value (formats.md 3)."""
        return {"name": self.name, "sha256": self.sha256, "bytes": self.bytes, "type": self.type}


class FileStore:
    """The folder of files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, holder: str, digest: str) -> Path:
        """Where a file lies."""
        return self.folder / holder[:2] / holder / digest

    def put(self, holder: str, content: bytes) -> str:
        """Keep bytes; the same bytes twice are one file. StoreUnavailable when the disk is full or gone."""
        digest = sha256(content)
        try:
            self._put(self.path(holder, digest), content)
        except OSError as fault:
            raise StoreUnavailable(errno.errorcode.get(fault.errno or 0, "")) from fault
        return digest

    def _put(self, place: Path, content: bytes) -> None:
        try:
            os.utime(place)   # young again: it may be an orphan that would be swept before its row is written
        except FileNotFoundError:
            place.parent.mkdir(parents=True, exist_ok=True)
            write_whole(place, content)

    def get(self, holder: str, digest: str) -> bytes:
        """The bytes; NotFound when they are gone."""
        try:
            return self.path(holder, digest).read_bytes()
        except FileNotFoundError as fault:
            raise NotFound(f"file {digest[:12]} of {holder}") from fault

    def remove(self, holder: str, digest: str) -> None:
        """Delete an orphan."""
        self.path(holder, digest).unlink(missing_ok=True)

    def folders(self, changed_since: float = 0) -> Iterator[Path]:
        """The folders of holders into which something was laid, or out of which it was taken, since then."""
        for shelf in sorted(one for one in self.folder.glob("*") if one.is_dir()):
            for one in sorted(os.scandir(shelf), key=lambda entry: entry.name):
                if one.stat().st_mtime >= changed_since:
                    yield Path(one.path)

    def all(self) -> Iterator[tuple[str, str, Path]]:
        """Every file as (holder, name on disk, path)."""
        for path in sorted(self.folder.glob("*/*/*")):
            yield path.parent.name, path.name, path


def write_whole(place: Path, content: bytes) -> None:
    """A file that is whole or not there, whenever the process dies."""
    half = place.with_name(f".{place.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        with open(half, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, place)
    except OSError:
        half.unlink(missing_ok=True)   # on a full disk the half that came through would stand in everybody's way
        raise


def register(connection: Connection, row: FileRow) -> FileRow:
    """Remember a file of a holder; one that is known already stays as it was first stored."""
    if statements.add_new(connection, tables.stored_file, row.__dict__):
        return row
    return find(connection, row.holder, row.sha256) or row


def find(connection: Connection, holder: str, digest: str) -> FileRow | None:
    """A file of a holder."""
    row = connection.execute(statements.by(tables.stored_file, ("holder", "sha256")),
                             {"holder": holder, "sha256": digest}).first()
    return _row(row) if row else None


def of_holder(connection: Connection, holder: str) -> list[FileRow]:
    """Every file of a holder, oldest first."""
    wanted = statements.by(tables.stored_file, ("holder",), ("stored_at", "sha256"))
    return [_row(row) for row in connection.execute(wanted, {"holder": holder})]


def everything(connection: Connection) -> list[FileRow]:
    """Every file of every holder."""
    table = tables.stored_file
    return [_row(row) for row in connection.execute(select(table).order_by(table.c.holder, table.c.sha256))]


def forget(connection: Connection, holder: str, digest: str) -> None:
    """Forget a file of a holder."""
    table = tables.stored_file
    connection.execute(delete(table).where(table.c.holder == holder, table.c.sha256 == digest))


def _row(row: Any) -> FileRow:
    return FileRow(**row._mapping)


def move(connection: Connection, holder: str, to: str) -> None:
    """Give a visitor's files to the case that came out of the visit (rows only; copy the bytes first)."""
    table = tables.stored_file
    connection.execute(update(table).where(table.c.holder == holder).values(holder=to))
