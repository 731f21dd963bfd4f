"""How much time is left of a promise, in the office's working time: a sentence, its moment and its mood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.rules import language
from engine.rules.worktime import remaining
from forms.web import words
from forms.web.ground import engine

MOODS = {"terlambat": "negative", "hari_ini": "warning"}
"""Group of the inbox -> mood; every other group is in good time."""


@dataclass(frozen=True)
class TimeLeft:
    """What is left, until when, and how urgent that is (positive, warning, negative, or empty = no limit)."""

    text: str
    until: str
    mood: str


AT_ONCE = {True: "lewat batas", False: "batasnya sekarang"}
"""Said while no working time lies between now and the limit."""

NO_LIMIT = TimeLeft("Tanpa batas waktu", "", "")


def time_left(due: datetime | str | None, now: datetime | None = None) -> TimeLeft:
    """The time left of a limit; `due` None = the step has none."""
    if due is None:
        return NO_LIMIT
    at, now = words.office_time(due), now or engine().clock.now()
    found = remaining(engine().promises.calendar, now, at)
    text = language.remaining(found.amount, found.unit, late=found.late) if found.amount else AT_ONCE[found.late]
    return TimeLeft(text[:1].upper() + text[1:], f"Batas {until(at, now)}", _mood(at, now))


def until(at: datetime, now: datetime) -> str:
    """hari ini, 16.00 · besok, 16.00 · Jumat, 10 April 2026, 16.30"""
    near = words.short_moment(at, now)
    return near if near[0].isalpha() else f"{words.long_day(at)}, {words.clock(at)}"


def _mood(at: datetime, now: datetime) -> str:
    if at < now:
        return "negative"
    return "warning" if words.office_time(at).date() == words.office_time(now).date() else "positive"


def kept_in_time(due: str | None, closed_at: str) -> bool | None:
    """Was a step done within its limit? None for one without."""
    return None if due is None else closed_at <= due
