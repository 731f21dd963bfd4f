"""Signing in and out, choosing a capacity, activating an account."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.administration import NewAppointment
from engine.rules.people import SYSTEM, Actor
from forms.web.sign_in import own_address
from tests.builders import PASSWORD, Office
from tests.web_builders import Browser


@pytest.fixture
def someone(second_office: Office) -> Browser:
    return Browser(second_office)


def with_password(office: Office, actor: Actor) -> str:
    """The user name of a person who chose a password."""
    account = office.engine.administration.account(actor.account or "")
    link = office.engine.administration.new_link(account.id, SYSTEM)
    office.engine.identity.set_password(link, PASSWORD)
    return account.username


def test_a_person_signs_in_goes_to_the_room_of_the_post_and_out_again(someone: Browser) -> None:
    username = with_password(someone.office, someone.office.applicant)
    response = someone.send("/masuk", {"nama_pengguna": username, "kata_sandi": PASSWORD})
    assert response.request.path == "/permohonan"
    assert "Pemohon Rekaan" in someone.text
    response = someone.send("/keluar")
    assert response.request.path == "/masuk"
    assert someone.get("/permohonan").request.path == "/masuk"


def test_after_signing_in_a_person_goes_on_to_the_page_that_was_asked_for(someone: Browser) -> None:
    username = with_password(someone.office, someone.office.applicant)
    someone.get("/permohonan")
    onward = someone.page.find("input", {"name": "lanjut"})["value"]
    response = someone.send("/masuk", {"nama_pengguna": username, "kata_sandi": PASSWORD, "lanjut": onward})
    assert response.request.path == "/permohonan"


@pytest.mark.parametrize(("wanted", "taken"), [
    ("/permohonan?a=1", "/permohonan?a=1"), ("https://jahat.example/", None), ("//jahat.example", None),
    ("/\\jahat.example", None), ("", None), (None, None), ("javascript:alert(1)", None),
    ("/\t/jahat.example", None), ("/\n/jahat.example", None), ("/\r\nX-Jahat: 1", None),
])
def test_nobody_is_sent_to_another_house_after_signing_in(wanted: str | None, taken: str | None) -> None:
    assert own_address(wanted) == taken


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(someone: Browser) -> None:
    username = with_password(someone.office, someone.office.applicant)
    answers = []
    for name in (username, "tidak-ada"):
        response = someone.send("/masuk", {"nama_pengguna": name, "kata_sandi": "salah sekali"})
        answers.append((response.status_code, someone.page.find(role="alert").get_text(strip=True)))
    assert answers[0] == answers[1] and answers[0][0] == 422


def test_guessing_is_stopped_by_a_count_in_the_database(someone: Browser) -> None:
    codes = [someone.send("/masuk", {"nama_pengguna": "siapa", "kata_sandi": "salah"}).status_code for _ in range(12)]
    assert codes[0] == 422 and codes[-1] == 429
    assert "Tunggu 15 menit" in someone.text


def test_a_session_ends_after_its_hours(second_office: Office) -> None:
    browser = Browser(second_office, second_office.applicant)
    assert browser.get("/permohonan").request.path == "/permohonan"
    second_office.clock.move_to(second_office.clock.now() + timedelta(hours=11))
    assert browser.get("/permohonan").request.path == "/masuk"


def test_a_person_with_two_appointments_chooses_in_which_capacity_to_act(second_office: Office) -> None:
    engine, officer = second_office.engine, second_office.actor("petugas_loket")
    wanted = NewAppointment(officer.account or "", "camat", "plh", date(2026, 1, 1), date(2026, 12, 31), "SP 2/2026")
    made = engine.administration.appoint(wanted, SYSTEM, ["camat"])
    browser = Browser(second_office, officer)
    browser.get("/jabatan")
    assert "Anda bertindak sebagai Petugas Loket" in browser.text
    browser.send("/jabatan", {"penunjukan": made.id}, follow=False)
    browser.get("/jabatan")
    assert "Anda bertindak sebagai Plh. Camat Contoh" in browser.text


def test_nobody_acts_from_an_appointment_of_somebody_else(second_office: Office) -> None:
    others = second_office.engine.administration.appointments(second_office.actor("camat").account)
    browser = Browser(second_office, second_office.actor("petugas_loket"))
    assert browser.send("/jabatan", {"penunjukan": others[0].id}).status_code == 404


def test_a_link_activates_an_account_once(someone: Browser) -> None:
    account = someone.office.applicant.account or ""
    link = someone.office.engine.administration.new_link(account, SYSTEM)
    someone.get(f"/aktifkan/{link}")
    assert "pemohon" in someone.text
    short = someone.send(f"/aktifkan/{link}", {"kata_sandi": "pendek", "ulangi": "pendek"})
    assert short.status_code == 422 and "10 karakter" in someone.text
    unequal = someone.send(f"/aktifkan/{link}", {"kata_sandi": PASSWORD, "ulangi": PASSWORD + "x"})
    assert unequal.status_code == 422 and "tidak sama" in someone.text
    done = someone.send(f"/aktifkan/{link}", {"kata_sandi": PASSWORD, "ulangi": PASSWORD})
    assert done.request.path == "/masuk" and "sudah aktif" in someone.text
    assert someone.get(f"/aktifkan/{link}").status_code == 422
    assert "sudah dipakai atau kedaluwarsa" in someone.text


def test_outside_of_a_demo_no_account_is_listed_and_none_opens_without_password(someone: Browser) -> None:
    someone.get("/masuk")
    assert "Akun untuk mencoba" not in someone.text
    account = someone.office.applicant.account or ""
    assert someone.send("/masuk/contoh", {"akun": account}).status_code == 404
