"""Promises of a case: limits of tasks, groups with targets, the end-to-end clock, pauses and returns."""

import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from engine.errors import TimeRefused
from engine.rules.calendars import Override, calendar_from
from engine.rules.deadlines import (
    Due,
    Group,
    Limits,
    Opening,
    Threshold,
    absences,
    alarms,
    breached,
    due_outside,
    group_dues,
    limits_of,
    promise_due,
    running_dues,
    task_due,
)
from engine.rules.process import load_process
from engine.rules.worktime import DAYS, HOURS, Limit, parse_limit

TABLES = tomllib.loads((Path(__file__).parents[3] / "processes/_shared/kalender.toml").read_text(encoding="utf-8"))
LETTERS = Group("surat", ("tulis", "baca", "teliti", "teken"), Limit(6, DAYS), {"tulis": Limit(3, DAYS)})
LIMITS = Limits({"akun": Limit(1, HOURS), "periksa": Limit(1, DAYS), "kunjungi": Limit(7, DAYS)}, (LETTERS,),
                Limit(14, DAYS))


@pytest.fixture(scope="module")
def calendar():
    """The calendar every office starts from."""
    return calendar_from(TABLES)


def at(text):
    """Office time written as 2026-03-13 10.00."""
    return datetime.fromisoformat(text.replace(".", ":") + "+07:00")


def opening(activity, opened, closed=None):
    """An opening written with office times."""
    return Opening(activity, at(opened), at(closed) if closed else None)


def test_case_1_has_its_dues(calendar):
    desk = task_due(calendar, opening("periksa", "2026-06-09 08.15"), LIMITS.tasks["periksa"])
    visit = task_due(calendar, opening("kunjungi", "2026-06-10 14.00"), LIMITS.tasks["kunjungi"])
    letters = group_dues(calendar, LETTERS, [opening("tulis", "2026-06-22 15.00")], ())[0]
    assert [desk.at, visit.at, letters.at] == [at("2026-06-10 16.00"), at("2026-06-22 16.00"), at("2026-06-30 16.00")]


def test_case_14_the_hour_of_a_friday_ends_on_monday(calendar):
    late = task_due(calendar, opening("akun", "2026-06-12 15.50"), LIMITS.tasks["akun"])
    assert late.at == at("2026-06-15 07.50")
    assert not breached(late, at("2026-06-15 07.50"))
    assert breached(late, at("2026-06-15 07.50") + timedelta(microseconds=1))


def test_case_17_joint_leave_moves_the_visit(calendar):
    assert task_due(calendar, opening("kunjungi", "2026-03-13 10.00"), Limit(7, DAYS)).at == at("2026-03-31 16.00")


def test_case_5_each_resubmission_has_a_new_limit_and_the_promise_starts_at_the_receipt(calendar):
    openings = [opening("periksa", "2026-06-08 09.00", "2026-06-09 10.00"),
                opening("perbaiki", "2026-06-09 10.00", "2026-06-12 20.00"), opening("periksa", "2026-06-12 20.00")]
    running = running_dues(calendar, LIMITS, openings, None, {"perbaiki"})
    assert [(one.scope, one.name, one.at) for one in running] == [("tugas", "periksa", at("2026-06-15 16.00"))]
    promised = running_dues(calendar, LIMITS, openings, at("2026-06-15 10.00"), {"perbaiki"})
    assert [(one.scope, one.at) for one in promised][1:] == [("janji", at("2026-07-06 16.00"))]


def test_case_16_a_group_is_late_although_each_of_its_tasks_was_quick(calendar):
    openings = [opening("tulis", "2026-06-22 08.00", "2026-06-29 15.00"),
                opening("baca", "2026-06-29 15.00", "2026-06-30 09.00"),
                opening("teliti", "2026-06-30 09.00")]
    whole = group_dues(calendar, LETTERS, openings, ())[0]
    assert whole.at == at("2026-06-30 16.00")
    assert breached(whole, at("2026-07-01 08.00"))


def test_a_return_inside_the_group_does_not_start_its_clock_again(calendar):
    openings = [opening("tulis", "2026-06-22 08.00", "2026-06-23 15.00"),
                opening("baca", "2026-06-23 15.00", "2026-06-24 09.00"),
                opening("tulis", "2026-06-24 09.00")]
    whole, target = group_dues(calendar, LETTERS, openings, ())
    assert (whole.since, whole.at) == (at("2026-06-22 08.00"), at("2026-06-30 16.00"))
    assert (target.scope, target.name, target.at) == ("sasaran", "tulis", at("2026-06-29 16.00"))


