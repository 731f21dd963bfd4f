"""The fakes that handlers are tried with, and the services they get in an office, both offer what the contract says."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from engine import handling
from engine.runtime.services.accounts import CaseAccounts
from engine.runtime.services.archive import CaseArchive
from engine.runtime.services.letters import CaseLetters
from engine.runtime.services.notices import CaseNotices
from engine.runtime.services.numbers import CaseNumbers
from tests.handlers import context

CONTRACTS = {
    handling.Numbers: (context.FakeNumbers, CaseNumbers), handling.Letters: (context.FakeLetters, CaseLetters),
    handling.Notices: (context.FakeNotices, CaseNotices), handling.Accounts: (context.FakeAccounts, CaseAccounts),
    handling.Archive: (context.FakeArchive, CaseArchive)}
PAIRS = [(contract, kind) for contract, kinds in CONTRACTS.items() for kind in kinds]


def asked(method: Any) -> list[str]:
    """The names a caller must give: what has a default is the service's own affair."""
    given = inspect.signature(method).parameters.values()
    return [one.name for one in given if one.name != "self" and one.default is inspect.Parameter.empty]


def promised(contract: type) -> dict[str, Any]:
    return {name: found for name, found in vars(contract).items() if inspect.isfunction(found) and not name.startswith("_")}


@pytest.mark.parametrize(("contract", "kind"), PAIRS, ids=lambda one: one.__name__)
def test_a_service_offers_each_method_of_its_contract(contract: type, kind: type) -> None:
    for name, method in promised(contract).items():
        if name != "__init__":
            assert len(asked(getattr(kind, name))) == len(asked(method)), f"{kind.__name__}.{name}"


FAKES = [(contract, kinds[0]) for contract, kinds in CONTRACTS.items()]


@pytest.mark.parametrize(("contract", "kind"), FAKES, ids=lambda one: one.__name__)
def test_a_fake_offers_nothing_beyond_its_contract(contract: type, kind: type) -> None:
    assert {name for name in vars(kind) if not name.startswith("_")} == set(promised(contract))


def test_a_context_does_not_print_its_secret() -> None:
    assert context.PASSPHRASE not in repr(context.SmallOffice().context(secret=context.PASSPHRASE))


def test_a_parameter_that_the_diagram_does_not_give_is_told_by_name() -> None:
    with pytest.raises(handling.HandlerFailed) as refusal:
        context.SmallOffice().context(register=None).option("register")
    assert refusal.value.code == "parameter_kosong"
    assert "register" in refusal.value.advice
