"""Tables beside tables: every difference is said, in the office's words, with its decree and the first day it may touch."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from engine.errors import DefinitionRefused
from engine.rules.calendar_tables import ALWAYS, decrees, differences, first_day
from engine.rules.calendars import calendar_from

Rows = dict[str, Any]

NOW: Rows = {
    "zona": {"nama": "WIB", "selisih_menit": 420},
    "jam_kerja": [{"periode": "biasa", "senin_kamis": [["07:30", "12:00"], ["13:00", "16:00"]],
                   "jumat": [["07:30", "11:30"]], "dasar": "Perpres 21/2023"}],
    "ramadan": [{"mulai": date(2026, 2, 19), "sampai": date(2026, 3, 20)}],
    "tahun": [{"tahun": 2027, "ditetapkan": False, "cuti_bersama": [], "libur": [
        {"tanggal": date(2027, 1, 1), "nama": "Tahun Baru"},
        {"tanggal": date(2027, 3, 10), "nama": "Idulfitri (perkiraan)"}]}],
}
YEAR: Rows = {"tahun": 2027, "ditetapkan": True, "dasar": "SKB 7/2026", "libur": [
    {"tanggal": date(2027, 1, 1), "nama": "Tahun Baru"}, {"tanggal": date(2027, 3, 11), "nama": "Idulfitri"}],
    "cuti_bersama": [{"tanggal": date(2027, 3, 12), "nama": "Cuti", "dasar": "Keppres 8/2026"}]}


def edited(edit: Callable[[Rows], object]) -> Rows:
    rows = deepcopy(NOW)
    edit(rows)
    return rows


def test_equal_tables_do_not_differ_whatever_else_stands_beside_them() -> None:
    assert differences(NOW, edited(lambda rows: rows.update(catatan="kata analis"))) == []


def test_a_decreed_year_is_told_with_its_days_and_its_decrees() -> None:
    (found,) = differences(NOW, edited(lambda rows: rows.update(tahun=[YEAR])))
    assert (found.name, found.now, found.then) == (
        "Tahun 2027", "2 hari libur, 0 cuti bersama; belum ditetapkan", "2 hari libur, 1 cuti bersama; sudah ditetapkan")
    assert found.closed == ((date(2027, 3, 11), "Idulfitri"), (date(2027, 3, 12), "Cuti · Keppres 8/2026"))
    assert found.opened == ((date(2027, 3, 10), "Idulfitri (perkiraan)"),) and found.renamed == ()
    assert found.first == date(2027, 3, 10) and decrees([found, found]) == ["SKB 7/2026", "Keppres 8/2026"]


def test_a_year_that_is_only_decreed_now_moves_nothing() -> None:
    (found,) = differences(NOW, edited(lambda rows: rows["tahun"][0].update(ditetapkan=True, dasar="SKB 7/2026")))
    assert found.then.endswith("sudah ditetapkan") and first_day([found]) is None


def test_a_holiday_that_is_only_called_otherwise_is_told_and_moves_nothing() -> None:
    (found,) = differences(NOW, edited(lambda rows: rows["tahun"][0]["libur"][1].update(nama="Idulfitri")))
    assert found.renamed == ((date(2027, 3, 10), "Idulfitri"),) and first_day([found]) is None


def test_a_second_ramadan_of_a_year_stands_beside_the_first() -> None:
    first, second = ({"mulai": date(2030, 1, 6), "sampai": date(2030, 2, 3)},
                     {"mulai": date(2030, 12, 26), "sampai": date(2031, 1, 23), "dasar": "SE 3/2030"})
    before = edited(lambda rows: rows["ramadan"].append(first))
    (found,) = differences(before, {**before, "ramadan": [*before["ramadan"], second]})
    assert (found.name, found.now) == ("Ramadan 2030", "6 Januari–3 Februari 2030")
    assert found.then == "6 Januari–3 Februari 2030; 26 Desember 2030–23 Januari 2031" and found.first == date(2030, 12, 26)


def test_hours_with_a_first_day_touch_nothing_before_it() -> None:
    hours = {"periode": "biasa", "mulai": date(2027, 7, 1), "senin_kamis": [["08:00", "16:00"]], "jumat": [["08:00", "11:00"]],
             "dasar": "Perbup 5/2027"}
    (found,) = differences(NOW, edited(lambda rows: rows["jam_kerja"].append(hours)))
    assert (found.name, found.now) == ("Jam kerja biasa sejak 1 Juli 2027", "")
    assert found.then == "Senin–Kamis 08.00–16.00; Jumat 08.00–11.00" and found.first == date(2027, 7, 1)


@pytest.mark.parametrize(("edit", "name"), [
    (lambda rows: rows["zona"].update(nama="WITA", selisih_menit=480), "Zona waktu"),
    (lambda rows: rows["jam_kerja"][0].update(jumat=[["07:30", "11:00"]]), "Jam kerja biasa"),
])
def test_what_always_held_may_touch_every_case(edit: Callable[[Rows], object], name: str) -> None:
    (found,) = differences(NOW, edited(edit))
    assert (found.name, found.first) == (name, ALWAYS)


def test_a_table_that_is_gone_and_a_changed_day_are_told() -> None:
    rows = edited(lambda rows: rows.update(ramadan=[], perubahan=[
        {"tanggal": date(2027, 5, 5), "jenis": "kerja", "jam": [["08:00", "12:00"]], "dasar": "SE 9/2027"},
        {"tanggal": date(2027, 5, 6), "jenis": "libur"}]))
    told = {one.name: (one.then, one.first) for one in differences(NOW, rows)}
    assert told == {"Ramadan 2026": ("", date(2026, 2, 19)),
                    "Rabu, 5 Mei 2027": ("hari kerja, pukul 08.00–12.00", date(2027, 5, 5)),
                    "Kamis, 6 Mei 2027": ("libur", date(2027, 5, 6))}


def test_calendars_that_differ_have_tables_that_differ() -> None:
    """Whatever a calendar is made of is told: nothing can be taken over unseen."""
    for edit in (lambda rows: rows["zona"].update(selisih_menit=480),
                 lambda rows: rows["ramadan"].clear(),
                 lambda rows: rows["tahun"].clear(),
                 lambda rows: rows["tahun"].append({"tahun": 2028, "ditetapkan": False}),
                 lambda rows: rows["jam_kerja"][0].update(dasar="lain"),
                 lambda rows: rows["ramadan"][0].update(dasar="lain"),
                 lambda rows: rows["tahun"][0].update(dasar="lain"),
                 lambda rows: rows["tahun"][0]["libur"][0].update(dasar="lain")):
        then = edited(edit)
        assert calendar_from(then) != calendar_from(NOW) and len(differences(NOW, then)) == 1


def test_unreadable_tables_are_refused() -> None:
    with pytest.raises(DefinitionRefused):
        differences(NOW, edited(lambda rows: rows.pop("jam_kerja")))
