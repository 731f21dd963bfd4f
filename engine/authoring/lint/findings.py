"""What an analyst is told: one finding is one fault, where it stands, how it is mended. Used by this whole folder."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from engine.handling import Handler
from engine.rules.process import Process

FAULT = "galat"
CAUTION = "peringatan"
MOST = 300
"""Findings told of one file; who has more mends these first."""

NO_HANDLERS: Mapping[str, Handler] = MappingProxyType({})


@dataclass(frozen=True)
class Finding:
    """One thing to mend. A `galat` keeps an edition from being deployed; a `peringatan` does not."""

    code: str
    severity: str
    element: str | None
    place: str
    message: str
    remedy: str


@dataclass(frozen=True)
class FormKeys:
    """What may be asked of a form: its top-level keys with their kinds, the personal ones, what a choice may hold."""

    kinds: Mapping[str, str]
    personal: frozenset[str] = frozenset()
    choices: Mapping[str, tuple[object, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """What a diagram is judged against. None = not known, so nothing is said about it."""

    process: Process | None = None
    forms: Mapping[str, FormKeys] | None = None
    handlers: Mapping[str, Handler] | None = None
    place: str = "diagram"

    @property
    def variables(self) -> frozenset[str] | None:
        """The declared case variables."""
        return None if self.process is None else frozenset(self.process.variables)


def fault(code: str, element: str | None, message: str, remedy: str) -> Finding:
    """A finding that must be mended before a deploy; its place is filled in by who reads the file."""
    return Finding(code, FAULT, element, "", message, remedy)


def caution(code: str, element: str | None, message: str, remedy: str) -> Finding:
    """A finding that is told and may stay."""
    return Finding(code, CAUTION, element, "", message, remedy)


def placed(found: Iterable[Finding], place: str) -> list[Finding]:
    """The findings of one file, each once, faults first, and no more than a person can read."""
    kept: dict[str, dict[Finding, None]] = {FAULT: {}, CAUTION: {}}
    for finding in found:
        if len(kept[finding.severity]) <= MOST:
            kept[finding.severity][replace(finding, place=finding.place or place)] = None
    ranked = [*kept[FAULT], *kept[CAUTION]]
    if len(ranked) <= MOST:
        return ranked
    rest = Finding("terlalu_banyak_temuan", ranked[MOST].severity, None, place,
                   f"Masih ada temuan lain; hanya {MOST} yang pertama ditampilkan.",
                   "Perbaiki temuan di atas, lalu periksa lagi.")
    return [*ranked[:MOST], rest]


def meant(word: str, known: Collection[str]) -> str:
    """The end of a remedy: what the analyst may have meant, or what there is to choose from."""
    close = difflib.get_close_matches(word[:80], known, n=1, cutoff=0.6)
    if close:
        return f"Mungkin maksudnya “{close[0]}”."
    listed = ", ".join(f"“{name}”" for name in sorted(known)[:12])
    return f"Yang tersedia: {listed}." if listed else "Belum ada satu pun yang dapat dipilih."


def shown(text: object, longest: int = 60) -> str:
    """A piece of the file inside a sentence, cut to a readable length."""
    plain = " ".join(str(text).split())
    return plain if len(plain) <= longest else plain[:longest] + "…"
