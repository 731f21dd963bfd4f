"""Signing: one person's key, one passphrase, one signature; what fails says why and leaves the file as it was."""

from __future__ import annotations

import io
import logging
import stat
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest

from engine.digest import sha256
from engine.documents.authority import TestAuthority
from engine.documents.letters import Letter, render
from engine.documents.signing import (
    TRIAL_MARK,
    CertificateExpired,
    Pkcs12Signer,
    SignerUnavailable,
    SigningFailed,
    SignJob,
    WrongPassphrase,
    read_certificate,
)

AT = datetime(2026, 6, 30, 3, tzinfo=UTC)
SECRET = "kuda-lumping-menari-77"
PERSON = "akunkepala0001"


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render(Letter("surat.typ", {"surat.typ": b'#set text(font: "Libertinus Serif")\nMenetapkan.'}, {}, AT)).pdf


@pytest.fixture
def authority(tmp_path: Path) -> TestAuthority:
    made = TestAuthority(tmp_path / "kunci")
    made.ensure()
    made.issue(PERSON, "Dra. Wening Astuti", SECRET, AT)
    return made


def test_the_receipt_names_both_digests_the_certificate_the_driver_and_the_time(
        authority: TestAuthority, pdf: bytes) -> None:
    signed = authority.signer.sign(SignJob(pdf, PERSON, AT, "Penetapan", "Kota Uji"), SECRET)
    facts = authority.signer.status(PERSON, AT).certificate
    assert facts is not None
    assert signed.record() == {
        "unsigned_sha256": sha256(pdf), "signed_sha256": sha256(signed.pdf), "driver": "local-test", "uji_coba": True,
        "certificate_subject": f"Dra. Wening Astuti, {TRIAL_MARK}", "certificate_serial": facts.serial,
        "certificate_fingerprint": facts.fingerprint, "recorded_at": "2026-06-30T03:00:00.000000Z"}
    assert signed.pdf.startswith(pdf)
    assert SECRET not in repr(signed) and SECRET not in str(vars(authority.signer))


def test_the_signature_certifies_allows_no_changes_and_shows_the_recorded_time(
        authority: TestAuthority, pdf: bytes) -> None:
    signed = authority.signer.sign(SignJob(pdf, PERSON, AT, "Penetapan", "Kota Uji"), SECRET)
    with pikepdf.open(io.BytesIO(signed.pdf)) as paper:
        [field] = paper.Root.AcroForm.Fields
        value = field.V
        assert (str(value.SubFilter), str(value.M)) == ("/ETSI.CAdES.detached", "D:20260630030000Z")
        assert value.Reference[0].TransformParams.P == 1
        assert "/DocMDP" in paper.Root.Perms
        assert [float(edge) for edge in field.Rect] == [0, 0, 0, 0]


def test_whatever_the_test_authority_signs_says_that_it_is_void(authority: TestAuthority, pdf: bytes) -> None:
    signed = authority.signer.sign(SignJob(pdf, PERSON, AT, "Penetapan"), SECRET)
    with pikepdf.open(io.BytesIO(signed.pdf)) as paper:
        value = paper.Root.AcroForm.Fields[0].V
        assert str(value.Reason) == f"{TRIAL_MARK}. Penetapan"
        assert TRIAL_MARK in str(value.Name)
    assert TRIAL_MARK in read_certificate(authority.root).subject
    assert authority.signer.uji_coba and authority.signer.issuer_words is None


def test_an_office_key_says_nothing_of_a_trial(authority: TestAuthority, pdf: bytes) -> None:
    office = Pkcs12Signer(authority.folder / "penanda", issuer_words="Penerbit Uji")
    signed = office.sign(SignJob(pdf, PERSON, AT), SECRET)
    with pikepdf.open(io.BytesIO(signed.pdf)) as paper:
        assert "/Reason" not in paper.Root.AcroForm.Fields[0].V
    assert (signed.driver, signed.trial, office.issuer_words) == ("pkcs12", False, "Penerbit Uji")
    assert Pkcs12Signer(authority.folder, uji_coba=True, issuer_words="Penerbit Uji").issuer_words is None


