"""Whose key signs: the driver that an office chose, what it needs, and a whole letter signed by the national service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.administration import WrongDetails
from engine.documents.signing import SignerUnavailable
from engine.errors import CannotRun
from engine.rules.events import OFFICE
from engine.rules.people import SYSTEM
from engine.runtime.signatories import NATIONAL, PASSWORD, Signatories
from engine.store import journal, papers, register
from engine.store.papers import DocumentRow
from tests.builders import HOME, MORNING, Office, open_office, settings_of
from tests.tools import signing_service
from tests.tools.people import Person, issuer
from tests.tools.signing_service import USER, SigningService, running

IDENTITY, SECRET, WRONG = "3214000000000007", "kenanga-di-halaman", "melati-salah-ketik"
RELEASES = ("bsre-v1", "bsre-v2")


@pytest.fixture(scope="module")
def head() -> Person:
    return issuer().person("Kepala Rekaan", IDENTITY, SECRET)


@pytest.fixture
def service(head: Person) -> SigningService:
    return SigningService(issuer(), head)


@pytest.fixture
def address(service: SigningService) -> Iterator[str]:
    with running(service) as url:
        yield url


def national(folder: Path, release: str, url: str, **options: object) -> Office:
    """An office that signs by the national service and trusts its root; the head's number is on the account."""
    trusted = folder / "keys" / "akar"
    trusted.mkdir(parents=True)
    (trusted / "nasional.pem").write_bytes(issuer().pem)
    office = open_office(folder, HOME, signer=release, bsre_url=url, bsre_user=USER, bsre_seconds=1,
                         bsre_password=signing_service.PASSWORD, **options)
    for post in [one.id for one in office.edition.process.posts.values() if one.signs]:
        office.engine.administration.set_identity(str(office.actor(post).account), IDENTITY, SYSTEM)
    return office


@pytest.fixture(params=RELEASES)
def served(request: pytest.FixtureRequest, tmp_path: Path, address: str) -> Iterator[Office]:
    opened = national(tmp_path, request.param, address)
    yield opened
    opened.engine.close()


def at_the_signer(office: Office) -> str:
    return office.play("02-rapat-saja", 8)


def sign(office: Office, case: str, secret: str) -> None:
    office.complete(case, office.waiting(case)[0], dict(office.scenario("02-rapat-saja").steps[8].values), secret=secret)


def letters(office: Office, case: str) -> list[DocumentRow]:
    with office.engine.database.reading() as connection:
        return [one for one in papers.of_case(connection, case) if one.signed]


def numbers(office: Office, case: str) -> list[str]:
    with office.engine.database.reading() as connection:
        return sorted(one.text for one in register.of_case(connection, case))


def told(office: Office, case: str) -> str:
    failure = office.engine.case_files.read(case).failure
    return str(failure.body["advice"]) if failure else ""


def test_a_licence_is_signed_by_the_service_and_judged_as_anyone_would(served: Office, service: SigningService) -> None:
    case = at_the_signer(served)
    sign(served, case, SECRET)
    [letter] = letters(served, case)
    receipt = dict(letter.receipt or {})
    assert (receipt["driver"], receipt["uji_coba"]) == (served.engine.settings.signer, False)
    assert receipt["certificate_subject"] == "Kepala Rekaan, Dinas Rekaan"
    signed = served.engine.files.read(case, str(letter.signed))
    assert served.engine.papers.judge(signed).authentic
    assert served.row(case).end is not None and len(service.signed) == 1
    assert list(served.engine.verification.flaws()) == []


def test_wrong_passphrase_unknown_person_and_a_service_that_is_down_lead_back(
        served: Office, service: SigningService, head: Person) -> None:
    """Scenario 27: the task opens again, the number stays, and what happened is said in plain words."""
    case = at_the_signer(served)
    waiting = served.waiting(case)
    sign(served, case, WRONG)
    assert served.waiting(case) == waiting and "salah" in told(served, case)
    taken = numbers(served, case)
    service.people.clear()
    sign(served, case, SECRET)
    assert "belum terdaftar" in told(served, case)
    service.people[IDENTITY] = head
    service.moods.append("down")
    sign(served, case, SECRET)
    assert served.waiting(case) == waiting and told(served, case).startswith("Menunggu layanan TTE")
    sign(served, case, SECRET)
    assert served.row(case).end is not None
    assert numbers(served, case) == taken, "no second number"
    assert len(letters(served, case)) == 1


def test_the_words_that_were_typed_lie_nowhere(served: Office, service: SigningService) -> None:
    case = at_the_signer(served)
    sign(served, case, WRONG)
    service.moods.append("down")
    sign(served, case, SECRET)
    sign(served, case, SECRET)
    assert served.row(case).end is not None
    served.engine.close()
    written = [path for path in served.engine.settings.data.rglob("*") if path.is_file()]
    for secret in (SECRET, WRONG, signing_service.PASSWORD):
        assert [path.name for path in written if secret.encode() in path.read_bytes()] == []


