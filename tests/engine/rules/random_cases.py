"""Random cases for worktime: one seed, one list; fast code and brute force answer the same questions."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from random import Random

from engine.rules.calendars import Calendar, Override, parse_spans
from engine.rules.worktime import after_working_days, after_working_minutes, working_minutes
from tests.engine.rules import oracle

FIRST = datetime(2020, 1, 1)
DAYS = 8 * 366
OWN_HOURS = ([["09:00", "12:00"]], [["07:30", "12:00"], ["12:00", "15:15"]],
             [["08:00", "11:00"], ["19:00", "24:00"]])
EDGES = ((7, 29), (7, 30), (11, 30), (12, 0), (12, 59), (13, 0), (15, 0), (15, 30), (16, 0), (16, 30), (0, 0), (23, 59))


@dataclass(frozen=True)
class Question:
    """One case: what is asked, from when, under which pauses and changed days (naive office time)."""

    kind: str
    start: datetime
    amount: int
    end: datetime
    pauses: list = field(default_factory=list)
    overrides: dict = field(default_factory=dict)


def questions(seed: int, count: int):
    """`count` questions of one seed."""
    chance = Random(seed)
    return [_question(chance) for _ in range(count)]


def _question(chance: Random) -> Question:
    start = _moment(chance, FIRST + timedelta(days=chance.randrange(DAYS)))
    kind = chance.choice(("hari", "jam", "lama"))
    pauses = [_pause(chance, start) for _ in range(chance.choice((0, 0, 1, 1, 2, 3)))]
    overrides = dict(_override(chance, start) for _ in range(chance.choice((0, 0, 1, 2, 5))))
    return Question(kind, start, chance.randrange(1, 25 if kind == "hari" else 90),
                    start + timedelta(seconds=chance.randrange(40 * 86400)), pauses, overrides)


def _moment(chance: Random, day: datetime) -> datetime:
    """Half of the moments at the edges of office hours, half anywhere; seconds in a third."""
    hour, minute = chance.choice(EDGES) if chance.random() < 0.5 else (chance.randrange(24), chance.randrange(60))
    return day + timedelta(hours=hour, minutes=minute, seconds=chance.choice((0, 0, chance.randrange(60))))


def _pause(chance: Random, start: datetime):
    midnight = datetime.combine(start.date(), datetime.min.time())
    first = _moment(chance, midnight + timedelta(days=chance.randrange(-4, 30)))
    there = datetime.combine(first.date(), datetime.min.time())
    last = _moment(chance, there + timedelta(days=chance.choice((0, 1, 2, 5, 12))))
    return min(first, last), max(first, last)


def _override(chance: Random, start: datetime):
    on = start.date() + timedelta(days=chance.randrange(-1, 30))
    return on, chance.choice((("libur", None), ("kerja", None), ("kerja", chance.choice(OWN_HOURS))))


def answer(calendar: Calendar, question: Question):
    """The answer of the rules: a naive due instant, or the seconds of office and applicant."""
    changed = calendar.with_overrides(Override(on, kind == "kerja", parse_spans(own) if own else None, "SK uji")
                                      for on, (kind, own) in question.overrides.items())
    start = _aware(calendar, question.start)
    pauses = [(_aware(calendar, first), _aware(calendar, last)) for first, last in question.pauses]
    if question.kind == "lama":
        spent = working_minutes(changed, start, _aware(calendar, question.end), pauses)
        return spent.office.total_seconds(), spent.applicant.total_seconds()
    due = (after_working_days(changed, start, question.amount, pauses) if question.kind == "hari"
           else after_working_minutes(changed, start, question.amount * 60, pauses))
    return due.astimezone(calendar.zone).replace(tzinfo=None)


def _aware(calendar: Calendar, at: datetime) -> datetime:
    """The same moment, written with another offset on odd days: the zone of the writer must not matter."""
    there = at.replace(tzinfo=calendar.zone)
    return there.astimezone(UTC if at.day % 2 else timezone(timedelta(hours=-9, minutes=-30)))


def brute_force(tables, question: Question):
    """The answer of the oracle."""
    office = oracle.Office(tables, question.overrides)
    if question.kind == "lama":
        return oracle.elapsed(office, question.start, question.end, question.pauses)
    ask = oracle.due_days if question.kind == "hari" else oracle.due_hours
    return ask(office, question.start, question.amount, question.pauses)
