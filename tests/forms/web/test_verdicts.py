"""The four lines of the public check, and that nothing personal is in them."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from engine.assembly import Entry, Judgement
from engine.documents.judging import Line
from forms.web import verdicts

ENTRY = Entry("ABCDEFGHIJKLMNOP", "Izin Rekaan", "Surat izin", "510/001/2026", "Kopi Rekaan",
              datetime(2026, 6, 9, tzinfo=UTC), "2031-06-08", "berlaku", "Plh. Kepala", False, "0" * 64, "terbit")


def judgement(authentic: bool) -> Judgement:
    lines = [Line(code, authentic, code, "…") for code in ("identical", "intact", "trusted")]
    return Judgement("0" * 64, *lines)


@pytest.mark.parametrize(("standing", "holds", "says"), [
    ("berlaku", True, "sampai 8 Juni 2031"), ("kedaluwarsa", False, "sudah habis"), ("diganti", False, "diganti"),
    ("dicabut", False, "dicabut"), ("", None, "bukan izin"),
])
def test_the_fourth_line_is_the_registers_word_on_today(standing: str, holds: bool | None, says: str) -> None:
    line = verdicts.standing(dataclasses.replace(ENTRY, standing=standing))
    assert line.holds is holds and says in line.sentence


def test_a_file_that_is_not_in_the_register_may_still_be_genuine() -> None:
    verdict = verdicts.of_upload(None, judgement(True))
    assert verdict.headline == "Dokumen ini asli" and verdict.lines[3].holds is None


def test_a_file_that_fails_is_never_called_genuine() -> None:
    assert verdicts.of_upload(ENTRY, judgement(False)).headline == "Dokumen ini tidak dapat dipastikan asli"


def test_behind_a_code_stands_what_can_be_compared_with_the_paper() -> None:
    verdict = verdicts.of_entry(ENTRY, judgement(True))
    assert ("Nomor", "510/001/2026") in verdict.facts and ("Ditandatangani", "Plh. Kepala") in verdict.facts
    assert verdict.headline == "Surat izin terdaftar"


def test_a_trial_signature_is_called_one() -> None:
    assert "uji coba" in verdicts.of_entry(dataclasses.replace(ENTRY, trial=True), judgement(True)).advice
