"""What an office owns, opened for copying: at any revision this release knows, and without making anything new."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.audit.backup import LEFT_OUT, Holdings, Manifest
from engine.clock import Clock
from engine.commands.parts.answers import tell
from engine.commands.parts.office import make_folder, must_be_set_up, settings_of
from engine.errors import CannotRun
from engine.settings import Settings
from engine.store import schema
from engine.store.database import Database
from engine.store.files import FileStore

MOST = 20
"""Files that are named when they are missing."""


@contextmanager
def held(args: Namespace) -> Iterator[tuple[Settings, Holdings]]:
    """The rows, files and keys of an office that was set up before."""
    settings = settings_of(args)
    must_be_set_up(settings)
    database = Database(settings.database, synchronous=settings.sqlite_synchronous)
    try:
        database.reachable()
        schema.must_not_be_newer(database)
        if schema.revision(database) is None:
            raise CannotRun("no tables", advice=f"Basis data kantor {settings.data} masih kosong; jalankan `./izin start`.")
        yield settings, Holdings(database, FileStore(settings.files), settings.keys)
    finally:
        database.close()


def progress(what: str, count: int) -> None:
    """A word on the way."""
    if count:
        tell(f"  {what}: {count}")


def told(manifest: Manifest, file: Path) -> list[str]:
    """What was copied, and what was not."""
    size = file.stat().st_size / 1e6 if file.exists() else 0
    lines = [f"{len(manifest.tables)} tabel, {manifest.rows} baris, {manifest.standing.cases} permohonan, {manifest.files} "
             f"file ({manifest.bytes / 1e6:.1f} MB), {len(manifest.certificates)} sertifikat; keadaan per {manifest.made_at}."]
    lines += [f"HILANG ATAU BERUBAH di kantor: file {one}" for one in manifest.missing[:MOST]]
    if len(manifest.missing) > MOST:
        lines.append(f"… dan {len(manifest.missing) - MOST} file lagi.")
    lines += [f"Cadangan: {file} ({size:.1f} MB, hanya dapat dibaca pemiliknya). Isinya data pribadi: simpan terkunci.",
              f"TIDAK ikut: {'; '.join(LEFT_OUT)}. Salin folder kunci secara terpisah (lihat ./izin keys)."]
    return lines


def new_name(settings: Settings, clock: Clock, revision: str) -> Path:
    """Where an upgrade lays its backup."""
    folder = settings.data / "cadangan"
    make_folder(folder)
    return folder / f"izin-{clock.now():%Y%m%d-%H%M%S}-{revision}.zip"
