"""A case has one live number in a register; a number that came too late is voided and keeps its row."""

import pytest

from engine.handling import HandlerFailed
from handlers.reserve_number import give_back, reserve_number
from tests.handlers.context import CALLS_CASES, SmallOffice


def test_asking_twice_gives_the_same_number() -> None:
    office = SmallOffice()
    first = reserve_number(office.context(register="surat"))
    assert reserve_number(office.context(register="surat")) == first
    assert first.values == {"register": "surat", "nomor": "surat/1"}


def test_another_step_of_the_case_gets_the_live_number_too() -> None:
    office = SmallOffice()
    assert reserve_number(office.context(register="surat")) == reserve_number(office.context(key="lain", register="surat"))


@pytest.mark.parametrize(("register", "called"), [(CALLS_CASES, f"{CALLS_CASES}/1"), ("surat", None)])
def test_people_call_the_case_by_the_number_of_one_register(register: str, called: str | None) -> None:
    assert reserve_number(SmallOffice().context(register=register)).number == called


def test_a_late_number_is_voided_with_its_reason_and_keeps_its_row() -> None:
    office = SmallOffice()
    outcome = reserve_number(office.context(register="surat"))
    give_back(office.context(register="surat"), outcome.values)
    assert [(one["text"], bool(one["voided"])) for one in office.numbers] == [("surat/1", True)]
    assert reserve_number(office.context(key="kemudian", register="surat")).values["nomor"] == "surat/2"


def test_a_late_step_does_not_void_what_another_took() -> None:
    office = SmallOffice()
    reserve_number(office.context(register="surat"))
    give_back(office.context(key="lain", register="surat"), {})
    assert office.live("surat") is not None


def test_without_a_register_it_fails_by_name() -> None:
    with pytest.raises(HandlerFailed, match="parameter_kosong"):
        reserve_number(SmallOffice().context())
