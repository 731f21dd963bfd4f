"""`admin create`: the first administrator of an office, asked for on the terminal or given by options."""

from __future__ import annotations

import io

import pytest

from engine.assembly import assemble
from engine.commands import admin
from tests.builders import PASSWORD, settings_of
from tests.commands_called import Caller


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))


WORDS = ("admin", "create", "--username", "Rina.Admin", "--name", "Rina Admin", "--password-stdin")


@pytest.mark.usefixtures("typed")
def test_an_empty_folder_gets_an_administrator_who_can_sign_in(izin: Caller) -> None:
    told = izin(*WORDS)
    assert told.status == 0 and "rina.admin" in told.out
    assert izin("verify").status == 0
    assert "Administrator: ada" in izin("doctor").out
    engine = assemble(settings_of(izin.folder))
    token, _ = engine.identity.sign_in("rina.admin", PASSWORD, from_="uji")
    signed_in = engine.identity.resume(token)
    engine.close()
    assert signed_in is not None and signed_in.actor.post == "administrator"


@pytest.mark.usefixtures("typed")
def test_a_second_one_is_made_only_on_purpose(izin: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    izin(*WORDS)
    assert izin(*WORDS).status == 2
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    assert izin("admin", "create", "--username", "lain", "--name", "Lain", "--password-stdin", "--another").status == 0


@pytest.mark.parametrize("password", ["pendek", "aaaaaaaaaaaaaaa", "rina.admin sekali"])
def test_a_password_that_is_too_easy_is_refused_in_a_sentence(izin: Caller, monkeypatch: pytest.MonkeyPatch,
                                                              password: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    told = izin(*WORDS)
    assert told.status == 2 and told.err.startswith("izin: Kata sandi")


def test_without_a_terminal_the_options_are_named(izin: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert "--username" in izin("admin", "create").err
    assert "--password-stdin" in izin("admin", "create", "--username", "a", "--name", "A").err


class Terminal(io.StringIO):
    """A person at the keyboard."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("second", "status"), [(PASSWORD, 0), (PASSWORD + "!", 2)])
def test_a_person_is_asked_and_types_the_password_twice(izin: Caller, monkeypatch: pytest.MonkeyPatch, second: str,
                                                        status: int) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("rina\nRina Admin\n"))
    passwords = iter((PASSWORD, second))
    monkeypatch.setattr(admin.getpass, "getpass", lambda question: next(passwords))
    assert izin("admin", "create").status == status
