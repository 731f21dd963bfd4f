"""Is one answer in order? Each kind of field turns what was given into a plain value or says what to mend."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from engine.rules.form.model import Field, FormContext
from engine.rules.form.patterns import fits
from engine.rules.language import grouped

TEXT_CAP = 200
PROSE_CAP = 4000
HARD_CAP = 20_000
FILE_CAP = 20
EARLIEST, LATEST = "1900-01-01", "2199-12-31"
BIGGEST = 2 ** 53 - 1
NUMBER = re.compile(r"-?\d{1,16}(?:[.,]\d{1,6})?", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
TIME = re.compile(r"([01]\d|2[0-3])[:.]([0-5]\d)", re.ASCII)
EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}", re.ASCII)
PHONE = re.compile(r"(?:\+62|62|0)\d{7,13}", re.ASCII)
DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
TYPES = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}
FILE_KEYS = {"name", "sha256", "bytes", "type"}
UNPRINTABLE = ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")
# Signs that reorder or hide what a letter would print.
TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

Cleaned = tuple[object, str | None]
Clean = Callable[[Field, Any, FormContext], Cleaned]


def clean(field: Field, given: object, context: FormContext) -> Cleaned:
    """The plain value of an answer, or None and a sentence that says what to mend."""
    if given is None or given == "" or given == []:
        return EMPTY.get(field.kind, lambda: None)(), _missing(field)
    return CLEAN[field.kind](field, given, context)


def _missing(field: Field) -> str | None:
    if not field.limits.required:
        return None
    return {"filepicker": "Unggah berkas ini.", "checkbox": "Beri tanda centang bila setuju.",
            "textfield": "Isi bagian ini.", "textarea": "Tulis keterangannya.", "number": "Isi dengan angka.",
            "datetime": "Isi tanggalnya." if field.subtype == "date" else "Isi jamnya.",
            }.get(field.kind, "Pilih salah satu.")


def _text(field: Field, given: object, context: FormContext) -> Cleaned:
    if not isinstance(given, str):
        return None, "Isi dengan teks."
    text = unicodedata.normalize("NFC", given.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not text:
        return None, _missing(field)
    return (text, None) if (fault := _text_fault(field, text)) is None else (None, fault)


def _text_fault(field: Field, text: str) -> str | None:
    if not printable(text, lines=field.kind == "textarea"):
        return "Isian memuat tanda yang tidak dapat dicetak. Ketik ulang bagian itu."
    longest = longest_of(field)
    if len(text) > longest:
        return f"Paling banyak {longest} huruf; sekarang {len(text)}."
    if len(text) < field.limits.shortest:
        return f"Paling sedikit {field.limits.shortest} huruf; sekarang {len(text)}."
    return _shape_fault(field, text)


def longest_of(field: Field) -> int:
    """How many characters the field takes."""
    cap = PROSE_CAP if field.kind == "textarea" else TEXT_CAP
    return min(field.limits.longest or cap, HARD_CAP)


def printable(text: str, *, lines: bool) -> bool:
    """Can this text be stored and printed as it was read? No control signs, lone surrogates or turning signs."""
    if text.isprintable():
        return True
    allowed = "\n\t" if lines else ""
    return not TURNING.search(text) and all(
        letter in allowed or unicodedata.category(letter) not in UNPRINTABLE for letter in text)


def _shape_fault(field: Field, text: str) -> str | None:
    limits = field.limits
    if limits.address == "email" and not EMAIL.fullmatch(text):
        return "Tulis alamat surel yang lengkap, misalnya nama@contoh.id."
    if limits.address == "phone" and not PHONE.fullmatch(re.sub(r"[ .\-]", "", text)):
        return "Tulis nomor telepon yang lengkap, misalnya 0812 3456 7890."
    if limits.pattern and not fits(limits.pattern, text):
        return limits.pattern_message or "Bentuk isian tidak sesuai contoh."
    return None


def _number(field: Field, given: object, context: FormContext) -> Cleaned:
    if isinstance(given, (bool, float)) or not isinstance(given, (int, str)):
        return None, "Isi dengan angka, misalnya 12 atau 2,5."
    text = str(given).strip()
    if not NUMBER.fullmatch(text):
        return None, "Isi dengan angka, misalnya 12 atau 2,5."
    number = Decimal(text.replace(",", "."))
    fault = _number_fault(field, number)
    return (None, fault) if fault else (_plain_number(number, field.limits.decimals), None)


def _number_fault(field: Field, number: Decimal) -> str | None:
    limits = field.limits
    if number != round(number, limits.decimals):
        whole = "Isi dengan bilangan bulat."
        return f"Paling banyak {limits.decimals} angka di belakang koma." if limits.decimals else whole
    if abs(number) > BIGGEST:
        return "Angka ini terlalu besar."
    if limits.least is not None and number < Decimal(limits.least):
        return f"Paling kecil {grouped(limits.least)}."
    if limits.greatest is not None and number > Decimal(limits.greatest):
        return f"Paling besar {grouped(limits.greatest)}."
    return None


def _plain_number(number: Decimal, decimals: int) -> int | str:
    if not decimals:
        return int(number)
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _when(field: Field, given: object, context: FormContext) -> Cleaned:
    if not isinstance(given, str):
        return None, "Isi tanggalnya." if field.subtype == "date" else "Isi jamnya."
    return _day(field, given.strip(), context) if field.subtype == "date" else _hour(given.strip())


def _day(field: Field, text: str, context: FormContext) -> Cleaned:
    try:
        day = date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not EARLIEST <= text <= LATEST:
        return None, "Tanggal ini tidak ada. Tulis hari, bulan, dan tahun yang benar."
    if field.limits.from_today and day < context.today:
        return None, "Tanggal ini sudah lewat."
    return text, None


def _hour(text: str) -> Cleaned:
    match = TIME.fullmatch(text)
    return (f"{match[1]}:{match[2]}", None) if match else (None, "Tulis jam seperti 09.30.")


def _choice(field: Field, given: object, context: FormContext) -> Cleaned:
    for option in field.options:
        if same(option.value, given):
            return option.value, None
    return None, "Pilih salah satu pilihan yang tersedia."


def same(one: object, other: object) -> bool:
    """Equal in kind and value: true is not 1."""
    return type(one) is type(other) and one == other


def _choices(field: Field, given: object, context: FormContext) -> Cleaned:
    known = [option.value for option in field.options]
    if not isinstance(given, list) or not all(any(same(one, value) for value in known) for one in given):
        return [], "Pilih dari pilihan yang tersedia."
    return [value for value in known if any(same(value, one) for one in given)], None


def _tick(field: Field, given: object, context: FormContext) -> Cleaned:
    if not isinstance(given, bool):
        return False, "Beri tanda centang atau kosongkan."
    return given, None if given else _missing(field)


def _files(field: Field, given: object, context: FormContext) -> Cleaned:
    if not isinstance(given, list) or not all(_is_file(one) for one in given):
        return [], "Berkas tidak dapat dibaca. Unggah lagi."
    fault = _files_fault(field, given, context)
    return ([], fault) if fault else ([dict(one) for one in given], None)


def _is_file(one: object) -> bool:
    return (isinstance(one, Mapping) and set(one) == FILE_KEYS and _named(one["name"]) and isinstance(one["type"], str)
            and bool(DIGEST.fullmatch(str(one["sha256"]))) and isinstance(one["bytes"], int)
            and not isinstance(one["bytes"], bool) and 0 < one["bytes"] <= BIGGEST)


def _named(name: object) -> bool:
    return isinstance(name, str) and 0 < len(name) <= 255 and printable(name, lines=False)


def _files_fault(field: Field, files: Sequence[Mapping[str, Any]], context: FormContext) -> str | None:
    if len(files) > (FILE_CAP if field.limits.multiple else 1):
        return f"Paling banyak {FILE_CAP} berkas." if field.limits.multiple else "Cukup satu berkas; hapus yang lain."
    if context.files is not None and any(_foreign(one, context.files) for one in files):
        return "Berkas ini tidak ditemukan lagi. Unggah lagi."
    if any(not accepted(field.limits.accept, one) for one in files):
        return f"Jenis berkas yang diterima: {', '.join(field.limits.accept)}."
    return None


def _foreign(one: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> bool:
    """A digest that was not uploaded here, or whose size and type were altered on the way."""
    saved = known.get(one["sha256"])
    return saved is None or any(saved[key] != one[key] for key in ("bytes", "type"))


def accepted(accept: Sequence[str], one: Mapping[str, Any]) -> bool:
    """Does the file fit `accept` (".pdf", "image/*", "application/pdf")? Content itself is judged at the upload."""
    return not accept or any(_fits(wanted.lower(), one) for wanted in accept)


def _fits(wanted: str, one: Mapping[str, Any]) -> bool:
    kind = str(one["type"])
    if wanted.startswith("."):
        return kind == TYPES[wanted] if wanted in TYPES else str(one["name"]).lower().endswith(wanted)
    return kind.startswith(wanted[:-1]) if wanted.endswith("/*") else kind == wanted


CLEAN: Mapping[str, Clean] = {
    "textfield": _text, "textarea": _text, "number": _number, "datetime": _when, "select": _choice, "radio": _choice,
    "checkbox": _tick, "checklist": _choices, "taglist": _choices, "filepicker": _files}
EMPTY: Mapping[str, Callable[[], object]] = {
    "checkbox": bool, "checklist": list, "taglist": list, "filepicker": list}
