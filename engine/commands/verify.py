"""Is everything still as it was recorded? Chains, states, editions, files, signed documents and the access log."""

from __future__ import annotations

import dataclasses
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from itertools import islice

from engine.assembly import Engine
from engine.audit.verify import Flaw
from engine.commands.parts.answers import answer
from engine.commands.parts.cases import case_id
from engine.commands.parts.office import opened

NAME = "verify"
HELP = "Periksa keutuhan kantor: rantai jurnal, keadaan, edisi, berkas, tanda tangan; atau satu berkas permohonan."

MOST = 200
"""Flaws that are listed; beyond that, more of the same helps nobody."""


def arguments(parser: ArgumentParser) -> None:
    """One case or all."""
    parser.add_argument("berkas", nargs="?", metavar="BERKAS", help="nomor pendaftaran atau id; tanpa ini, seluruh kantor")


def run(args: Namespace) -> int:
    """0 whole, 1 at least one flaw."""
    with opened(args) as engine:
        found = list(islice(_flaws(engine, args.berkas), MOST))
        counted = engine.verification.counted()
        if args.berkas is None:
            engine.health.note_check(NAME, not found)
    document = {"utuh": not found, "diperiksa": dataclasses.asdict(counted),
                "cacat": [dataclasses.asdict(one) | {"kalimat": one.sentence} for one in found]}
    answer(args, document, [*(one.sentence for one in found), _closing(found, args.berkas, dataclasses.astuple(counted))])
    return int(bool(found))


def _flaws(engine: Engine, wanted: str | None) -> Iterator[Flaw]:
    if wanted is None:
        yield from engine.verification.flaws()
        return
    case = case_id(engine, wanted)
    yield from engine.verification.chain_flaws(case)
    yield from engine.verification.state_flaws(case)


def _closing(found: list[Flaw], wanted: str | None, counted: tuple[int, ...]) -> str:
    what = f"berkas {wanted}" if wanted else "{} peristiwa, {} permohonan, {} berkas, {} dokumen".format(*counted)
    return f"Utuh: {what}." if not found else f"TIDAK utuh: {len(found)} cacat ditemukan ({what})."
