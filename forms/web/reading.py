"""What an officer has to know of a case before deciding: decisions so far, the draft letter, what changed, what failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from engine.assembly import CaseFile, DocumentRow, Moment
from engine.rules.form import Field
from engine.rules.people import PREFIXES
from forms.web import words
from forms.web.answers import Section, in_words, sections
from forms.web.ground import engine
from forms.web.pictures import plain_name

CHOICES = ("radio", "select")
LETTERS_SHOWN = 300


@dataclass(frozen=True)
class Decision:
    """One answer that steers the case: what was asked, what was chosen, by whom."""

    activity: str
    label: str
    text: str
    by: str
    capacity: str


@dataclass(frozen=True)
class Changed:
    """An answer that differs between two versions of a form."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Draft:
    """The letter that waits for verification or signature, and how its form differs from the version before."""

    row: DocumentRow
    name: str
    changes: tuple[Changed, ...]
    earlier: int


def decisions(case: CaseFile) -> list[Decision]:
    """The last answer to every steering choice of the office, in the order they were made."""
    lane = case.edition.process.applicant_lane
    newest: dict[tuple[str, str], Decision] = {}
    for one in case.timeline:
        known = case.edition.diagram.activities.get(one.activity)
        if one.kind == "completed" and known is not None and (lane is None or known.lane != lane.name):
            for key, made in _made(case, one, known.properties.get("variabel", "")):
                newest.pop((one.activity, key), None)
                newest[(one.activity, key)] = made
    return list(newest.values())


def _made(case: CaseFile, one: Moment, variables: str) -> Iterator[tuple[str, Decision]]:
    form = case.edition.form_of(one.activity)
    for name in filter(None, (part.strip() for part in variables.split(","))):
        asked = form.field(name)
        if asked is not None and asked.kind in CHOICES and not asked.locked and one.values.get(name) is not None:
            yield name, Decision(plain_name(one.activity_name), asked.label, in_words(asked, one.values[name]), by_whom(one),
                                 one.actor.capacity)


def by_whom(one: Moment) -> str:
    """Who did it, in which post and capacity, as one phrase."""
    post = f"{PREFIXES.get(one.actor.capacity, '')}{one.post}" if one.post else ""
    return ", ".join(filter(None, (one.person, post)))


def draft_letter(case: CaseFile) -> Draft | None:
    """The newest letter that is to be signed and is not yet; None while there is none."""
    kinds = case.edition.process.documents
    waiting = [row for row in case.documents if row.kind in kinds and kinds[row.kind].signed]
    if not waiting or waiting[-1].signed is not None or case.row.ended_at is not None:
        return None
    row = waiting[-1]
    return Draft(row, kinds[row.kind].name, tuple(changes(case, row)), sum(one.kind == row.kind for one in waiting) - 1)


def changes(case: CaseFile, letter: DocumentRow) -> list[Changed]:
    """What the drafter answered differently than for the version before."""
    done = [one for one in case.timeline if one.kind == "completed"]
    before = [one for one in done if one.at <= words.office_time(letter.made_at)]
    drafted = next((one for one in reversed(before) if _drafts(case, one)), None)
    if drafted is None:
        return []
    rounds = [one for one in before if one.activity == drafted.activity]
    return list(compared(case, rounds[-2], rounds[-1])) if len(rounds) > 1 else []


def _drafts(case: CaseFile, one: Moment) -> bool:
    """Did this completion order the letter, rather than a decision about it? A decision asks for a verdict only."""
    variables = case.edition.diagram.activities[one.activity].properties.get("variabel", "")
    form = case.edition.form_of(one.activity)
    asked = [form.field(name.strip()) for name in variables.split(",")]
    return any(known is not None and not _yes_or_no(known) for known in asked)


def _yes_or_no(asked: Field) -> bool:
    return bool(asked.options) and all(isinstance(option.value, bool) for option in asked.options)


def compared(case: CaseFile, before: Moment, after: Moment) -> Iterator[Changed]:
    """Answer by answer, what differs between two completions of one form."""
    old, new = (_lines(case, one) for one in (before, after))
    for label in dict.fromkeys([*old, *new]):
        for was, is_now in zip_longest(old.get(label, ()), new.get(label, ()), fillvalue="–"):
            if was != is_now:
                yield Changed(label, was[:LETTERS_SHOWN], is_now[:LETTERS_SHOWN])


def _lines(case: CaseFile, one: Moment) -> Mapping[str, Sequence[str]]:
    """label -> texts, with the heading of a repeated part before its label."""
    found: dict[str, list[str]] = {}
    for section in read_answers(case, one):
        for line in section.lines:
            text = line.text or ", ".join(str(file["name"]) for file in line.files)
            found.setdefault(line.label, []).append(text)
    return found


def read_answers(case: CaseFile, one: Moment) -> list[Section]:
    """One completed form as it was sent."""
    context = engine().desks.reading(case.edition, one.activity, case.variables, case.answers)
    return sections(case.edition.form_of(one.activity), one.values, context)


def failed(case: CaseFile) -> str:
    """What went wrong last and led back to the task that waits, and when that was; empty when nothing did."""
    if case.failure is None:
        return ""
    said = str(case.failure.body.get("advice") or case.failure.body.get("code", ""))
    return f"{said} Sejak {words.short_moment(case.failure.at, engine().clock.now())}."
