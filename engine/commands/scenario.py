"""Do the example cases of a process come out as its analysts wrote them? Played in empty folders of their own."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace

from engine.assembly import scenarios
from engine.authoring.rehearsal import Seen
from engine.authoring.scenarios import Verdict
from engine.commands.parts.answers import answer, tell
from engine.errors import CannotRun
from engine.settings import read_settings

NAME = "scenario"
HELP = "Mainkan skenario sebuah proses (atau satu saja) dan bandingkan hasilnya dengan yang tertulis."


def arguments(parser: ArgumentParser) -> None:
    """A process, and one of its scenarios or all."""
    parser.add_argument("proses", metavar="PROSES", help="nama folder di processes/")
    parser.add_argument("nama", nargs="?", metavar="NAMA", help="nama skenario; tanpa ini, semuanya")


def run(args: Namespace) -> int:
    """0 all as written, 1 at least one step that was not."""
    known = scenarios(read_settings(os.environ))
    names = known.names(args.proses)
    if not names:
        raise CannotRun(args.proses, advice=f"Proses “{args.proses}” tidak ada, atau belum mempunyai skenario.")
    verdicts = []
    for name in [args.nama] if args.nama else names:
        verdicts.append(known.play(args.proses, name))
        if not args.json:
            tell(f"{'sesuai' if verdicts[-1].good else 'BERBEDA':<8} {name}")
    bad = [one for one in verdicts if not one.good]
    closing = f"{len(verdicts)} skenario dimainkan: " + (f"{len(bad)} BERBEDA." if bad else "semua sesuai.")
    answer(args, {"sesuai": not bad, "skenario": [one.record() for one in verdicts]},
           [*(line for one in (verdicts if args.nama else bad) for line in _told(one)), closing])
    return int(bool(bad))


def _told(verdict: Verdict) -> list[str]:
    """The path step by step, with what differed under its step."""
    lines = [f"{verdict.scenario.id}: {verdict.scenario.title}"]
    for step, seen in zip(verdict.scenario.steps, verdict.seen):
        lines.append(f"  {step.number}. {step.name or 'waktu berlalu'} ({step.who}) → {_came(seen)}")
        lines += [f"     {one.message}" for one in verdict.findings if one.step == step.number]
    return lines


def _came(seen: Seen) -> str:
    """What a step brought about."""
    found = seen.then
    if found is None:
        return f"ditolak: {seen.refused}"
    documents = f"; dokumen {', '.join(found.documents)}" if found.documents else ""
    return f"menunggu {', '.join(found.waiting) or '-'}{documents}" + (f"; akhir {found.end}" if found.end else "")
