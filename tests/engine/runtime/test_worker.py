"""Many workers and clocks that jump, on both databases: what is due is acted upon once, in its order, and never skipped."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.clock import parse_stamp, stamp
from engine.runtime import timers
from engine.runtime.daily import DIGEST, NEW_TASKS
from engine.store import cases, journal, messages
from engine.store.cases import DueRow
from engine.store.database import Connection
from engine.store.leases import span
from tests.builders import Office
from tests.engine.runtime.test_daily import choose, sent
from tests.engine.runtime.test_promises import to_activity
from tests.engine.runtime.test_races import at_once

RUNG = ("reminder", "escalated")
AT_FIRST = "periksa_berkas"


@pytest.fixture
def office(large_office: Office) -> Office:
    large_office.settle()
    return large_office


def rung(office: Office, case: str) -> list[tuple[int, str]]:
    with office.engine.database.reading() as connection:
        return [(one.body["task"], one.body["threshold"]) for one in journal.read_kinds(connection, case, RUNG)]


def thresholds(office: Office, case: str) -> list[DueRow]:
    """What is to ring for a case, in its order."""
    with office.engine.database.reading() as connection:
        return sorted((one for one in cases.dues(connection, case) if one.fires), key=lambda one: (one.at, one.task, one.kind))


def let_pass(office: Office, time: timedelta) -> None:
    office.clock.move_to(office.clock.now() + time)


def step_back(office: Office, time: timedelta) -> None:
    """Somebody sets the machine's clock back."""
    office.clock._at = office.clock.now() - time


def held(office: Office, limit: int = 50) -> list[DueRow]:
    """What a worker claims that dies then."""
    lease = span(office.clock.now(), office.engine.timers.lease_seconds)
    with office.engine.database.transaction() as connection:
        return list(cases.claim_due(connection, "mati", lease, limit))


def test_a_row_held_by_a_clock_that_ran_ahead_is_free_when_the_clock_is_right(office: Office) -> None:
    """Its lease would end tomorrow, which no honest lease does."""
    to_activity(office, AT_FIRST)
    let_pass(office, timedelta(days=61))
    assert held(office)
    step_back(office, timedelta(days=1))
    assert office.engine.timers.fire_due() > 0


# --- many workers


def test_workers_that_look_at_once_ring_each_alarm_once(office: Office) -> None:
    made = [to_activity(office, AT_FIRST) for _ in range(3)]
    expected = {case: [(one.task, one.kind) for one in thresholds(office, case)] for case in made}
    let_pass(office, timedelta(days=60))
    at_once(*[office.engine.timers.fire_due] * 3)
    after_the_lease(office)
    while office.engine.timers.fire_due():
        after_the_lease(office)
    for case in made:
        known = rung(office, case)
        assert len(set(known)) == len(known) and set(expected[case]) <= set(known)


def after_the_lease(office: Office) -> None:
    let_pass(office, timedelta(seconds=office.engine.timers.lease_seconds + 1))


def test_what_one_worker_is_claiming_the_next_one_passes_over_without_waiting(office: Office) -> None:
    """On SQLite there is one writer: the next one waits for it, and then finds its rows leased."""
    to_activity(office, AT_FIRST)
    let_pass(office, timedelta(days=60))
    theirs = list[DueRow]()
    with office.engine.database.transaction() as connection:
        mine = cases.claim_due(connection, "satu", span(office.clock.now(), 60), 2)
        theirs += [] if office.engine.database.lite else at_once(lambda: held(office))[0]
    theirs = theirs or held(office)
    names = [[(one.case, one.task, one.kind) for one in rows] for rows in (mine, theirs)]
    assert len(mine) == 2 and theirs and not set(names[0]) & set(names[1])


def test_rows_are_claimed_in_the_order_of_due_case_and_task(office: Office) -> None:
    for _ in range(3):
        to_activity(office, AT_FIRST)
    let_pass(office, timedelta(days=60))
    claimed = held(office)
    order = [(one.at, one.case, one.task, one.kind) for one in claimed]
    assert len({one.case for one in claimed}) == 3 and order == sorted(order)


def test_a_later_alarm_waits_for_an_earlier_one_that_a_dead_worker_holds(office: Office) -> None:
    case = to_activity(office, AT_FIRST)
    expected = [(one.task, one.kind) for one in thresholds(office, case)]
    let_pass(office, timedelta(days=60))
    assert [(one.task, one.kind) for one in held(office, 1)] == expected[:1]
    office.engine.timers.fire_due()
    assert rung(office, case) == [], "the first one's worker may still be alive"
    after_the_lease(office)
    office.engine.timers.fire_due()
    assert rung(office, case)[:len(expected)] == expected


def test_an_alarm_that_moved_after_it_was_claimed_rings_at_its_new_moment_and_only_then(office: Office) -> None:
    case = to_activity(office, AT_FIRST)
    first, later = thresholds(office, case)[0], stamp(office.clock.now() + timedelta(days=90))
    let_pass(office, parse_stamp(first.at) - office.clock.now())
    (claimed,) = held(office)
    with office.engine.database.transaction() as connection:
        _move(connection, first, later)
    office.engine.timers.fire(claimed)
    assert rung(office, case) == []
    office.clock.move_to(parse_stamp(later))
    office.settle()
    assert rung(office, case).count((first.task, first.kind)) == 1