def test_another_reader_finds_it_valid_and_whole(authority: TestAuthority, pdf: bytes, tmp_path: Path) -> None:
    path = tmp_path / "surat.pdf"
    path.write_bytes(authority.signer.sign(SignJob(pdf, PERSON, AT), SECRET).pdf)
    said = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said and "Total document signed" in said


def test_a_wrong_passphrase_is_told_and_leaves_no_trace(
        authority: TestAuthority, pdf: bytes, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(WrongPassphrase) as refused:
        authority.signer.sign(SignJob(pdf, PERSON, AT), "salah-ketik-99")
    assert refused.value.code == "sandi_salah"
    assert refused.value.__cause__ is None and refused.value.__suppress_context__
    assert "salah-ketik-99" not in str(refused.value) and caplog.records == []


@pytest.mark.parametrize("signer", ["orang-lain", "../penanda/x", "", "a" * 65, "a/b"])
def test_who_has_no_key_cannot_sign(authority: TestAuthority, pdf: bytes, signer: str) -> None:
    assert authority.signer.status(signer, AT).code == "belum_ada"
    with pytest.raises(SignerUnavailable):
        authority.signer.sign(SignJob(pdf, signer, AT), SECRET)


def test_a_damaged_key_is_not_called_a_wrong_passphrase(authority: TestAuthority, pdf: bytes) -> None:
    (authority.folder / "penanda" / f"{PERSON}.p12").write_bytes(b"0\x82\x01rusak")
    with pytest.raises(SignerUnavailable):
        authority.signer.sign(SignJob(pdf, PERSON, AT), SECRET)


def test_a_certificate_counts_only_while_it_runs(authority: TestAuthority, pdf: bytes) -> None:
    for at in (AT - timedelta(days=3), AT + timedelta(days=800)):
        assert authority.signer.status(PERSON, at).code == "tidak_berlaku"
        with pytest.raises(CertificateExpired):
            authority.signer.sign(SignJob(pdf, PERSON, at), SECRET)


def test_a_file_is_signed_once(authority: TestAuthority, pdf: bytes) -> None:
    signed = authority.signer.sign(SignJob(pdf, PERSON, AT), SECRET)
    with pytest.raises(SigningFailed, match="signed already"):
        authority.signer.sign(SignJob(signed.pdf, PERSON, AT), SECRET)


@pytest.mark.parametrize("content", [b"", b"bukan pdf", b"%PDF-1.7\nrusak"])
def test_what_is_no_pdf_is_not_signed(authority: TestAuthority, content: bytes) -> None:
    with pytest.raises(SigningFailed):
        authority.signer.sign(SignJob(content, PERSON, AT), SECRET)


def test_keys_are_for_the_owner_of_the_folder_only(authority: TestAuthority) -> None:
    files = [path for path in authority.folder.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600} and len(files) == 3
    folders = [authority.folder, authority.folder / "penanda"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


def test_the_authority_is_made_once_and_a_new_key_replaces_the_old(authority: TestAuthority, pdf: bytes) -> None:
    root, old = authority.root, authority.signer.status(PERSON, AT).certificate
    TestAuthority(authority.folder).ensure()
    new = authority.issue(PERSON, "Dra. Wening Astuti", "sandi-baru-yang-panjang", AT)
    assert authority.root == root
    assert old is not None and new.fingerprint != old.fingerprint
    with pytest.raises(WrongPassphrase):
        authority.signer.sign(SignJob(pdf, PERSON, AT), SECRET)
    assert authority.signer.sign(SignJob(pdf, PERSON, AT), "sandi-baru-yang-panjang").certificate == new


def test_a_key_is_made_for_an_account_and_for_no_path(authority: TestAuthority) -> None:
    with pytest.raises(SignerUnavailable):
        authority.issue("../luar", "Orang", SECRET, AT)
