"""Does a case come out the same again? Executed anew from its journal, in this process that knows nothing but the journal."""

from __future__ import annotations

import dataclasses
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from engine.assembly import Engine
from engine.audit.replay import Replayed
from engine.commands.parts.answers import answer
from engine.commands.parts.cases import case_id
from engine.commands.parts.office import opened
from engine.errors import CannotRun

NAME = "replay"
HELP = "Jalankan ulang satu berkas (atau --all) dari jurnalnya dan bandingkan setiap langkah."


def arguments(parser: ArgumentParser) -> None:
    """One case or all."""
    parser.add_argument("berkas", nargs="?", metavar="BERKAS", help="nomor pendaftaran atau id")
    parser.add_argument("--all", action="store_true", help="semua berkas")


def run(args: Namespace) -> int:
    """0 all as recorded, 1 with the first divergence of each case that differs."""
    if bool(args.berkas) == args.all:
        raise CannotRun("one or all", advice="Sebutkan satu berkas, atau --all untuk semuanya.")
    with opened(args) as engine:
        outcomes = list(_replayed(engine, args))
        if args.all:
            engine.health.note_check(NAME, all(one.good for one in outcomes))
    steps, differing = sum(one.steps for one in outcomes), [one for one in outcomes if not one.good]
    document = {"sama": not differing, "berkas": len(outcomes), "langkah": steps,
                "perbedaan": [dataclasses.asdict(one.divergence) for one in differing if one.divergence]}
    answer(args, document, [*(one.divergence.sentence for one in differing if one.divergence),
                            f"{len(outcomes)} berkas, {steps} langkah dijalankan ulang: "
                            + (f"{len(differing)} berkas BERBEDA." if differing else "semua sama.")])
    return int(bool(differing))


def _replayed(engine: Engine, args: Namespace) -> Iterator[Replayed]:
    if args.all:
        yield from engine.replays.all()
    else:
        yield engine.replays.case(case_id(engine, args.berkas))
