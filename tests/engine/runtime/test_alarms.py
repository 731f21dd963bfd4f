"""Alarms ring once, at their moment, are journaled and told; the task stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.clock import parse_stamp
from engine.rules.people import Actor
from engine.store import cases as office_cases
from engine.store import directory, messages
from engine.store.leases import span
from tests.builders import Office, open_office
from tests.engine.runtime.test_promises import to_activity


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = open_office(tmp_path)
    yield opened
    opened.engine.close()


def rung(office: Office, case: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.event.kind, tuple(one.body["posts"])) for one in office.engine.case_files.history(case)
            if one.event.kind in ("reminder", "escalated")]


def told(office: Office, case: str) -> list[str]:
    with office.engine.database.reading() as connection:
        return [one.notice for one in messages.of_case(connection, case) if one.notice.startswith("tugas_")]


def pass_time(office: Office, days: int) -> None:
    """Days go by as in an office: the worker looks several times a day."""
    until = office.clock.now() + timedelta(days=days)
    while office.clock.now() < until:
        office.clock.move_to(office.clock.now() + timedelta(hours=3))
        office.settle()


def test_a_late_task_is_reminded_then_escalated_in_order_and_stays(office: Office) -> None:
    case = to_activity(office, "periksa_berkas")
    task = office.task(case, "periksa_berkas")
    pass_time(office, 8)
    assert rung(office, case) == [("reminder", ("front_office",)), ("reminder", ("front_office",)), ("escalated", ("kasi",)),
                                  ("escalated", ("kabid",)), ("escalated", ("kepala",))]
    assert office.task(case, "periksa_berkas") == task
    assert sorted(told(office, case)) == ["tugas_lewat_batas", "tugas_mendekati_batas", *["tugas_terlambat"] * 3]


def test_each_alarm_rings_once_however_often_the_worker_looks(office: Office) -> None:
    case = to_activity(office, "periksa_berkas")
    pass_time(office, 8)
    first = rung(office, case)
    for _ in range(5):
        office.engine.timers.fire_due()
    office.clock.move_to(office.clock.now() + timedelta(days=30))
    office.settle()
    assert rung(office, case) == first


def test_a_clock_that_jumps_rings_everything_once_in_order(office: Office) -> None:
    case = to_activity(office, "periksa_berkas")
    office.clock.move_to(office.clock.now() + timedelta(days=40))
    office.settle()
    kinds = [kind for kind, _ in rung(office, case)]
    assert kinds == ["reminder", "reminder", "escalated", "escalated", "escalated"]


def test_a_finished_task_rings_no_more(office: Office) -> None:
    case = to_activity(office, "entri_data_teknis")
    pass_time(office, 3)
    assert all("front_office" not in posts for _, posts in rung(office, case))


def test_a_withdrawn_case_rings_no_more_while_it_comes_to_its_end(office: Office) -> None:
    case = to_activity(office, "periksa_berkas")
    applicant = Actor(office.row(case).applicant, None, "pemohon")
    office.engine.cases.withdraw(case, "Tidak jadi", applicant)
    office.clock.move_to(office.clock.now() + timedelta(days=8))
    office.engine.timers.fire_due()
    assert office.row(case).ended_at is None and rung(office, case) == []
    office.settle()
    assert office.row(case).ended_at is not None and rung(office, case) == []


def test_a_row_that_another_worker_holds_is_left_to_it(office: Office) -> None:
    case = to_activity(office, "periksa_berkas")
    office.clock.move_to(office.clock.now() + timedelta(days=3))
    due = office.engine.timers
    with office.engine.database.transaction() as connection:
        held = due_rows(connection, office)
    assert held and due.fire_due() == 0
    office.clock.move_to(office.clock.now() + timedelta(seconds=office.engine.settings.lease_seconds + 1))
    assert due.fire_due() == len(held)
    assert rung(office, case)


def due_rows(connection: object, office: Office) -> list[object]:
    held = span(office.clock.now(), office.engine.settings.lease_seconds)
    return list(office_cases.claim_due(connection, "pekerja lain", held, 50))


def test_who_wants_a_digest_is_not_told_of_reminders_at_once(office: Office) -> None:
    account = str(office.actor("front_office").account)
    with office.engine.database.transaction() as connection:
        directory.change_account(connection, account, notify="harian")
    case = to_activity(office, "periksa_berkas")
    pass_time(office, 8)
    assert set(told(office, case)) == {"tugas_terlambat"}
    assert len(rung(office, case)) == 5


def test_notices_of_alarms_name_nobody_and_no_shop(office: Office) -> None:
    case = to_activity(office, "periksa_berkas")
    pass_time(office, 8)
    row = office.row(case)
    with office.engine.database.reading() as connection:
        texts = [one.subject + one.body for one in messages.of_case(connection, case) if one.notice.startswith("tugas_")]
        applicant = directory.account(connection, str(row.applicant))
    assert texts and applicant is not None
    assert not [one for one in texts if row.title in one or applicant.name in one]
    assert all(str(row.number) in one for one in texts)


def test_a_threshold_that_is_past_when_a_task_opens_is_not_rung(office: Office) -> None:
    case = to_activity(office, "entri_data_teknis")
    task = office.task(case, "entri_data_teknis")
    with office.engine.database.reading() as connection:
        rows = [one for one in office_cases.dues(connection, case) if one.task == task.task]
    assert rows and all(parse_stamp(one.at) > parse_stamp(task.opened_at) for one in rows)


def test_a_task_that_opens_after_its_groups_time_is_reminded_by_its_own_share(office: Office) -> None:
    case = to_activity(office, "susun_naskah")
    pass_time(office, 30)
    office.complete(case, "susun_naskah", {"keputusan": "izin"})
    before = len(rung(office, case))
    due = office.task(case, "verifikasi_kasi").due
    assert due is not None and parse_stamp(due) < office.clock.now()
    pass_time(office, 8)
    assert rung(office, case)[before:] == [("reminder", ("kasi",)), ("reminder", ("kasi",)), ("escalated", ("kabid",)),
                                           ("escalated", ("kepala",))]


def test_lateness_is_told_upwards_only(office: Office) -> None:
    case = to_activity(office, "verifikasi_kabid")
    pass_time(office, 12)
    task = office.task(case, "verifikasi_kabid").task
    late = [one.body for one in office.engine.case_files.history(case)
            if one.event.kind == "escalated" and one.body["task"] == task]
    assert [one["posts"] for one in late] == [["kepala"]]
