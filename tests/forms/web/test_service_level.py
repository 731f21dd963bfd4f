"""The service level on its pages: numbers with their cases behind them, a map with its words, tables for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from forms.web.service_level import duration, is_month, months_back
from tests.builders import Office, apply_for_sign, finished_sign, open_office
from tests.engine.runtime.test_promises import to_activity
from tests.web_builders import Browser
from tests.web_cases import drawing

HOT = {"periksa_berkas", "rapat_kajian"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Two cases that ended, one that waits in time and one that waits too long; the tests that take it only read."""
    opened = open_office(tmp_path_factory.mktemp("kantor"))
    to_activity(opened, "rapat_kajian")
    to_activity(opened, "periksa_berkas")
    opened.clock.move_to(opened.clock.now() + timedelta(days=5))
    for name in ("02-rapat-saja", "05-dikembalikan-dua-kali"):
        opened.play(name)
    yield opened
    opened.engine.close()


@pytest.fixture
def officer(office: Office) -> Browser:
    return drawing(Browser(office, office.actor("kasi")))


def row(browser: Browser, name: str) -> list[str]:
    found = next(one for one in browser.page.select("table.heat-table tr") if name in one.get_text())
    return [" ".join(cell.find(string=True, recursive=True).split()) for cell in found.find_all("td")]


def test_the_page_says_first_whether_promises_are_kept(officer: Browser) -> None:
    officer.get("/kinerja?m=12")
    assert officer.heading == "Tingkat layanan"
    assert "2 dari 2 keputusan sesuai janji" in officer.text
    figures = {one.find("dt").get_text(): one.find("dd").get_text(" ", strip=True)
               for one in officer.page.select("dl.big-figures > div")}
    assert figures["Janji ditepati"] == "100%" and figures["Sedang berjalan"].startswith("2")
    assert figures["Waktu di kantor"].endswith("hari kerja") and figures["Waktu di pemohon"] == "0 menit"


def test_a_step_tells_what_waits_what_is_late_and_how_long_it_takes(officer: Browser) -> None:
    officer.get("/kinerja?m=12")
    checking = row(officer, "Memeriksa kelengkapan berkas")
    assert checking[0] == checking[2] == "1", "the case that was left lying is open and late"
    assert "hari kerja" in checking[3]
    assert row(officer, "Rapat kajian")[0] == "1"


def test_the_applicants_steps_stand_apart(officer: Browser) -> None:
    officer.get("/kinerja?m=12")
    parts = officer.page.select("table.heat-table tbody")
    assert "Menunggu pemohon, bukan waktu kantor" in parts[1].get_text()
    assert "Pemohon" not in parts[0].get_text()


def test_every_number_leads_to_as_many_cases(officer: Browser) -> None:
    officer.get("/kinerja?m=12")
    seen = 0
    for link in officer.page.select("table.heat-table td a, dl.big-figures dd:not(.under) a"):
        number = int(str(link.find(string=True)).replace(".", ""))
        officer.get(link["href"])
        assert len(officer.page.select("tbody tr")) == number, link["href"]
        seen += 1
    assert seen > 12


def test_a_list_leads_to_its_cases_and_can_be_taken_along(officer: Browser, office: Office) -> None:
    address = "/kinerja/berkas?w=terlambat&k=periksa_berkas&j=front_office"
    officer.get(address)
    assert "Tugas terlambat" in officer.heading and "Terlambat" in officer.page.find("tbody").get_text()
    link = officer.page.select_one("tbody th a")
    assert officer.get(link["href"]).status_code == 200
    rows = list(csv.reader(io.StringIO(officer.get(address.replace("?", ".csv?")).get_data(as_text=True).lstrip("\ufeff"))))
    assert rows[0][0] == "Nomor" and len(rows) == 2
    book = load_workbook(io.BytesIO(officer.get(address.replace("?", ".xlsx?")).data))
    assert book["Berkas"].max_row == 2


