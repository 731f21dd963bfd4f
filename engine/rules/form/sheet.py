"""A form as answered: every field at its place with what was given, what it means, and whether it is shown.

Validation and widgets both read this tree, so what is hidden on the page is exactly what is dropped from the values.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from engine.rules.form import sources
from engine.rules.form.model import INPUTS, NOTHING, TODAY, Field, FormContext
from engine.rules.form.sources import Entry
from engine.rules.form.values import clean

MOST_ROWS = 100


@dataclasses.dataclass(eq=False)
class Answer:
    """One field at one place."""

    field: Field
    path: str
    level: Level
    around: Answer | None = None
    given: object = None
    value: object = None
    fault: str | None = None
    parts: list[Answer] = dataclasses.field(default_factory=list)
    rows: list[Row] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(eq=False)
class Row:
    """One row of a repeated part: its number on the page, its fixed words, its answers."""

    number: int
    path: str
    level: Level
    parts: list[Answer]
    entry: Entry | None
    blank: bool


@dataclasses.dataclass(eq=False)
class Level:
    """The names that a condition standing here can ask for: the whole form, or one row of it."""

    sheet: Sheet
    outer: Level | None
    entry: Entry | None = None
    answers: dict[str, Answer] = dataclasses.field(default_factory=dict)

    @property
    def fixed(self) -> Mapping[str, Any]:
        """The words of a fixed row that are kept with its answers."""
        return self.entry.fixed if self.entry else NOTHING

    def look_up(self, path: tuple[str, ...]) -> object:
        """`this.x` is the row's own, `parent.x` one level up, a bare name the form's top level, then the case."""
        if path[0] == "this":
            return self.own(path[1:])
        if path[0] == "parent":
            return (self.outer or self).own(path[1:])
        return self.sheet.top_value(path)

    def own(self, path: tuple[str, ...]) -> object:
        """The value of this level's own field; null when it is hidden or unknown."""
        if len(path) != 1:
            return None
        answer = self.answers.get(path[0])
        if answer is None:
            return self.fixed.get(path[0])
        if self.sheet.hidden(answer):
            return None
        return self.sheet.row_values(answer) if answer.field.kind == "dynamiclist" else answer.value


