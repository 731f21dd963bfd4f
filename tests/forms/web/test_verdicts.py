"""The four lines of the public check, and that nothing personal is in them."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from engine.assembly import Entry, Judgement
from engine.documents.judging import Line
from engine.documents.signing import CertificateFacts
from forms.web import verdicts

ENTRY = Entry("ABCDEFGHIJKLMNOP", "Izin Rekaan", "Surat izin", "510/001/2026", "Kopi Rekaan",
              datetime(2026, 6, 9, tzinfo=UTC), "2031-06-08", "berlaku", "Plh. Kepala", False, "0" * 64, "terbit")


def judgement(authentic: bool) -> Judgement:
    lines = [Line(code, authentic, code, "…") for code in ("identical", "intact", "trusted")]
    signer = CertificateFacts("Sari Rekaan", "Penerbit Rekaan", "1", "f" * 64, datetime(2026, 1, 1, tzinfo=UTC),
                              datetime(2028, 1, 1, tzinfo=UTC))
    return Judgement("0" * 64, *lines, signer=signer)


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


def test_on_a_public_page_the_signer_is_named_by_the_post() -> None:
    line = verdicts.of_upload(ENTRY, judgement(True)).lines[2]
    assert line.sentence == "Ditandatangani oleh Plh. Kepala."


def test_a_letter_that_the_office_does_not_sign_is_known_by_its_very_bytes() -> None:
    unsigned = dataclasses.replace(judgement(False), signer=None, identical=Line("identical", True, "Berkas sama", "…"))
    assert verdicts.of_upload(ENTRY, unsigned).headline == "Surat izin ini asli"
    assert verdicts.of_upload(None, unsigned).headline == "Dokumen ini tidak dapat dipastikan asli"


def test_a_trial_signature_is_called_one() -> None:
    assert "uji coba" in verdicts.of_entry(dataclasses.replace(ENTRY, trial=True), judgement(True)).advice
