"""The file of a case: found, told from end to end, masked for office roles, every opening written down."""

from __future__ import annotations

import csv
import io
import json

import pytest

from engine.store import access
from tests.builders import Office, open_office
from tests.web_builders import Browser
from tests.web_cases import drawing, played


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, str]:
    """An office with one case that went to its end; the tests of this file only read it."""
    office = open_office(tmp_path_factory.mktemp("kantor"))
    return office, played(office, "02-rapat-saja")


def seen_by(ended: tuple[Office, str], post: str) -> Browser:
    office, case = ended
    browser = drawing(Browser(office, office.actor(post)))
    browser.get(f"/berkas/{case}")
    return browser


def test_the_timeline_says_day_person_post_and_whether_in_time(ended: tuple[Office, str]) -> None:
    officer = seen_by(ended, "front_office")
    line = officer.page.find("ol", class_="timeline").get_text(" ", strip=True)
    assert "Memeriksa kelengkapan berkas" in line
    assert "Rabu, 10 Juni 2026, 09.00 WIB · Orang front_office, Petugas Front Office · tepat waktu" in line
    assert "Izin terbit" in officer.text and "Janji ditepati" in officer.text


def test_every_letter_stands_there_with_its_versions_and_opens(ended: tuple[Office, str]) -> None:
    officer = seen_by(ended, "front_office")
    rows = officer.page.find("section", attrs={"aria-labelledby": "dk"}).find_all("tr")[1:]
    told = [row.get_text(" ", strip=True) for row in rows]
    assert sum("Surat izin penyelenggaraan" in one for one in told) == 2
    assert any("ditandatangani" in one and "503/" in one for one in told)
    answer = officer.client.get(rows[0].find("a")["href"])
    assert answer.data.startswith(b"%PDF")


def test_uploads_are_listed_without_the_letters_of_the_house(ended: tuple[Office, str]) -> None:
    officer = seen_by(ended, "front_office")
    uploads = officer.page.find("section", attrs={"aria-labelledby": "up"}).get_text(" ", strip=True)
    assert "ktp.jpg" in uploads and "naskah" not in uploads


def test_the_diagram_marks_the_way_and_is_told_in_words(ended: tuple[Office, str]) -> None:
    officer = seen_by(ended, "front_office")
    assert "Langkah 1 sampai 10" in officer.text or "sudah dilalui" in officer.text
    edition = ended[0].edition
    answer = officer.client.get(f"/diagram/{edition.hash}.bpmn")
    assert answer.data == edition.source
    figure = officer.page.find("figure", class_="diagram")
    assert "periksa_berkas" in json.loads(figure["data-marks"])["done"]


@pytest.mark.parametrize("post", ["auditor", "analis", "administrator"])
def test_office_roles_read_particulars_masked(ended: tuple[Office, str], post: str) -> None:
    office, case = ended
    form = office.engine.case_files.read(case).answers["ajukan_permohonan"]
    clear, masked = seen_by(ended, "back_office").text, seen_by(ended, post)
    for key in ("nama", "nik", "surel"):
        assert str(form[key]) in clear
        assert str(form[key]) not in masked.text
    assert "ktp.jpg" not in masked.text
    assert "Optik" in masked.heading


def test_an_analyst_does_not_open_letters_nor_an_auditor_attachments(ended: tuple[Office, str]) -> None:
    office, case = ended
    letter = office.engine.papers.of_case(case)[0]
    file = office.engine.case_files.read(case).uploads[0]
    assert seen_by(ended, "analis").client.get(f"/surat/{letter.id}").status_code == 403
    assert seen_by(ended, "auditor").client.get(f"/lampiran/{case}/{file.sha256}").status_code == 403


def test_every_opening_is_written_to_the_access_log(ended: tuple[Office, str]) -> None:
    office, case = ended
    seen_by(ended, "auditor")
    with office.engine.database.reading() as connection:
        noted = [row for row, _ in access.read(connection)]
    assert any(row.action == "berkas" and row.subject == case for row in noted)


def test_a_search_finds_by_number_and_by_a_part_of_the_name(ended: tuple[Office, str]) -> None:
    office, case = ended
    officer = Browser(office, office.actor("kasi"))
    number = office.row(case).number
    for words in (number, "optik"):
        officer.get(f"/berkas?q={words}")
        assert officer.page.find("a", href=f"/berkas/{case}") is not None
    officer.get("/berkas?s=berjalan")
    assert officer.page.find("a", href=f"/berkas/{case}") is None
    rows = list(csv.reader(io.StringIO(officer.client.get("/berkas.csv").get_data(as_text=True))))
    assert len(rows) == 2 and rows[1][0] == number


def test_the_whole_file_is_there_as_one_print_out(ended: tuple[Office, str]) -> None:
    officer = seen_by(ended, "front_office")
    link = next(one for one in officer.page.find_all("a") if "satu PDF" in one.get_text())
    assert officer.client.get(link["href"]).data.startswith(b"%PDF")


def test_notes_are_for_the_office_or_for_the_applicant_too(office: Office) -> None:
    case = played(office, "02-rapat-saja", until="periksa_berkas")
    officer = Browser(office, office.actor("front_office"))
    officer.send(f"/berkas/{case}/catatan", {"catatan": "Sudah ditelepon"})
    officer.send(f"/berkas/{case}/catatan", {"catatan": "Loket tutup Jumat", "terbuka": "ya"})
    assert "Sudah ditelepon" in officer.text and "hanya untuk kantor" in officer.text
    assert "terlihat pemohon" in officer.text
    assert officer.send(f"/berkas/{case}/catatan", {"catatan": "  "}).status_code == 422
    auditor = Browser(office, office.actor("auditor"))
    assert auditor.send(f"/berkas/{case}/catatan", {"catatan": "Dari auditor"}).status_code == 403


def test_a_case_before_its_number_hides_the_persons_name_from_office_roles(office: Office) -> None:
    case = played(office, "01-rapat-dan-peninjauan", until="periksa_akun")
    name = office.row(case).title
    auditor = Browser(office, office.actor("auditor"))
    for page in ("/berkas", "/audit", f"/berkas/{case}", f"/audit/{case}"):
        auditor.get(page)
        assert name not in auditor.text, page
    officer = Browser(office, office.actor("front_office"))
    officer.get("/berkas")
    assert name in officer.text
