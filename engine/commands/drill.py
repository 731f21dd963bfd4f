"""Would the backup bring the office back? Tried in a place of its own, in one command."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.audit.drill import Drill, Drills
from engine.clock import Clock, stamp
from engine.commands.parts.answers import answer
from engine.commands.parts.holdings import held, progress
from engine.store import figures

NAME = "drill"
HELP = "Latihan pemulihan: buat cadangan, pulihkan di tempat lain, periksa dan jalankan ulang semuanya, bandingkan."


def arguments(parser: ArgumentParser) -> None:
    """Where to try."""
    parser.add_argument("--database", default="", metavar="URL", help="basis data kosong untuk latihan; bawaan SQLite")
    parser.add_argument("--folder", type=Path, help="folder dengan ruang untuk dua salinan; bawaan folder sementara")


def run(args: Namespace) -> int:
    """0 the same, 1 with every difference."""
    began = time.monotonic()
    with held(args) as (_, office), TemporaryDirectory(prefix="latihan-", dir=args.folder) as folder:
        outcome = Drills(office, Clock(), progress).run(Path(folder), args.database)
        with office.database.transaction() as connection:
            figures.note_check(connection, NAME, stamp(Clock().now()), outcome.good)
    seconds = time.monotonic() - began
    document = {"sama": outcome.good, "perbedaan": list(outcome.differences), "langkah": outcome.steps,
                "detik": round(seconds), "cadangan": outcome.manifest.record()}
    answer(args, document, [*outcome.differences, _closing(outcome, seconds)])
    return int(not outcome.good)


def _closing(outcome: Drill, seconds: float) -> str:
    made = outcome.manifest
    told = (f"{made.rows} baris, {made.files} file dipulihkan; {made.standing.chains} kepala rantai dan {made.standing.cases} "
            f"keadaan dibandingkan; {outcome.steps} langkah dijalankan ulang ({seconds:.0f} detik)")
    return f"Latihan berhasil: {told}." if outcome.good else f"Latihan GAGAL, {len(outcome.differences)} perbedaan: {told}."
