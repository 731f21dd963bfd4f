"""Judging: only the untouched file of a known signer is authentic; every touch shows, with no register at all."""

from __future__ import annotations

import io
import random
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner

from engine.digest import sha256
from engine.documents.authority import TestAuthority
from engine.documents.judging import Expected, Judgement, judge
from engine.documents.letters import Letter, render
from engine.documents.signing import SignJob

AT = datetime(2026, 6, 30, 3, tzinfo=UTC)
SECRET = "kuda-lumping-menari-77"
PERSON = "akunkepala0001"


class House:
    """One office with its authority, one stranger with another, and a letter signed by the office."""

    def __init__(self, folder: Path) -> None:
        self.office, self.stranger = _authority(folder / "kantor"), _authority(folder / "asing")
        source = b'#set document(keywords: json("/masukan/data.json")._masukan.metadata)\n' \
                 b'#set text(font: "Libertinus Serif")\nMenetapkan.'
        self.pdf = render(Letter("surat.typ", {"surat.typ": source}, {}, AT, {"kasus": "k1"})).pdf
        self.signed = self.office.signer.sign(SignJob(self.pdf, PERSON, AT), SECRET).pdf

    def judge(self, pdf: bytes, expected: Expected | None = None) -> Judgement:
        return judge(pdf, [self.office.root], expected)


def _authority(folder: Path) -> TestAuthority:
    made = TestAuthority(folder)
    made.ensure()
    made.issue(PERSON, "Dra. Wening Astuti", SECRET, AT)
    return made


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("kunci"))


def ranges(pdf: bytes) -> list[int]:
    with pikepdf.open(io.BytesIO(pdf)) as paper:
        return [int(part) for part in paper.Root.AcroForm.Fields[0].V.ByteRange]


def test_the_untouched_file_is_authentic_from_its_signature_alone(house: House) -> None:
    judgement = house.judge(house.signed)
    assert judgement.authentic and judgement.trial
    assert [line.holds for line in judgement.lines] == [None, True, True]
    assert (judgement.signed_at, judgement.metadata["kasus"]) == (AT, "k1")
    assert "UJI COBA" in judgement.conclusion


def test_the_register_adds_the_first_line(house: House) -> None:
    known = Expected((sha256(house.signed),))
    assert [line.holds for line in house.judge(house.signed, known).lines] == [True, True, True]
    other = house.judge(house.signed, Expected(("0" * 64,)))
    assert not other.authentic and other.identical.holds is False and other.intact.holds is True


def test_the_register_knows_who_signed(house: House) -> None:
    fingerprint = house.judge(house.signed).signer
    assert fingerprint is not None
    assert house.judge(house.signed, Expected(fingerprint=fingerprint.fingerprint)).authentic
    assert not house.judge(house.signed, Expected(fingerprint="0" * 64)).authentic


def test_an_unknown_authority_leaves_the_signature_intact_and_the_signer_unknown(house: House) -> None:
    for roots in ([], [house.stranger.root]):
        judgement = judge(house.signed, roots)
        assert (judgement.authentic, judgement.intact.holds, judgement.trusted.holds) == (False, True, False)


def test_the_verification_answer_is_plain_values(house: House) -> None:
    record = house.judge(house.signed).record()
    assert record["authentic"] is True and record["signed_at"] == "2026-06-30T03:00:00.000000Z"
    assert [line["code"] for line in record["lines"]] == ["identical", "intact", "trusted"]


@pytest.mark.parametrize("more", [b"\n", b" ", b"%", b"\x00" * 10, b"\n%%EOF\n", b"PK\x03\x04zip"])
def test_an_appended_byte_is_found_without_a_register(house: House, more: bytes) -> None:
    judgement = house.judge(house.signed + more)
    assert not judgement.authentic and judgement.intact.holds is False


def test_a_byte_before_the_file_is_found(house: House) -> None:
    assert not house.judge(b"\n" + house.signed).authentic


