"""When is it due, and why that day? The command line over the service clock; it never touches an office's folder."""

from __future__ import annotations

import json
import sys
import tomllib
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from engine.errors import CannotRun, TimeRefused
from engine.rules.calendars import Calendar, calendar_from
from engine.rules.due_requests import answer_line, parse_moment, write_line
from engine.rules.explanation import Explanation, explain
from engine.rules.worktime import parse_limit
from engine.settings import ROOT

NAME = "due"
HELP = "Hitung batas waktu dan jelaskan hari demi hari; --batch membaca satu objek JSON per baris."

TABLES = ROOT / "processes" / "_shared" / "kalender.toml"


def arguments(parser: ArgumentParser) -> None:
    """A moment and a limit, or --batch."""
    parser.add_argument("diterima", nargs="?", help="waktu diterima, misalnya 2026-03-13T10:00+07:00")
    parser.add_argument("batas", nargs="?", help="batas waktu, misalnya \"7 hari kerja\" atau \"1 jam\"")
    parser.add_argument("--batch", action="store_true", help="jawab baris demi baris JSON dari masukan standar")
    parser.add_argument("--json", action="store_true", help="cetak penjelasan sebagai satu dokumen JSON")


def run(args: Namespace) -> int:
    """Exit status 1 when a line of a batch could not be answered, 2 when nothing could be asked."""
    calendar = default_calendar()
    if args.batch:
        return answer_lines(calendar, sys.stdin.buffer, sys.stdout)
    if args.diterima is None or args.batas is None:
        raise CannotRun("nothing asked", advice="Sebutkan waktu diterima dan batasnya, misalnya: "
                                                "./izin due \"2026-03-13T10:00+07:00\" \"7 hari kerja\".")
    try:
        found = explain(calendar, parse_moment(args.diterima), parse_limit(args.batas))
    except TimeRefused as refusal:
        raise CannotRun(str(refusal), advice=refusal.advice) from refusal
    print(json.dumps(_document(found), ensure_ascii=False) if args.json else "\n".join(found.lines()))
    return 0


def default_calendar(tables: Path = TABLES) -> Calendar:
    """The calendar every office starts from."""
    return calendar_from(tomllib.loads(tables.read_text(encoding="utf-8")))


def answer_lines(calendar: Calendar, lines: Iterable[bytes], out: TextIO) -> int:
    """Answer every line in order; blank lines are passed over. 1 when any answer is an error."""
    status = 0
    for line in lines:
        if line.strip():
            answer = answer_line(calendar, line)
            status |= "error" in answer
            out.write(write_line(answer) + "\n")
    out.flush()
    return status


def _document(found: Explanation) -> dict[str, object]:
    days = [{"tanggal": one.on.isoformat(), "dihitung": one.counted, "menambah": one.adds, "sebab": one.why,
             "jam": one.hours} for one in found.days]
    return {"diterima": found.received.isoformat(), "batas": str(found.limit), "jatuh_tempo": found.due.isoformat(),
            "hari": days, "catatan": list(found.notes)}