class Sheet:
    """All answers of one form; visibility is worked out when it is asked for, and remembered."""

    def __init__(self, fields: tuple[Field, ...], given: Mapping[str, Any], context: FormContext) -> None:
        self.context = context
        # The house itself may name files of earlier steps; only what a sender names is held against his own uploads.
        self.trusted = dataclasses.replace(context, files=None)
        self.top = Level(self, None)
        self.fixed_lists: list[tuple[Answer, object]] = []
        self.shown: dict[Answer, bool] = {}
        self.answers = self._answers(fields, given, self.top, "", None)
        self._fill_fixed_lists()

    def top_value(self, path: tuple[str, ...]) -> object:
        """A bare name: a field of the form's top level, else today, else a variable of the case."""
        if path[0] in self.top.answers:
            return self.top.own(path)
        if path[0] == TODAY:
            return self.context.today.isoformat()
        return self.context.variables.get(path[0]) if len(path) == 1 else None

    def hidden(self, answer: Answer) -> bool:
        """Is this field hidden by its own condition or with the group around it?"""
        if answer not in self.shown:
            self.shown[answer] = True
            around = answer.around is not None and self.hidden(answer.around)
            own = answer.field.hide is not None and answer.field.hide.holds(answer.level)
            self.shown[answer] = not (around or own)
        return not self.shown[answer]

    def row_values(self, answer: Answer) -> list[dict[str, Any]]:
        """The rows of a list as plain values."""
        return [self.values_of(row.parts, row.level.fixed) for row in answer.rows if not row.blank]

    def values_of(self, answers: list[Answer], fixed: Mapping[str, Any] = NOTHING) -> dict[str, Any]:
        """The clean values of these answers; hidden ones and secrets are not among them."""
        found = dict(fixed)
        for answer in self.visible(answers):
            if answer.field.kind == "dynamiclist":
                found[answer.field.key] = self.row_values(answer)
            elif answer.field.kind in INPUTS and not answer.field.secret:
                found[answer.field.key] = answer.value
        return found

    def visible(self, answers: list[Answer]) -> Iterator[Answer]:
        """The answers that are shown, groups opened, in the order of the page."""
        for answer in answers:
            if self.hidden(answer):
                continue
            yield answer
            if answer.field.kind == "group":
                yield from self.visible(answer.parts)

    def _answers(self, fields: tuple[Field, ...], given: Mapping[str, Any], level: Level, prefix: str,
                 around: Answer | None) -> list[Answer]:
        return [self._answer(one, given, level, prefix, around) for one in fields]

    def _answer(self, one: Field, given: Mapping[str, Any], level: Level, prefix: str, around: Answer | None) -> Answer:
        answer = Answer(one, f"{prefix}{one.key}", level, around)
        if one.key:
            level.answers[one.key] = answer
        if one.kind == "group":
            answer.parts = self._answers(one.children, given, level, prefix, answer)
        elif one.kind == "dynamiclist":
            self._take_rows(answer, given.get(one.key))
        elif one.kind in INPUTS:
            self._take(answer, given)
        return answer

    def _take(self, answer: Answer, given: Mapping[str, Any]) -> None:
        one = answer.field
        if one.secret:
            return
        if one.locked:
            answer.given = sources.starting_value(one, self.context, answer.level.entry)
            answer.value, _ = clean(one, answer.given, self.trusted)
            return
        answer.given = given.get(one.key)
        answer.value, answer.fault = clean(one, answer.given, self.context)

    def _take_rows(self, answer: Answer, given: object) -> None:
        if answer.field.locked:
            given = sources.starting_value(answer.field, self.context, answer.level.entry)
        if answer.field.source is not None:
            self.fixed_lists.append((answer, given))
            return
        rows = given if isinstance(given, list) else []
        answer.fault = _rows_fault(given, rows)
        for number, row in enumerate(rows[:MOST_ROWS]):
            self._add_row(answer, number, row if isinstance(row, Mapping) else {}, None)
        answer.fault = answer.fault or _count_fault(answer)

    def _fill_fixed_lists(self) -> None:
        """Fixed rows come last: which of them are asked for may depend on the other answers of this form."""
        variables = {**self.context.variables, **{name: self.top.own((name,)) for name in self.top.answers}}
        self.shown.clear()
        for answer, given in self.fixed_lists:
            if (source := answer.field.source) is None:
                continue
            answer.fault = sources.foreign_rows(source, given, self.context)
            sent = sources.rows_by_key(source, given)
            for number, entry in enumerate(sources.entries(source, self.context, variables)):
                self._add_row(answer, number, sent.get(entry.code, {}), entry)

    def _add_row(self, answer: Answer, number: int, given: Mapping[str, Any], entry: Entry | None) -> None:
        level = Level(self, answer.level, entry)
        path = f"{answer.path}.{number}"
        parts = self._answers(answer.field.children, given, level, f"{path}.", None)
        blank = entry is None and not any(value not in (None, "", [], False) for value in given.values())
        answer.rows.append(Row(number, path, level, parts, entry, blank))


def _rows_fault(given: object, rows: list[Any]) -> str | None:
    if given is not None and (not isinstance(given, list) or not all(isinstance(row, Mapping) for row in rows)):
        return "Baris tidak dapat dibaca. Isi lagi."
    return f"Paling banyak {MOST_ROWS} baris." if len(rows) > MOST_ROWS else None


def _count_fault(answer: Answer) -> str | None:
    filled, limits = sum(not row.blank for row in answer.rows), answer.field.limits
    if filled < limits.fewest:
        return f"Isi paling sedikit {limits.fewest} baris."
    return f"Paling banyak {limits.most} baris." if filled > limits.most else None
