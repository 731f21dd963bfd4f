"""How a case is called in lists: title, place and kind, taken from its forms by the paths of [ringkasan]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.store.cases import CaseRow


def describe(row: CaseRow, summary: Mapping[str, tuple[str, ...]], answers: Mapping[str, Mapping[str, Any]]) -> CaseRow:
    """The case with its words for lists."""
    title = first_of((*summary.get("judul", ()), *summary.get("pemohon", ())), answers)
    return replace(row, title=title[:200], place=first_of(summary.get("tempat", ()), answers)[:200],
                   kind=first_of(summary.get("jenis", ()), answers)[:80])


def first_of(paths: tuple[str, ...], answers: Mapping[str, Mapping[str, Any]]) -> str:
    """The first value that the paths "activity.key" find in the forms, as text."""
    for path in paths:
        activity, _, key = path.partition(".")
        value = answers.get(activity, {}).get(key)
        if value not in (None, "", []):
            return str(value)
    return ""
