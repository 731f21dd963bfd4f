"""A letter is rendered once per step; the one that begins the promise to the applicant says so."""

import pytest

from engine.handling import HandlerFailed
from handlers.render_document import render_document
from tests.handlers.context import STARTS_PROMISE, SmallOffice


def test_asking_twice_gives_the_same_letter() -> None:
    office = SmallOffice()
    assert render_document(office.context(dokumen="undangan")) == render_document(office.context(dokumen="undangan"))
    assert len(office.letters) == 1


def test_another_step_makes_a_letter_of_its_own() -> None:
    office = SmallOffice()
    first, second = (render_document(office.context(key=key, dokumen="undangan")) for key in ("a", "b"))
    assert first.values["document"] != second.values["document"]


@pytest.mark.parametrize(("kind", "received"), [(STARTS_PROMISE, True), ("undangan", False)])
def test_only_the_receipt_begins_the_promise(kind: str, received: bool) -> None:
    assert render_document(SmallOffice().context(dokumen=kind)).received is received


def test_without_a_document_it_fails_by_name() -> None:
    with pytest.raises(HandlerFailed, match="parameter_kosong"):
        render_document(SmallOffice().context())
