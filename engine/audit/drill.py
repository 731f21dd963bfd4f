"""The restore drill: would yesterday's backup bring the office back? Tried for real, in a place of its own.

Backup, restore, then the restored office is compared with what the backup saw (every table, all chain heads and states),
verified as an installation, and every case is executed again from its journal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from engine.audit.backup import Holdings, Manifest, Progress, write_backup
from engine.audit.replay import Replays
from engine.audit.restore import Restoring
from engine.audit.verify import Verification
from engine.clock import Clock, stamp
from engine.runtime.catalog import Catalog
from engine.runtime.files import Files
from engine.runtime.signatories import Signatories
from engine.settings import Settings
from engine.store import snapshot
from engine.store.database import Database
from engine.store.files import FileStore

MOST = 50
"""Differences that are told; beyond that, more of the same helps nobody."""

EVERY = 1000


@dataclass(frozen=True)
class Drill:
    """How it went: what was copied, what was executed again, and every difference as a sentence."""

    manifest: Manifest
    steps: int
    differences: tuple[str, ...]

    @property
    def good(self) -> bool:
        """True when the office would be back as it was."""
        return not self.differences


@dataclass
class Drills:
    """Drills of one office in a folder that is thrown away afterwards."""

    office: Holdings
    clock: Clock
    progress: Progress
    steps: int = 0

    def run(self, folder: Path, url: str = "") -> Drill:
        """One drill; `url` = an empty database to restore into, else SQLite in the folder."""
        made = write_backup(self.office, folder / "latihan.zip", stamp(self.clock.now()), self.progress)
        there = Settings(data=folder, database_url=url)
        restored = Holdings(Database(there.database), FileStore(there.files), there.keys)
        try:
            Restoring(restored, self.progress).from_file(folder / "latihan.zip")
            differences = tuple(islice(self._differences(made, restored, there), MOST))
            return Drill(made, self.steps, differences)
        finally:
            restored.database.close()

    def _differences(self, made: Manifest, restored: Holdings, there: Settings) -> Iterator[str]:
        yield from (f"File {one[:40]} hilang atau berubah di kantor asal." for one in made.missing)
        yield from _against(made, restored.database)
        yield from self._verified(restored, there)
        yield from self._replayed(restored)

    def _verified(self, restored: Holdings, there: Settings) -> Iterator[str]:
        catalog = Catalog(restored.database, self.clock)
        files = Files(restored.database, self.clock, restored.store)
        for flaw in Verification(restored.database, catalog, files, Signatories.at(there)).flaws():
            yield flaw.sentence

    def _replayed(self, restored: Holdings) -> Iterator[str]:
        for number, one in enumerate(Replays(restored.database, Catalog(restored.database, self.clock)).all(), 1):
            self.steps += one.steps
            if number % EVERY == 0:
                self.progress("berkas dijalankan ulang", number)
            if one.divergence is not None:
                yield one.divergence.sentence


def _against(made: Manifest, database: Database) -> Iterator[str]:
    """Where the restored rows differ from those that were copied."""
    with database.snapshot() as view:
        if snapshot.standing(view) != made.standing:
            yield "Kepala rantai atau keadaan berkas berbeda sesudah dipulihkan."
        found = {one.name: one for one in snapshot.facts(view)}
    yield from (f"Tabel {name} berbeda sesudah dipulihkan." for name in sorted(made.tables.keys() | found.keys())
                if made.tables.get(name) != found.get(name))
