"""The clocks of a case begin, stand still and end with it; every due date and alarm is a row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from engine.clock import parse_stamp
from engine.rules.deadlines import LEGAL, PROMISE
from engine.runtime.action import WHOLE_CASE
from engine.runtime.promises import GROUP
from engine.store import cases
from engine.store.cases import DueRow
from tests.builders import Office, open_office

MEETING = "02-rapat-saja"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = open_office(tmp_path)
    yield opened
    opened.engine.close()


def dues(office: Office, case: str) -> list[DueRow]:
    with office.engine.database.reading() as connection:
        return cases.dues(connection, case)


def at(office: Office, case: str, kind: str) -> datetime:
    return next(parse_stamp(one.at) for one in dues(office, case) if one.kind == kind)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text)


def to_activity(office: Office, activity: str) -> str:
    """The meeting-only scenario played until this activity waits."""
    known = office.scenario(MEETING)
    for steps in range(1, len(known.steps) + 1):
        if known.steps[steps - 1].then and any(one.startswith(activity + "@") for one in known.steps[steps - 1].then.waiting):
            return office.play(MEETING, steps)
    raise AssertionError(f"{activity} never waits")


def test_a_task_has_its_due_and_its_alarms_and_they_go_with_it(office: Office) -> None:
    case = to_activity(office, "periksa_berkas")
    task = office.task(case, "periksa_berkas")
    mine = [one for one in dues(office, case) if one.task == task.task]
    assert task.due is not None and mine and all(one.fires and one.kind.startswith("tugas!") for one in mine)
    assert [one.at for one in mine] == sorted(one.at for one in mine)
    case = to_activity(office, "entri_data_teknis")
    assert {one.task for one in dues(office, case)} <= {WHOLE_CASE, office.task(case, "entri_data_teknis").task}


def test_the_promise_and_the_legal_limit_begin_with_the_receipt(office: Office) -> None:
    before = to_activity(office, "periksa_berkas")
    assert not [one for one in dues(office, before) if one.kind.startswith((PROMISE, LEGAL))]
    case = to_activity(office, "entri_data_teknis")
    promised = office.engine.promises.promised(office.row(case), office.tasks(case))
    assert at(office, case, PROMISE) == promised == at(office, case, LEGAL)
    assert not next(one for one in dues(office, case) if one.kind == PROMISE).fires


def test_a_groups_clock_runs_on_over_its_members(office: Office) -> None:
    case = to_activity(office, "verifikasi_kabid")
    kinds = [one.kind for one in dues(office, case) if one.kind.startswith(GROUP) and not one.fires]
    assert len(kinds) == 1
    drafted = parse_stamp(next(one.opened_at for one in _all(office, case) if one.activity == "susun_naskah"))
    assert at(office, case, kinds[0]) > drafted + timedelta(days=5)
    due = office.task(case, "verifikasi_kabid").due
    assert due is not None and parse_stamp(due) <= at(office, case, kinds[0])


def test_nothing_is_due_once_a_case_is_over(office: Office) -> None:
    case = office.play(MEETING)
    assert office.row(case).ended_at is not None
    assert dues(office, case) == []


def test_while_the_applicant_has_the_file_the_case_has_no_clock_of_its_own(office: Office) -> None:
    case = to_activity(office, "entri_data_teknis")
    row, tasks = office.row(case), _all(office, case)
    away = tasks[-1].__class__(case, 99 << 20, "x", "pemohon", _stamp(parse_stamp(row.head_at) + timedelta(hours=1)))
    assert office.engine.promises.case_rows(row, [*tasks, away], parse_stamp(row.head_at)) == []


def test_days_with_the_applicant_move_the_promise(office: Office) -> None:
    case = to_activity(office, "entri_data_teknis")
    row, tasks = office.row(case), _all(office, case)
    promises, received = office.engine.promises, parse_stamp(str(row.received_at))
    plain = promises.promised(row, tasks)
    gone = tasks[-1].__class__(case, 99 << 20, "x", "pemohon", _stamp(received + timedelta(days=1)),
                               closed_at=_stamp(received + timedelta(days=8)))
    later = promises.promised(row, [*tasks, gone])
    assert plain is not None and later is not None and later > plain


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _all(office: Office, case: str) -> list[cases.TaskRow]:
    with office.engine.database.reading() as connection:
        return cases.tasks(connection, case)
