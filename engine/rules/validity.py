"""How long a licence is in force: so many years from its date, less so many days ([masa_berlaku] of process.toml)."""

from __future__ import annotations

from datetime import date, timedelta

from engine.rules.process import Process

DEFAULT_YEARS, DEFAULT_LESS_DAYS = 5, 1


def valid_until(process: Process, issued: date) -> date:
    """The last day on which a licence issued on a day is in force; 29 February counts as 28 in a common year."""
    terms = process.section("masa_berlaku")
    years, less = int(terms.get("tahun", DEFAULT_YEARS)), int(terms.get("kurang_hari", DEFAULT_LESS_DAYS))
    return years_after(issued, years) - timedelta(days=less)


def years_after(day: date, years: int) -> date:
    """The same day so many years later."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def in_force(standing: str | None, until: str | None, today: date) -> str:
    """The standing of a licence today: berlaku, kedaluwarsa, diganti, dicabut; empty for what is not a licence."""
    if standing == "berlaku" and until is not None and date.fromisoformat(until) < today:
        return "kedaluwarsa"
    return standing or ""
