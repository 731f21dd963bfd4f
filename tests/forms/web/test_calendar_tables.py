"""New tables on the administrator's desk: told on the calendar, looked at with what they move, taken over with the decrees."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import Office
from tests.engine.runtime.test_promises import to_activity
from tests.tools.tables import a_ramadan_more, one_day_more, with_tables
from tests.web_builders import Browser

AT = "/kalender/tabel"


@pytest.fixture
def office(office: Office) -> Office:
    office.engine.promises.office.seed()
    return office


@pytest.fixture
def offered(office: Office, tmp_path: Path) -> Office:
    """A case waits, and the working folder has a day of joint leave more."""
    to_activity(office, "rapat_kajian")
    return with_tables(office, tmp_path / "naskah", one_day_more)


def administrator_of(office: Office) -> Browser:
    return Browser(office, office.actor("administrator"))


def take_over(browser: Browser, **values: str) -> int:
    browser.get(AT)
    seen, decree = browser.page.find("input", attrs={"name": "dilihat"}), browser.page.find("textarea", id="dasar")
    return browser.send(AT, {"dilihat": str(seen["value"]), "dasar": decree.get_text(), **values}).status_code


def test_equal_tables_are_not_spoken_of(office: Office) -> None:
    browser = administrator_of(office)
    browser.get("/kalender")
    assert "Ada tabel kalender yang baru" not in browser.text
    browser.get(AT)
    assert "Tidak ada yang berbeda" in browser.text and not browser.page.find("textarea")


def test_the_calendar_tells_of_new_tables_and_moves_nothing(offered: Office) -> None:
    browser = administrator_of(offered)
    browser.get("/kalender")
    assert "Ada tabel kalender yang baru Yang berbeda dari tabel kantor: Tahun 2026." in browser.text
    assert browser.page.find("a", href=AT) and "diliburkan" not in browser.text


def test_what_differs_and_what_it_moves_is_seen_before_a_press(offered: Office) -> None:
    browser = administrator_of(offered)
    browser.get(AT)
    cells = [" ".join(one.get_text(" ").split()) for one in browser.page.select("table[aria-labelledby=beda] tbody tr > *")]
    assert cells == [
        "Tahun 2026", "17 hari libur, 8 cuti bersama; sudah ditetapkan",
        "18 hari libur, 8 cuti bersama; sudah ditetapkan 1 hari yang berbeda Menjadi libur "
        "Senin, 22 Juni 2026: Cuti Bersama Rekaan · Keppres 99/2026 (rekaan)",
        "SKB 3 Menteri No. 1497/2025, 2/2025, 5/2025 tanggal 19 September 2025; Keppres 42/2025; Keppres 99/2026 (rekaan)"]
    assert "Menggeser 3 batas waktu, 0 di antaranya lebih awal, pada 1 berkas." in browser.text
    assert browser.page.find("textarea", id="dasar").get_text() == cells[-1]


def test_tables_are_taken_over_with_the_decree_and_stand_in_the_list(offered: Office) -> None:
    browser = administrator_of(offered)
    assert take_over(browser, dasar="Keppres 99/2026 (rekaan)") == 200
    assert "Tabel kalender diambil alih." in browser.text and "Ada tabel kalender yang baru" not in browser.text
    listed = " ".join(browser.page.find("section", attrs={"aria-labelledby": "perubahan"}).get_text(" ").split())
    assert "Tabel kalender tabel yang baru dengan Keppres 99/2026 (rekaan)" in listed and "sedang mengikuti" in listed
    cell = browser.page.select_one('table.month a[href="?hari=2026-06-22#ubah"]')
    assert "Cuti Bersama Rekaan (Keppres 99/2026 (rekaan))" in cell["aria-label"]
    offered.settle()
    browser.get("/kalender")
    assert "sudah mengikuti" in browser.text
    browser.get(f"{AT}/1")
    assert browser.heading == "Tabel yang diambil alih" and "Senin, 22 Juni 2026: Cuti Bersama Rekaan" in browser.text
    assert not browser.page.find("textarea")


def test_a_press_without_decree_is_refused_and_takes_nothing_over(offered: Office) -> None:
    browser = administrator_of(offered)
    assert take_over(browser, dasar=" ") == 422 and "Sebutkan dasar keputusannya" in browser.text
    assert not offered.engine.calendar.changes()


def test_tables_that_changed_after_they_were_looked_at_are_looked_at_again(offered: Office, tmp_path: Path) -> None:
    browser = administrator_of(offered)
    browser.get(AT)
    seen = str(browser.page.find("input", attrs={"name": "dilihat"})["value"])
    with_tables(offered, tmp_path / "naskah", a_ramadan_more)
    assert browser.send(AT, {"dilihat": seen, "dasar": "SK yang diketik"}).status_code == 422
    assert "Baca lagi bedanya" in browser.text and "8 Februari–9 Maret 2027" in browser.text
    assert browser.page.find("textarea", id="dasar").get_text() == "SK yang diketik"
    assert not offered.engine.calendar.changes()


def test_tables_that_cannot_be_read_are_told_and_the_calendar_still_stands(office: Office, tmp_path: Path) -> None:
    browser = administrator_of(with_tables(office, tmp_path / "naskah", lambda text: text[:-3]))
    for address in ("/kalender", AT):
        assert browser.get(address).status_code == 200
        assert "Tabel" in browser.text and "belum dapat dipakai; tabel kantor tetap berlaku" in browser.text


def test_a_year_that_the_decree_settles_is_no_longer_provisional(office: Office, tmp_path: Path) -> None:
    browser = administrator_of(with_tables(office, tmp_path / "naskah", lambda text: text.replace(
        "tahun = 2027\nditetapkan = false", 'tahun = 2027\nditetapkan = true\ndasar = "SKB 7/2026 (rekaan)"')))
    browser.get("/kalender?tahun=2027")
    assert "Tahun 2027: kalender belum ditetapkan" in browser.text
    assert take_over(browser) == 200
    browser.get("/kalender?tahun=2027")
    assert "kalender belum ditetapkan" not in browser.text and "Ditetapkan dengan SKB 7/2026 (rekaan)" in browser.text


@pytest.mark.parametrize("post", ["kasi", "auditor", "analis"])
def test_only_an_administrator_sees_and_takes_over_tables(offered: Office, post: str) -> None:
    browser = Browser(offered, offered.actor(post))
    assert browser.get(AT).status_code == 403 and browser.send(AT, {"dasar": "SK"}).status_code == 403
    assert browser.get(f"{AT}/1").status_code == 403


def test_a_number_that_is_no_taking_over_has_no_page(office: Office) -> None:
    assert administrator_of(office).get(f"{AT}/7").status_code == 404
