"""An office opened for a command: its settings, its folder made ready, its engine, and all of it given back."""

from __future__ import annotations

import os
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.assembly import Engine, assemble
from engine.clock import Clock
from engine.errors import CannotRun
from engine.settings import Settings, read_settings
from engine.store import schema
from engine.store.database import Database

PRIVATE = 0o700
"""Mode of an office's folder: it holds keys, files of applicants and messages."""


def settings_of(args: Namespace) -> Settings:
    """The settings of the environment with what stands on the command line."""
    given = {name: getattr(args, name, None) for name in ("data", "host", "port")}
    return read_settings(os.environ, **given)


@contextmanager
def opened(args: Namespace, clock: Clock | None = None) -> Iterator[Engine]:
    """The engine of an office that was set up before; CannotRun names what is missing."""
    settings = settings_of(args)
    must_be_set_up(settings)
    database = Database(settings.database, synchronous=settings.sqlite_synchronous)
    try:
        database.reachable()
        schema.must_be_current(database)
        yield assemble(settings, clock, database)
    finally:
        database.close()


def must_be_set_up(settings: Settings) -> None:
    """CannotRun where no office was ever set up."""
    if not is_set_up(settings):
        raise CannotRun(f"no database at {settings.data}", advice=f"Belum ada kantor di folder {settings.data}. Sebutkan "
                                                                  "foldernya dengan --data, atau jalankan `./izin start`.")


def is_set_up(settings: Settings) -> bool:
    """True where there is a database to open, or an address of one is given."""
    return bool(settings.database_url) or (settings.data / "izin.db").is_file()


def made_ready(settings: Settings) -> Database:
    """The folder made and seen to be writable, the database migrated."""
    make_folder(settings.data)
    database = Database(settings.database, synchronous=settings.sqlite_synchronous)
    schema.migrate(database)
    return database


def make_folder(folder: Path) -> None:
    """The folder of an office; CannotRun when nothing can be written there."""
    try:
        if not folder.exists():
            folder.mkdir(mode=PRIVATE, parents=True)
        with tempfile.TemporaryFile(dir=folder):
            return
    except OSError as fault:
        raise CannotRun(f"{folder}: {fault}", advice=f"Folder {folder} tidak dapat ditulisi ({fault.strerror}). Beri izin "
                                                     "tulis, atau pilih folder lain dengan --data.") from fault
