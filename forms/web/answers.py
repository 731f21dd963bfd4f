"""What was answered, to be read: labels and words instead of fields. For the review and for the case page."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.rules import language, privacy
from engine.rules.form import Answer, Field, Form, FormContext, Sheet, row_label
from forms.web import words

EMPTY = "–"
UNTITLED = "Isian"


@dataclass(frozen=True)
class Line:
    """One answer: its label, its words, its files."""

    label: str
    text: str
    files: tuple[Mapping[str, Any], ...] = ()


@dataclass
class Section:
    """A group of answers under one heading."""

    title: str
    lines: list[Line] = field(default_factory=list)


def sections(form: Form, values: Mapping[str, Any], context: FormContext, *, masked: bool = False) -> list[Section]:
    """The answers of a form as it stood with these values; hidden fields and empty sections are left out.

    `masked`: for whoever may not read what is personal.
    """
    sheet, veiled = form.sheet(values, context), form.personal if masked else frozenset()
    found = [Section("")]
    for answer in sheet.visible(sheet.answers):
        if answer.field.kind == "group":
            found.append(Section(answer.field.label))
        elif answer.field.kind == "dynamiclist":
            found += _rows(sheet, answer, veiled)
        else:
            found[-1].lines += _lines(answer, veiled)
    return [section for section in found if section.lines]


def _rows(sheet: Sheet, answer: Answer, veiled: Collection[str]) -> Iterator[Section]:
    """Fixed rows of one answer each read as one list; other rows as a section each."""
    filled = [row for row in answer.rows if not row.blank]
    told = [(row_label(answer.field, row), [line for part in sheet.visible(row.parts) for line in _lines(part, veiled)])
            for row in filled]
    if answer.field.source is not None:
        yield Section(answer.field.label, [_joined(label, lines) for label, lines in told if lines])
        return
    for label, lines in told:
        yield Section(label, lines)


def _joined(label: str, lines: list[Line]) -> Line:
    said = [line.text for line in lines if line.text != EMPTY and not line.files]
    files = tuple(file for line in lines for file in line.files)
    return Line(label, "; ".join(said) or ("" if files else EMPTY), files)


def _lines(answer: Answer, veiled: Collection[str]) -> Iterator[Line]:
    one = answer.field
    if one.secret or not one.key or one.kind in ("group", "dynamiclist"):
        return
    text, files = "", ()
    if one.kind == "filepicker":
        files = tuple(answer.value) if isinstance(answer.value, list) else ()
    else:
        text = in_words(one, answer.value)
    if _key(answer.path) in veiled and text != EMPTY:
        text, files = f"{len(files)} berkas" if files else privacy.mask_text(text), ()
    yield Line(one.label, text if text or files else EMPTY, files)


def _key(path: str) -> str:
    """"tim.0.nama" as Form.personal writes it: "tim.nama"."""
    return ".".join(part for part in path.split(".") if not part.isdecimal())


def in_words(one: Field, value: object) -> str:
    """The value of a field as a reader writes it."""
    if value is None or value == "" or value == []:
        return EMPTY
    if isinstance(value, list):
        return ", ".join(in_words(one, part) for part in value)
    for option in one.options:
        if option.value == value:
            return option.label
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    if one.kind == "number" and isinstance(value, (int, str)):
        return language.grouped(value)
    return words.day(str(value)) if one.kind == "datetime" and one.subtype == "date" else str(value)
