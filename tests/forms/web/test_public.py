"""What everyone may see: the service standard, the way of an application, whether a document is genuine."""

from __future__ import annotations

import pytest

from engine.assembly import CaseQuery, DocumentRow
from engine.authoring.props import content_of
from tests.builders import Office
from tests.web_builders import Browser, new_applicant

NIK = "3214010101900007"


@pytest.fixture
def visitor(second_office: Office) -> Browser:
    return Browser(second_office)


def submitted(office: Office) -> str:
    """The number of an application that somebody with an identity number sent."""
    applicant = new_applicant(office, "Sari", NIK)
    case = office.engine.cases.start(office.process, "ajukan", applicant).id
    picture = office.upload(case, "papan.pdf", applicant)
    values = {"nama": "Sari Rekaan", "alamat": "Jalan Rekaan 5", "tulisan": "Kopi Sari", "luas": 4,
              "persyaratan": [{"dokumen": "gambar", "berkas": [picture]}]}
    office.complete(case, "ajukan_reklame", values, applicant)
    return office.row(case).number or ""


def test_the_front_page_of_one_service_is_its_standard(visitor: Browser) -> None:
    visitor.get("/")
    process = visitor.office.edition.process
    assert visitor.heading == process.section("layanan")["judul"]
    for words in (process.section("layanan")["ringkas"], "Rp 0", "1 tahun", "Gambar papan reklame", "2 hari kerja"):
        assert words in visitor.text


def test_the_way_is_drawn_and_told_in_words(visitor: Browser) -> None:
    visitor.get("/")
    picture = visitor.page.find("figure", class_="lanes")
    assert [one.get_text() for one in picture.find_all("text", class_="lane-name")] == [
        "Warga", "Loket Kecamatan", "Camat"]
    assert "3 langkah" in picture.find("desc").get_text()


def test_each_service_has_its_own_page_and_others_are_not_found(visitor: Browser) -> None:
    assert visitor.get("/layanan/izin-reklame").status_code == 200
    assert visitor.get("/layanan/tidak-ada").status_code == 404


def test_who_knows_number_and_digits_sees_the_way_and_nothing_personal(visitor: Browser) -> None:
    number = submitted(visitor.office)
    visitor.send("/lacak", {"nomor": f" {number.lower()} ", "angka": NIK[-4:]})
    assert visitor.heading == "Diperiksa loket"
    assert "Loket Kecamatan" in visitor.text and "Langkah 2 dari 3" in visitor.text
    for personal in ("Sari", NIK, "Jalan Rekaan 5", "Orang petugas_loket"):
        assert personal not in visitor.text


@pytest.mark.parametrize("angka", ["0000", "", "0", NIK])
def test_wrong_digits_find_nothing_and_do_not_say_which_was_wrong(visitor: Browser, angka: str) -> None:
    number = submitted(visitor.office)
    assert visitor.send("/lacak", {"nomor": number, "angka": angka}).status_code == 404
    known = visitor.page.find(role="alert").get_text()
    visitor.send("/lacak", {"nomor": "RK-2026-999999-X", "angka": "0007"})
    assert visitor.page.find(role="alert").get_text() == known


def test_guessing_digits_is_stopped(visitor: Browser) -> None:
    number = submitted(visitor.office)
    codes = [visitor.send("/lacak", {"nomor": number, "angka": f"{one:04}"}).status_code for one in range(12)]
    assert codes[0] == 404 and codes[-1] == 429
    assert visitor.send("/lacak", {"nomor": number, "angka": NIK[-4:]}).status_code == 429


def decided(office: Office) -> str:
    """The code on the letter of an application that was granted."""
    number = submitted(office)
    case = office.engine.cases.find_by_number(number).id
    office.complete(case, "periksa_reklame", {"baik": True})
    return office.engine.papers.of_case(case)[-1].code


def test_the_code_on_a_letter_opens_the_register_in_any_case(visitor: Browser) -> None:
    code = decided(visitor.office)
    for written in (code, code.lower(), code.title()):
        assert visitor.get(f"/v/{written}").status_code == 200
        assert "Surat izin reklame terdaftar" in visitor.heading
    assert "Berlaku hari ini: ya" in visitor.text
    assert NIK not in visitor.text and "Sari Rekaan" not in visitor.text


def test_a_receipt_without_signature_is_known_by_its_code_and_by_its_bytes(visitor: Browser) -> None:
    code = decided(visitor.office)
    letter = next(row for row in _letters(visitor.office) if row.code == code)
    assert letter.signed is None
    visitor.send("/periksa", {"berkas": ("surat.pdf", visitor.office.engine.papers.read(letter))})
    assert visitor.heading == "Surat izin reklame ini asli"


def _letters(office: Office) -> list[DocumentRow]:
    found = office.engine.case_files.search(CaseQuery())[0]
    return [row for case in found for row in office.engine.papers.of_case(case[0].id)]


def test_a_code_typed_on_the_check_page_leads_to_it(visitor: Browser) -> None:
    code = decided(visitor.office)
    assert visitor.get(f"/periksa?kode={code.lower()}").request.path == f"/v/{code}"


def test_a_code_that_was_never_printed_is_not_found(visitor: Browser) -> None:
    assert visitor.get("/v/AAAAAAAAAAAAAAAA").status_code == 404
    assert visitor.page.find("input", {"name": "kode"})["value"] == "AAAAAAAAAAAAAAAA"


def test_a_file_without_signature_is_not_called_genuine(visitor: Browser) -> None:
    response = visitor.send("/periksa", {"berkas": ("surat.pdf", content_of("surat.pdf"))})
    assert response.status_code == 200
    assert visitor.heading == "Dokumen ini tidak dapat dipastikan asli"
    assert len(visitor.page.find("ol", class_="checks").find_all("li")) == 4


def test_checking_nothing_is_answered_with_what_to_do(visitor: Browser) -> None:
    assert visitor.send("/periksa", {"berkas": ("", b"")}).status_code == 422
    assert "Pilih berkas PDF" in visitor.text


def test_a_broken_file_is_judged_and_breaks_nothing(visitor: Browser) -> None:
    for content in (b"%PDF-1.7\nrusak", b"\x00" * 500, content_of("a.pdf")[:300]):
        assert visitor.send("/periksa", {"berkas": ("a.pdf", content)}).status_code == 200
        assert "tidak dapat dipastikan" in visitor.heading


def test_contact_and_privacy_are_told_from_the_offices_file(visitor: Browser) -> None:
    visitor.get("/kontak")
    assert visitor.office.edition.office["nama"] in visitor.text
    assert "Data pribadi" in visitor.text


def test_a_visitor_is_offered_to_sign_in_and_an_applicant_to_begin(visitor: Browser) -> None:
    visitor.get("/")
    assert visitor.page.find("form", action="/ajukan/izin-reklame") is None
    applicant = Browser(visitor.office, visitor.office.applicant, visitor.app)
    applicant.get("/")
    assert applicant.page.find("form", action="/ajukan/izin-reklame") is not None
