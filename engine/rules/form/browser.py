"""What did the browser send? Names like "alat.0.jumlah" become plain values; rows come and go by submit buttons.

    _tambah = alat          one more row           _hapus = alat.2          without that row
    _hapus_berkas = path:digest                    _perbarui = 1            only draw the page again
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.rules.form.model import CHOICES, LISTS, Field, FormContext, Submission
from engine.rules.form.sources import starting_values

MOST_ROWS = 200
ROW = "_baris"
COMMANDS = ("_tambah", "_hapus", "_hapus_berkas", "_perbarui")
GROUPED = re.compile(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?", re.ASCII)
TYPED_DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", re.ASCII)

Raw = Mapping[str, list[str]]


@dataclass
class _Reading:
    """One submission being read."""

    raw: Raw
    context: FormContext
    secrets: dict[str, str] = field(default_factory=dict)

    def command(self, name: str) -> str:
        return self.raw.get(name, [""])[-1]

    def values(self, fields: tuple[Field, ...], prefix: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for one in fields:
            if one.kind == "group":
                found.update(self.values(one.children, prefix))
            elif one.kind == "dynamiclist" and not one.locked:
                found[one.key] = self.rows(one, f"{prefix}{one.key}")
            elif one.secret:
                self.keep_secret(one.key, self.raw.get(f"{prefix}{one.key}", []))
            elif one.key and not one.locked:
                found[one.key] = self.value(one, f"{prefix}{one.key}")
        return {key: value for key, value in found.items() if value is not None}

    def keep_secret(self, key: str, sent: list[str]) -> None:
        if sent and sent[-1]:
            self.secrets[key] = sent[-1]

    def rows(self, one: Field, path: str) -> list[dict[str, Any]]:
        dropped = self.command("_hapus") if one.source is None else ""
        found = [self.row(one, f"{path}.{number}") for number in self.numbers(path) if f"{path}.{number}" != dropped]
        if self.command("_tambah") == path and one.source is None:
            found.append(starting_values(one.children, self.context))
        return found

    def row(self, one: Field, path: str) -> dict[str, Any]:
        found = self.values(one.children, f"{path}.")
        if one.source is not None:
            found[one.source.key] = self.raw.get(f"{path}.{one.source.key}", [""])[-1]
        return found

    def numbers(self, path: str) -> list[int]:
        start = len(path) + 1
        heads = {name[start:].partition(".")[0] for name in self.raw if name.startswith(f"{path}.")}
        return sorted(int(head) for head in heads if head.isdecimal() and head.isascii() and len(head) <= 4)[:MOST_ROWS]

    def value(self, one: Field, path: str) -> object:
        sent = self.raw.get(path, [])
        if one.kind == "checkbox":
            return bool(sent)
        if one.kind == "filepicker":
            return self.files(one, path, sent)
        if one.kind in LISTS:
            return [_chosen(one, token) for token in sent]
        return READ.get(one.kind, _as_typed)(one, sent[-1]) if sent and sent[-1].strip() else None

    def files(self, one: Field, path: str, sent: list[str]) -> list[dict[str, Any]]:
        known = self.context.files or {}
        dropped = self.command("_hapus_berkas")
        digests = [digest for digest in dict.fromkeys(sent) if digest in known and f"{path}:{digest}" != dropped]
        # A new file takes the place of the one before where only one is asked for.
        return [dict(known[digest]) for digest in (digests if one.limits.multiple else digests[-1:])]


def parse(fields: tuple[Field, ...], raw: Raw, context: FormContext) -> Submission:
    """The plain values of a submission; secrets stand apart; `stays` when only rows or files were edited."""
    reading = _Reading(raw, context)
    values = reading.values(fields, "")
    stays = any(reading.command(name) for name in COMMANDS)
    return Submission(values, reading.secrets, stays, _focus(reading, values))


def _focus(reading: _Reading, values: Mapping[str, Any]) -> str | None:
    """Where the reader goes on after a row came or went."""
    added = reading.command("_tambah")
    if added:
        rows = values.get(added)
        return f"{added}.{len(rows) - 1}" if isinstance(rows, list) and rows else added
    gone = reading.command("_hapus") or reading.command("_hapus_berkas")
    return gone.rpartition(":")[0] or gone.rpartition(".")[0] or None


def _chosen(one: Field, token: str) -> object:
    """The option behind a token; an unknown token stays as it came and is refused later."""
    return next((option.value for option in one.options if option.token == token), token)


def _as_typed(one: Field, text: str) -> str:
    return text


def _number(one: Field, text: str) -> str:
    """The page's way of writing numbers: dots between thousands, a comma before decimals."""
    plain = text.replace("\u00a0", " ").replace(" ", "")
    return plain.replace(".", "").replace(",", ".") if GROUPED.fullmatch(plain) else plain.replace(",", ".")


def _moment(one: Field, text: str) -> str:
    """A day typed where the browser has no calendar: 9/6/2026."""
    match = TYPED_DAY.fullmatch(text.strip())
    return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}" if match and one.subtype == "date" else text


READ: Mapping[str, Callable[[Field, str], object]] = {
    "number": _number, "datetime": _moment, **dict.fromkeys(CHOICES, _chosen)}
