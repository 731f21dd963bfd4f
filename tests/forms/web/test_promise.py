"""The promise on pages: until when and why, standing still, moved by decree, in danger; alarms told in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.assembly import NewDay
from engine.store import directory
from forms.web import words
from tests.builders import Office, open_office
from tests.engine.runtime.test_alarms import pass_time
from tests.engine.runtime.test_promises import to_activity
from tests.web_builders import Browser

HOLIDAY = NewDay(date(2026, 6, 22), False, None, "SK 99/2026 (rekaan)")


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, str]]:
    """An office whose calendar was changed while a case was under study; the tests that take it only read."""
    office = open_office(tmp_path_factory.mktemp("kantor"))
    case = to_activity(office, "rapat_kajian")
    office.engine.calendar.change(HOLIDAY, office.actor("administrator"))
    office.settle()
    yield office, case
    office.engine.close()


def seen(office: Office, post: str, address: str) -> Browser:
    browser = Browser(office, office.actor(post) if post != "pemohon" else None)
    browser.get(address)
    return browser


def applicant(office: Office, case: str) -> Browser:
    with office.engine.database.reading() as connection:
        account = directory.account(connection, str(office.row(case).applicant))
    assert account is not None
    return Browser(office, office.applicant.__class__(account.id, None, "pemohon"))


def test_an_applicant_reads_the_moment_the_days_and_the_decree(moved: tuple[Office, str]) -> None:
    office, case = moved
    browser = applicant(office, case)
    browser.get(f"/permohonan/{case}")
    promise = " ".join(browser.page.find("section", class_="promise").get_text(" ").split())
    told = office.engine.case_files.read(case).promised
    assert told is not None
    assert promise.startswith("Janji kami, paling lambat") and " WIB" in promise and "Masih " in promise
    assert "Mengapa tanggal ini?" in promise and "Batas waktu: 14 hari kerja." in promise
    held = next(one for one in browser.page.select("ol.why-days li") if "22 Juni 2026" in one.get_text())
    assert " ".join(held.get_text().split()) == "Senin, 22 Juni 2026: tidak dihitung; diliburkan (SK 99/2026 (rekaan))"


def test_a_promise_that_moved_is_on_the_applicants_way(moved: tuple[Office, str]) -> None:
    office, case = moved
    browser = applicant(office, case)
    browser.get(f"/permohonan/{case}")
    way = browser.page.find("ol", class_="timeline").get_text(" ", strip=True)
    assert "Janji bergeser" in way and "karena perubahan kalender: SK 99/2026 (rekaan)" in way
    assert "Janji kami bergeser dari " in way


def test_the_public_reads_the_same_promise_by_number_and_digits(moved: tuple[Office, str]) -> None:
    office, case = moved
    row = office.row(case)
    with office.engine.database.transaction() as connection:
        directory.change_account(connection, str(row.applicant), identity="3214000101010007")
    browser = Browser(office)
    browser.send("/lacak", {"nomor": str(row.number), "angka": "0007"})
    promise = browser.text
    assert "Janji kami, paling lambat" in promise and "Mengapa tanggal ini?" in promise and "SK 99/2026" in promise


def test_an_officer_sees_every_limit_of_the_case_and_why(moved: tuple[Office, str]) -> None:
    office, case = moved
    officer = seen(office, "tim_teknis", f"/berkas/{case}")
    limits = officer.page.find("section", attrs={"aria-labelledby": "bt"}).get_text(" ", strip=True)
    assert "Janji kepada pemohon (14 hari kerja)" in limits and "Batas menurut undang-undang (14 hari kerja)" in limits
    assert len(officer.page.select("details.why")) == 3
    line = officer.page.find("ol", class_="timeline").get_text(" ", strip=True)
    assert "Batas waktu bergeser" in line and "Batas Rapat kajian" in line and "Janji kepada pemohon bergeser dari" in line


def test_the_auditor_reads_the_move_in_words(moved: tuple[Office, str]) -> None:
    office, case = moved
    steps = len(office.engine.case_files.history(case))
    auditor = seen(office, "auditor", f"/audit/{case}?langkah={steps}")
    assert "Batas waktu bergeser" in auditor.text and "Janji kepada pemohon bergeser dari" in auditor.text


def test_a_shared_clock_is_named_by_its_steps(office: Office) -> None:
    case = to_activity(office, "verifikasi_kasi")
    officer = seen(office, "kasi", f"/berkas/{case}")
    assert "Langkah 7 sampai 10 bersama (6 hari kerja)" in officer.text


def test_the_legal_limit_is_flagged_and_nothing_is_issued_by_itself(tmp_path: Path) -> None:
    office = open_office(tmp_path)
    case = to_activity(office, "rapat_kajian")
    assert "Bahaya fiktif positif" not in seen(office, "kepala", f"/berkas/{case}").text
    pass_time(office, 30)
    chief = seen(office, "kepala", f"/berkas/{case}")
    assert "Bahaya fiktif positif" in chief.text and "tidak pernah menerbitkan izin sendiri" in chief.text
    assert "sudah lewat" in chief.text
    assert office.row(case).ended_at is None and office.waiting(case) == ["rapat_kajian"]
    line = chief.page.find("ol", class_="timeline").get_text(" ", strip=True)
    assert "Lewat batas, diteruskan ke atasan" in line and "Diberi tahu: Kepala Seksi" in line
    assert "Pengingat batas waktu" in line and "Batas menurut undang-undang: " in line
    office.engine.close()


def test_a_promise_that_stands_still_says_since_when(moved: tuple[Office, str], monkeypatch: pytest.MonkeyPatch) -> None:
    office, case = moved
    since = office.clock.now() - timedelta(hours=2)
    monkeypatch.setattr(type(office.engine.promises), "absences", lambda *_: ((since, None),))
    browser = applicant(office, case)
    browser.get(f"/permohonan/{case}")
    assert "Berhenti dihitung sejak " in browser.text and "karena berkas ada pada Anda" in browser.text
    officer = seen(office, "tim_teknis", f"/berkas/{case}")
    assert "Berhenti dihitung sejak " in officer.text and "karena berkas ada pada pemohon" in officer.text


def test_a_limit_by_law_that_is_near_is_a_red_flag_wherever_the_case_is_seen(office: Office) -> None:
    case = to_activity(office, "verifikasi_kabid")
    address = f"/tugas/{case}/{office.task(case, 'verifikasi_kabid').task}"
    assert "Bahaya fiktif positif" not in seen(office, "kabid", "/kotak-masuk").text
    legal = office.engine.case_files.read(case).deadlines.of_kind("undang_undang")
    assert legal is not None and legal.at is not None
    office.clock.move_to(legal.at - timedelta(days=1))
    desk = seen(office, "kabid", "/kotak-masuk")
    flag = desk.page.select_one("ul.rows .danger-line").get_text(strip=True)
    assert flag == f"Bahaya fiktif positif: batas undang-undang {words.moment(legal.at)}"
    assert "Bahaya fiktif positif" in seen(office, "kabid", address).text
    assert "Bahaya fiktif positif" in seen(office, "kepala", f"/berkas/{case}").text
    board = seen(office, "kepala", "/kinerja")
    link = next(one for one in board.page.select("dl.big-figures a") if "dekat batas undang-undang" in one.get_text())
    assert link.find(string=True) == "1"
    board.get(link["href"])
    assert office.row(case).number in board.text and len(board.page.select("tbody tr")) == 1
