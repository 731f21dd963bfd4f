"""An officer chooses how to be told of tasks; nobody chooses for another, and the choice is on the office's chain."""

from __future__ import annotations

import pytest

from engine.administration import WrongDetails
from engine.errors import NotAllowed
from engine.rules.events import OFFICE
from engine.store import journal
from tests.builders import Office
from tests.web_builders import Browser


def chosen(office: Office, post: str) -> str:
    return office.engine.administration.account(str(office.actor(post).account)).notify


@pytest.mark.parametrize("choice", ["harian", "tidak", "segera"])
def test_an_officer_chooses_and_finds_the_choice_again(second_office: Office, choice: str) -> None:
    officer = Browser(second_office, second_office.actor("petugas_loket"))
    officer.send("/pemberitahuan", {"pilihan": choice})
    assert "Perubahan tersimpan" in officer.text
    assert officer.page.find("input", attrs={"name": "pilihan", "checked": True})["value"] == choice
    assert chosen(second_office, "petugas_loket") == choice
    with second_office.engine.database.reading() as connection:
        last = journal.read(connection, OFFICE)[-1]
    assert last.event.kind == "account_changed" and last.body["notify"] == choice
    assert list(second_office.engine.verification.chain_flaws()) == []


def test_the_page_says_where_mail_goes_and_that_nothing_personal_is_in_it(second_office: Office) -> None:
    officer = Browser(second_office, second_office.actor("petugas_loket"))
    officer.get("/jabatan")
    assert officer.page.find("a", href="/pemberitahuan")
    officer.get("/pemberitahuan")
    assert "petugas_loket@kantor.example" in officer.text and "tidak ada data pribadi" in officer.text
    assert officer.page.find("input", attrs={"checked": True})["value"] == "segera"


def test_a_choice_that_is_not_offered_is_refused(second_office: Office) -> None:
    officer = Browser(second_office, second_office.actor("petugas_loket"))
    assert officer.send("/pemberitahuan", {"pilihan": "tiap menit"}).status_code == 422
    assert "Pilih segera" in officer.text and chosen(second_office, "petugas_loket") == "segera"


def test_who_has_no_inbox_has_nothing_to_choose(second_office: Office) -> None:
    with pytest.raises(NotAllowed):
        second_office.engine.administration.choose_notices("harian", second_office.applicant)
    with pytest.raises(WrongDetails):
        second_office.engine.administration.choose_notices("nanti", second_office.actor("auditor"))
