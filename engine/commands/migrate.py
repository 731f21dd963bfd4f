"""Bring an office's database to this release. `start` does it by itself; this is for those who do it step by step."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from engine.commands.parts.answers import answer
from engine.commands.parts.office import make_folder, settings_of
from engine.store import schema
from engine.store.database import Database

NAME = "migrate"
HELP = "Sesuaikan basis data kantor dengan versi ini."


def arguments(parser: ArgumentParser) -> None:
    """Nothing but the folder."""


def run(args: Namespace) -> int:
    """Up, never down."""
    settings = settings_of(args)
    make_folder(settings.data)
    database = Database(settings.database)
    database.reachable()
    before = schema.revision(database)
    schema.migrate(database)
    after = schema.revision(database)
    database.close()
    told = f"Basis data sudah sesuai (revisi {after})." if before == after \
        else f"Basis data disesuaikan: {before or 'kosong'} → {after}."
    answer(args, {"sebelum": before, "sesudah": after}, [told])
    return 0
