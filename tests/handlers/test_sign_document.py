"""A document is signed once, with a passphrase that nothing keeps."""

import json

import pytest

from engine.handling import INTERRUPTED, HandlerFailed, registered
from handlers.render_document import render_document
from handlers.sign_document import sign_document
from tests.handlers.context import PASSPHRASE, SmallOffice


@pytest.fixture
def office() -> SmallOffice:
    opened = SmallOffice()
    render_document(opened.context(key="cetak", dokumen="surat_izin"))
    return opened


def test_asking_twice_gives_the_same_signature(office: SmallOffice) -> None:
    first = sign_document(office.context(secret=PASSPHRASE, dokumen="surat_izin"))
    assert sign_document(office.context(secret=PASSPHRASE, dokumen="surat_izin")) == first


def test_after_a_crash_the_registered_signature_is_found_without_the_passphrase(office: SmallOffice) -> None:
    first = sign_document(office.context(secret=PASSPHRASE, dokumen="surat_izin"))
    assert sign_document(office.context(dokumen="surat_izin")) == first


@pytest.mark.parametrize(("secret", "code"), [("frasa lain", "sandi_salah"), (None, INTERRUPTED)])
def test_without_the_right_passphrase_nothing_is_signed(office: SmallOffice, secret: str | None, code: str) -> None:
    with pytest.raises(HandlerFailed) as refusal:
        sign_document(office.context(secret=secret, dokumen="surat_izin"))
    assert refusal.value.code == code
    assert office.newest("surat_izin")["signed"] is None


def test_the_passphrase_is_not_in_the_receipt(office: SmallOffice) -> None:
    outcome = sign_document(office.context(secret=PASSPHRASE, dokumen="surat_izin"))
    assert PASSPHRASE not in json.dumps(dict(outcome.values))


def test_it_is_the_one_handler_that_asks_for_a_secret(office: SmallOffice) -> None:
    assert registered()["sign_document"].secret
