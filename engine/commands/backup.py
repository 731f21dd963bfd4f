"""Copy a whole office into one file while it goes on working."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from engine.audit.backup import write_backup
from engine.clock import Clock, stamp
from engine.commands.parts.answers import answer
from engine.commands.parts.holdings import held, progress, told

NAME = "backup"
HELP = "Salin seluruh kantor ke satu berkas tanpa menghentikannya; kunci dan frasa sandi tidak ikut."


def arguments(parser: ArgumentParser) -> None:
    """Where to."""
    parser.add_argument("berkas", type=Path, metavar="FILE", help="berkas cadangan yang dibuat, misalnya cadangan.zip")


def run(args: Namespace) -> int:
    """0 whole, 1 when a file of the office was missing or altered."""
    with held(args) as (_, office):
        manifest = write_backup(office, args.berkas, stamp(Clock().now()), progress)
    answer(args, manifest.record() | {"berkas": str(args.berkas)}, told(manifest, args.berkas))
    return int(bool(manifest.missing))
