"""Uploads: judged, made safe and kept before anything else is decided, so that a faulty form loses none of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from engine.clock import Clock, stamp
from engine.digest import canonical
from engine.documents.workshop import accept_apart
from engine.errors import NotFound
from engine.marks import mark
from engine.rules.people import Actor
from engine.store import files, locks
from engine.store.database import Connection, Database, StoreUnavailable
from engine.store.files import FileRow, FileStore


@dataclass(frozen=True)
class Files:
    """Files of cases; a visitor who registers holds files under the name of the visit until the case is there."""

    database: Database
    clock: Clock
    store: FileStore

    def save_upload(self, holder: str, name: str, content: bytes, by: Actor) -> FileRow:
        """Judge and keep an upload; a Refusal of engine.documents.uploads says what is wrong with it."""
        accepted = accept_apart(name, content)
        row = self.laid_down(holder, accepted.name, accepted.bytes, accepted.type, by)
        taken = canonical(accepted.taken.record()).decode() if accepted.taken else None
        return self._registered(replace(row, original=accepted.original_sha256, taken=taken))

    def keep(self, holder: str, name: str, content: bytes, kind: str, by: Actor) -> FileRow:
        """Keep bytes that are known to be good."""
        return self._registered(self.laid_down(holder, name, content, kind, by))

    def laid_down(self, holder: str, name: str, content: bytes, kind: str, by: Actor) -> FileRow:
        """Bytes on disk and the row that is still to be registered, together with whatever refers to the file."""
        return FileRow(holder, self.store.put(holder, content), name[:200], kind, len(content), stamp(self.clock.now()),
                       by.account)

    def _registered(self, row: FileRow) -> FileRow:
        mark("file_not_registered")
        with self.database.transaction() as connection:
            return self.register(connection, row)

    def register(self, connection: Connection, row: FileRow) -> FileRow:
        """Register bytes that were laid down, inside the caller's transaction."""
        self._must_lie(connection, row.holder, [row.sha256])
        return files.register(connection, row)

    def _must_lie(self, connection: Connection, holder: str, digests: Iterable[str]) -> None:
        """StoreUnavailable for bytes that were swept meanwhile; from here on the sweep waits for the rows of this holder."""
        locks.hold(connection, shelf_of(holder))
        for one in digests:
            if not self.store.path(holder, one).exists():
                raise StoreUnavailable(f"file {one[:12]} was swept before it was registered")

    def values_of(self, holder: str) -> dict[str, dict[str, Any]]:
        """digest -> form value, for every file of a holder."""
        with self.database.reading() as connection:
            return {row.sha256: row.value() for row in files.of_holder(connection, holder)}

    def find(self, holder: str, digest: str) -> FileRow:
        """What a stored file is called; NotFound when the holder has none such."""
        with self.database.reading() as connection:
            row = files.find(connection, holder, digest)
        if row is None:
            raise NotFound(f"file {digest[:12]} of {holder}")
        return row

    def read(self, holder: str, digest: str) -> bytes:
        """The bytes of a stored file."""
        return self.store.get(holder, self.find(holder, digest).sha256)

    def adopt(self, holder: str, case: str) -> None:
        """Copy a visitor's files to the folder of the case; `hand_over` follows in the case's transaction."""
        with self.database.reading() as connection:
            rows = files.of_holder(connection, holder)
        for row in rows:
            self.store.put(case, self.store.get(holder, row.sha256))

    def hand_over(self, connection: Connection, holder: str, case: str) -> None:
        """Give the rows of adopted files to the case."""
        self._must_lie(connection, case, [row.sha256 for row in files.of_holder(connection, holder)])
        files.move(connection, holder, case)


def shelf_of(holder: str) -> str:
    """The lock under which files of a holder are registered or swept."""
    return f"files:{holder}"
