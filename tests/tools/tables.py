"""The tables of the calendar in a working folder, as an upgrade or an analyst leaves them there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from engine.assembly import assemble
from tests.builders import Office

LEAVE = '    { tanggal = 2026-06-22, nama = "Cuti Bersama Rekaan", dasar = "Keppres 99/2026 (rekaan)" },\n'
AFTER = 'tanggal 19 September 2025; Keppres 42/2025"\nlibur = [\n'
RAMADAN = '\n[[ramadan]]\nmulai = 2027-02-08\nsampai = 2027-03-09\ndasar = "SE Menpan 7/2027 (rekaan)"\n'


def one_day_more(text: str) -> str:
    """A day of joint leave on a Monday on which much falls due."""
    assert text.count(AFTER) == 1
    return text.replace(AFTER, AFTER + LEAVE)


def one_day_less(text: str) -> str:
    """The Islamic New Year of 2026 is worked."""
    kept = [line for line in text.splitlines(keepends=True) if not line.startswith("    { tanggal = 2026-06-16,")]
    assert len(kept) == text.count("\n") - 1
    return "".join(kept)


def a_ramadan_more(text: str) -> str:
    """The dates of Ramadan 2027 are known."""
    return text + RAMADAN


def with_tables(office: Office, folder: Path, edit: Callable[[str], str]) -> Office:
    """The same office, begun again over a working folder whose kalender.toml was edited; each edit goes on from the last."""
    was, now = office.engine.settings.processes, folder / "processes"
    if was != now:
        shutil.copytree(was, now)
    tables = now / "_shared" / "kalender.toml"
    tables.write_text(edit(tables.read_text("utf-8")), "utf-8")
    engine = office.engine
    return replace(office, engine=assemble(replace(engine.settings, processes=now), office.clock, engine.database))
