"""The shipped tables are what the pinned package said once; a year without decree says so."""

import json
import tomllib
from argparse import Namespace

import pytest

from engine.commands.due import TABLES, default_calendar
from engine.commands.seed_calendar import run, year_table
from engine.errors import CannotRun

SHIPPED = {one["tahun"]: one for one in tomllib.loads(TABLES.read_text(encoding="utf-8"))["tahun"]}


@pytest.mark.parametrize("year", sorted(SHIPPED))
def test_the_shipped_year_is_the_seeded_year(year):
    assert tomllib.loads(year_table(year))["tahun"] == [SHIPPED[year]]


@pytest.mark.parametrize(("year", "holidays", "leave"), [
    (2020, 17, 5), (2024, 19, 10), (2025, 17, 11), (2026, 17, 8), (2027, 18, 8),
])
def test_the_years_have_the_days_of_their_decrees(year, holidays, leave):
    assert (len(SHIPPED[year]["libur"]), len(SHIPPED[year]["cuti_bersama"])) == (holidays, leave)


def test_estimated_dates_and_missing_joint_leave_make_a_year_provisional():
    assert [year for year, one in SHIPPED.items() if not one["ditetapkan"]] == list(range(2027, 2041))


def test_the_shipped_tables_make_a_calendar():
    assert len(default_calendar().ramadan) == 7


def test_several_years_are_printed_as_rows(capsys):
    assert run(Namespace(pertama=2026, terakhir=2027, json=False)) == 0
    assert [one["tahun"] for one in tomllib.loads(capsys.readouterr().out)["tahun"]] == [2026, 2027]


def test_one_year_is_enough_to_ask_for(capsys):
    assert run(Namespace(pertama=2027, terakhir=None, json=False)) == 0
    assert [one["tahun"] for one in tomllib.loads(capsys.readouterr().out)["tahun"]] == [2027]


def test_years_as_one_document(capsys):
    assert run(Namespace(pertama=2026, terakhir=2027, json=True)) == 0
    assert [one["tahun"] for one in json.loads(capsys.readouterr().out)["tahun"]] == [2026, 2027]


@pytest.mark.parametrize(("first", "last"), [(1, 2), (2026, 2025), (2026, 999999), (-5, 2026), (1999, 2000)])
def test_years_beyond_every_case_are_refused(first, last):
    with pytest.raises(CannotRun) as refused:
        run(Namespace(pertama=first, terakhir=last, json=False))
    assert "antara 2000 dan 2100" in refused.value.advice
