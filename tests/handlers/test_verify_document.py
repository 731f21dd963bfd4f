"""Nothing doubtful goes out: a signature that does not hold stops the case before publication."""

import pytest

from engine.handling import HandlerFailed
from handlers.render_document import render_document
from handlers.verify_document import verify_document
from tests.handlers.context import SmallOffice


@pytest.fixture
def office() -> SmallOffice:
    opened = SmallOffice()
    render_document(opened.context(key="cetak", dokumen="surat_izin"))
    return opened


def test_asking_twice_gives_the_same_judgement(office: SmallOffice) -> None:
    first = verify_document(office.context(dokumen="surat_izin"))
    assert verify_document(office.context(dokumen="surat_izin")) == first
    assert first.values["verification"] == {"intact": True}


def test_a_doubtful_signature_fails_the_step(office: SmallOffice) -> None:
    office.intact = False
    with pytest.raises(HandlerFailed, match="tanda_tangan_tidak_sah"):
        verify_document(office.context(dokumen="surat_izin"))
