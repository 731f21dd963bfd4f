"""Promises of a case: limits of tasks, groups with targets, the end-to-end clock, pauses and returns."""

import random
import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from engine.errors import TimeRefused
from engine.rules.calendars import Override, calendar_from
from engine.rules.deadlines import (
    Group,
    Limits,
    Threshold,
    alarms,
    due_outside,
    limits_of,
    near_until,
)
from engine.rules.process import load_process
from engine.rules.worktime import DAYS, HOURS, Limit, due, parse_limit

TABLES = tomllib.loads((Path(__file__).parents[3] / "processes/_shared/kalender.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def calendar():
    """The calendar every office starts from."""
    return calendar_from(TABLES)


def at(text):
    """Office time written as 2026-03-13 10.00."""
    return datetime.fromisoformat(text.replace(".", ":") + "+07:00")


def test_case_17_joint_leave_moves_the_visit(calendar):
    assert due(calendar, at("2026-03-13 10.00"), Limit(7, DAYS)) == at("2026-03-31 16.00")


def test_the_promise_counts_on_when_the_file_comes_back(calendar):
    received, away = at("2026-06-10 10.00"), at("2026-06-15 10.00")
    # Five dates lie after the 15th up to the 19th; the 16th is a holiday, so three working days do not count.
    assert due_outside(calendar, received, Limit(14, DAYS), ()) == at("2026-07-01 16.00")
    assert due_outside(calendar, received, Limit(14, DAYS), [(away, at("2026-06-19 09.00"))]) == at("2026-07-06 16.00")
    assert due_outside(calendar, received, Limit(14, DAYS), [(away, None)]) is None


@pytest.mark.parametrize(("limit", "gone", "expected"), [
    ("1 hari kerja", "2026-06-10 16.01", "2026-06-10 16.00"),   # after the due instant: ignored
    ("1 hari kerja", "2026-06-10 16.00", None),                 # the closing time lies inside
    ("1 jam", "2026-06-09 11.00", "2026-06-09 11.00"),          # the hour was full before
    ("1 jam", "2026-06-09 10.59", None),
])
def test_an_absence_that_is_not_over_holds_what_it_touches(calendar, limit, gone, expected):
    found = due_outside(calendar, at("2026-06-09 10.00"), parse_limit(limit), [(at(gone), None)])
    assert found == (at(expected) if expected else None)


def test_case_18_a_holiday_added_later_moves_the_open_dues(calendar):
    added = calendar.with_overrides([Override(date(2026, 6, 12), False, None, "SKB uji")])
    opened = at("2026-06-10 14.00")
    assert (due(calendar, opened, Limit(7, DAYS)), due(added, opened, Limit(7, DAYS))) == (
        at("2026-06-22 16.00"), at("2026-06-23 16.00"))


def test_alarms_come_in_order_before_at_and_after_the_due_instant(calendar):
    plan = [Threshold("escalated", 1, Limit(1, DAYS), ("atasan",)), Threshold("reminder", 0, None, ("loket",)),
            Threshold("reminder", -1, Limit(1, DAYS), ("loket",)),
            Threshold("reminder", -1, Limit(2, HOURS), ("loket",))]
    found = alarms(calendar, at("2026-06-15 16.00"), plan)
    assert [when for when, _ in found] == [at("2026-06-12 16.30"), at("2026-06-15 14.00"), at("2026-06-15 16.00"),
                                           at("2026-06-17 16.00")]
    assert found[-1][1].posts == ("atasan",)


@pytest.mark.parametrize("distance", ["3 hari kerja", "1 hari kerja", "4 jam"])
def test_what_is_near_is_what_a_threshold_has_come_of(calendar, distance):
    """Lists look for due instants before a moment, flags ask each due instant for its threshold: they agree."""
    chance, plan = random.Random(distance), [Threshold("escalated", -1, parse_limit(distance), ("kabid",))]
    for _ in range(300):
        now = datetime(2026, 3, 1, tzinfo=calendar.zone) + timedelta(minutes=chance.randint(0, 60 * 24 * 60))
        at = due(calendar, now - timedelta(days=chance.randint(0, 9)), Limit(chance.randint(1, 12), DAYS))
        (first, _), = alarms(calendar, at, plan)
        assert (at < near_until(calendar, now, plan)) == (first <= now), (now, at)


def test_without_a_threshold_only_what_is_past_is_near(calendar):
    now = datetime(2026, 3, 3, 10, tzinfo=calendar.zone)
    assert near_until(calendar, now, []) == now


PROCESS = """
[proses]
id = "contoh"
nama = "Contoh"
[[lajur]]
id = "loket"
nama = "Loket"
jabatan = "loket"
[waktu.periksa]
batas = "{limit}"
[kelompok_waktu.surat]
langkah = ["tulis", "teken"]
batas = "6 hari kerja"
sub = {{ tulis = "3 hari kerja" }}
[janji]
batas = "14 hari kerja"
mulai = "periksa"
"""


def test_limits_are_read_from_the_process_file():
    limits = limits_of(load_process({"process.toml": PROCESS.format(limit="1 jam").encode()}))
    group = Group("surat", ("tulis", "teken"), Limit(6, DAYS), {"tulis": Limit(3, DAYS)})
    assert limits == Limits({"periksa": Limit(1, HOURS)}, (group,), Limit(14, DAYS))


def test_a_limit_that_cannot_be_read_is_refused():
    with pytest.raises(TimeRefused):
        limits_of(load_process({"process.toml": PROCESS.format(limit="satu jam").encode()}))
