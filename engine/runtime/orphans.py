"""Files that nobody registered: a process died between laying bytes down and the commit that names them.

A signed file without its receipt is the one that matters: it is deleted and the case's journal says so (formats.md 6).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.clock import Clock
from engine.errors import NotFound
from engine.rules.people import SYSTEM
from engine.runtime.action import Action
from engine.runtime.files import shelf_of
from engine.runtime.transitions import Transitions
from engine.store import directory, files, journal, locks
from engine.store.database import Connection, Database
from engine.store.files import FileStore, write_whole

log = logging.getLogger(__name__)

KIND = "document_signed"
MARK, SETTING = ".kantor", "kantor"
"""The file in the folder and the setting in the database that say: these two belong together."""

SENTENCE = "Berkas yang tidak sempat dicatat karena layanan terputus telah dihapus."


@dataclass
class Orphans:
    """Sweeps the file store of one office. A round looks only into folders that changed since the one before."""

    database: Database
    clock: Clock
    transitions: Transitions
    store: FileStore
    lease_seconds: int
    _looked: datetime | None = field(default=None, repr=False)
    _newest: float = field(default=0.0, repr=False)

    def sweep_when_due(self) -> int:
        """A sweep when the last one is a lease ago; how many files were deleted."""
        if self._looked is not None and self._looked <= self.clock.now() < self._looked + self._grace:
            return 0   # a clock that was set back must not wait for the moment it came from
        return self.sweep()

    def sweep(self) -> int:
        """Delete what lies unregistered for longer than a lease; how many files that were.

        Nothing is deleted where folder and database are not known to belong together: next to an empty or another
        database every file would look like an orphan.
        """
        now = self.clock.now()
        if not self._belong_together():
            self._looked = now
            log.error("files of another office", extra={"action": "orphan_swept"})
            return 0
        self._looked = now
        # By the clock of the folders themselves, which need not be ours. What was too young last time is looked at again.
        changed = list(self.store.folders(self._newest - 2 * self.lease_seconds))
        self._newest = max((_changed_at(one) for one in changed), default=self._newest)
        return sum(self._swept(path, now) for folder in changed for path in self._orphans(folder, now))

    def _belong_together(self) -> bool:
        """True when the mark in the folder is this database's; the first sweep of a new office makes both."""
        mark = self.store.folder / MARK
        with self.database.transaction() as connection:
            locks.hold(connection, SETTING)   # two workers that begin at once must not each think of a mark
            known = directory.setting(connection, SETTING)
            if known is None and not mark.exists():
                known = self.clock.new_id()
                directory.save_setting(connection, SETTING, known)
        try:
            if known is not None and not mark.exists():
                mark.parent.mkdir(parents=True, exist_ok=True)
                write_whole(mark, known.encode())
            return known is not None and mark.read_text() == known
        except OSError:
            return False

    @property
    def _grace(self) -> timedelta:
        return timedelta(seconds=self.lease_seconds)

    def _orphans(self, folder: Path, now: datetime) -> list[Path]:
        with self.database.reading() as connection:
            known = {row.sha256 for row in files.of_holder(connection, folder.name)}
        return [path for path in sorted(folder.iterdir()) if path.name not in known and self._is_old(path, now)]

    def _swept(self, path: Path, now: datetime) -> bool:
        holder = path.parent.name
        if not path.name.startswith("."):
            self._note(holder, path.name)
        with self.database.transaction() as connection:
            # Once more under the lock of its shelf: it may have been laid down again and registered meanwhile.
            locks.hold(connection, shelf_of(holder))
            if files.find(connection, holder, path.name) is not None or not self._is_old(path, now):
                return False
            path.unlink(missing_ok=True)
        log.warning("orphan swept", extra={"action": "orphan_swept", "case": holder})
        return True

    def _note(self, holder: str, name: str) -> None:
        """Say so on the case's chain, once; the folder of a visit that became no case has none."""
        def decide(action: Action) -> None:
            if not action.found:
                action.note(KIND, SYSTEM, {"orphan": name, "text": SENTENCE})
        try:
            self.transitions.change(holder, decide, read=lambda connection: _is_noted(connection, holder, name))
        except NotFound:
            log.info("orphan of no case", extra={"action": "orphan_swept"})

    def _is_old(self, path: Path, now: datetime) -> bool:
        try:
            return datetime.fromtimestamp(path.stat().st_mtime, UTC) < now - self._grace
        except FileNotFoundError:
            return False


def _changed_at(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _is_noted(connection: Connection, case: str, name: str) -> bool:
    """True after a death between the note and the deletion: once is enough."""
    return any(one.body.get("orphan") == name for one in journal.read_kinds(connection, case, (KIND,)))
