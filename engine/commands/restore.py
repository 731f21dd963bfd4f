"""Bring a backup back into an empty office, on SQLite or PostgreSQL."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import closing
from pathlib import Path

from engine.audit.backup import Holdings
from engine.audit.restore import Restoring
from engine.commands.parts.answers import answer
from engine.commands.parts.holdings import progress
from engine.commands.parts.office import make_folder, settings_of
from engine.store.database import Database
from engine.store.files import FileStore

NAME = "restore"
HELP = "Pulihkan cadangan ke kantor yang kosong; tujuan PostgreSQL ditunjuk dengan IZIN_DATABASE_URL."


def arguments(parser: ArgumentParser) -> None:
    """From where."""
    parser.add_argument("berkas", type=Path, metavar="FILE", help="berkas cadangan")


def run(args: Namespace) -> int:
    """0 restored; a target that is not empty and a backup that is newer or not whole are refused."""
    settings = settings_of(args)
    make_folder(settings.data)
    with closing(Database(settings.database, synchronous=settings.sqlite_synchronous)) as database:
        office = Holdings(database, FileStore(settings.files), settings.keys)
        manifest = Restoring(office, progress).from_file(args.berkas)
    answer(args, {"dipulihkan": True, "folder": str(settings.data)} | manifest.record(), [
        f"Dipulihkan ke {settings.data}: {manifest.rows} baris, {manifest.standing.cases} permohonan, {manifest.files} file; "
        f"keadaan per {manifest.made_at}.",
        "Semua orang perlu masuk lagi. Dokumen lama tetap dapat diperiksa; penanda tangan perlu kunci baru, kecuali folder "
        f"kunci yang lama disalin ke {settings.keys}.",
        "Buktikan dengan ./izin verify dan ./izin replay --all."])
    return 0
