"""Seed the holiday tables of a range of years once, from the pinned `holidays` package, for a person to check and keep.

The only place that asks the package. Its answer is printed as rows for `processes/_shared/kalender.toml`; the engine
reads those rows and never the package, so an upgrade of it moves no promise.
"""

from __future__ import annotations

import json
import tomllib
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from datetime import date

import holidays

from engine.errors import CannotRun

NAME = "seed-calendar"
HELP = "Cetak tabel hari libur dan cuti bersama untuk suatu rentang tahun, sebagai bahan kalender.toml."

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Years that an office may ask for: cases are no older, and no further holiday can be estimated."""

ESTIMATED = "(perkiraan)"
MISSPELT = {"Pegangti": "Pengganti"}
DECREES = {
    2026: "SKB 3 Menteri No. 1497/2025, 2/2025, 5/2025 tanggal 19 September 2025; Keppres 42/2025",
}


def arguments(parser: ArgumentParser) -> None:
    """One year, or the first and the last."""
    parser.add_argument("pertama", type=int, help="tahun pertama, misalnya 2026")
    parser.add_argument("terakhir", type=int, nargs="?", help="tahun terakhir, misalnya 2027; tanpa ini hanya tahun pertama")


def run(args: Namespace) -> int:
    """Print the rows."""
    last = args.pertama if args.terakhir is None else args.terakhir
    if not FIRST_YEAR <= args.pertama <= last <= LAST_YEAR:
        raise CannotRun(f"years {args.pertama} to {last}",
                        advice=f"Sebutkan tahun pertama dan terakhir, berurutan, antara {FIRST_YEAR} dan {LAST_YEAR}.")
    tables = [year_table(year) for year in range(args.pertama, last + 1)]
    print(json.dumps(tomllib.loads("\n".join(tables)), default=str, ensure_ascii=False) if args.json else "\n".join(tables))
    return 0


def year_table(year: int) -> str:
    """One [[tahun]] table. A year without joint leave, or with estimated dates, is not decreed."""
    public, leave = _days(year, "public"), _days(year, "government")
    decreed = bool(leave) and not any(ESTIMATED in name for name in public.values())
    lines = ["[[tahun]]", f"tahun = {year}", f"ditetapkan = {str(decreed).lower()}"]
    if year in DECREES:
        lines.append(f'dasar = "{DECREES[year]}"')
    return "\n".join([*lines, *_rows("libur", public), *_rows("cuti_bersama", leave), ""])


def _days(year: int, category: str) -> dict[date, str]:
    found = holidays.country_holidays("ID", years=year, categories=(category,), language="id")
    return {on: _mended(found[on]) for on in sorted(found) if on.year == year}


def _mended(name: str) -> str:
    for wrong, right in MISSPELT.items():
        name = name.replace(wrong, right)
    return name


def _rows(key: str, days: Mapping[date, str]) -> list[str]:
    if not days:
        return [f"{key} = []"]
    return [f"{key} = [", *(f'    {{ tanggal = {on}, nama = "{name}" }},' for on, name in days.items()), "]"]
