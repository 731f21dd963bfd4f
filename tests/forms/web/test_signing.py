"""The signing post: what waits, signed with a passphrase that is kept nowhere, and what happened when it fails."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from engine.rules.people import SYSTEM
from tests.builders import PASSPHRASE, Office
from tests.engine.runtime.test_signatories import SECRET, at_the_signer, national, sign
from tests.web_builders import Browser
from tests.web_cases import address, played

SIGN = {"kepala_setuju": "true", "_aksi": "kirim"}


@pytest.fixture
def case(office: Office) -> str:
    """A case whose letter waits for a signature."""
    return played(office, "02-rapat-saja", until="penetapan")


@pytest.fixture
def signer(office: Office, case: str) -> Browser:
    return Browser(office, office.actor("kepala"))


def decide(signer: Browser, case: str, passphrase: str) -> None:
    task = address(signer.office.task(case, "penetapan"))
    signer.get(task)
    signer.send(task, {**signer.form(), **SIGN, "frasa_sandi": passphrase})


def test_each_row_tells_the_letter_the_decisions_and_the_checks(signer: Browser, case: str) -> None:
    signer.get("/tanda-tangan")
    row = signer.page.find("ul", class_="to-sign").get_text(" ", strip=True)
    assert "Surat izin penyelenggaraan" in row
    assert "Rekomendasi Disetujui" in row and "Naskah yang dibuat Surat izin" in row
    assert "Diperiksa Orang kasi" in row and "Janji kepada pemohon" in row
    assert signer.page.find("a", href=address(signer.office.task(case, "penetapan"))) is not None
    assert "Sertifikat siap" in signer.text


def test_an_own_try_that_failed_is_neither_a_decision_nor_a_check(signer: Browser, case: str) -> None:
    decide(signer, case, "bukan frasanya")
    signer.get("/tanda-tangan")
    row = signer.page.find("ul", class_="to-sign").get_text(" ", strip=True)
    assert "Diperiksa Orang kasi" in row and "dan Orang kabid" in row and "Orang kepala" not in row


def test_nothing_to_sign_says_so(office: Office) -> None:
    signer = Browser(office, office.actor("kepala"))
    signer.get("/tanda-tangan")
    assert "Tidak ada naskah yang menunggu" in signer.text


def test_a_signature_is_told_at_once_with_its_number(signer: Browser, case: str) -> None:
    decide(signer, case, PASSPHRASE)
    assert "Sudah ditandatangani" in signer.text
    letter = next(one for one in signer.office.engine.papers.of_case(case) if one.signed)
    assert letter.number and letter.number in signer.text
    assert signer.office.row(case).ended_at is not None


def test_a_wrong_passphrase_leads_back_and_the_number_is_used_again(signer: Browser, case: str) -> None:
    decide(signer, case, "bukan frasanya")
    assert "Belum ditandatangani" in signer.text and "Frasa sandi" in signer.text
    again = signer.page.find("a", string="Coba lagi")["href"]
    signer.get(again)
    assert "Langkah terakhir belum berhasil" in signer.text
    first = [one.number for one in signer.office.engine.papers.of_case(case) if one.number]
    decide(signer, case, PASSPHRASE)
    assert "Sudah ditandatangani" in signer.text and first[-1] in signer.text


def test_a_passphrase_is_asked_for_and_never_drawn_back(signer: Browser, case: str) -> None:
    task = address(signer.office.task(case, "penetapan"))
    signer.get(task)
    response = signer.send(task, {**signer.form(), **SIGN, "frasa_sandi": ""})
    assert response.status_code == 422 and "frasa sandi" in signer.text.lower()
    signer.send(task, {**signer.form(), "kepala_setuju": "true", "frasa_sandi": "rahasia sekali", "_aksi": "draf"})
    assert "rahasia sekali" not in str(signer.page)


def test_a_signer_makes_a_certificate_under_an_own_passphrase(signer: Browser, case: str) -> None:
    signer.get("/sertifikat")
    assert "Siap menandatangani" in signer.text
    assert signer.send("/sertifikat", {"frasa": "frasa baru sekali", "ulangi": "berbeda"}).status_code == 422
    assert signer.send("/sertifikat", {"frasa": "pendek", "ulangi": "pendek"}).status_code == 422
    signer.send("/sertifikat", {"frasa": "frasa baru sekali", "ulangi": "frasa baru sekali"})
    assert "Perubahan tersimpan" in signer.text
    decide(signer, case, "frasa baru sekali")
    assert "Sudah ditandatangani" in signer.text


def test_a_return_goes_to_the_drafter_without_a_passphrase(signer: Browser, case: str) -> None:
    task = address(signer.office.task(case, "penetapan"))
    signer.get(task)
    signer.send(task, {**signer.form(), "kepala_setuju": "false", "_tambah": "catatan"})
    sent = signer.form()
    notes = {"catatan.0.bagian": "identitas", "catatan.0.keterangan": "Perbaiki alamat usaha"}
    signer.send(task, {**sent, **notes, "_aksi": "kirim"})
    assert signer.office.waiting(case) == ["susun_naskah"], signer.text


def test_a_service_that_does_not_answer_is_waited_for_since_when_and_is_a_signature_to_the_public(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as place:
        nobody = f"http://127.0.0.1:{place.getsockname()[1]}"
    office = national(tmp_path, "bsre-v2", nobody)
    case = at_the_signer(office)
    sign(office, case, SECRET)
    head = Browser(office, office.actor("kepala"))
    for where in ("/tanda-tangan", f"/tanda-tangan/{case}/hasil", address(office.task(case, "penetapan")), f"/berkas/{case}"):
        head.get(where)
        assert "Menunggu layanan TTE" in head.text and "Sejak hari ini, " in head.text and "tetap aman" in head.text, where
    row, public = office.row(case), Browser(office)
    office.engine.administration.set_identity(str(row.applicant), "3214000101010007", SYSTEM)
    public.send("/lacak", {"nomor": str(row.number), "angka": "0007"})
    assert public.heading == "Penandatanganan" and "Menunggu layanan TTE" not in public.text
    office.engine.close()
