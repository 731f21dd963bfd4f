"""A number is voided with its reason and keeps its row; where none is live, nothing happens."""

import pytest

from engine.handling import HandlerFailed
from handlers.reserve_number import reserve_number
from handlers.void_number import REASON, void_number
from tests.handlers.context import SmallOffice


@pytest.fixture
def office() -> SmallOffice:
    opened = SmallOffice()
    reserve_number(opened.context(key="nomor", register="surat"))
    return opened


@pytest.mark.parametrize(("options", "reason"), [({}, REASON), ({"alasan": "Ditarik kembali"}, "Ditarik kembali")])
def test_the_number_is_voided_with_its_reason(office: SmallOffice, options: dict[str, str], reason: str) -> None:
    assert void_number(office.context(register="surat", **options)).values == {"register": "surat", "nomor": "surat/1"}
    assert [one["voided"] for one in office.numbers] == [reason]


def test_asking_twice_voids_once_and_keeps_the_first_reason(office: SmallOffice) -> None:
    void_number(office.context(register="surat", alasan="Ditarik kembali"))
    assert void_number(office.context(register="surat", alasan="Lagi")).values["nomor"] is None
    assert [one["voided"] for one in office.numbers] == ["Ditarik kembali"]


def test_where_no_number_is_live_nothing_happens(office: SmallOffice) -> None:
    assert void_number(office.context(register="lain")).values == {"register": "lain", "nomor": None}
    assert office.live("surat") is not None


def test_without_a_register_it_fails_by_name(office: SmallOffice) -> None:
    with pytest.raises(HandlerFailed, match="parameter_kosong"):
        void_number(office.context())