def test_the_table_goes_into_spreadsheets_with_numbers_as_numbers(officer: Browser) -> None:
    rows = list(csv.reader(io.StringIO(officer.get("/kinerja.csv?m=12").get_data(as_text=True).lstrip("\ufeff"))))
    book = load_workbook(io.BytesIO(officer.get("/kinerja.xlsx?m=12").data))
    assert book.sheetnames == ["Langkah", "Bulan"]
    sheet = [[cell.value for cell in one] for one in book["Langkah"].rows]
    assert rows[0] == sheet[0] and len(rows) == len(sheet) and isinstance(sheet[1][3], int)
    assert book["Bulan"].max_row == 13


@pytest.mark.parametrize("heat", ["beban", "telat"])
def test_the_map_marks_steps_by_load_or_lateness_with_numbers_and_in_words(officer: Browser, heat: str) -> None:
    officer.get(f"/kinerja?panas={heat}")
    marks = json.loads(officer.page.find("figure", class_="diagram")["data-marks"])
    assert set(marks["labels"]) == {one for level in ("heat1", "heat2", "heat3") for one in marks[level]} == HOT
    told = officer.page.find("p", class_="diagram-words").get_text()
    assert "memeriksa kelengkapan berkas" in told.lower() and "1" in told


def test_a_year_of_a_step_has_its_table(officer: Browser) -> None:
    officer.get("/kinerja/langkah/rapat_kajian")
    assert len(officer.page.select("tbody tr")) == 12 and "7 hari kerja" in officer.text
    assert officer.page.find("svg", class_="chart")["role"] == "img"
    assert officer.get("/kinerja/langkah/tidak_ada").status_code == 404


@pytest.mark.parametrize("address", [
    "/kinerja?p=tidak-ada", "/kinerja/berkas", "/kinerja/berkas?w=apa", "/kinerja/berkas?w=selesai", "/kinerja.csv?p=x"])
def test_what_is_not_there_is_not_found(officer: Browser, address: str) -> None:
    assert officer.get(address).status_code == 404


def test_odd_addresses_show_this_month(officer: Browser) -> None:
    for odd in ("m=2026-13", "m=9999-01", "m=0000-12", "m=0001-01", "m=x", "panas=x", "h=0"):
        assert officer.get(f"/kinerja?{odd}").status_code == 200
        assert officer.get(f"/kinerja/berkas?w=berakhir&{odd}").status_code == 200


def test_numbers_are_fresh_after_each_step(second_office: Office) -> None:
    officer = Browser(second_office, second_office.actor("petugas_loket"))
    officer.get("/kinerja")
    assert "Belum ada angka" in officer.text
    apply_for_sign(second_office)
    officer.get("/kinerja")
    assert "Sedang berjalan 1" in officer.text
    finished_sign(second_office)
    officer.get("/kinerja")
    assert row(officer, "Memeriksa permohonan")[4] == "1"


def test_an_office_role_reads_names_masked_until_there_is_a_number(second_office: Office) -> None:
    second_office.start("ajukan")
    with second_office.engine.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE cases SET title = 'Sari Rekaan', number = NULL")
    auditor = Browser(second_office, second_office.actor("auditor"))
    auditor.get("/kinerja/berkas?w=berjalan")
    assert "Sari Rekaan" not in auditor.text
    officer = Browser(second_office, second_office.actor("petugas_loket"))
    officer.get("/kinerja/berkas?w=berjalan")
    assert "Sari Rekaan" in officer.text


@pytest.mark.parametrize(("minutes", "told"), [
    (None, "–"), (0, "0 menit"), (38, "38 menit"), (60, "1 jam"), (190, "3 jam 10 menit"), (450, "1 hari kerja"),
    (1125, "2,5 hari kerja"), (45000, "100 hari kerja")])
def test_times_are_told_in_the_largest_unit_that_says_something(minutes: int | None, told: str) -> None:
    assert duration(minutes) == told


def test_months_are_known_and_counted_back() -> None:
    assert [is_month(one) for one in ("2026-06", "2026-13", "2026-6", "202606x", "")] == [True, False, False, False, False]
    assert months_back("2026-01", 1) == "2025-12" and months_back("2026-06", 11) == "2025-07"
