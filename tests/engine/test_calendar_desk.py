"""A day changed by decree: seen before, journaled, followed by open due dates; the old ones stay on record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.calendar_desk import MovePreview, WrongDay
from engine.clock import parse_stamp
from engine.errors import NotAllowed
from engine.rules.calendars import NewDay
from engine.rules.events import OFFICE
from engine.runtime.reckoning import Reckoning
from engine.store import journal, messages, schema
from tests.builders import Office, open_office
from tests.engine.runtime.test_promises import PROMISE, at, dues, to_activity

HOLIDAY = NewDay(date(2026, 6, 22), False, None, "Keputusan Bupati 99/2026 (rekaan)")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = open_office(tmp_path)
    opened.engine.promises.office.seed()
    yield opened
    opened.engine.close()


def moved(office: Office, case: str) -> list[dict[str, str]]:
    return [move for one in office.engine.case_files.history(case) if one.event.kind == "deadline_moved"
            for move in one.body["moves"]]


def kinds(office: Office, case: str) -> list[str]:
    return [one.event.kind for one in office.engine.case_files.history(case)]


def test_a_preview_says_what_would_move_and_changes_nothing(office: Office) -> None:
    case = to_activity(office, "rapat_kajian")
    before = office.task(case, "rapat_kajian").due
    seen = office.engine.calendar.preview(HOLIDAY)
    assert seen.cases == 1 and seen.dues >= 2 and seen.earlier == 0
    assert office.task(case, "rapat_kajian").due == before and not moved(office, case)


def test_a_day_after_every_due_date_moves_nothing(office: Office) -> None:
    case = to_activity(office, "rapat_kajian")
    last = max(parse_stamp(one.at) for one in dues(office, case) if not one.fires)
    assert office.engine.calendar.preview(replace(HOLIDAY, day=last.date())).dues > 0
    assert office.engine.calendar.preview(replace(HOLIDAY, day=last.date() + timedelta(days=1))) == MovePreview(0, 0, 0)


def test_a_holiday_moves_open_dues_and_keeps_the_old_ones(office: Office) -> None:
    case = to_activity(office, "rapat_kajian")
    before, promised = office.task(case, "rapat_kajian").due, at(office, case, PROMISE)
    office.engine.calendar.change(HOLIDAY, office.actor("administrator"))
    office.settle()
    assert str(office.task(case, "rapat_kajian").due) > str(before)
    assert at(office, case, PROMISE) > promised
    assert before in [one["old"] for one in moved(office, case)]
    assert {one["clock"] for one in moved(office, case)} >= {"tugas", PROMISE}


def test_the_decree_is_on_the_offices_chain(office: Office) -> None:
    office.engine.calendar.change(HOLIDAY, office.actor("administrator"))
    with office.engine.database.reading() as connection:
        last = journal.read(connection, OFFICE)[-1]
    assert last.event.kind == "calendar_changed" and last.body["decree"] == HOLIDAY.decree
    assert list(office.engine.verification.chain_flaws()) == []


def test_the_applicant_is_told_where_the_promise_moved(office: Office) -> None:
    case = to_activity(office, "rapat_kajian")
    office.engine.calendar.change(HOLIDAY, office.actor("administrator"))
    office.settle()
    with office.engine.database.reading() as connection:
        told = [one for one in messages.of_case(connection, case) if one.notice == "janji_bergeser"]
    assert len(told) == 1 and HOLIDAY.decree in told[0].body


def test_following_twice_moves_nothing_more(office: Office) -> None:
    case = to_activity(office, "rapat_kajian")
    office.engine.calendar.change(HOLIDAY, office.actor("administrator"))
    office.settle()
    first = moved(office, case)
    assert office.engine.calendar.follow() == 0
    office.settle()
    assert moved(office, case) == first


def test_a_day_taken_back_brings_the_dues_back(office: Office) -> None:
    case = to_activity(office, "rapat_kajian")
    before = office.task(case, "rapat_kajian").due
    admin = office.actor("administrator")
    office.engine.calendar.change(HOLIDAY, admin)
    office.settle()
    office.engine.calendar.change(NewDay(HOLIDAY.day, True, None, "Keputusan Bupati 100/2026 (rekaan)"), admin)
    office.settle()
    assert office.task(case, "rapat_kajian").due == before
    assert len(office.engine.calendar.changes()) == 2


def test_a_promise_that_moves_there_and_back_and_there_is_told_each_time(office: Office) -> None:
    """The same new date twice is news twice, and no message may stand in the way of the dates."""
    case = to_activity(office, "rapat_kajian")
    promised = at(office, case, PROMISE)
    for works in (False, True, False):
        office.engine.calendar.change(replace(HOLIDAY, works=works), office.actor("administrator"))
        office.settle()
    with office.engine.database.reading() as connection:
        told = [one for one in messages.of_case(connection, case) if one.notice == "janji_bergeser"]
    assert len(told) == 3 and at(office, case, PROMISE) > promised


def test_an_alarm_that_comes_back_to_the_moment_at_which_it_rang_rings_again(office: Office) -> None:
    """Its due date was put off after it rang, and then brought back: what is near once more is told once more."""
    case = to_activity(office, "rapat_kajian")
    due = str(office.task(case, "rapat_kajian").due)
    first = min(one.at for one in dues(office, case) if one.fires and one.task)
    office.clock.move_to(parse_stamp(first))
    office.settle()
    rung, admin = kinds(office, case).count("reminder"), office.actor("administrator")
    for works in (False, True):
        office.engine.calendar.change(NewDay(parse_stamp(due).date(), works, None, HOLIDAY.decree), admin)
        office.settle()
    assert office.task(case, "rapat_kajian").due == due
    assert kinds(office, case).count("reminder") == rung + 1
    assert all(parse_stamp(one.at) > office.clock.now() for one in dues(office, case) if one.fires)


def test_an_alarm_that_now_lies_behind_us_rings_at_once(office: Office) -> None:
    """Days of joint leave are taken back: what was due next week was due yesterday, and somebody must hear of it."""
    case = to_activity(office, "periksa_berkas")
    opened, admin = office.clock.now(), office.actor("administrator")
    free = [NewDay((opened + timedelta(days=number)).date(), False, None, "Keputusan Bupati 101/2026 (rekaan)")
            for number in range(1, 6)]
    for one in free:
        office.engine.calendar.change(one, admin)
    office.settle()
    office.clock.move_to(opened + timedelta(days=5))
    office.settle()
    assert not [kind for kind in kinds(office, case) if kind in ("reminder", "escalated")]
    for one in free:
        office.engine.calendar.change(replace(one, works=True), admin)
    office.settle()
    office.settle()
    assert kinds(office, case).count("reminder") == 2 and kinds(office, case).count("escalated") >= 1


def test_cases_of_a_release_without_clocks_are_given_theirs(office: Office) -> None:
    """Down to the first revision and up again, as an upgrade meets them; from then on nothing more is to be set."""
    case = to_activity(office, "verifikasi_kabid")
    wanted, database = dues(office, case), office.engine.database
    schema.downgrade(database, "0001")
    schema.migrate(database)
    assert len(dues(office, case)) < len(wanted)
    assert office.engine.calendar.check_when_due() > 0
    assert dues(office, case) == wanted and "deadline_set" in kinds(office, case)
    assert office.engine.calendar.check_when_due() == 0 and office.engine.replays.case(case).good
    office.clock.move_to(office.clock.now() + timedelta(days=1))
    assert office.engine.calendar.check_when_due() == 0


def test_a_case_can_be_replayed_over_a_changed_calendar(office: Office) -> None:
    case = to_activity(office, "rapat_kajian")
    office.engine.calendar.change(HOLIDAY, office.actor("administrator"))
    office.settle()
    assert office.engine.replays.case(case).good


def test_a_shipped_table_that_changes_moves_no_seeded_calendar(office: Office) -> None:
    assert office.engine.promises.office.seed() is False


@pytest.mark.parametrize("wanted", [
    NewDay(date(2026, 6, 22), False, None, "  "),
    NewDay(date(2026, 6, 22), False, [["08:00", "12:00"]], "SK"),
])
def test_a_change_that_is_not_whole_is_refused(office: Office, wanted: NewDay) -> None:
    with pytest.raises(WrongDay):
        office.engine.calendar.change(wanted, office.actor("administrator"))


def test_a_decree_that_could_not_be_printed_is_refused(office: Office) -> None:
    for typed in ("SK 1\x00", "SK \u202e1"):
        with pytest.raises(WrongDay, match="unprintable"):
            office.engine.calendar.change(replace(HOLIDAY, decree=typed), office.actor("administrator"))


def test_only_the_decrees_that_moved_a_date_are_named(office: Office) -> None:
    """Two days changed before the worker looked: one moves the promise, the other lies far behind it."""
    case, admin = to_activity(office, "rapat_kajian"), office.actor("administrator")
    office.engine.calendar.change(HOLIDAY, admin)
    office.engine.calendar.change(NewDay(date(2026, 12, 1), False, None, "Keputusan jauh (rekaan)"), admin)
    office.settle()
    events = [one for one in office.engine.case_files.history(case) if one.event.kind == "deadline_moved"]
    assert [one.body["decree"] for one in events] == [HOLIDAY.decree]
    with office.engine.database.reading() as connection:
        told = [one.body for one in messages.of_case(connection, case) if one.notice == "janji_bergeser"]
    assert len(told) == 1 and HOLIDAY.decree in told[0] and "jauh" not in told[0]


def test_a_case_that_cannot_be_reckoned_holds_up_no_other(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, whole = to_activity(office, "rapat_kajian"), to_activity(office, "rapat_kajian")
    known = Reckoning._case

    def breaks(self: Reckoning, case: str, *rest: Any) -> int:
        if case == broken:
            raise RuntimeError("a state of old")
        return known(self, case, *rest)
    office.engine.calendar.change(HOLIDAY, office.actor("administrator"))
    with monkeypatch.context() as patched:
        patched.setattr(Reckoning, "_case", breaks)
        office.settle()
        assert moved(office, whole) and not moved(office, broken)
    office.clock.move_to(office.clock.now() + timedelta(days=1))
    office.settle()
    assert moved(office, broken), "looked at again the next day"


def test_a_worker_that_dies_at_the_days_check_leaves_it_to_the_next(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Reckoning, "check", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            office.engine.calendar.check_when_due()
    seen: list[str] = []
    monkeypatch.setattr(Reckoning, "check", lambda *_: len(seen.append("looked") or seen))
    assert (office.engine.calendar.check_when_due(), office.engine.calendar.check_when_due()) == (1, 0)


def test_a_part_of_the_round_that_fails_keeps_no_other_from_its_work(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    swept: list[str] = []
    monkeypatch.setattr(type(office.engine.calendar), "follow", lambda _: 1 // 0)
    monkeypatch.setattr(type(office.engine.orphans), "sweep_when_due", lambda _: len(swept.append("swept") or swept))
    with pytest.raises(ZeroDivisionError):
        office.engine.work_once()
    assert swept == ["swept"]


def test_only_an_administrator_changes_the_calendar(office: Office) -> None:
    with pytest.raises(NotAllowed):
        office.engine.calendar.change(HOLIDAY, office.actor("kasi"))


def test_a_year_can_be_read_day_by_day(office: Office) -> None:
    year = office.engine.calendar.year(2026)
    assert len(year) == 365 and not year[0].spans and "Tahun Baru" in year[0].reason
