"""Due dates and elapsed time: the check points of the guide, the edges of its words, and 300 random cases."""

import time as clock
import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from engine.errors import DefinitionRefused, TimeRefused
from engine.rules.calendars import Override, calendar_from, parse_spans
from engine.rules.worktime import (
    DAYS,
    Limit,
    Remaining,
    after_working_days,
    after_working_minutes,
    before,
    due,
    parse_limit,
    remaining,
    working_minutes,
    working_time,
)
from tests.engine.rules.random_cases import answer, brute_force, questions

TABLES = tomllib.loads((Path(__file__).parents[3] / "processes/_shared/kalender.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def calendar():
    """The calendar every office starts from."""
    return calendar_from(TABLES)


def at(text):
    """Office time written as 2026-03-13 10.00 (seconds allowed)."""
    return datetime.fromisoformat(text.replace(".", ":") + "+07:00")


def pauses(*pairs):
    """Pairs of office times."""
    return [(at(start), at(end)) for start, end in pairs]


def changed(calendar, **days):
    """The calendar with changed days: d20260613="kerja"."""
    rows = [Override(date.fromisoformat(f"{name[1:5]}-{name[5:7]}-{name[7:]}"), bool(kind) and kind != "libur",
                     None if isinstance(kind, str) else parse_spans(kind), "SK uji") for name, kind in days.items()]
    return calendar.with_overrides(rows)


@pytest.mark.parametrize(("received", "limit", "expected"), [
    ("2026-03-13 10.00", "7 hari kerja", "2026-03-31 16.00"),    # Nyepi, Idulfitri and joint leave lie between
    ("2026-03-13 10.00", "14 hari kerja", "2026-04-10 16.30"),
    ("2020-10-27 10.00", "7 hari kerja", "2020-11-10 16.00"),
    ("2026-12-18 10.00", "6 hari kerja", "2026-12-30 16.00"),
    ("2026-12-23 10.00", "1 hari kerja", "2026-12-28 16.00"),
    ("2026-06-11 15.45", "1 jam", "2026-06-12 08.15"),
    ("2026-06-12 15.50", "1 jam", "2026-06-15 07.50"),
    ("2026-06-09 08.15", "1 hari kerja", "2026-06-10 16.00"),    # case 1: desk, visit, letters
    ("2026-06-11 10.00", "7 hari kerja", "2026-06-23 16.00"),
    ("2026-06-10 11.00", "7 hari kerja", "2026-06-22 16.00"),    # 16 June is a holiday
    ("2026-06-22 15.00", "6 hari kerja", "2026-06-30 16.00"),
])
def test_check_points(calendar, received, limit, expected):
    assert due(calendar, at(received), parse_limit(limit)) == at(expected)


def test_a_friday_that_closes_at_four_moves_the_hour_to_monday(calendar):
    early = changed(calendar, d20260612=[["07:30", "11:30"], ["13:00", "16:00"]])
    assert after_working_minutes(early, at("2026-06-12 15.50"), 60) == at("2026-06-15 08.20")


@pytest.mark.parametrize(("received", "hours", "expected"), [
    ("2026-06-11 15.00", 1, "2026-06-11 16.00"),        # fills the day: due at closing, not at the next opening
    ("2026-06-11 11.00", 1, "2026-06-11 12.00"),        # ends at the start of the break: due then
    ("2026-06-11 11.30", 1, "2026-06-11 13.30"),
    ("2026-06-11 12.15", 1, "2026-06-11 14.00"),
    ("2026-06-11 16.00", 1, "2026-06-12 08.30"),        # closing time itself is outside
    ("2026-06-11 05.00", 1, "2026-06-11 08.30"),
    ("2026-06-13 10.00", 1, "2026-06-15 08.30"),        # Saturday
    ("2026-03-16 15.00", 1, "2026-03-17 09.00"),        # Ramadan
    ("2026-06-11 15.59.30", 1, "2026-06-12 08.29.30"),  # seconds are kept
    ("2026-06-11 07.30", 15, "2026-06-12 16.30"),
])
def test_hours_are_counted_in_opening_hours_only(calendar, received, hours, expected):
    assert after_working_minutes(calendar, at(received), hours * 60) == at(expected)


def test_a_moment_means_the_same_in_every_zone(calendar):
    there = at("2026-03-13 00.30")
    assert there.astimezone(UTC).date() == date(2026, 3, 12)
    assert after_working_days(calendar, there.astimezone(UTC), 7) == after_working_days(calendar, there, 7)


@pytest.mark.parametrize("received", ["2026-06-13 00.00", "2026-06-13 23.59", "2026-06-14 12.00"])
def test_a_receipt_on_a_closed_day_counts_from_the_next_working_day(calendar, received):
    assert after_working_days(calendar, at(received), 1) == at("2026-06-15 16.00")


@pytest.mark.parametrize(("pause", "expected"), [
    (("2026-06-10 10.00", "2026-06-12 09.00"), "2026-06-15 16.00"),  # sent back on the 10th counts, the 12th does not
    (("2026-06-10 10.00", "2026-06-10 15.00"), "2026-06-11 16.00"),  # within one date: nothing changes
    (("2026-06-11 10.00", "2026-06-12 09.00"), "2026-06-15 16.00"),  # closing of the due day lies in the pause
    (("2026-06-11 16.00", "2026-06-12 09.00"), "2026-06-15 16.00"),  # it begins with the pause
    (("2026-06-11 15.00", "2026-06-11 17.00"), "2026-06-12 16.30"),  # never inside a pause
    (("2026-06-11 16.01", "2026-06-30 09.00"), "2026-06-11 16.00"),  # starts after the due instant: ignored
    (("2026-06-08 10.00", "2026-06-10 09.00"), "2026-06-12 16.30"),  # from before the receipt
    (("2026-06-10 09.00", "2026-06-10 09.00"), "2026-06-11 16.00"),  # empty
])
def test_pauses_of_two_working_days_from_the_ninth(calendar, pause, expected):
    assert after_working_days(calendar, at("2026-06-09 10.00"), 2, pauses(pause)) == at(expected)


@pytest.mark.parametrize(("pause", "expected"), [
    (("2026-06-09 10.30", "2026-06-09 11.30"), "2026-06-09 12.00"),
    (("2026-06-09 11.00", "2026-06-09 14.00"), "2026-06-09 11.00"),      # done at the instant it starts
    (("2026-06-09 09.00", "2026-06-10 08.00"), "2026-06-10 09.00"),
])
def test_working_time_inside_a_pause_does_not_count(calendar, pause, expected):
    assert after_working_minutes(calendar, at("2026-06-09 10.00"), 60, pauses(pause)) == at(expected)


def test_overlapping_pauses_count_once(calendar):
    twice = pauses(("2026-06-09 09.00", "2026-06-09 11.00"), ("2026-06-09 10.00", "2026-06-09 13.30"))
    spent = working_minutes(calendar, at("2026-06-09 08.00"), at("2026-06-09 15.00"), twice)
    assert (spent.office, spent.applicant) == (timedelta(hours=2.5), timedelta(hours=3.5))


def test_elapsed_time_is_split_between_office_and_applicant_and_keeps_microseconds(calendar):
    start = at("2026-06-12 15.00") + timedelta(microseconds=1)
    spent = working_minutes(calendar, start, at("2026-06-15 08.00"), pauses(("2026-06-12 16.00", "2026-06-15 07.45")))
    assert spent.office == timedelta(minutes=75) - timedelta(microseconds=1)
    assert spent.applicant == timedelta(minutes=45)
    assert spent.office + spent.applicant == working_time(calendar, start, at("2026-06-15 08.00"))


@pytest.mark.parametrize(("days", "expected"), [
    ({"d20260610": "libur"}, "2026-06-11 16.00"),
    ({"d20260610": [["08:00", "11:00"]]}, "2026-06-10 11.00"),
    ({"d20260610": [["20:00", "24:00"]]}, "2026-06-11 00.00"),
])
def test_an_override_wins(calendar, days, expected):
    assert after_working_days(changed(calendar, **days), at("2026-06-09 10.00"), 1) == at(expected)


@pytest.mark.parametrize(("day", "received", "expected"), [
    ("d20260614", "2026-06-12 10.00", "2026-06-14 16.00"),   # a Sunday takes the Monday-Thursday hours
    ("d20260616", "2026-06-15 10.00", "2026-06-16 16.00"),   # a holiday worked
    ("d20260318", "2026-03-17 10.00", "2026-03-18 15.00"),   # joint leave inside Ramadan takes the Ramadan hours
    ("d20260320", "2026-03-17 10.00", "2026-03-20 15.30"),   # a Friday of Ramadan takes its Friday hours
    ("d20260314", "2026-03-13 10.00", "2026-03-14 15.00"),
])
def test_a_worked_day_without_hours_takes_those_of_its_weekday_and_period(calendar, day, received, expected):
    assert after_working_days(changed(calendar, **{day: "kerja"}), at(received), 1) == at(expected)


def test_a_calendar_change_during_a_pause_moves_the_due_day(calendar):
    away = pauses(("2026-06-10 10.00", "2026-06-15 09.00"))
    assert after_working_days(calendar, at("2026-06-09 10.00"), 3, away) == at("2026-06-18 16.00")
    inside = changed(calendar, d20260613="kerja", d20260611="libur")
    assert after_working_days(inside, at("2026-06-09 10.00"), 3, away) == at("2026-06-18 16.00")
    after = changed(calendar, d20260616="kerja")
    assert after_working_days(after, at("2026-06-09 10.00"), 3, away) == at("2026-06-17 16.00")


def test_changes_of_a_changed_calendar_add_up(calendar):
    twice = changed(changed(calendar, d20260610="libur"), d20260611="libur")
    assert after_working_days(twice, at("2026-06-09 10.00"), 1) == at("2026-06-12 16.30")
    assert after_working_days(calendar, at("2026-06-09 10.00"), 1) == at("2026-06-10 16.00")


def test_years_without_a_decree_are_provisional_and_may_lack_ramadan_hours(calendar):
    assert not any(map(calendar.is_provisional, (2020, 2026)))
    assert all(map(calendar.is_provisional, (2027, 2028, 2060)))
    assert [calendar.has_ramadan(year) for year in (2026, 2027)] == [True, False]
    assert after_working_days(calendar, at("2060-01-01 10.00"), 1) == at("2060-01-02 16.30")


@pytest.mark.parametrize("text", ["", "7", "0 jam", "-1 jam", "1,5 jam", "07 hari kerja", "7  hari kerja", "7 hari",
                                  "7 Hari Kerja", "٧ jam", "99999 jam", "7 hari kerja\n", None, 7])
def test_a_limit_in_another_form_is_refused(text):
    with pytest.raises(TimeRefused):
        parse_limit(text)


def test_a_limit_reads_as_it_is_written():
    assert [str(parse_limit(text)) for text in ("1 jam", "14 hari kerja")] == ["1 jam", "14 hari kerja"]


@pytest.mark.parametrize("pairs", [[], [["07:30"]], [["7:30", "12:00"]], [["12:00", "07:30"]], [["07:30", "07:30"]],
                                   [["07:30", "12:00"], ["11:59", "16:00"]], [["07:30", "24:01"]], "07:30",
                                   [["07.30", "12.00"]], [["24:00", "24:00"]], [["٠٧:30", "12:00"]]])
def test_office_hours_in_another_form_are_refused(pairs):
    with pytest.raises(TimeRefused):
        parse_spans(pairs)


def test_a_moment_without_offset_or_outside_the_calendar_is_refused(calendar):
    with pytest.raises(TimeRefused):
        after_working_days(calendar, datetime(2026, 3, 13), 1)
    with pytest.raises(TimeRefused):
        after_working_days(calendar, at("9999-12-30 10.00"), 5)


def test_time_that_runs_backwards_is_refused(calendar):
    backwards = pauses(("2026-06-09 10.00", "2026-06-08 10.00"))
    for ask in (lambda: working_minutes(calendar, at("2026-06-09 10.00"), at("2026-06-08 10.00")),
                lambda: working_minutes(calendar, at("2026-06-01 10.00"), at("2026-06-08 10.00"), backwards),
                lambda: after_working_days(calendar, at("2026-06-01 10.00"), 1, backwards)):
        with pytest.raises(TimeRefused):
            ask()


@pytest.mark.parametrize(("due_at", "limit", "expected"), [
    ("2026-06-22 16.00", Limit(1, DAYS), "2026-06-19 16.30"),
    ("2026-06-17 16.00", Limit(1, DAYS), "2026-06-15 16.00"),
    ("2026-06-15 07.50", Limit(1, "jam"), "2026-06-12 15.50"),
    ("2026-06-11 13.30", Limit(1, "jam"), "2026-06-11 11.30"),
    ("2026-06-11 14.00", Limit(1, "jam"), "2026-06-11 13.00"),
])
def test_a_reminder_lies_so_much_working_time_before(calendar, due_at, limit, expected):
    assert before(calendar, at(due_at), limit) == at(expected)


@pytest.mark.parametrize(("now", "due_at", "expected"), [
    ("2026-06-09 10.00", "2026-06-11 16.00", Remaining(False, 2, "hari")),
    ("2026-06-11 10.00", "2026-06-11 16.00", Remaining(False, 5, "jam")),
    ("2026-06-11 15.22", "2026-06-11 16.00", Remaining(False, 38, "menit")),
    ("2026-06-11 15.22.30", "2026-06-11 16.00", Remaining(False, 38, "menit")),
    ("2026-06-11 15.50", "2026-06-12 08.15", Remaining(False, 55, "menit")),
    ("2026-06-11 16.00", "2026-06-11 16.00", Remaining(False, 0, "menit")),
    ("2026-06-12 10.30", "2026-06-11 16.00", Remaining(True, 3, "jam")),
    ("2026-06-17 10.00", "2026-06-11 16.00", Remaining(True, 3, "hari")),
])
def test_what_remains_is_told_in_the_unit_a_person_would_use(calendar, now, due_at, expected):
    assert remaining(calendar, at(now), at(due_at)) == expected


@pytest.mark.parametrize("change", [
    {"zona": {"nama": "WIB"}},
    {"jam_kerja": []},
    {"jam_kerja": [dict(TABLES["jam_kerja"][0], mulai=date(2026, 1, 1))]},
    {"jam_kerja": [dict(TABLES["jam_kerja"][0], periode="puasa")]},
    {"ramadan": [{"mulai": "2026-02-19", "sampai": date(2026, 3, 20)}]},
    {"tahun": [TABLES["tahun"][0], TABLES["tahun"][0]]},
    {"perubahan": [{"tanggal": date(2026, 6, 9), "jenis": "cuti"}]},
    {"perubahan": [{"tanggal": date(2026, 6, 9), "jenis": "libur", "jam": [["07:30", "12:00"]]}]},
])
def test_tables_that_do_not_fit_are_refused_with_advice(change):
    with pytest.raises(DefinitionRefused) as refusal:
        calendar_from({**TABLES, **change})
    assert refusal.value.advice.startswith("Tabel")


def test_hours_of_a_later_decree_hold_from_its_day_on(calendar):
    later = {"periode": "biasa", "mulai": date(2026, 6, 15), "senin_kamis": [["08:00", "14:00"]],
             "jumat": [["08:00", "11:00"]], "dasar": "SK uji"}
    moved = calendar_from({**TABLES, "jam_kerja": [*TABLES["jam_kerja"], later]})
    assert after_working_days(moved, at("2026-06-11 10.00"), 1) == at("2026-06-12 16.30")
    assert after_working_days(moved, at("2026-06-11 10.00"), 2) == at("2026-06-15 14.00")


def test_another_office_has_its_own_zone():
    wit = calendar_from({**TABLES, "zona": {"nama": "WIT", "selisih_menit": 540}})
    found = after_working_days(wit, at("2026-06-09 23.30"), 1)
    assert found.isoformat() == "2026-06-11T16:00:00+09:00"


@pytest.mark.parametrize("question", questions(seed=20260609, count=300))
def test_random_cases_agree_with_brute_force(calendar, question):
    assert answer(calendar, question) == brute_force(TABLES, question)


def test_five_thousand_due_dates_take_less_than_a_second(calendar):
    first = at("2026-01-01 09.17")
    begun = clock.process_time()
    for step in range(5_000):
        after_working_days(calendar, first + timedelta(hours=step % 8000), 1 + step % 30)
    assert clock.process_time() - begun < 1
