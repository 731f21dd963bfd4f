"""A form: what it asks, what an answer means, whether it is in order. The one door for the rest of the house."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import FormDefinitionRefused
from engine.rules.form import browser
from engine.rules.form.findings import definition_findings
from engine.rules.form.model import INPUTS, NOTHING, Checked, Fault, Field, FormContext, Submission
from engine.rules.form.reading import components_of, read_fields
from engine.rules.form.sheet import Answer, Row, Sheet
from engine.rules.form.sources import opened, starting_values


@dataclass(frozen=True)
class Form:
    """The form of one user task."""

    fields: tuple[Field, ...]

    @property
    def inputs(self) -> tuple[Field, ...]:
        """The fields and lists of the top level, groups opened."""
        return tuple(one for one in opened(self.fields) if one.key)

    @property
    def personal(self) -> frozenset[str]:
        """Dotted keys (rows without number) of what says something about a person."""
        return frozenset(_personal(self.fields, "", False))

    @property
    def secrets(self) -> frozenset[str]:
        """Keys that are split off a submission and kept nowhere."""
        return frozenset(one.key for one in self.inputs if one.secret)

    def field(self, key: str) -> Field | None:
        """The field or list of the top level with this key."""
        return next((one for one in self.inputs if one.key == key), None)

    def initial(self, context: FormContext) -> dict[str, Any]:
        """The values before anybody types: prefills, defaults, first rows."""
        return starting_values(self.fields, context)

    def parse(self, raw: Mapping[str, list[str]], context: FormContext) -> Submission:
        """What a browser sent as plain values; nothing is judged yet."""
        return browser.parse(self.fields, raw, context)

    def sheet(self, values: Mapping[str, Any], context: FormContext) -> Sheet:
        """The form as answered, for drawing it."""
        return Sheet(self.fields, values, context)

    def validate(self, values: Mapping[str, Any], context: FormContext) -> Checked:
        """Clean values without hidden ones and secrets, and all that is to be mended, in the order of the page."""
        sheet = self.sheet(values, context)
        faults = (*self._strangers(values), *_faults(sheet, sheet.answers, ""))
        return Checked(sheet.values_of(sheet.answers), faults)

    def secret_faults(self, values: Mapping[str, Any], secrets: Mapping[str, str],
                      context: FormContext) -> tuple[Fault, ...]:
        """Secrets that this answer asks for and that were not typed."""
        sheet = self.sheet(values, context)
        return tuple(Fault(one.path, one.field.label, f"Ketik {one.field.label.lower()}.")
                     for one in sheet.visible(sheet.answers)
                     if one.field.secret and one.field.limits.required and not secrets.get(one.field.key))

    def _strangers(self, values: Mapping[str, Any]) -> Iterator[Fault]:
        known = {one.key for one in self.inputs}
        for key in values:
            if key not in known:
                yield Fault(key, key, "Isian ini tidak ada pada formulir.")


def load_form(schema: Mapping[str, Any], shared: Mapping[str, Mapping[str, Any]] = NOTHING) -> Form:
    """The form of a form-js schema; FormDefinitionRefused carries every finding."""
    findings = definition_findings(schema, shared)
    if findings:
        raise FormDefinitionRefused(findings)
    return Form(read_fields(components_of(schema, shared)))


def _personal(fields: tuple[Field, ...], prefix: str, around: bool) -> Iterator[str]:
    for one in fields:
        marked = around or one.personal
        if one.kind == "group":
            yield from _personal(one.children, prefix, marked)
        elif one.kind == "dynamiclist":
            yield from [f"{prefix}{one.key}"] if marked else []
            yield from _personal(one.children, f"{prefix}{one.key}.", marked)
        elif marked and one.kind in INPUTS:
            yield f"{prefix}{one.key}"


def _faults(sheet: Sheet, answers: list[Answer], before: str) -> Iterator[Fault]:
    for answer in sheet.visible(answers):
        message = answer.fault or _objection(answer)
        if message and answer.field.key:
            yield Fault(answer.path, f"{before}{answer.field.label}", message)
        for row in answer.rows:
            if not row.blank:
                yield from _faults(sheet, row.parts, f"{row_label(answer.field, row)}: ")


def _objection(answer: Answer) -> str | None:
    return next((one.message for one in answer.field.objections if one.when.holds(answer.level)), None)


def row_label(field: Field, row: Row) -> str:
    """What a row is called: its own words, or the list's and its number."""
    return row.entry.label if row.entry else f"{field.label}, baris {row.number + 1}"
