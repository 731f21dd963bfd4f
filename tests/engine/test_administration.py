"""The administrator's work: accounts, appointments, certificates; each change stands in the office's journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.administration import NewAccount, NewAppointment, WrongDetails
from engine.errors import AccountRefused, NotAllowed, NotFound
from engine.rules.events import OFFICE
from engine.store import journal
from tests.builders import PASSPHRASE, Office

NEW = NewAccount("Rina.Loket ", "Rina Rekaan", "rina@kantor.example", "198001012010011001", "Penata / III c")
WANTED = NewAppointment("", "petugas_loket", "definitif", date(2026, 6, 1), None, "SK 5/2026")


def last(office: Office) -> journal.Recorded:
    with office.engine.database.reading() as connection:
        found = journal.last(connection, OFFICE)
    assert found is not None
    return found


def made(office: Office, wanted: NewAccount = NEW) -> str:
    return office.engine.administration.create_account(wanted, office.actor("administrator")).id


def test_an_account_is_made_and_journaled_without_a_word_about_the_person(second_office: Office) -> None:
    account = made(second_office)
    event = last(second_office)
    assert second_office.engine.administration.account(account).username == "rina.loket"
    assert (event.event.kind, event.body) == ("account_created", {"account": account, "staff": True})
    assert event.actor == second_office.actor("administrator")


@pytest.mark.parametrize("wrong", [{"username": " "}, {"name": ""}, {"username": "camat"}, {"username": "CAMAT"}])
def test_an_account_needs_a_name_of_its_own(second_office: Office, wrong: dict[str, str]) -> None:
    with pytest.raises(WrongDetails):
        made(second_office, replace(NEW, **wrong))


def test_a_password_that_is_too_easy_makes_no_account(second_office: Office) -> None:
    before = len(second_office.engine.administration.accounts())
    with pytest.raises(AccountRefused):
        made(second_office, replace(NEW, password="rina.loket1"))
    assert len(second_office.engine.administration.accounts()) == before


@pytest.mark.parametrize("who", ["camat", "petugas_loket", "auditor", "analis", "pemohon"])
def test_nobody_else_administers(second_office: Office, who: str) -> None:
    administration, actor = second_office.engine.administration, second_office.actor(who)
    account = made(second_office)
    appointment = administration.appointments()[0].id
    deeds = (lambda: administration.create_account(replace(NEW, username="lain"), actor),
             lambda: administration.set_active(account, False, actor), lambda: administration.new_link(account, actor),
             lambda: administration.appoint(replace(WANTED, account=account), actor, {"petugas_loket"}),
             lambda: administration.end_appointment(appointment, date(2026, 6, 30), actor))
    before = last(second_office)
    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed()
    assert last(second_office) == before


def appoint(office: Office, **values: object) -> None:
    office.engine.administration.appoint(replace(WANTED, **{"account": made(office), **values}), office.actor("administrator"),
                                         office.edition.process.posts)


def test_an_appointment_is_journaled_with_its_letter(second_office: Office) -> None:
    appoint(second_office)
    event = last(second_office)
    assert event.event.kind == "appointed" and event.body["letter"] == "SK 5/2026" and event.body["ends"] is None


@pytest.mark.parametrize("wrong", [
    {"post": "lurah"}, {"capacity": "pemohon"}, {"capacity": "sistem"}, {"ends": date(2026, 5, 1)},
    {"capacity": "plh"}, {"capacity": "plt", "ends": date(2026, 7, 1), "letter": " "}])
def test_an_appointment_that_does_not_fit_is_refused(second_office: Office, wrong: dict[str, object]) -> None:
    with pytest.raises(WrongDetails):
        appoint(second_office, **wrong)


def test_an_unknown_account_is_not_appointed(second_office: Office) -> None:
    with pytest.raises(NotFound):
        appoint(second_office, account="tidak-ada")


def test_an_appointment_ends_with_a_day_and_the_person_no_longer_acts(second_office: Office) -> None:
    administration, admin = second_office.engine.administration, second_office.actor("administrator")
    appointment = next(one for one in administration.appointments() if one.post == "camat")
    today = second_office.clock.now().date()
    administration.end_appointment_now(appointment.id, today, admin)
    ended = next(one for one in administration.appointments() if one.id == appointment.id)
    assert ended.ends == today - timedelta(days=1) and not ended.holds_on(today)
    assert last(second_office).event.kind == "appointment_ended"
    with pytest.raises(NotFound):
        administration.end_appointment("tidak-ada", today, admin)


def test_nobody_closes_the_account_he_works_with(second_office: Office) -> None:
    admin = second_office.actor("administrator")
    with pytest.raises(NotAllowed):
        second_office.engine.administration.set_active(str(admin.account), False, admin)


def test_a_fresh_link_is_handed_out_and_its_token_stands_nowhere(second_office: Office) -> None:
    account = made(second_office)
    token = second_office.engine.administration.new_link(account, second_office.actor("administrator"))
    assert second_office.engine.identity.link_of(token).id == account
    assert token not in str(last(second_office).body)


def test_only_the_signer_chooses_the_passphrase(office: Office) -> None:
    administration = office.engine.administration
    signer = next(actor for post, actor in office.people.items() if post in office.edition.process.posts
                  and office.edition.process.posts[post].signs)
    account, now = str(signer.account), office.clock.now()
    with pytest.raises(NotAllowed):
        administration.issue_certificate(account, PASSPHRASE, now, office.actor("administrator"))
    with pytest.raises(WrongDetails):
        administration.issue_certificate(account, "pendek", now, signer)
    administration.issue_certificate(account, PASSPHRASE, now, signer)
    assert administration.signer_status(account).ready
    assert PASSPHRASE not in str(last(office).body) and last(office).body["certificate"]


def test_an_account_that_is_not_there_is_not_found(second_office: Office) -> None:
    with pytest.raises(NotFound):
        second_office.engine.administration.account("tidak-ada")
