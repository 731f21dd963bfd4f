"""Letter templates of an analyst: may this one be deployed? Findings name the line and the remedy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.documents.letters import Letter, LetterFailed, render

LARGEST = 256 * 1024
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class TemplateFinding:
    """What is wrong in which line (0 = the whole file), and what to do."""

    line: int
    problem: str
    remedy: str


FORBIDDEN = (
    (re.compile(r"[\"']@|\\u\{0*40\}|from-unicode"), "memuat paket dari luar (`@…`)",
     "Salin yang diperlukan ke folder _shared; surat tidak boleh bergantung pada jaringan."),
    (re.compile(r"\bplugin\s*\("), "memuat program (`plugin`)", "Hapus; templat hanya boleh berisi susunan surat."),
    (re.compile(r"\bdatetime\.today\s*\("), "memakai jam mesin (`datetime.today`)",
     "Pakai `tanggal` atau `waktu` dari isi berkas supaya surat selalu sama bila dibuat ulang."),
    (re.compile(r"[\"'][^\"'\n]*\.\./"), "keluar dari foldernya (`../`)",
     "Tulis alamat lengkap yang mulai dengan `/processes/`."),
    (re.compile(r"\bdate\s*:\s*none\b"), "menghapus tanggal dokumen (`date: none`)",
     "Hapus; arsip (PDF/A) memerlukan tanggal dokumen."),
)


def check_template(source: bytes) -> tuple[TemplateFinding, ...]:
    """What can be seen without setting the letter."""
    if len(source) > LARGEST:
        return (TemplateFinding(0, f"templat lebih dari {LARGEST // 1024} KB",
                                "Pindahkan gambar ke berkas tersendiri."),)
    try:
        text = source.decode("utf-8")
    except UnicodeDecodeError:
        return (TemplateFinding(0, "bukan teks UTF-8", "Simpan ulang berkas ini sebagai UTF-8."),)
    lines = enumerate(text.splitlines(), start=1)
    return tuple(TemplateFinding(number, problem, remedy) for number, line in lines
                 for pattern, problem, remedy in FORBIDDEN if pattern.search(_without_comment(line)))


def try_template(template: str, files: Mapping[str, bytes]) -> tuple[TemplateFinding, ...]:
    """Set the letter of an empty case: every value is missing and the letter must come out all the same."""
    if template not in files:
        return (TemplateFinding(0, f"berkas {template} belum ada", "Tambahkan templatnya atau perbaiki namanya."),)
    try:
        render(Letter(template, files, {}, LONG_AGO))
    except LetterFailed as refusal:
        return (TemplateFinding(_line(str(refusal), template), f"tidak dapat dicetak: {_said(refusal)}",
                                "Perbaiki templat; nilai yang kosong pun harus dapat dicetak."),)
    return ()


def _without_comment(line: str) -> str:
    return "" if line.lstrip().startswith("//") else line


def _line(said: str, template: str) -> int:
    found = re.search(rf"{re.escape(template)}:(\d+)", said)
    return int(found[1]) if found else 0


def _said(refusal: LetterFailed) -> str:
    return str(refusal).partition(": ")[2].partition(" | ")[0][:200]
