"""The administrator's calendar: a year in signs and in words, one day changed only after seeing what that moves."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from forms.web.calendar import parse_hours
from tests.builders import Office
from tests.engine.runtime.test_promises import to_activity
from tests.web_builders import Browser

DAY = {"hari": "2026-06-22", "jenis": "libur", "jam": "", "dasar": "SK 99/2026 (rekaan)"}


@pytest.fixture
def administrator(office: Office) -> Browser:
    return Browser(office, office.actor("administrator"))


def pressed(browser: Browser, day: str) -> Any:
    """The link of a day in the year."""
    return browser.page.select_one(f'table.month a[href="?hari={day}#ubah"]')


def test_a_year_shows_its_closed_days_with_sign_word_and_decree(administrator: Browser) -> None:
    administrator.get("/kalender")
    assert administrator.heading == "Kalender 2026"
    months = administrator.page.find_all("table", class_="month")
    assert [one.find("caption").get_text() for one in months][::11] == ["Januari", "Desember"]
    days = [one for month in months for one in month.find_all("td", class_="day")]
    assert len(days) == 365
    new_year = pressed(administrator, "2026-01-01")
    assert "Kamis, 1 Januari 2026: libur, Tahun Baru Masehi (SKB" in new_year["aria-label"] and new_year.find("svg")
    twin = administrator.page.find("tr", id="h-2026-01-01").get_text(" ", strip=True)
    assert twin == "Kamis, 1 Januari 2026 Libur Tahun Baru Masehi"
    assert "Ditetapkan dengan SKB 3 Menteri" in administrator.text


def test_every_marked_day_has_its_line_in_the_list(administrator: Browser) -> None:
    administrator.get("/kalender?tahun=2025")
    marked = [one["aria-label"].split(":")[0] for one in administrator.page.select("td.closed a, td.changed a")]
    assert marked == [one.get_text() for one in administrator.page.select("tr[id^=h-] th")] and len(marked) > 15


def test_today_is_marked_in_sign_and_words_in_its_own_year_only(administrator: Browser) -> None:
    administrator.get("/kalender")
    here = administrator.page.select("[aria-current=date]")
    assert len(here) == 1 and here[0]["aria-label"].endswith(": hari kerja, hari ini") and "today" in here[0].parent["class"]
    administrator.get("/kalender?tahun=2025")
    assert not administrator.page.select("[aria-current=date], .today")


def test_a_pressed_day_stands_in_the_form_to_become_what_it_is_not(administrator: Browser) -> None:
    administrator.get("/kalender")
    administrator.get("/kalender" + pressed(administrator, "2026-06-22")["href"].partition("#")[0])
    assert administrator.page.find("input", id="hari")["value"] == "2026-06-22"
    assert "Senin, 22 Juni 2026; sekarang hari kerja, pukul 07.30–12.00, 13.00–16.00" in administrator.text
    assert administrator.page.find("input", attrs={"name": "jenis", "checked": True})["value"] == "libur"
    administrator.get("/kalender?hari=2026-06-21")
    assert administrator.page.find("input", attrs={"name": "jenis", "checked": True})["value"] == "kerja"


@pytest.mark.parametrize("odd", ["2026-06-31", "0000-01-01", "0001-01-01", "1999-12-31", "9999-12-31",
                                 "20260622", "<b>", "2026-W26-1"])
def test_an_address_cannot_choose_a_day_that_is_none(administrator: Browser, odd: str) -> None:
    assert administrator.get(f"/kalender?hari={odd}").status_code == 200
    assert not administrator.page.find("input", id="hari").get("value")


def test_office_hours_and_ramadan_stand_with_their_time_and_their_decree(administrator: Browser) -> None:
    administrator.get("/kalender?tahun=2026")
    rows = [[cell.get_text() for cell in row.find_all(["th", "td"])]
            for row in administrator.page.select("table[aria-labelledby=jam-kerja] tbody tr")]
    assert rows == [
        ["Biasa", "selalu", "07.30–12.00, 13.00–16.00", "07.30–11.30, 13.00–16.30", "Perpres 21/2023"],
        ["Ramadan", "19 Februari 2026 sampai 20 Maret 2026", "08.00–12.00, 12.30–15.00", "08.00–11.30, 12.30–15.30",
         "Perpres 21/2023"]]
    administrator.get("/kalender?tahun=2031")
    assert "tanggalnya belum ada untuk 2031" in administrator.text


def test_a_year_says_what_is_not_known_about_it(administrator: Browser) -> None:
    administrator.get("/kalender?tahun=2026")
    assert "belum ditetapkan" not in administrator.text and "tanpa jam Ramadan" not in administrator.text
    administrator.get("/kalender?tahun=2031")
    assert "Tahun 2031: kalender belum ditetapkan" in administrator.text
    assert "Tahun 2031: tanpa jam Ramadan" in administrator.text


@pytest.mark.parametrize(("asked", "shown"), [("1", "2000"), ("999999", "2100"), ("abc", "2026")])
def test_an_address_cannot_ask_for_a_year_beyond_the_table(administrator: Browser, asked: str, shown: str) -> None:
    assert administrator.get(f"/kalender?tahun={asked}").status_code == 200
    assert administrator.heading == f"Kalender {shown}"


def test_what_a_day_would_move_is_seen_before_it_is_saved(office: Office) -> None:
    case = to_activity(office, "rapat_kajian")
    administrator = Browser(office, office.actor("administrator"))
    before = administrator.office.task(case, "rapat_kajian").due
    administrator.send("/kalender", DAY)
    assert "Menggeser 3 batas waktu, 0 di antaranya lebih awal, pada 1 berkas." in administrator.text
    assert "Senin, 22 Juni 2026 menjadi libur (SK 99/2026 (rekaan))" in administrator.text
    administrator.office.settle()
    assert administrator.office.task(case, "rapat_kajian").due == before
    assert "Belum ada yang diubah" in administrator.text


def test_a_saved_day_stands_in_the_list_until_and_after_the_dues_followed(office: Office) -> None:
    case = to_activity(office, "rapat_kajian")
    administrator = Browser(office, office.actor("administrator"))
    before = office.task(case, "rapat_kajian").due
    administrator.send("/kalender", {**DAY, "_aksi": "simpan"})
    listed = administrator.page.find("section", attrs={"aria-labelledby": "perubahan"})
    told = " ".join(listed.get_text(" ").split())
    assert "Senin, 22 Juni 2026 libur SK 99/2026 (rekaan) Orang administrator hari ini" in told
    assert "sedang mengikuti" in told
    office.settle()
    assert str(office.task(case, "rapat_kajian").due) > str(before)
    administrator.get("/kalender")
    assert "sudah mengikuti" in administrator.text
    cell = pressed(administrator, "2026-06-22")
    assert "changed" in cell.parent["class"] and "diliburkan (SK 99/2026 (rekaan))" in cell["aria-label"]


def test_a_sunday_can_be_worked_with_hours_of_its_own(administrator: Browser) -> None:
    administrator.send("/kalender", {**DAY, "hari": "2026-06-21", "jenis": "kerja", "jam": "8.00-12.00", "_aksi": "simpan"})
    assert "hari kerja, pukul 08.00–12.00" in administrator.text


@pytest.mark.parametrize(("wrong", "advice"), [
    ({"dasar": ""}, "Sebutkan dasar keputusannya"),
    ({"hari": ""}, "Pilih tanggal yang diubah"),
    ({"hari": "20260622"}, "Pilih tanggal yang diubah"), ({"hari": "2101-01-01"}, "tahun 2000 sampai 2100"),
    ({"jenis": "xxx"}, "menjadi libur atau hari kerja"), ({"jenis": ""}, "menjadi libur atau hari kerja"),
    ({"jam": "07.30-12.00"}, "Hari libur tidak mempunyai jam kerja"),
    ({"jenis": "kerja", "jam": "pagi"}, "Jam kerja ditulis seperti 07.30-12.00"),
    ({"jenis": "kerja", "jam": "12.00-07.30"}, "Jam kerja ditulis seperti 07.30-12.00"),
])
def test_a_change_that_is_not_whole_is_refused_and_what_was_typed_stays(
        administrator: Browser, wrong: dict[str, str], advice: str) -> None:
    typed = {**DAY, **wrong}
    answer = administrator.send("/kalender", {**typed, "_aksi": "simpan"})
    assert answer.status_code == 422 and advice in administrator.text
    assert administrator.page.find("input", id="dasar").get("value", "") == typed["dasar"]
    assert not administrator.office.engine.calendar.changes()


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "9999-12-31"])
def test_a_day_beyond_the_years_of_the_page_is_not_looked_at(administrator: Browser, day: str) -> None:
    answer = administrator.send("/kalender", {**DAY, "hari": day})
    assert answer.status_code == 422 and "Pilih tanggal yang diubah" in administrator.text


@pytest.mark.parametrize(("typed", "hours"), [
    ("", None), ("  ", None), ("07.30-12.00", [["07:30", "12:00"]]),
    ("7.30–12.00, 13:00 - 16.00", [["07:30", "12:00"], ["13:00", "16:00"]]), ("pagi", [["0pagi"]]),
])
def test_hours_are_read_as_people_write_them(typed: str, hours: object) -> None:
    assert parse_hours(typed) == hours


def test_the_year_goes_into_a_spreadsheet(administrator: Browser) -> None:
    rows = list(csv.reader(io.StringIO(administrator.get("/kalender.csv?tahun=2026").get_data(as_text=True).lstrip("\ufeff"))))
    assert rows[0] == ["Tanggal", "Hari", "Keadaan", "Dasar"]
    assert rows[1][:3] == ["2026-01-01", "Kamis", "libur"]