def _move(connection: Connection, row: DueRow, at: str) -> None:
    connection.exec_driver_sql(f"UPDATE due SET at = '{at}', owner = NULL, lease_until = NULL WHERE \"case\" = '{row.case}' "
                               f"AND task = {row.task} AND kind = '{row.kind}'")


def test_a_row_that_cannot_be_acted_upon_holds_up_no_other_case(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, other = to_activity(office, AT_FIRST), to_activity(office, AT_FIRST)
    let_pass(office, timedelta(days=60))
    alarms, calls = office.engine.timers.alarms, list[str]()

    class Broken:
        def ring(self, due: DueRow) -> None:
            calls.append(due.case)
            if due.case == broken:
                raise OSError("disk")
            alarms.ring(due)
    replace(office.engine.timers, alarms=Broken()).fire_due()
    assert rung(office, other) and not rung(office, broken)
    assert calls.count(broken) == 1, "its later rows wait for the first"
    after_the_lease(office)
    office.engine.timers.fire_due()
    assert rung(office, broken)


def test_a_worker_that_dies_between_claim_and_deed_leaves_its_rows_for_no_longer_than_its_lease(
        office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case = to_activity(office, AT_FIRST)
    let_pass(office, timedelta(days=60))

    def dies(_point: str) -> None:
        raise KeyboardInterrupt
    with monkeypatch.context() as patched:
        patched.setattr(timers, "mark", dies)
        with pytest.raises(KeyboardInterrupt):
            office.engine.timers.fire_due()
    let_pass(office, timedelta(seconds=office.engine.timers.lease_seconds - 1))
    assert office.engine.timers.fire_due() == 0
    let_pass(office, timedelta(seconds=1))
    assert office.engine.timers.fire_due() > 0 and rung(office, case)


# --- clocks that jump


def test_a_clock_that_jumps_to_and_fro_rings_each_alarm_once_and_in_order(office: Office) -> None:
    case = to_activity(office, AT_FIRST)
    expected = [(one.task, one.kind) for one in thresholds(office, case)]
    for jump in (timedelta(hours=5), timedelta(days=3), timedelta(days=20), timedelta(days=60)):
        let_pass(office, jump)
        office.engine.timers.fire_due()
        step_back(office, jump / 2)
        office.engine.timers.fire_due()
    after_the_lease(office)
    let_pass(office, timedelta(days=60))
    office.engine.timers.fire_due()
    known = rung(office, case)
    assert [one for one in known if one in expected] == expected and len(set(known)) == len(known)


def test_a_day_has_one_digest_however_many_workers_look_and_wherever_their_clocks_stand(office: Office) -> None:
    choose(office, "front_office", "harian")
    to_activity(office, AT_FIRST)
    let_pass(office, timedelta(days=1))
    at_once(*[office.engine.daily.digest_when_due] * 3)
    assert len(sent(office, DIGEST)) == 1
    let_pass(office, timedelta(days=1))
    office.engine.daily.digest_when_due()
    step_back(office, timedelta(days=1))
    office.engine.daily.digest_when_due()
    let_pass(office, timedelta(days=1))
    office.engine.daily.digest_when_due()
    assert len({one.key for one in sent(office, DIGEST)}) == len(sent(office, DIGEST)) == 2


def new_tasks(office: Office) -> list[messages.MessageRow]:
    account = office.actor("front_office").account
    return [one for one in sent(office, NEW_TASKS) if one.recipient == account]


def told_of_the_first(office: Office) -> int:
    """A task was told; how many messages there are then."""
    to_activity(office, AT_FIRST)
    let_pass(office, timedelta(seconds=5))
    office.engine.daily.tell_new_tasks()
    return len(new_tasks(office))


@pytest.mark.parametrize(("ahead", "opens", "looks"), [
    (timedelta(days=1), timedelta(minutes=10), timedelta(seconds=5)),
    (timedelta(), timedelta(seconds=-85), timedelta(seconds=90))], ids=["the worker was a day ahead", "the web is behind"])
def test_a_new_task_is_told_once_however_clocks_stand(office: Office, ahead: timedelta, opens: timedelta,
                                                      looks: timedelta) -> None:
    right = office.clock.now()
    let_pass(office, ahead)
    before = told_of_the_first(office)
    office.clock._at = right + opens
    to_activity(office, AT_FIRST)
    let_pass(office, looks)
    for later in (timedelta(), timedelta(), timedelta(days=2)):
        let_pass(office, later)
        office.engine.daily.tell_new_tasks()
        assert len(new_tasks(office)) == before + 1


def test_workers_that_look_at_once_tell_a_new_task_once(office: Office) -> None:
    to_activity(office, AT_FIRST)
    let_pass(office, timedelta(seconds=5))
    before = len(new_tasks(office))
    at_once(*[office.engine.daily.tell_new_tasks] * 3)
    assert len(new_tasks(office)) == before + 1
