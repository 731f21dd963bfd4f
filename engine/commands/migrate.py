"""Bring an office's database to this release. `start` does it by itself; this is for those who do it step by step.

An office is made by `start` or `restore`, never here: a folder that was mistyped would become an empty one.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import closing

from engine.commands.parts.answers import answer
from engine.commands.parts.office import must_be_set_up, settings_of
from engine.errors import CannotRun
from engine.store import schema
from engine.store.database import Database

NAME = "migrate"
HELP = "Sesuaikan basis data kantor dengan versi ini."


def arguments(parser: ArgumentParser) -> None:
    """Nothing but the folder."""


def run(args: Namespace) -> int:
    """Up, never down."""
    settings = settings_of(args)
    must_be_set_up(settings)
    with closing(Database(settings.database)) as database:
        database.reachable()
        before = schema.revision(database)
        if before is None:
            raise CannotRun("no office in the database",
                            advice="Basis data ini belum berisi kantor. Periksa --data dan IZIN_DATABASE_URL; kantor baru "
                                   "dibuat dengan `./izin start`.")
        schema.migrate(database)
        after = schema.revision(database)
    told = f"Basis data sudah sesuai (revisi {after})." if before == after else f"Basis data disesuaikan: {before} → {after}."
    answer(args, {"sebelum": before, "sesudah": after}, [told])
    return 0