def test_a_time_out_after_the_service_had_signed_gives_one_registered_letter(
        served: Office, service: SigningService) -> None:
    """Scenario 28, with nothing known of the result: it is signed again and one of the two is registered."""
    case = at_the_signer(served)
    service.seconds = 1.5
    service.moods.append("late")
    sign(served, case, SECRET)
    assert letters(served, case) == [] and len(service.signed) == 1
    sign(served, case, SECRET)
    assert served.row(case).end is not None
    assert len(letters(served, case)) == 1
    with served.engine.database.reading() as connection:
        assert len(papers.all_signed(connection)) == 1


def test_a_line_cut_after_the_service_had_signed_is_found_at_the_next_try(
        tmp_path: Path, service: SigningService, address: str) -> None:
    """Scenario 28, with the result's id known: nothing is signed twice."""
    office = national(tmp_path, "bsre-v1", address)
    case = at_the_signer(office)
    service.moods.extend(["cut", "down"])
    sign(office, case, SECRET)
    assert letters(office, case) == []
    sign(office, case, SECRET)
    [letter] = letters(office, case)
    assert office.engine.files.read(case, str(letter.signed)) in service.signed.values() and len(service.signed) == 1
    assert letter.sign_reference is not None and dict(letter.receipt or {})["service"]["service_id"] == letter.sign_reference
    office.engine.close()


def test_a_pinned_certificate_is_the_only_one_that_counts(tmp_path: Path, service: SigningService, address: str,
                                                          head: Person) -> None:
    office = national(tmp_path, "bsre-v2", address)
    case = at_the_signer(office)
    people = office.engine.settings.keys / "penanda"
    people.mkdir()
    pinned = people / f"{office.actor(office.tasks(case)[0].post).account}.crt"
    pinned.write_bytes(issuer().person("Kepala Lama", IDENTITY).pem)
    sign(office, case, SECRET)
    assert "bukan milik Anda" in told(office, case) and letters(office, case) == []
    pinned.write_bytes(pinned.read_bytes() + head.pem)
    sign(office, case, SECRET)
    assert len(letters(office, case)) == 1
    office.engine.close()


def test_a_signature_that_names_nobody_needs_a_pinned_certificate(tmp_path: Path) -> None:
    nameless = issuer().person("Kepala Rekaan", IDENTITY, SECRET, named=False)
    service = SigningService(issuer(), nameless)
    with running(service) as url:
        office = national(tmp_path, "bsre-v2", url)
        case = at_the_signer(office)
        sign(office, case, SECRET)
        assert "bukan milik Anda" in told(office, case)
        office.engine.close()


def test_each_driver_says_what_it_lacks(tmp_path: Path) -> None:
    base = settings_of(tmp_path)
    wanted = {"bsre_url": "https://tte.example", "bsre_user": USER, "bsre_password": "rahasia"}
    for lacking, name in (("bsre_url", "IZIN_BSRE_URL"), ("bsre_user", "IZIN_BSRE_USER"),
                          ("bsre_password", "IZIN_BSRE_PASSWORD")):
        with pytest.raises(CannotRun) as refusal:
            Signatories.at(replace(base, signer="bsre-v1", **{**wanted, lacking: ""}))
        assert name in refusal.value.advice
    with pytest.raises(CannotRun, match="bsre_seconds"):
        Signatories.at(replace(base, signer="bsre-v2", **wanted, bsre_seconds=60))
    with pytest.raises(CannotRun) as unknown:
        Signatories.at(replace(base, signer="stempel"))
    assert "bsre-v2" in unknown.value.advice
    assert Signatories.at(replace(base, signer="bsre-v2", **wanted)).signer.issuer_words == NATIONAL
    assert Signatories.at(replace(base, signer="pkcs12")).signer.issuer_words is None


def test_the_password_may_lie_in_a_file_for_its_owner_only(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, signer="bsre-v1", bsre_url="https://tte.example", bsre_user=USER)
    settings.keys.mkdir()
    place = settings.keys / PASSWORD
    place.write_text("rahasia sekali\n")
    place.chmod(0o644)
    with pytest.raises(CannotRun) as refusal:
        Signatories.at(settings)
    place.chmod(0o600)
    assert "chmod 600" in refusal.value.advice
    assert Signatories.at(settings).signer.driver == "bsre-v1"
    assert "rahasia" not in repr(replace(settings, bsre_password="rahasia sekali"))


def test_only_the_test_authority_gives_certificates_away(tmp_path: Path) -> None:
    signatories = Signatories.at(settings_of(tmp_path, signer="pkcs12"))
    with pytest.raises(SignerUnavailable):
        signatories.issue("akun", "Nama", "frasa sandi panjang", MORNING)


def test_an_identity_number_is_sixteen_digits_and_stays_out_of_the_journal(second_office: Office) -> None:
    administration, account = second_office.engine.administration, str(second_office.actor("camat").account)
    with pytest.raises(WrongDetails):
        administration.set_identity(account, "32140000", SYSTEM)
    administration.set_identity(account, IDENTITY, SYSTEM)
    assert administration.account(account).identity == IDENTITY
    with second_office.engine.database.reading() as connection:
        told = [one.body for one in journal.read(connection, OFFICE)]
    assert {"account": account, "identity": "diubah"} in told and IDENTITY not in str(told)
    assert IDENTITY not in repr(administration.account(account))
