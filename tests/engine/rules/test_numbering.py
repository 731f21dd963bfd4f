"""Numbers of letters and cases: a closed set of patterns, and a mistyped number never means another case."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import DefinitionRefused
from engine.rules.numbering import (
    CHARACTERS,
    NumberRefused,
    check_character,
    compile_pattern,
    parse_registration,
    registration_number,
)

WORDS = {"klasifikasi": "503", "jenis": "SI", "unit": "KANTOR"}


@pytest.mark.parametrize(("source", "running", "on", "number"), [
    ("{klasifikasi}/{urut:04}/{jenis}/{unit}/{bulan_romawi}/{tahun}", 12, date(2026, 10, 26),
     "503/0012/SI/KANTOR/X/2026"),
    ("{urut}/{bulan:02}/{tahun}", 7, date(2026, 3, 1), "7/03/2026"),
    ("{klasifikasi}/KEP.{urut}-{unit}/{tahun}", 58, date(2020, 1, 1), "503/KEP.58-KANTOR/2020"),
    ("{urut:04}/{tahun}", 12345, date(2026, 1, 1), "12345/2026"),
])
def test_a_pattern_writes_the_number_of_a_letter(source, running, on, number):
    assert compile_pattern(source, WORDS).number(running, on) == number


@pytest.mark.parametrize(("source", "words", "told"), [
    ("{urut}/{tahun}/{nomor}", WORDS, "{nomor} tidak dikenal"),
    ("{urut}/{tahun}/{}", WORDS, "{} tidak dikenal"),
    ("{urut.real}/{tahun}", WORDS, "{urut.real} tidak dikenal"),
    ("{urut[0]}/{tahun}", WORDS, "{urut[0]} tidak dikenal"),
    ("{urut:>9}/{tahun}", WORDS, "tulis misalnya {urut:04}"),
    ("{urut:{tahun}}/{tahun}", WORDS, "tulis misalnya {urut:04}"),
    ("{jenis:04}/{urut}/{tahun}", WORDS, "tulis misalnya {urut:04}"),
    ("{urut!r}/{tahun}", WORDS, "tulis misalnya {urut:04}"),
    ("{urut/{tahun}", WORDS, "Pola nomor"),
    ("{urut}/{tahun", WORDS, "tidak berpasangan"),
    ("{tahun}", WORDS, "{urut} belum ada"),
    ("{urut}", WORDS, "{tahun} belum ada"),
    ("{urut}/{jenis}/{tahun}", {}, "isi untuk jenis"),
])
def test_a_pattern_that_cannot_work_is_refused_with_advice(source, words, told):
    with pytest.raises(DefinitionRefused) as refusal:
        compile_pattern(source, words)
    assert told in refusal.value.advice


def test_a_registration_number_is_read_back_as_it_was_given():
    number = registration_number("IO", 2026, 123)
    assert number[:-1] == "IO-2026-000123-"
    assert parse_registration(f" {number.lower()} ") == number


def test_a_registration_number_grows_beyond_six_digits():
    assert parse_registration(registration_number("IO", 2026, 1234567)).startswith("IO-2026-1234567-")


@pytest.mark.parametrize("prefix", ["", "io", "I-O", "TERLALUPANJANG"])
def test_a_prefix_of_another_form_is_refused(prefix):
    with pytest.raises(DefinitionRefused):
        registration_number(prefix, 2026, 1)


@pytest.mark.parametrize("typed", ["", "IO", "IO-2026-000123", "IO-2026-123-K", "IO/2026/000123/K", "IO-2026-000123-"])
def test_another_form_is_refused(typed):
    with pytest.raises(NumberRefused):
        parse_registration(typed)


@given(st.text(CHARACTERS, min_size=1, max_size=24), st.data())
def test_every_single_wrong_character_is_found(text, more):
    whole = text + check_character(text)
    at = more.draw(st.integers(0, len(whole) - 1))
    wrong = more.draw(st.sampled_from(CHARACTERS.replace(whole[at], "")))
    changed = whole[:at] + wrong + whole[at + 1:]
    assert check_character(changed[:-1]) != changed[-1]


@given(st.text(CHARACTERS, min_size=2, max_size=24), st.data())
def test_every_swap_of_neighbours_and_across_one_is_found(text, more):
    whole = text + check_character(text)
    apart = more.draw(st.integers(1, 2))
    at = more.draw(st.integers(0, len(whole) - 1 - apart))
    swapped = list(whole)
    swapped[at], swapped[at + apart] = swapped[at + apart], swapped[at]
    changed = "".join(swapped)
    assert (check_character(changed[:-1]) != changed[-1]) == (changed != whole)


@pytest.mark.parametrize("rest", ["", "7", "IO2026000"])
def test_no_two_neighbours_can_be_swapped_or_twinned_unseen(rest):
    checks = {one + other: check_character(one + other + rest) for one, other in product(CHARACTERS, repeat=2)}
    assert all(checks[one + other] != checks[other + one] for one, other in checks if one != other)
    assert len({checks[one * 2] for one in CHARACTERS}) == len(CHARACTERS)


@given(st.integers(1, 999_999), st.integers(2020, 2099), st.data())
def test_a_mistyped_registration_number_never_means_another_case(running, year, more):
    number = registration_number("IO", year, running)
    at = more.draw(st.sampled_from([place for place, character in enumerate(number) if character != "-"]))
    wrong = more.draw(st.sampled_from(CHARACTERS.replace(number[at], "")))
    with pytest.raises(NumberRefused):
        parse_registration(number[:at] + wrong + number[at + 1:])
