"""The promise as pages tell it: until when and why, that it stands still, that it moved, that it is in danger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.assembly import CaseFile, Deadline
from engine.rules.explanation import Explanation
from engine.rules.process import Process
from forms.web import words
from forms.web.ground import engine, post_name
from forms.web.pictures import plain_name
from forms.web.time_left import TimeLeft, time_left

CLOCKS = {"janji": "Janji kepada pemohon", "hukum": "Batas menurut undang-undang", "tugas": "Batas tugas"}
"""Clock of a journaled alarm or move -> its name."""

NAMES = {"janji": "Janji kepada pemohon", "undang_undang": "Batas menurut undang-undang"}
"""Kind of a deadline -> its name."""


TOLD = ("reminder", "escalated", "deadline_moved")
"""Kinds of events that `told_of` has words for."""


@dataclass(frozen=True)
class Shift:
    """A promise that moved: when that was, from when to when, by which decree."""

    at: datetime
    old: datetime
    new: datetime
    decree: str

    @property
    def text(self) -> str:
        """The move in one sentence."""
        return shifted("Janji kami", self.old, self.new, self.decree)


@dataclass(frozen=True)
class Promise:
    """What an applicant was promised; `at` is None before the receipt and while the clock stands still."""

    at: datetime | None = None
    paused_since: datetime | None = None
    left: str = ""
    why: Explanation | None = None
    shifts: tuple[Shift, ...] = ()


@dataclass(frozen=True)
class Line:
    """A promise of the list of a case page."""

    name: str
    limit: str
    at: datetime | None
    left: TimeLeft
    why: Explanation | None


def promise_of(case: CaseFile) -> Promise:
    """The promise of a case, in public words."""
    found, now = case.deadlines.of_kind("janji"), engine().clock.now()
    shifts = tuple(_shifts(case))
    if found is None or found.at is None:
        return Promise(None, case.deadlines.paused_since, "", None, shifts)
    return Promise(found.at, None, in_words(found.at, now), found.why, shifts)


def in_words(at: datetime, now: datetime) -> str:
    """masih 8 hari kerja; sudah lewat 2 jam kerja"""
    left = time_left(at, now)
    text = words.lower_first(left.text)
    return text.replace("sisa ", "masih ", 1).replace("terlambat ", "sudah lewat ", 1)


def _shifts(case: CaseFile) -> Iterator[Shift]:
    for one in case.timeline:
        if one.kind == "deadline_moved":
            for move in one.body.get("moves", ()):
                if move["clock"] == "janji":
                    yield Shift(one.at, words.office_time(move["old"]), words.office_time(move["new"]),
                                str(one.body.get("decree", "")))


def shifted(name: str, old: words.Moment, new: words.Moment, decree: str) -> str:
    """A move in one sentence, with its reason."""
    because = f" karena perubahan kalender: {decree}" if decree else ""
    return f"{name} bergeser dari {words.moment(old)} ke {words.moment(new)}{because}."


def lines(case: CaseFile) -> list[Line]:
    """Every promise of a case that its page lists, without those of the open tasks: these stand beside the tasks."""
    return [_line(case.edition.process, one) for one in case.deadlines.every if one.kind != "tugas"]


def _line(process: Process, one: Deadline) -> Line:
    name = NAMES.get(one.kind) or shared_name(process, one.activities)
    return Line(name, one.limit, one.at, time_left(one.at) if one.at else TimeLeft("", "", ""), one.why)


def shared_name(process: Process, activities: tuple[str, ...]) -> str:
    """Langkah 7 sampai 10 bersama"""
    rows = list(dict.fromkeys(process.rows[one].number for one in activities if one in process.rows))
    if len(rows) < 2:
        return "Batas bersama"
    return f"Langkah {rows[0]} sampai {rows[-1]} bersama"


# --- alarms and moves of the journal ------------------------------------------------------------------------------


def clock_name(case: CaseFile, clock: str, activity: str) -> str:
    """How a clock is called: a task by its activity, a group by its steps."""
    if clock == "tugas":
        known = case.edition.diagram.activities.get(activity)
        return f"Batas {plain_name(known.name) if known else activity}"
    kind, _, group = clock.partition(":")
    if kind in CLOCKS:
        return CLOCKS[kind]
    known_group = next((one for one in case.edition.process.groups if one.id == group), None)
    return shared_name(case.edition.process, known_group.activities) if known_group else "Batas bersama"


def told_of(case: CaseFile, kind: str, body: Mapping[str, Any]) -> str:
    """What an alarm or a move of the journal says, in a sentence for each clock."""
    if kind == "deadline_moved":
        decree = str(body.get("decree", ""))
        return " ".join(shifted(clock_name(case, str(one["clock"]), str(one["activity"])), one["old"], one["new"], decree)
                        for one in body.get("moves", ()))
    name = clock_name(case, str(body.get("clock", "")), str(body.get("activity", "")))
    posts = ", ".join(dict.fromkeys(post_name(one) for one in body.get("posts", ())))
    return f"{name}: {words.moment(str(body['due']))}. Diberi tahu: {posts or 'tidak ada'}."
