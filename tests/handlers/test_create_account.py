"""Whoever registers gets one account, and the case is theirs."""

from handlers.create_account import create_account
from tests.handlers.context import SmallOffice


def test_asking_twice_gives_the_same_account() -> None:
    office = SmallOffice()
    assert create_account(office.context()) == create_account(office.context())
    assert len(office.accounts) == 1


def test_the_new_account_becomes_the_applicant_of_the_case() -> None:
    outcome = create_account(SmallOffice().context())
    assert outcome.applicant == outcome.values["account"] == "akun-1"
