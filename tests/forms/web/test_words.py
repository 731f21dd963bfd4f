"""Moments, sizes and names as a page writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from forms.web import words

MOMENT = datetime(2026, 4, 10, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(("said", "expected"), [
    (words.day(MOMENT), "10 April 2026"),
    (words.day("2026-04-10"), "10 April 2026"),
    (words.day(date(2026, 4, 10)), "10 April 2026"),
    (words.day("2026-04-09T20:00:00.000000Z"), "10 April 2026"),
    (words.long_day(MOMENT), "Jumat, 10 April 2026"),
    (words.clock(MOMENT), "16.30"),
    (words.moment("2026-04-10T09:30:00.000000Z"), "Jumat, 10 April 2026, 16.30 WIB"),
])
def test_moments_are_told_by_the_offices_clock(said: str, expected: str) -> None:
    assert said == expected


@pytest.mark.parametrize(("then", "told"), [
    ("2026-04-10T01:00:00.000000Z", "hari ini, 08.00"),
    ("2026-04-09T01:00:00.000000Z", "kemarin, 08.00"),
    ("2026-04-11T01:00:00.000000Z", "besok, 08.00"),
    ("2026-03-01T01:00:00.000000Z", "1 Maret 2026, 08.00"),
    ("2026-04-09T17:30:00.000000Z", "hari ini, 00.30"),
])
def test_near_moments_are_told_by_their_distance_in_office_days(then: str, told: str) -> None:
    assert words.short_moment(then, MOMENT) == told


@pytest.mark.parametrize(("then", "told"), [
    ("2026-04-10T09:29:30.000000Z", "baru saja"), ("2026-04-10T09:18:00.000000Z", "12 menit lalu"),
    ("2026-04-10T06:30:00.000000Z", "3 jam lalu"), ("2026-04-06T09:30:00.000000Z", "4 hari lalu"),
])
def test_how_long_ago_is_told_in_one_unit(then: str, told: str) -> None:
    assert words.since(then, MOMENT) == told


@pytest.mark.parametrize(("count", "told"), [
    (0, "0 bita"), (999, "999 bita"), (1024, "1 kB"), (1536, "1,5 kB"), (219_000, "214 kB"), (1_153_434, "1,1 MB"),
    (25 << 20, "25 MB"),
])
def test_sizes_are_told_with_a_comma(count: int, told: str) -> None:
    assert words.size(count) == told


def test_an_identity_is_masked_but_recognised() -> None:
    assert words.masked("3214010101900007") == "3214••••••••0007"
    assert (words.masked(""), words.masked(None), words.masked("1234")) == ("–", "–", "1234")


@pytest.mark.parametrize(("name", "letters"), [("Sari Wulan Dewi", "SW"), ("Sari", "S"), ("", "?")])
def test_initials_are_at_most_two(name: str, letters: str) -> None:
    assert words.initials(name) == letters


def test_inside_a_sentence_only_a_word_loses_its_capital() -> None:
    assert words.lower_first("Isi bagian ini.") == "isi bagian ini."
    assert words.lower_first("NIK terdiri dari 16 angka.") == "NIK terdiri dari 16 angka."


def test_kinds_of_files_have_short_names() -> None:
    assert [words.kind_of_file(one) for one in ("application/pdf", "image/jpeg", "image/tiff")] == ["PDF", "JPG", "TIFF"]
