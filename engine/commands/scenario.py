"""Do the example cases of a process still come out as written? Plays them on an engine of their own, never an office's."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from engine.assembly import scenarios
from engine.authoring.scenarios import Scenarios, Verdict
from engine.errors import CannotRun
from engine.runtime.catalog import available
from engine.settings import read_settings

NAME = "scenario"
HELP = "Mainkan skenario sebuah proses (atau satu skenario) dan bandingkan hasilnya dengan yang tertulis."


def arguments(parser: ArgumentParser) -> None:
    """A process, and one of its scenarios if not all."""
    parser.add_argument("proses", metavar="PROSES", help="nama folder proses, misalnya izin-optikal")
    parser.add_argument("nama", nargs="?", metavar="NAMA", help="nama satu skenario; tanpa nama, semuanya")
    parser.add_argument("--json", action="store_true", help="cetak satu dokumen JSON")


def run(args: Namespace) -> int:
    """0 all as written, 1 something differs, 2 (CannotRun) nothing to play."""
    settings = read_settings(os.environ)
    if args.proses not in available(settings.processes):
        raise CannotRun(args.proses, advice=f"Proses “{args.proses}” tidak ada di folder {settings.processes}.")
    played = play(scenarios(settings), args.proses, args.nama)
    print(as_json(played) if args.json else as_text(played))
    return int(not all(one.good for one in played))


def play(found: Scenarios, process: str, name: str | None) -> list[Verdict]:
    """The verdicts, in the order of the names."""
    names = [name] if name else found.names(process)
    if not names:
        raise CannotRun(process, advice=f"Proses “{process}” belum mempunyai skenario.")
    return [found.play(process, one) for one in names]


def as_json(played: Sequence[Verdict]) -> str:
    """One JSON document."""
    return json.dumps({"sesuai": all(one.good for one in played), "skenario": [one.record() for one in played]},
                      ensure_ascii=False)


def as_text(played: Sequence[Verdict]) -> str:
    """One line for each scenario, its findings below, the count last."""
    lines = [line for one in played for line in _told(one)]
    good = sum(one.good for one in played)
    return "\n".join([*lines, f"{good} dari {len(played)} skenario sesuai."])


def _told(one: Verdict) -> list[str]:
    mark = "sesuai" if one.good else "BERBEDA"
    return [f"{mark:8} {one.scenario.id}: {one.scenario.title} ({len(one.scenario.steps)} langkah)",
            *(f"         langkah {finding.step}: {finding.message}" for finding in one.findings)]
