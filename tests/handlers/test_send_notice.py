"""A message is queued once per step, to whom the diagram or else the process says."""

import pytest

from engine.handling import HandlerFailed
from handlers.send_notice import send_notice
from tests.handlers.context import SmallOffice


def test_asking_twice_queues_one_message() -> None:
    office = SmallOffice()
    assert send_notice(office.context(pesan="kabar")) == send_notice(office.context(pesan="kabar"))
    assert len(office.messages) == 1


@pytest.mark.parametrize(("options", "to"), [({}, "pemohon"), ({"kepada": "penilai"}, "penilai")])
def test_the_diagram_may_name_the_recipient(options: dict[str, str], to: str) -> None:
    assert send_notice(SmallOffice().context(pesan="kabar", **options)).values["to"] == to


def test_without_a_message_it_fails_by_name() -> None:
    with pytest.raises(HandlerFailed, match="parameter_kosong"):
        send_notice(SmallOffice().context(kepada="pemohon"))