def test_every_truncation_is_found(house: House) -> None:
    for length in (0, 1, 100, len(house.pdf), len(house.signed) // 2, len(house.signed) - 1):
        assert not house.judge(house.signed[:length]).authentic


def test_one_flipped_bit_is_found_wherever_it_is(house: House) -> None:
    dice = random.Random(20260630)
    for place in dice.sample(range(len(house.signed)), 100):
        altered = bytearray(house.signed)
        altered[place] ^= 1 << dice.randrange(8)
        assert not house.judge(bytes(altered)).authentic, f"byte {place}"


def test_one_changed_byte_inside_the_container_of_the_signature_is_found(house: House) -> None:
    # The container lies outside of the signed ranges: padding, hex digits and spare certificates are judged one by one.
    _, start, end, _ = ranges(house.signed)
    dice = random.Random(7)
    for place in [start, end - 1, end - 2, *dice.sample(range(start, end), 80)]:
        for new in (house.signed[place] ^ 1, house.signed[place] ^ 0x20):
            altered = house.signed[:place] + bytes([new]) + house.signed[place + 1:]
            assert not house.judge(altered).authentic, f"byte {place - start} of the container"


def test_a_resaved_file_is_not_authentic(house: House) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(house.signed)) as paper:
        paper.save(out)
    assert not house.judge(out.getvalue()).authentic


def overlaid(pdf: bytes) -> IncrementalPdfFileWriter:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    stream = page.get_object()["/Contents"].get_object()
    stream._data = stream.data + b"\n0 0 200 200 re f\n"
    stream._encoded_data = None
    writer.mark_update(page.get_object().raw_get("/Contents"))
    return writer


def test_an_overlay_is_found_though_another_reader_calls_the_signature_valid(house: House, tmp_path: Path) -> None:
    out = io.BytesIO()
    overlaid(house.signed).write(out)
    (tmp_path / "surat.pdf").write_bytes(out.getvalue())
    said = subprocess.run(["pdfsig", str(tmp_path / "surat.pdf")], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said and "Total document signed" not in said
    assert not house.judge(out.getvalue()).authentic


def signed_by(authority: TestAuthority, writer: IncrementalPdfFileWriter, name: str) -> bytes:
    archive = (authority.folder / "penanda" / f"{PERSON}.p12").read_bytes()
    key = SimpleSigner.load_pkcs12_data(archive, other_certs=[], passphrase=SECRET.encode())

    class Careless(PdfSigner):
        def _enforce_certification_constraints(self, reader: object) -> None:
            """A forger does not ask whether another signature is allowed."""

    meta = PdfSignatureMetadata(field_name=name, md_algorithm="sha256")
    return bytes(Careless(meta, signer=key).sign_pdf(writer).getvalue())


def test_an_overlay_signed_again_by_a_stranger_is_not_authentic(house: House) -> None:
    forged = signed_by(house.stranger, overlaid(house.signed), "Kedua")
    judgement = house.judge(forged)
    assert not judgement.authentic and "2 tanda tangan" in judgement.intact.sentence
    assert not judge(forged, [house.office.root, house.stranger.root]).authentic


def test_an_altered_letter_signed_by_a_stranger_alone_is_not_authentic(house: House) -> None:
    forged = signed_by(house.stranger, overlaid(house.pdf), "TandaTanganElektronik")
    assert not house.judge(forged).authentic


def test_an_unsigned_letter_is_not_authentic(house: House) -> None:
    assert "tidak bertanda tangan" in house.judge(house.pdf).intact.sentence


@pytest.mark.parametrize("content", [
    b"", b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"\x00" * 1000, b"<html>", b"startxref\n9\n%%EOF"])
def test_no_file_stops_the_judge(house: House, content: bytes) -> None:
    assert not house.judge(content).authentic


def test_a_file_too_large_to_read_is_not_read(house: House) -> None:
    judgement = house.judge(house.signed + b"\0" * (15 * 1024 * 1024))
    assert not judgement.authentic and "terlalu besar" in judgement.intact.sentence


def test_a_signature_stays_good_after_its_certificate_has_ended(house: House) -> None:
    # Judged at the time of signing, which is years before the clock of some machine that will judge it.
    early = house.office.issue("akunlama0001", "Pejabat Lama", SECRET, AT - timedelta(days=3650))
    signed = house.office.signer.sign(SignJob(house.pdf, "akunlama0001", AT - timedelta(days=3640)), SECRET).pdf
    assert early.valid_until < AT
    assert house.judge(signed).authentic
    assert not house.judge(signed, Expected(at=AT)).authentic
