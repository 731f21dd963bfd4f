"""Bring an office to this release with a way back: backup, migrate, verify, execute a sample again."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from engine.assembly import Settings, assemble
from engine.audit.backup import Holdings, write_backup
from engine.clock import Clock, stamp
from engine.commands.parts.answers import answer, tell
from engine.commands.parts.holdings import held, new_name, progress
from engine.store import schema

NAME = "upgrade"
HELP = "Naikkan kantor ke versi ini: cadangkan, sesuaikan basis data, periksa, jalankan ulang contoh. Hentikan layanan dulu."

MOST = 20


def arguments(parser: ArgumentParser) -> None:
    """Where the backup goes, and how many cases are tried."""
    parser.add_argument("--backup", type=Path, metavar="FILE", help="berkas cadangan; bawaan di folder cadangan kantor")
    parser.add_argument("--sample", type=int, default=50, metavar="N", help="jumlah berkas yang dijalankan ulang; bawaan 50")


def run(args: Namespace) -> int:
    """0 upgraded and found whole, 1 with what is wrong and how to go back."""
    with held(args) as (settings, office):
        before = schema.revision(office.database) or "kosong"
        backup = args.backup or new_name(settings, Clock(), before)
        tell(f"Mencadangkan ke {backup} …")
        missing = write_backup(office, backup, stamp(Clock().now()), progress).missing
        faults = [f"File {one} hilang atau berubah." for one in missing]
        faults += _brought_up(settings, office, args.sample)
        after = schema.revision(office.database)
    document = {"sebelum": before, "sesudah": after, "cadangan": str(backup), "galat": faults}
    answer(args, document, [*faults, *(_way_back(settings, backup) if faults else [
        f"Kantor sesuai dengan versi ini: revisi {before} → {after}; utuh, contoh berkas dijalankan ulang. "
        f"Cadangan: {backup}."])])
    return int(bool(faults))


def _brought_up(settings: Settings, office: Holdings, sample: int) -> list[str]:
    """Migrate and look; what is wrong, as sentences."""
    try:
        schema.migrate(office.database)
    except Exception as fault:   # whatever stops a migration, the way back must be told; the change itself was taken back
        return [f"Basis data tidak dapat disesuaikan ({type(fault).__name__}); perubahannya dibatalkan."]
    return list(islice(_faults(settings, office, sample), MOST))


def _faults(settings: Settings, office: Holdings, sample: int) -> Iterator[str]:
    with closing(assemble(settings, database=office.database)) as engine:
        tell("Memeriksa kantor …")
        yield from (one.sentence for one in engine.verification.flaws())
        tell(f"Menjalankan ulang {sample} berkas …")
        yield from (one.divergence.sentence for one in engine.replays.sample(sample) if one.divergence is not None)


def _way_back(settings: Settings, backup: Path) -> list[str]:
    where = f"IZIN_DATABASE_URL=… ./izin restore {backup} --data FOLDER_BARU" if settings.database_url \
        else f"./izin restore {backup} --data FOLDER_BARU"
    return ["Kantor TIDAK lolos pemeriksaan; jangan dibuka dulu. Kembali ke keadaan sebelumnya:",
            "  1. pasang lagi versi Izin yang lama,",
            f"  2. {where}   (folder dan basis data yang kosong),",
            f"  3. salin folder kunci {settings.keys} ke FOLDER_BARU/keys,",
            "  4. ./izin verify --data FOLDER_BARU, lalu jalankan layanan dari sana."]
