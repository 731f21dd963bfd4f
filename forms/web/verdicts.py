"""Is this document genuine, in four lines: file, signature, signer, and whether it holds today. Nothing personal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.assembly import Entry, Judgement
from forms.web import words

IN_FORCE = "Berlaku hari ini"
STANDINGS = {
    "berlaku": (True, "Tercatat berlaku di register kantor"),
    "kedaluwarsa": (False, "Masa berlakunya sudah habis"),
    "diganti": (False, "Sudah diganti dengan surat yang lebih baru"),
    "dicabut": (False, "Sudah dicabut oleh kantor"),
}


class Line(Protocol):
    """One line of a judgement; `holds` None = it cannot be said."""

    @property
    def holds(self) -> bool | None: ...

    @property
    def title(self) -> str: ...

    @property
    def sentence(self) -> str: ...


@dataclass(frozen=True)
class Standing:
    """The fourth line: what the register says about today."""

    holds: bool | None
    title: str
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """Everything the page shows."""

    headline: str
    advice: str
    lines: tuple[Line, ...]
    facts: Sequence[tuple[str, str]] = ()
    name: str = ""
    number: str = ""


def standing(entry: Entry | None) -> Standing:
    """Does the document hold today, as far as the register knows?"""
    if entry is None:
        return Standing(None, IN_FORCE, "Berkas ini tidak ada di register kami, jadi masa berlakunya tidak diketahui.")
    if entry.standing not in STANDINGS:
        return Standing(None, IN_FORCE, "Surat ini bukan izin; tidak mempunyai masa berlaku.")
    holds, sentence = STANDINGS[entry.standing]
    until = f", sampai {words.day(entry.valid_until)}" if entry.valid_until else ""
    return Standing(holds, IN_FORCE, f"{sentence}{until}.")


def of_entry(entry: Entry, judgement: Judgement) -> Verdict:
    """What stands behind a code: the register's own file is judged."""
    lines = _lines(entry, judgement) if judgement.signer else (REGISTERED, standing(entry))
    trial = TRIAL if entry.trial or judgement.trial else ""
    return Verdict(f"{entry.name} terdaftar", trial + COMPARE, lines, _facts(entry), entry.name, entry.number)


REGISTERED = Standing(True, "Terdaftar di kantor", "Dibuat oleh kantor; surat jenis ini tidak ditandatangani elektronik.")
COMPARE = "Bandingkan isi surat di tangan Anda dengan keterangan di bawah, atau unggah berkas PDF-nya."
TRIAL = "Tanda tangan pada surat ini hanya uji coba dan tidak sah. "
GENUINE = "Isi berkas utuh sejak ditandatangani, dan penanda tangannya dikenal."
NOT_GENUINE = "Berkas ini tidak dapat dipercaya. Mintalah berkas asli dari kantor."
SAME = "Berkas ini sama persis dengan yang dibuat kantor."


def of_upload(entry: Entry | None, judgement: Judgement) -> Verdict:
    """What a file that somebody brought is worth. A letter that the office does not sign is known by its very bytes."""
    if entry is not None and judgement.signer is None and judgement.identical.holds:
        return Verdict(f"{entry.name} ini asli", SAME, (judgement.identical, REGISTERED, standing(entry)), _facts(entry),
                       entry.name, entry.number)
    if judgement.authentic:
        headline, advice = "Dokumen ini asli", f"{TRIAL if judgement.trial else ''}{GENUINE}"
    else:
        headline, advice = "Dokumen ini tidak dapat dipastikan asli", NOT_GENUINE
    return Verdict(headline, advice, _lines(entry, judgement), _facts(entry) if entry else (),
                   entry.name if entry else "", entry.number if entry else "")


def _lines(entry: Entry | None, judgement: Judgement) -> tuple[Line, ...]:
    """The lines of a judgement and the register's; officers are named by their post where the register knows it."""
    trusted: Line = judgement.trusted
    if entry is not None and entry.signer and trusted.holds:
        trusted = Standing(True, trusted.title, f"Ditandatangani oleh {entry.signer}.")
    return judgement.identical, judgement.intact, trusted, standing(entry)


def _facts(entry: Entry) -> list[tuple[str, str]]:
    told = [("Layanan", entry.process), ("Atas nama", entry.title), ("Nomor", entry.number),
            ("Diterbitkan", words.long_day(entry.published_at)),
            ("Berlaku sampai", words.long_day(entry.valid_until) if entry.valid_until else ""),
            ("Ditandatangani", entry.signer)]
    return [(name, value) for name, value in told if value]
