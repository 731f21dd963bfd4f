"""A national signature: a trusted time, and proofs for later years behind the signature. Nothing else may stand there."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore

from engine.digest import sha256
from engine.documents.judging import Expected, Judgement, judge
from engine.documents.letters import Letter, render
from tests.tools.people import Issuer, Person, issuer

AT = datetime(2026, 6, 30, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render(Letter("surat.typ", {"surat.typ": b'#set text(font: "Libertinus Serif")\nMenetapkan.'}, {}, AT)).pdf


@pytest.fixture(scope="module")
def head() -> Person:
    return issuer().person("Kepala Rekaan", "3214000000000007")


@pytest.fixture(scope="module", params=[False, True], ids=["B-LT", "B-LTA"])
def proved(request: pytest.FixtureRequest, pdf: bytes, head: Person) -> bytes:
    return issuer().proved(pdf, head, archived=request.param)


def judged(pdf: bytes, *more: Issuer, hashes: tuple[str, ...] = ()) -> Judgement:
    return judge(pdf, [one.pem for one in (issuer(), *more)], Expected(hashes, at=AT))


def end_of_signature(pdf: bytes) -> int:
    [signature] = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures
    return int(signature.byte_range[2]) + int(signature.byte_range[3])


def test_a_signature_with_its_proofs_is_authentic_and_says_so(proved: bytes) -> None:
    found = judged(proved)
    assert found.authentic and "sesudahnya hanya ditambahkan bukti" in found.intact.sentence
    assert len(proved) > end_of_signature(proved)


@pytest.mark.parametrize("more", [b"\n", b"%", b"\n%%EOF\n", b"PK\x03\x04zip", b"\nstartxref\n9\n%%EOF\n"])
def test_what_hides_behind_the_proofs_is_found(proved: bytes, more: bytes) -> None:
    if more == b"\n":
        more = b"\n\n\n"   # one line end more is what writers differ in, and shows nothing
    assert not judged(proved + more).authentic


def test_something_drawn_behind_the_proofs_is_found(proved: bytes) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(proved))
    writer.add_stream_to_page(0, writer.add_object(StreamObject(stream_data=b"q 1 0 0 rg 9 9 200 20 re f Q")))
    out = io.BytesIO()
    writer.write(out)
    assert not judged(out.getvalue()).authentic


def test_a_changed_byte_in_the_letter_is_found(proved: bytes) -> None:
    end = end_of_signature(proved)
    for place in range(20, end, max(1, end // 150)):
        changed = proved[:place] + bytes([proved[place] ^ 1]) + proved[place + 1:]
        assert not judged(changed).authentic or changed == proved, place


def test_a_changed_byte_in_the_proofs_is_found_by_the_register(proved: bytes) -> None:
    place = (end_of_signature(proved) + len(proved)) // 2
    changed = proved[:place] + bytes([proved[place] ^ 1]) + proved[place + 1:]
    assert not judged(changed, hashes=(sha256(proved),)).authentic


def test_a_time_that_nobody_trusts_is_no_trusted_time(pdf: bytes, head: Person) -> None:
    stranger = issuer("Penanda Waktu Asing")
    stamped = issuer().proved(pdf, head, authority=stranger)
    found = judged(stamped)
    assert not found.authentic and "penanda waktu" in found.intact.sentence
    assert judged(stamped, stranger).authentic


def test_proofs_behind_a_signature_without_a_trusted_time_are_not_taken(pdf: bytes, head: Person) -> None:
    out = io.BytesIO(issuer().signed(pdf, head))
    DocumentSecurityStore.add_dss(out, sig_contents=None, certs=[], crls=[issuer().revoked()])
    assert judged(issuer().signed(pdf, head)).authentic
    assert not judged(out.getvalue()).authentic
