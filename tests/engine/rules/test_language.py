"""Indonesian as an office writes it, as tables."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from engine.rules import language


@pytest.mark.parametrize(("number", "words"), [
    (0, "nol"), (1, "satu"), (10, "sepuluh"), (11, "sebelas"), (12, "dua belas"), (19, "sembilan belas"),
    (20, "dua puluh"), (24, "dua puluh empat"), (100, "seratus"), (101, "seratus satu"), (111, "seratus sebelas"),
    (200, "dua ratus"), (999, "sembilan ratus sembilan puluh sembilan"), (1000, "seribu"), (1001, "seribu satu"),
    (1999, "seribu sembilan ratus sembilan puluh sembilan"), (2000, "dua ribu"), (2026, "dua ribu dua puluh enam"),
    (11000, "sebelas ribu"), (100000, "seratus ribu"), (101000, "seratus satu ribu"), (1_000_000, "satu juta"),
    (1_001_000, "satu juta seribu"), (21_000_015, "dua puluh satu juta lima belas"), (10 ** 9, "satu miliar"),
    (10 ** 12 + 1, "satu triliun satu"), (10 ** 15, "satu kuadriliun"),
    (999_999_000_000_000, "sembilan ratus sembilan puluh sembilan triliun "
                          "sembilan ratus sembilan puluh sembilan miliar"),
    (812_345_678, "delapan ratus dua belas juta tiga ratus empat puluh lima ribu enam ratus tujuh puluh delapan"),
])
def test_numbers_in_words(number, words):
    assert language.in_words(number) == words


@pytest.mark.parametrize("number", [-1, 10 ** 15 + 1])
def test_numbers_outside_the_range_have_no_words(number):
    with pytest.raises(ValueError, match="in words"):
        language.in_words(number)


def test_each_number_has_words_of_its_own():
    assert len({language.in_words(number) for number in range(10_000)}) == 10_000


@pytest.mark.parametrize(("on", "written"), [
    (date(2026, 4, 10), "Jumat, 10 April 2026"), (date(2026, 11, 24), "Selasa, 24 November 2026"),
    (date(2026, 5, 31), "Minggu, 31 Mei 2026"),
])
def test_days_and_dates(on, written):
    assert language.day_and_date(on) == written


def test_a_date_in_words_opens_a_record():
    words = "Selasa tanggal Dua Puluh Empat bulan November tahun Dua Ribu Dua Puluh Enam"
    assert language.date_in_words(date(2026, 11, 24)) == words


def test_a_moment_is_shown_by_the_clock_of_the_office():
    utc = datetime(2026, 4, 10, 9, 30, 59, tzinfo=UTC)
    assert language.moment(utc) == "Jumat, 10 April 2026, 16.30 WIB"
    assert language.moment(datetime(2026, 4, 10, 17, 0, tzinfo=UTC)) == "Sabtu, 11 April 2026, 00.00 WIB"
    assert language.moment(utc, timezone(timedelta(hours=9), "WIT")) == "Jumat, 10 April 2026, 18.30 WIT"


@pytest.mark.parametrize(("first", "last", "written"), [
    (date(2026, 4, 1), date(2026, 4, 1), "1 April 2026"), (date(2026, 4, 1), date(2026, 4, 3), "1–3 April 2026"),
    (date(2026, 4, 30), date(2026, 5, 2), "30 April–2 Mei 2026"),
    (date(2026, 12, 30), date(2027, 1, 2), "30 Desember 2026–2 Januari 2027"),
])
def test_date_ranges(first, last, written):
    assert language.date_range(first, last) == written


@pytest.mark.parametrize(("month", "roman"), [(1, "I"), (4, "IV"), (9, "IX"), (10, "X"), (12, "XII")])
def test_roman_months(month, roman):
    assert language.roman_month(month) == roman


@pytest.mark.parametrize(("number", "written"), [
    (0, "0"), (999, "999"), (1000, "1.000"), (1_234_567, "1.234.567"), ("1234.5", "1.234,5"), ("0.50", "0,50"),
    (-1500, "-1.500"),
])
def test_amounts(number, written):
    assert language.grouped(number) == written


@pytest.mark.parametrize(("amount", "unit", "late", "written"), [
    (2, "hari", False, "sisa 2 hari kerja"), (38, "menit", False, "sisa 38 menit kerja"),
    (3, "jam", True, "terlambat 3 jam kerja"), (1200, "hari", True, "terlambat 1.200 hari kerja"),
])
def test_what_remains(amount, unit, late, written):
    assert language.remaining(amount, unit, late=late) == written