def test_a_target_never_lies_after_the_due_instant_of_its_group(calendar):
    openings = [opening("tulis", "2026-06-22 08.00", "2026-06-23 15.00"), opening("tulis", "2026-06-29 09.00")]
    whole, target = group_dues(calendar, LETTERS, openings, ())
    assert target.at == whole.at == at("2026-06-30 16.00")


def test_a_group_without_an_open_task_has_no_running_clock(calendar):
    assert group_dues(calendar, LETTERS, [opening("tulis", "2026-06-22 08.00", "2026-06-23 15.00")], ()) == ()
    assert group_dues(calendar, LETTERS, [], ()) == ()


def test_the_promise_stands_still_while_the_applicant_has_the_file(calendar):
    still = absences([opening("perbaiki", "2026-06-15 10.00")], {"perbaiki"})
    assert promise_due(calendar, at("2026-06-10 10.00"), Limit(14, DAYS), still).at is None
    back = absences([opening("perbaiki", "2026-06-15 10.00", "2026-06-19 09.00")], {"perbaiki"})
    # Five dates lie after the 15th up to the 19th; the 16th is a holiday, so three working days do not count.
    assert promise_due(calendar, at("2026-06-10 10.00"), Limit(14, DAYS), ()).at == at("2026-07-01 16.00")
    assert promise_due(calendar, at("2026-06-10 10.00"), Limit(14, DAYS), back).at == at("2026-07-06 16.00")


@pytest.mark.parametrize(("limit", "gone", "expected"), [
    ("1 hari kerja", "2026-06-10 16.01", "2026-06-10 16.00"),   # after the due instant: ignored
    ("1 hari kerja", "2026-06-10 16.00", None),                 # the closing time lies inside
    ("1 jam", "2026-06-09 11.00", "2026-06-09 11.00"),          # the hour was full before
    ("1 jam", "2026-06-09 10.59", None),
])
def test_an_absence_that_is_not_over_holds_what_it_touches(calendar, limit, gone, expected):
    found = due_outside(calendar, at("2026-06-09 10.00"), parse_limit(limit), [(at(gone), None)])
    assert found == (at(expected) if expected else None)


def test_a_target_of_a_held_group_keeps_its_own_due_instant(calendar):
    away = [(at("2026-06-23 08.00"), None)]
    whole, target = group_dues(calendar, LETTERS, [opening("tulis", "2026-06-22 08.00")], away)
    assert (whole.at, target.at) == (None, at("2026-06-25 16.00"))


def test_a_due_day_in_a_year_without_decree_is_provisional(calendar):
    assert not promise_due(calendar, at("2026-12-01 10.00"), Limit(14, DAYS), ()).provisional
    assert promise_due(calendar, at("2026-12-20 10.00"), Limit(14, DAYS), ()).provisional


def test_case_18_a_holiday_added_later_moves_the_open_dues(calendar):
    added = calendar.with_overrides([Override(date(2026, 6, 12), False, None, "SKB uji")])
    task = opening("kunjungi", "2026-06-10 14.00")
    moved = task_due(added, task, Limit(7, DAYS))
    assert (task_due(calendar, task, Limit(7, DAYS)).at, moved.at) == (at("2026-06-22 16.00"), at("2026-06-23 16.00"))


def test_alarms_come_in_order_before_at_and_after_the_due_instant(calendar):
    plan = [Threshold("escalated", 1, Limit(1, DAYS), ("atasan",)), Threshold("reminder", 0, None, ("loket",)),
            Threshold("reminder", -1, Limit(1, DAYS), ("loket",)),
            Threshold("reminder", -1, Limit(2, HOURS), ("loket",))]
    found = alarms(calendar, at("2026-06-15 16.00"), plan)
    assert [when for when, _ in found] == [at("2026-06-12 16.30"), at("2026-06-15 14.00"), at("2026-06-15 16.00"),
                                           at("2026-06-17 16.00")]
    assert found[-1][1].posts == ("atasan",)


def test_an_opening_without_a_limit_has_no_due_instant(calendar):
    assert running_dues(calendar, LIMITS, [opening("daftar", "2026-06-09 10.00")], None, ()) == ()


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


def test_a_due_says_what_it_is(calendar):
    assert task_due(calendar, opening("akun", "2026-06-11 15.45"), Limit(1, HOURS)) == Due(
        "tugas", "akun", at("2026-06-11 15.45"), Limit(1, HOURS), at("2026-06-12 08.15"), False)
