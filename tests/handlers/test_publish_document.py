"""A document is given out once, and taken back when its case ended otherwise meanwhile."""

import pytest

from engine.handling import HandlerFailed
from handlers.publish_document import publish_document, take_back
from handlers.render_document import render_document
from tests.handlers.context import SmallOffice


@pytest.fixture
def office() -> SmallOffice:
    opened = SmallOffice()
    render_document(opened.context(key="cetak", dokumen="surat_izin"))
    return opened


def test_asking_twice_publishes_once(office: SmallOffice) -> None:
    first = publish_document(office.context(dokumen="surat_izin"))
    assert publish_document(office.context(dokumen="surat_izin")) == first
    assert first.values == {"document": "surat-1", "kind": "surat_izin"}


def test_a_late_publication_is_taken_back(office: SmallOffice) -> None:
    outcome = publish_document(office.context(dokumen="surat_izin"))
    take_back(office.context(dokumen="surat_izin"), outcome.values)
    assert office.newest("surat_izin")["published_by"] is None


def test_what_another_step_published_stays(office: SmallOffice) -> None:
    publish_document(office.context(dokumen="surat_izin"))
    take_back(office.context(key="lain", dokumen="surat_izin"), {})
    assert office.newest("surat_izin")["published_by"] is not None


def test_without_a_document_it_fails_by_name(office: SmallOffice) -> None:
    with pytest.raises(HandlerFailed, match="parameter_kosong"):
        publish_document(office.context())
