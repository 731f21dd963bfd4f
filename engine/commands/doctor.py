"""What is set up on this machine, what is missing, and how is it mended? Looks only; changes nothing."""

from __future__ import annotations

import re
import shutil
import stat
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from engine.clock import local
from engine.commands.keys import places
from engine.commands.parts.answers import answer
from engine.commands.parts.office import is_set_up, settings_of
from engine.errors import Refusal
from engine.rules.people import ROLES
from engine.settings import ROOT, Settings
from engine.store import directory, schema
from engine.store.database import Database

NAME = "doctor"
HELP = "Periksa apa yang sudah siap, apa yang kurang, dan cara memperbaikinya."

OLDEST_PYTHON = (3, 11)
LARGEST_DRIFT = 2.0
"""Seconds by which the clocks of host and database server may differ."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


@dataclass(frozen=True)
class Check:
    """One thing looked at. `good` is None for what only the tests need, or what is a choice."""

    what: str
    good: bool | None
    found: str
    remedy: str = ""


def arguments(parser: ArgumentParser) -> None:
    """Nothing but the folder."""


def run(args: Namespace) -> int:
    """0 nothing is missing, 1 something is."""
    settings = settings_of(args)
    checks = [*_machine(), *_folder(settings), *_database(settings), *_mail(settings), *_tests()]
    bad = [one for one in checks if one.good is False]
    answer(args, {"siap": not bad, "periksa": [asdict(one) for one in checks]},
           [*(_line(one) for one in checks), "Siap." if not bad else f"{len(bad)} hal perlu diperbaiki."])
    return int(bool(bad))


def _line(one: Check) -> str:
    mark = {True: "baik", False: "KURANG", None: "-"}[one.good]
    remedy = f"\n          → {one.remedy}" if one.remedy and one.good is not True else ""
    return f"{mark:<7} {one.what}: {one.found}{remedy}"


# --- the machine


def _machine() -> Iterator[Check]:
    yield Check("Python", sys.version_info >= OLDEST_PYTHON, sys.version.split()[0],
                "Pasang Python 3.11 atau yang lebih baru.")
    missing = list(_packages())
    yield Check("Pustaka", not missing, "; ".join(missing) or "sesuai constraints.txt",
                "Hapus folder .venv, lalu jalankan ./izin start.")
    built = ROOT / "forms" / "web" / "static" / "built" / ".stamp"
    yield Check("Tampilan", built.is_file(), "tersusun" if built.is_file() else "belum disusun",
                "Jalankan ./izin start; tanpa ini diagram tampil sebagai daftar.")


def _packages() -> Iterator[str]:
    """What the product needs that is not there in the pinned version."""
    wanted = dict(re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE))
    section = (ROOT / "setup.cfg").read_text("utf-8").partition("install_requires =")[2].partition("\n\n")[0]
    for name in re.findall(r"^ +([\w.-]+)", section, re.MULTILINE):
        pinned = next((found for key, found in wanted.items() if _plain(key) == _plain(name)), None)
        try:
            if pinned is not None and version(name) != pinned:
                yield f"{name} {version(name)}, seharusnya {pinned}"
        except PackageNotFoundError:
            yield f"{name} belum terpasang"


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# --- the office


def _folder(settings: Settings) -> Iterator[Check]:
    folder = settings.data
    if not folder.is_dir():
        yield Check("Folder kantor", False, f"{folder} belum ada",
                    "Jalankan ./izin start, atau sebutkan foldernya dengan --data.")
        return
    mode = stat.S_IMODE(folder.stat().st_mode)
    yield Check("Folder kantor", not mode & stat.S_IRWXO, f"{folder}, izin {mode:o}", f"Jalankan chmod 700 {folder}.")
    unsafe = [str(path) for path, safe in places(settings.keys).items() if not safe]
    yield Check("Kunci", not unsafe, "hanya dapat dibaca pemiliknya" if not unsafe else ", ".join(unsafe),
                "Jalankan chmod 600 untuk berkas itu; lihat ./izin keys.")


def _database(settings: Settings) -> Iterator[Check]:
    if not is_set_up(settings):
        yield Check("Basis data", False, "belum ada", "Jalankan ./izin start.")
        return
    with closing(Database(settings.database)) as database:
        try:
            database.reachable()
            schema.must_be_current(database)
        except Refusal as refusal:
            yield Check("Basis data", False, str(refusal), refusal.advice)
            return
        yield Check("Basis data", True, f"revisi {schema.revision(database)}")
        yield _clock(database)
        yield _people(database, settings)


def _clock(database: Database) -> Check:
    told = database.clock()
    drift = abs((datetime.now(UTC) - told).total_seconds()) if told is not None else 0.0
    return Check("Jam", drift <= LARGEST_DRIFT, f"selisih dengan basis data {drift:.1f} detik",
                 "Samakan jam kedua mesin (chrony atau systemd-timesyncd).")


def _people(database: Database, settings: Settings) -> Check:
    today = local(datetime.now(UTC)).date()
    with database.reading() as connection:
        demo = directory.setting(connection, "demo") == "ya"
        held = {one.post for one in directory.appointments(connection) if one.holds_on(today)}
    role = next(iter(ROLES))
    return Check("Administrator", role in held, "ada" + (" (folder contoh)" if demo else "") if role in held else "belum ada",
                 f"Jalankan ./izin admin create --data {settings.data}.")


def _mail(settings: Settings) -> Iterator[Check]:
    found = "lewat server SMTP" if settings.smtp_url else f"disimpan di {settings.outbox}"
    yield Check("Pesan keluar", True if settings.smtp_url else None, found,
                "Atur IZIN_SMTP_URL untuk mengirim email sungguhan.")


# --- what only the tests need


def _tests() -> Iterator[Check]:
    browser = next((path for path in map(shutil.which, BROWSERS) if path), None)
    yield Check("Peramban untuk uji", None, browser or "tidak ada", "" if browser else "./izin test mengambilnya sendiri.")
    missing = [tool for tool in ("pdfsig", "pdftotext", "pdftoppm") if shutil.which(tool) is None]
    yield Check("Poppler untuk uji", None, "ada" if not missing else f"tidak ada: {', '.join(missing)}",
                "./izin test memasangnya, atau pasang paket poppler-utils." if missing else "")
