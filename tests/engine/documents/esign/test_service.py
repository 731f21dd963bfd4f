"""The national signing service: both releases, everything it may answer, and that no secret is ever told."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.digest import sha256
from engine.documents.esign.refusals import (
    ApplicationUnknown,
    IdentityMissing,
    NotRegistered,
    ServiceRefused,
    ServiceSilent,
)
from engine.documents.esign.returned import Acceptance, ReturnedFileRefused
from engine.documents.esign.service import Application, FirstRelease, NationalSigner, SecondRelease
from engine.documents.judging import judge
from engine.documents.letters import Letter, render
from engine.documents.signing import SigningFailed, SignJob, WrongPassphrase
from engine.errors import CannotRun
from engine.wire import Service
from tests.tools.people import issuer
from tests.tools.signing_service import PASSWORD, USER, SigningService, running

AT = datetime(2026, 6, 30, 3, tzinfo=UTC)
IDENTITY, SECRET, ACCOUNT = "3214000000000001", "melati-kuning-di-pagar", "akunkepala0001"
WORDS = "Balai Rekaan"
SLOW = 0.6
BOTH = (FirstRelease, SecondRelease)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    text = b'#set text(font: "Libertinus Serif")\nMenetapkan #link("https://izin.example/v/1")[izin]. #pagebreak() Dua.'
    return render(Letter("surat.typ", {"surat.typ": text}, {}, AT)).pdf


@pytest.fixture(scope="module")
def known() -> SigningService:
    return SigningService(issuer(), issuer().person("Wening Astuti", IDENTITY, SECRET))


@pytest.fixture(scope="module")
def address(known: SigningService) -> Iterator[str]:
    with running(known) as url:
        yield url


@pytest.fixture
def service(known: SigningService) -> SigningService:
    known.moods.clear()
    known.signed.clear()
    known.asked.clear()
    return known


@pytest.fixture
def job(pdf: bytes) -> SignJob:
    return SignJob(pdf, ACCOUNT, AT, "Penetapan", "Kota Uji", IDENTITY)


def signer(kind: type[NationalSigner], url: str, folder: Path, password: str = PASSWORD, seconds: float = 5) -> NationalSigner:
    asked = Service(url, folder, seconds)
    application = Application(asked, Service(url, folder, SLOW), USER, password)
    return kind(application, Acceptance(folder, lambda: [issuer().pem]), WORDS)


@pytest.mark.parametrize("kind", BOTH)
def test_the_letter_comes_back_signed_once_by_that_person(
        kind: type[NationalSigner], service: SigningService, address: str, job: SignJob, tmp_path: Path) -> None:
    signed = signer(kind, address, tmp_path).sign(job, SECRET)
    assert signed.pdf.startswith(job.pdf) and judge(signed.pdf, [issuer().pem]).authentic
    assert signed.certificate.subject == "Wening Astuti, Dinas Rekaan"
    receipt = signed.record()
    assert (receipt["driver"], receipt["uji_coba"], receipt["signed_sha256"]) == (kind.driver, False, sha256(signed.pdf))
    assert receipt["service"] == ({"service_id": "dok-1"} if kind is FirstRelease else {}) | {"rewritten": False}
    assert len(service.asked) == 1


@pytest.mark.parametrize("kind", BOTH)
def test_a_file_written_anew_is_taken_when_every_page_is_ours(
        kind: type[NationalSigner], service: SigningService, address: str, job: SignJob, tmp_path: Path) -> None:
    service.moods.append("rewritten")
    signed = signer(kind, address, tmp_path).sign(job, SECRET)
    assert not signed.pdf.startswith(job.pdf)
    assert signed.record()["service"]["rewritten"] is True


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize(("mood", "reason"), [
    ("garbage", "not a PDF"), ("unsigned", "does not pass"), ("stamped", "another letter"), ("laid_over", "another letter"),
    ("twice", "does not pass"), ("stranger", "another person"), ("broken", "does not pass"), ("behind", "does not pass")])
def test_anything_else_is_not_taken(kind: type[NationalSigner], mood: str, reason: str, service: SigningService,
                                    address: str, job: SignJob, tmp_path: Path) -> None:
    service.moods.append(mood)
    with pytest.raises(ReturnedFileRefused, match=reason) as refused:
        signer(kind, address, tmp_path).sign(job, SECRET)
    assert refused.value.code == "tte_hasil_ditolak" and "nomor dan naskah tetap aman" in refused.value.advice.lower()


@pytest.mark.parametrize("mood", ["two_files", "no_file", "not_base64"])
def test_the_second_release_must_give_one_file(mood: str, service: SigningService, address: str, job: SignJob,
                                               tmp_path: Path) -> None:
    service.moods.append(mood)
    with pytest.raises(ReturnedFileRefused):
        signer(SecondRelease, address, tmp_path).sign(job, SECRET)


@pytest.mark.parametrize("kind", BOTH)
def test_each_refusal_is_told_in_plain_words(kind: type[NationalSigner], service: SigningService, address: str,
                                             job: SignJob, tmp_path: Path) -> None:
    asked = signer(kind, address, tmp_path)
    with pytest.raises(WrongPassphrase) as wrong:
        asked.sign(job, "salah-ketik-99")
    with pytest.raises(NotRegistered) as stranger:
        asked.sign(replace(job, identity="3214000000000002"), SECRET)
    service.moods.append("odd")
    with pytest.raises(ServiceRefused):
        asked.sign(job, SECRET)
    with pytest.raises(ApplicationUnknown):
        signer(kind, address, tmp_path, password="bukan ini").sign(job, SECRET)
    with pytest.raises(IdentityMissing):
        asked.sign(replace(job, identity=""), SECRET)
    assert (wrong.value.code, stranger.value.code) == ("sandi_salah", "tte_belum_terdaftar")
    assert service.signed == {}


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("mood", ["down", "late"])
def test_a_service_that_is_down_or_slow_is_waited_for_by_name(
        kind: type[NationalSigner], mood: str, service: SigningService, address: str, job: SignJob, tmp_path: Path) -> None:
    service.moods.append(mood)
    service.seconds = 2 * SLOW
    with pytest.raises(ServiceSilent) as silent:
        signer(kind, address, tmp_path, seconds=SLOW).sign(job, SECRET)
    assert silent.value.code == "tte_menunggu" and silent.value.advice.startswith("Menunggu layanan TTE")


def test_a_service_that_is_not_there_is_waited_for_too(job: SignJob, tmp_path: Path) -> None:
    with pytest.raises(ServiceSilent):
        signer(FirstRelease, "http://127.0.0.1:9", tmp_path).sign(job, SECRET)


def test_an_answer_in_drops_ends_with_the_time_given(service: SigningService, address: str, job: SignJob,
                                                     tmp_path: Path) -> None:
    service.moods.extend(["drop_by_drop", "down"])
    with pytest.raises(ServiceSilent) as silent:
        signer(FirstRelease, address, tmp_path, seconds=SLOW).sign(job, SECRET)
    assert silent.value.reference == "dok-1"


def test_a_line_that_breaks_behind_the_id_is_followed_by_a_question_for_that_id(
        service: SigningService, address: str, job: SignJob, tmp_path: Path) -> None:
    service.moods.append("cut")
    signed = signer(FirstRelease, address, tmp_path).sign(job, SECRET)
    assert service.asked == ["POST /api/sign/pdf", "GET /api/sign/download/dok-1"]
    assert list(service.signed.values()) == [signed.pdf]


def test_a_retry_finds_what_an_unanswered_try_left(service: SigningService, address: str, job: SignJob,
                                                   tmp_path: Path) -> None:
    asked = signer(FirstRelease, address, tmp_path)
    service.moods.extend(["cut", "down"])
    with pytest.raises(ServiceSilent) as silent:
        asked.sign(job, SECRET)
    signed = asked.sign(replace(job, reference=silent.value.reference), SECRET)
    assert list(service.signed.values()) == [signed.pdf], "one signature in all"


def test_a_result_that_the_service_has_forgotten_is_signed_again(service: SigningService, address: str, job: SignJob,
                                                                 tmp_path: Path) -> None:
    signed = signer(FirstRelease, address, tmp_path).sign(replace(job, reference="dok-hilang"), SECRET)
    assert service.asked == ["GET /api/sign/download/dok-hilang", "POST /api/sign/pdf"]
    assert signed.service["service_id"] == "dok-1"


def test_what_is_found_is_judged_like_anything_else(service: SigningService, address: str, job: SignJob,
                                                    tmp_path: Path) -> None:
    service.signed["dok-lain"] = issuer().signed(job.pdf, service.stranger)
    with pytest.raises(ReturnedFileRefused):
        signer(FirstRelease, address, tmp_path).sign(replace(job, reference="dok-lain"), SECRET)


@pytest.mark.parametrize("kind", BOTH)
def test_the_state_of_a_person_is_asked_for(kind: type[NationalSigner], service: SigningService, address: str,
                                            tmp_path: Path) -> None:
    asked = signer(kind, address, tmp_path)
    assert asked.status(ACCOUNT, AT, IDENTITY).ready
    assert asked.status(ACCOUNT, AT, "3214000000000002").code == "tte_belum_terdaftar"
    assert asked.status(ACCOUNT, AT).code == "belum_ada"
    service.moods.append("unverified")
    assert asked.status(ACCOUNT, AT, IDENTITY).code == "tte_belum_terdaftar"
    service.moods.append("late")
    service.seconds = 2 * SLOW
    waiting = asked.status(ACCOUNT, AT, IDENTITY)
    assert (waiting.ready, waiting.code) == (False, "tte_menunggu")
    assert "Menunggu layanan TTE" in waiting.advice


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("mood", ["", "odd", "down", "late", "garbage"])
def test_neither_passphrase_nor_number_is_told(kind: type[NationalSigner], mood: str, service: SigningService, address: str,
                                               job: SignJob, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    asked, wrong = signer(kind, address, tmp_path, seconds=SLOW), "salah-ketik-99"
    service.moods.append(mood)
    service.seconds = 2 * SLOW
    with caplog.at_level(logging.DEBUG):
        with pytest.raises(SigningFailed) as refused:
            asked.sign(job, wrong if mood == "" else SECRET)
        asked.status(ACCOUNT, AT, IDENTITY)
        asked.status(ACCOUNT, AT, "3214000000000002")
    told = [repr(refused.value), str(refused.value), refused.value.advice, repr(job), repr(asked.application), caplog.text,
            *(str(vars(record)) for record in caplog.records)]
    for secret in (SECRET, wrong, IDENTITY, "3214000000000002", PASSWORD):
        assert not any(secret in one for one in told)
    assert refused.value.__cause__ is None


def test_an_address_without_tls_is_refused_except_on_this_machine(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="unsafe"):
        signer(FirstRelease, "http://tte.example", tmp_path)
