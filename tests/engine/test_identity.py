"""Who is asking: passwords, sessions, one-time links, and limits on guessing that live in the database."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.administration import NewAccount, NewAppointment
from engine.errors import AccountRefused, CannotRun, NotFound, TooManyTries
from engine.identity import ACTIVATION_LASTS, MOST_TRIES, WINDOW
from engine.rules.people import SYSTEM
from engine.store import directory
from tests.builders import PASSWORD, Office, open_office, settings_of


@pytest.fixture
def person(second_office: Office) -> str:
    """An officer with a password and one post."""
    account = second_office.engine.administration.create_account(
        NewAccount("Rina.Loket", "Rina Rekaan", "rina@kantor.example", password=PASSWORD), SYSTEM).id
    second_office.engine.administration.appoint(
        NewAppointment(account, "petugas_loket", "definitif", date(2020, 1, 2), None, "SK 3"), SYSTEM,
        second_office.edition.process.posts)
    return account


def sign_in(office: Office, username: str = "rina.loket", password: str = PASSWORD, place: str = "10.0.0.1") -> str:
    return office.engine.identity.sign_in(username, password, from_=place)[0]


def stored(office: Office) -> bytes:
    path = office.engine.database.path
    assert path is not None
    office.engine.close()
    return b"".join(one.read_bytes() for one in path.parent.glob("izin.db*"))


def test_a_session_knows_its_person_and_their_capacity(second_office: Office, person: str) -> None:
    signed_in = second_office.engine.identity.resume(sign_in(second_office, "RINA.loket "))
    assert signed_in is not None and signed_in.account is not None
    assert (signed_in.account.id, signed_in.actor.post, signed_in.actor.capacity) == (person, "petugas_loket", "definitif")


@pytest.mark.parametrize(("username", "password"), [
    ("rina.loket", PASSWORD + "!"), ("tidak.ada", PASSWORD), ("rina.loket", ""), ("camat", PASSWORD)])
def test_a_wrong_pair_is_refused_with_one_and_the_same_sentence(second_office: Office, person: str, username: str,
                                                                password: str) -> None:
    with pytest.raises(AccountRefused) as refusal:
        sign_in(second_office, username, password)
    assert refusal.value.advice == AccountRefused.advice


def test_neither_password_nor_token_is_stored(second_office: Office, person: str) -> None:
    token = sign_in(second_office)
    content = stored(second_office)
    assert PASSWORD.encode() not in content and token.encode() not in content


def test_guessing_is_counted_per_account_and_forgotten_after_a_while(second_office: Office, person: str) -> None:
    for _ in range(MOST_TRIES):
        with pytest.raises(AccountRefused):
            sign_in(second_office, password="salah sekali ini")
    with pytest.raises(TooManyTries):
        sign_in(second_office, place="10.0.0.2")
    second_office.clock.move_to(second_office.clock.now() + WINDOW + timedelta(seconds=1))
    assert sign_in(second_office)


def test_guessing_many_accounts_from_one_place_is_stopped(second_office: Office, person: str) -> None:
    with pytest.raises(TooManyTries):
        for number in range(MOST_TRIES * 5 + 1):
            with pytest.raises(AccountRefused):
                sign_in(second_office, f"orang{number}")
    assert sign_in(second_office, place="10.0.0.9"), "others are not locked out"


def test_who_signs_in_well_in_between_does_not_wipe_out_guesses_at_others(second_office: Office, person: str) -> None:
    with pytest.raises(TooManyTries):
        for number in range(MOST_TRIES * 5 + 1):
            with pytest.raises(AccountRefused):
                sign_in(second_office, f"orang{number}")
            if number % MOST_TRIES == 0:
                assert sign_in(second_office)


def test_a_busy_place_that_signs_in_well_is_never_locked_out(second_office: Office, person: str) -> None:
    for _ in range(MOST_TRIES * 5 + 2):
        assert sign_in(second_office)


def test_other_guesses_are_limited_too(second_office: Office) -> None:
    for _ in range(3):
        second_office.engine.identity.limit("lacak:10.0.0.1", 3)
    with pytest.raises(TooManyTries):
        second_office.engine.identity.limit("lacak:10.0.0.1", 3)


def test_a_session_ends_with_its_hours_with_sign_out_and_with_the_account(second_office: Office, person: str) -> None:
    identity = second_office.engine.identity
    first, second, third = sign_in(second_office), sign_in(second_office), sign_in(second_office)
    identity.sign_out(first)
    assert identity.resume(first) is None and identity.resume(second) is not None
    second_office.engine.administration.set_active(person, False, second_office.actor("administrator"))
    assert identity.resume(third) is None
    with pytest.raises(AccountRefused):
        sign_in(second_office)
    second_office.engine.administration.set_active(person, True, second_office.actor("administrator"))
    late = sign_in(second_office)
    second_office.clock.move_to(second_office.clock.now() + timedelta(hours=second_office.engine.settings.session_hours))
    assert identity.resume(late) is None


def test_a_person_chooses_among_the_capacities_held_today(second_office: Office, person: str) -> None:
    administration, identity = second_office.engine.administration, second_office.engine.identity
    today = second_office.clock.now().date()
    plh = administration.appoint(NewAppointment(person, "camat", "plh", today, today, "SP 7"), SYSTEM,
                                 second_office.edition.process.posts)
    token = sign_in(second_office)
    signed_in = identity.resume(token)
    assert signed_in is not None and len(signed_in.appointments) == 2
    identity.act_from(signed_in, plh.id)
    again = identity.resume(token)
    assert again is not None and (again.actor.post, again.actor.capacity) == ("camat", "plh")
    second_office.clock.move_to(second_office.clock.now() + timedelta(days=1))
    with pytest.raises(NotFound):
        identity.act_from(again, "bukan miliknya")
    tomorrow = identity.resume(sign_in(second_office))
    assert tomorrow is not None and [one.post for one in tomorrow.appointments] == ["petugas_loket"]


def test_a_visitor_has_a_session_without_an_account(second_office: Office) -> None:
    token, _ = second_office.engine.identity.visit()
    signed_in = second_office.engine.identity.resume(token)
    assert signed_in is not None and (signed_in.account, signed_in.actor.account, signed_in.actor.capacity) == (
        None, None, "pemohon")
    assert second_office.engine.identity.resume("token-asing") is None


def link(office: Office, account: str) -> str:
    with office.engine.database.transaction() as connection:
        return office.engine.identity.new_link(connection, account)


def test_a_link_sets_a_password_once_and_ends_other_sessions(second_office: Office, person: str) -> None:
    identity, token, session = second_office.engine.identity, link(second_office, person), sign_in(second_office)
    assert identity.link_of(token).id == person
    identity.set_password(token, "kata sandi yang baru")
    assert identity.resume(session) is None and sign_in(second_office, password="kata sandi yang baru")
    with pytest.raises(AccountRefused, match="link spent"):
        identity.set_password(token, "kata sandi lain lagi")


def test_a_link_expires_and_an_invented_one_never_works(second_office: Office, person: str) -> None:
    identity, token = second_office.engine.identity, link(second_office, person)
    with pytest.raises(AccountRefused):
        identity.link_of("karangan")
    second_office.clock.move_to(second_office.clock.now() + ACTIVATION_LASTS)
    with pytest.raises(AccountRefused):
        identity.link_of(token)


@pytest.mark.parametrize("password", ["pendek", "x" * 201, "rina.loket 2026", "abababababab"])
def test_an_easy_password_is_refused_and_the_link_stays_good(second_office: Office, person: str, password: str) -> None:
    token = link(second_office, person)
    with pytest.raises(AccountRefused):
        second_office.engine.identity.set_password(token, password)
    assert second_office.engine.identity.link_of(token).id == person


def test_what_belongs_to_a_demo_is_refused_in_an_office(second_office: Office, person: str) -> None:
    identity = second_office.engine.identity
    with pytest.raises(NotFound):
        identity.sign_in_demo(person)
    assert (identity.is_demo, identity.demo_accounts(), identity.demo_words()) == (False, [], {})
    identity.must_stay_here()


@pytest.mark.parametrize(("host", "local"), [
    ("127.0.0.1", True), ("localhost", True), ("::1", True), ("127.8.8.8", True), ("0.0.0.0", False), ("::", False),
    ("192.168.1.4", False), ("kantor.example", False), ("", False)])
def test_only_loopback_is_local(tmp_path: Path, host: str, local: bool) -> None:
    assert settings_of(tmp_path, host=host).is_local is local


def test_a_demo_stays_on_this_machine(second_office: Office, person: str) -> None:
    with second_office.engine.database.transaction() as connection:
        directory.save_setting(connection, "demo", "ya")
    identity = second_office.engine.identity
    identity.must_stay_here()
    assert identity.resume(identity.sign_in_demo(person)[0]) is not None
    with pytest.raises(NotFound):
        identity.sign_in_demo("akun-lain")
    open_wide = open_office(second_office.engine.settings.data.parent / "lain", host="0.0.0.0")
    with open_wide.engine.database.transaction() as connection:
        directory.save_setting(connection, "demo", "ya")
    with pytest.raises(CannotRun):
        open_wide.engine.identity.must_stay_here()
    open_wide.engine.close()
