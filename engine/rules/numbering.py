"""How are numbers written? Letter numbers by the pattern of a register, registration numbers with a check character.

A pattern has a closed set of placeholders, for example "{klasifikasi}/{urut:04}/{jenis}/{unit}/{bulan_romawi}/{tahun}".

The check character of IO-2026-000123-K is a linear code over the 36 characters 0-9A-Z, read as pairs of an element of
the field of four and one of the field of nine. Characters are added in these fields; before each next one the sum is
multiplied by a constant u. Because u, 1-u, 1+u and 1-u² all have an inverse, the code finds every single wrong
character, every swap of neighbours (12 for 21), every swap across one (123 for 321) and every twin error (11 for 22).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from string import Formatter

from engine.errors import DefinitionRefused, Refusal
from engine.rules.language import roman_month

CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WORDS = ("klasifikasi", "jenis", "unit")
"""Placeholders whose words stand in process.toml."""
PLACEHOLDERS = ("urut", *WORDS, "bulan", "bulan_romawi", "tahun")

_WIDTH = re.compile(r"(0[1-9])?")
_PREFIX = re.compile(r"[A-Z0-9]{1,8}")
_REGISTRATION = re.compile(r"([A-Z0-9]{1,8})-([0-9]{4})-([0-9]{6,})-([A-Z0-9])")
_TIMES_FOUR = (0, 2, 3, 1)
"""The field of four (bits of 1 and w), multiplied by w."""


class NumberRefused(Refusal):
    """A registration number is mistyped or was never given."""

    code = "nomor_salah"
    advice = "Nomor pendaftaran ini tidak benar. Periksa lagi huruf dan angkanya, misalnya IO-2026-000123-K."


@dataclass(frozen=True)
class NumberPattern:
    """A checked pattern of a register."""

    source: str
    words: Mapping[str, str]

    def number(self, running: int, on: date) -> str:
        """The number of a letter: its running number in the year, and the day it is reserved for."""
        return self.source.format(urut=running, bulan=on.month, bulan_romawi=roman_month(on.month), tahun=on.year,
                                  **self.words)


def compile_pattern(source: str, words: Mapping[str, str]) -> NumberPattern:
    """The pattern of a register with its fixed words; DefinitionRefused names what is wrong and how to mend it."""
    try:
        parts = [part for part in Formatter().parse(source) if part[1] is not None]
    except ValueError as fault:
        raise _refused(source, "kurung kurawal tidak berpasangan") from fault
    names = [name for _, name, _, _ in parts]
    for _, name, width, conversion in parts:
        _check_placeholder(source, str(name), width or "", conversion)
    for needed in ("urut", "tahun"):
        if needed not in names:
            raise _refused(source, f"tempat {{{needed}}} belum ada; tanpa itu nomor tidak unik")
    if missing := [name for name in WORDS if name in names and not words.get(name)]:
        raise _refused(source, f"isi untuk {', '.join(missing)} belum ada di tabel register")
    return NumberPattern(source, {name: words[name] for name in WORDS if name in names})


def _check_placeholder(source: str, name: str, width: str, conversion: str | None) -> None:
    if name not in PLACEHOLDERS:
        raise _refused(source, f"tempat {{{name}}} tidak dikenal; yang ada: {', '.join(PLACEHOLDERS)}")
    numeric = name in ("urut", "bulan", "tahun")
    if conversion or not _WIDTH.fullmatch(width) or (width and not numeric):
        raise _refused(source, f"lebar pada {{{name}:{width}}} tidak dikenal; tulis misalnya {{urut:04}}")


def _refused(source: str, why: str) -> DefinitionRefused:
    return DefinitionRefused(f"pattern {source!r}: {why}", advice=f"Pola nomor “{source}”: {why}.")


def check_character(text: str) -> str:
    """The character that makes `text` whole; characters other than 0-9A-Z (hyphens) are passed over."""
    four, nine = _sum(text)
    # In both fields the sum with the check character must be zero: itself in the field of four, the negative in nine.
    return CHARACTERS[_packed(four, tuple(-part % 3 for part in nine))]


def _sum(text: str) -> tuple[int, tuple[int, int]]:
    """The weighted sum of the characters, multiplied once more for the character to come."""
    four, (low, high) = 0, (0, 0)
    for character in text:
        value = CHARACTERS.find(character)
        if value >= 0:
            four ^= value % 4
            low, high = low + value // 4 % 3, high + value // 12
            four, (low, high) = _TIMES_FOUR[four], _times_nine(low, high)
    return four, (low, high)


def _times_nine(low: int, high: int) -> tuple[int, int]:
    """The field of nine (low + high·i, i² = -1, modulo 3), multiplied by 1 + i."""
    return (low - high) % 3, (low + high) % 3


def _packed(four: int, nine: tuple[int, ...]) -> int:
    return four + 4 * (nine[0] + 3 * nine[1])


def registration_number(prefix: str, year: int, running: int) -> str:
    """IO-2026-000123-K: the number of a case for people, given at submission."""
    if not _PREFIX.fullmatch(prefix):
        raise DefinitionRefused(f"prefix {prefix!r}", advice="Awalan nomor pendaftaran terdiri atas 1 sampai 8 huruf "
                                                             "besar atau angka, misalnya IO.")
    body = f"{prefix}-{year:04}-{running:06}"
    return f"{body}-{check_character(body)}"


def parse_registration(typed: str) -> str:
    """The number as it is kept; spaces and small letters are forgiven, a wrong character is not (NumberRefused)."""
    number = "".join(typed.upper().split())
    found = _REGISTRATION.fullmatch(number)
    if found is None or check_character(number.rpartition("-")[0]) != found[4]:
        raise NumberRefused(f"{len(typed)} characters")
    return number
