"""Answers to be read: labels and words instead of fields."""

from __future__ import annotations

from datetime import date

from engine.rules.form import FormContext, load_form
from forms.web.answers import Line, Section, sections

FILE = {"name": "denah.pdf", "sha256": "0" * 64, "bytes": 700, "type": "application/pdf"}
FORM = load_form({"type": "default", "components": [
    {"type": "textfield", "key": "nama", "label": "Nama"},
    {"type": "group", "label": "Rincian", "components": [
        {"type": "number", "key": "luas", "label": "Luas", "decimalDigits": 1},
        {"type": "datetime", "subtype": "date", "key": "mulai", "label": "Mulai", "dateLabel": "Mulai"},
        {"type": "radio", "key": "baik", "label": "Baik?", "values": [
            {"label": "Ya, baik", "value": True}, {"label": "Tidak", "value": False}]},
        {"type": "textarea", "key": "sebab", "label": "Sebab", "conditional": {"hide": "=baik = null or baik = true"}},
        {"type": "checkbox", "key": "setuju", "label": "Setuju"},
        {"type": "filepicker", "key": "denah", "label": "Denah"}]},
    {"type": "dynamiclist", "path": "alat", "label": "Alat", "components": [
        {"type": "textfield", "key": "jenis", "label": "Jenis"}]},
]})
VALUES = {"nama": "Sari", "luas": "1250.5", "mulai": "2026-04-10", "baik": True, "sebab": "tersembunyi", "setuju": True,
          "denah": [FILE], "alat": [{"jenis": "Lampu"}, {"jenis": ""}]}


def told(**values: object) -> list[Section]:
    return sections(FORM, {**VALUES, **values}, FormContext(today=date(2026, 4, 1)))


def test_a_form_reads_as_sections_of_labels_and_words() -> None:
    first, details, tool = told()
    assert first.lines == [Line("Nama", "Sari")]
    assert details.title == "Rincian"
    assert [(line.label, line.text) for line in details.lines] == [
        ("Luas", "1.250,5"), ("Mulai", "10 April 2026"), ("Baik?", "Ya, baik"), ("Setuju", "Ya"), ("Denah", "")]
    assert details.lines[-1].files == (FILE,)
    assert tool.lines == [Line("Jenis", "Lampu")]


def test_what_the_form_hides_is_not_told() -> None:
    assert "Sebab" not in [line.label for section in told() for line in section.lines]
    assert Line("Sebab", "Kabel lepas") in told(baik=False, sebab="Kabel lepas")[1].lines


def test_what_was_left_empty_is_told_with_a_dash() -> None:
    details = told(luas=None, denah=[])[1]
    assert {line.label: line.text for line in details.lines if line.text == "–"} == {"Luas": "–", "Denah": "–"}
