"""The service level: counted in the transaction that finishes, exact whatever was played, each number equal to its list."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from engine.clock import parse_stamp, stamp
from engine.reports.service_level import KINDS, Drill, Period, after, percentile, spread
from engine.rules.worktime import working_time
from engine.store import cases, service_level
from engine.store.cases import TaskRow
from engine.store.service_level import Bar, Now
from tests.builders import Office, open_office
from tests.engine.runtime.test_promises import to_activity

YEAR = Period("2026-01", "2026-12")
PLAYED = ("02-rapat-saja", "05-dikembalikan-dua-kali", "08-ditolak-setelah-peninjauan", "19-dicabut-saat-kajian")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office in which four cases ended in different ways and two wait; the tests of this file only read it."""
    opened = open_office(tmp_path_factory.mktemp("kantor"))
    for name in PLAYED:
        opened.play(name)
    to_activity(opened, "rapat_kajian")
    to_activity(opened, "verifikasi_kasi")
    yield opened
    opened.engine.close()


def tasks(office: Office) -> list[TaskRow]:
    with office.engine.database.reading() as connection:
        return [one for case in office.cases() for one in cases.tasks(connection, case)]


def test_counts_are_those_of_the_tasks_that_people_did(office: Office) -> None:
    done: Counter[tuple[str, str]] = Counter(
        (one.event.kind == "completed" and str(one.body["activity"]) or "", "") for case in office.cases()
        for one in office.engine.case_files.history(case))
    done.pop(("", ""))
    found = office.engine.service_level.overview(office.process, YEAR).steps
    assert {one.activity: one.done.count for one in found if one.done.count} == {key: many for (key, _), many in done.items()}


def test_a_task_that_was_taken_away_is_not_counted_as_done(office: Office) -> None:
    dropped = [one for one in tasks(office) if one.closed_at is not None and one.office_minutes is None]
    assert dropped, "the withdrawn case should have left a task undone"


def test_the_minutes_of_a_task_are_its_working_time(office: Office) -> None:
    calendar = office.engine.promises.calendar
    timed = [one for one in tasks(office) if one.office_minutes is not None]
    assert any(one.office_minutes for one in timed)
    for one in timed:
        spent = working_time(calendar, parse_stamp(one.opened_at), parse_stamp(str(one.closed_at)))
        assert one.office_minutes == spent // timedelta(minutes=1)


def test_only_an_answer_is_judged_by_the_promise(office: Office) -> None:
    found = office.engine.service_level.overview(office.process, YEAR).cases
    rows = [office.row(case) for case in office.cases()]
    received = [one for one in rows if one.ended_at is not None and one.received_at is not None]
    answered = [one for one in received if one.promised is not None]
    assert found.count == len(received) >= 3 and found.in_time + found.late == len(answered) >= 2
    assert {office.edition.process.ends[str(one.end)].outcome for one in received if one not in answered} == {"dibatalkan"}
    assert all(one.office_minutes is not None for one in received)


def test_what_waits_is_counted_with_what_is_late_and_what_waits_longest(office: Office) -> None:
    found = {one.activity: one for one in office.engine.service_level.overview(office.process, YEAR).steps}
    waiting = [one for one in tasks(office) if one.closed_at is None]
    now = stamp(office.clock.now())
    for one in waiting:
        same = [other for other in waiting if other.activity == one.activity]
        line = found[one.activity]
        assert (line.open, line.oldest) == (len(same), min(other.opened_at for other in same))
        assert line.late == sum(other.due is not None and other.due < now for other in same)


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_is_as_long_as_its_list(office: Office, kind: str) -> None:
    level = office.engine.service_level
    found = level.overview(office.process, YEAR)
    for line in found.steps:
        expected = {"terbuka": line.open, "hari_ini": line.today, "terlambat": line.late, "selesai": line.done.count,
                    "tepat": line.done.in_time, "lewat": line.done.late}
        if kind in expected:
            listed = level.behind(Drill(office.process, kind, line.activity, line.post, size=1000), YEAR)
            assert (listed.total, len(listed.lines)) == (expected[kind], expected[kind])
    whole = {"berjalan": found.open_cases, "berakhir": found.cases.count, "ditepati": found.cases.in_time,
             "dilanggar": found.cases.late, "lewat_janji": found.late_promises, "dekat_batas": found.near_legal}
    if kind in whole:
        listed = level.behind(Drill(office.process, kind, size=1000), YEAR)
        assert (listed.total, len(listed.lines)) == (whole[kind], whole[kind])


def test_months_outside_the_period_are_left_out(office: Office) -> None:
    empty = office.engine.service_level.overview(office.process, Period("2025-01", "2025-12"))
    assert empty.cases.count == 0 and all(not one.done.count for one in empty.steps)
    assert empty.open_cases == office.engine.service_level.overview(office.process, YEAR).open_cases >= 2


def test_a_trend_has_twelve_months_that_add_up_to_the_year(office: Office) -> None:
    trend = office.engine.service_level.trend(office.process, "rapat_kajian", "2026-12")
    line = next(one for one in office.engine.service_level.overview(office.process, YEAR).steps
                if one.activity == "rapat_kajian")
    assert [one.month for one in trend] == YEAR.months
    assert sum(one.done.count for one in trend) == line.done.count > 0


def test_another_process_sees_none_of_it(office: Office) -> None:
    with office.engine.database.reading() as connection:
        assert service_level.finished(connection, "lain", YEAR.months) == []
        assert service_level.open_tasks(connection, "lain", Now("9", "9")) == []
        assert service_level.open_cases(connection, "lain") == 0


def test_late_promises_and_near_legal_limits_come_up_as_time_passes(tmp_path_factory: pytest.TempPathFactory) -> None:
    opened = open_office(tmp_path_factory.mktemp("kantor"))
    to_activity(opened, "rapat_kajian")
    level = opened.engine.service_level
    first = level.overview(opened.process, YEAR)
    opened.clock.move_to(opened.clock.now() + timedelta(days=40))
    later = level.overview(opened.process, YEAR)
    assert (first.late_promises, first.near_legal, later.late_promises, later.near_legal) == (0, 0, 1, 1)
    assert [one.late for one in later.steps if one.open] == [1]
    opened.engine.close()


# --- the parts ----------------------------------------------------------------------------------------------------


def test_percentiles_are_those_of_the_sorted_values() -> None:
    chance = random.Random(7)
    for _ in range(200):
        values = sorted(chance.choices(range(60), k=chance.randint(1, 40)))
        bars = [Bar("a", "p", "tepat", minutes, many) for minutes, many in sorted(Counter(values).items())]
        for part in (50, 90):
            assert percentile(bars, len(values), part) == values[-(-len(values) * part // 100) - 1]
        assert spread(reversed(bars)).median == percentile(bars, len(values), 50)


def test_nothing_has_no_spread() -> None:
    none = spread([])
    assert (none.count, none.share, none.median, none.ninetieth, none.mean) == (0, None, None, None, None)


@pytest.mark.parametrize(("month", "count", "then"), [
    ("2026-01", -1, "2025-12"), ("2026-12", 1, "2027-01"), ("2026-06", 0, "2026-06"), ("2026-06", -11, "2025-07")])
def test_months_are_counted_over_new_year(month: str, count: int, then: str) -> None:
    assert after(month, count) == then


def test_a_month_begins_at_midnight_of_the_office() -> None:
    period = Period("2026-03", "2026-03")
    assert (period.since, period.until) == ("2026-02-28T17:00:00.000000Z", "2026-03-31T17:00:00.000000Z")
