"""Mengapa tanggal ini? Every day from receipt to due has a line, and the lines add up."""

import tomllib
from datetime import date, datetime
from pathlib import Path

import pytest

from engine.rules.calendars import Override, calendar_from
from engine.rules.explanation import explain
from engine.rules.worktime import parse_limit

TABLES = tomllib.loads((Path(__file__).parents[3] / "processes/_shared/kalender.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def calendar():
    """The calendar every office starts from."""
    return calendar_from(TABLES)


def at(text):
    """Office time written as 2026-03-13 10.00."""
    return datetime.fromisoformat(text.replace(".", ":") + "+07:00")


def line(explanation, day):
    """The line of a day, as text."""
    return next(str(one) for one in explanation.days if one.on == date.fromisoformat(day))


def test_every_day_from_receipt_to_due_is_told_with_its_reason(calendar):
    found = explain(calendar, at("2026-03-13 10.00"), parse_limit("7 hari kerja"))
    assert [one.on.toordinal() for one in found.days] == list(range(date(2026, 3, 13).toordinal(),
                                                                    date(2026, 3, 31).toordinal() + 1))
    assert [one.adds for one in found.days if one.counted] == [f"hari kerja ke-{count}" for count in range(1, 8)]
    assert line(found, "2026-03-13").endswith("dihitung; hari diterima; pukul 08.00–11.30, 12.30–15.30 (jam Ramadan)")
    assert "akhir pekan" in line(found, "2026-03-21")
    assert "tidak dihitung; Cuti Bersama Hari Suci Nyepi (SKB 3" in line(found, "2026-03-18")
    assert line(found, "2026-03-31") == "Selasa, 31 Maret 2026: hari kerja ke-7; pukul 07.30–12.00, 13.00–16.00"


def test_the_text_begins_with_the_question_and_ends_with_the_answer(calendar):
    lines = explain(calendar, at("2026-03-13 10.00"), parse_limit("14 hari kerja")).lines()
    assert lines[:2] == ["Diterima: Jumat, 13 Maret 2026, 10.00 WIB", "Batas waktu: 14 hari kerja"]
    assert lines[-1] == "Jatuh tempo: Jumat, 10 April 2026, 16.30 WIB"


def test_changed_days_name_their_decree(calendar):
    changed = calendar.with_overrides([Override(date(2026, 6, 10), False, None, "SKB uji 1"),
                                       Override(date(2026, 6, 13), True, None, "SK uji 2")])
    found = explain(changed, at("2026-06-09 10.00"), parse_limit("3 hari kerja"))
    assert "diliburkan (SKB uji 1)" in line(found, "2026-06-10")
    assert "hari kerja ke-3; ditetapkan sebagai hari kerja (SK uji 2)" in line(found, "2026-06-13")


def test_pauses_are_told_and_so_is_a_closing_time_inside_one(calendar):
    away = [(at("2026-06-11 10.00"), at("2026-06-15 09.00"))]
    found = explain(calendar, at("2026-06-09 10.00"), parse_limit("2 hari kerja"), away)
    assert "saat tutup kantor berkas ada pada pemohon" in line(found, "2026-06-11")
    assert line(found, "2026-06-12").startswith("Jumat, 12 Juni 2026: tidak dihitung; berkas ada pada pemohon")
    assert found.days[-1].on == date(2026, 6, 17)


def test_hours_say_how_much_each_day_adds(calendar):
    found = explain(calendar, at("2026-06-12 15.50"), parse_limit("1 jam"))
    assert [(one.on.day, one.counted, one.adds) for one in found.days] == [
        (12, True, "40 menit terpakai"), (13, False, ""), (14, False, ""), (15, True, "20 menit terpakai")]


def test_hours_say_that_a_day_came_too_late_and_that_part_of_it_was_a_pause(calendar):
    away = [(at("2026-06-12 08.00"), at("2026-06-12 09.00"))]
    found = explain(calendar, at("2026-06-11 17.00"), parse_limit("2 jam"), away)
    assert "di luar jam kerja" in line(found, "2026-06-11")
    assert "2026: 2 jam terpakai; sebagian waktu berkas ada pada pemohon" in line(found, "2026-06-12")


def test_hours_of_a_day_spent_with_the_applicant_are_told(calendar):
    away = [(at("2026-06-11 16.00"), at("2026-06-15 07.30"))]
    found = explain(calendar, at("2026-06-11 15.30"), parse_limit("1 jam"), away)
    assert line(found, "2026-06-12").startswith("Jumat, 12 Juni 2026: tidak dihitung; berkas ada pada pemohon")


def test_seconds_are_told(calendar):
    found = explain(calendar, at("2026-06-11 15.45").replace(second=20, microsecond=500_000), parse_limit("1 jam"))
    assert [one.adds for one in found.days] == ["14 menit 39,5 detik terpakai", "45 menit 20,5 detik terpakai"]


def test_a_year_without_decree_is_named(calendar):
    found = explain(calendar, at("2027-12-30 10.00"), parse_limit("3 hari kerja"))
    assert [note.partition(";")[0] for note in found.notes] == [
        "kalender belum ditetapkan untuk tahun 2027", "kalender belum ditetapkan untuk tahun 2028"]
    assert found.lines()[-1].startswith("Catatan: kalender belum ditetapkan")


def test_a_day_that_closes_at_midnight_is_the_last_line(calendar):
    night = calendar.with_overrides([Override(date(2026, 6, 10), True, ((72_000_000_000, 86_400_000_000),), "SK uji")])
    found = explain(night, at("2026-06-09 10.00"), parse_limit("1 hari kerja"))
    assert (found.days[-1].on, found.days[-1].hours) == (date(2026, 6, 10), "pukul 20.00–24.00")
