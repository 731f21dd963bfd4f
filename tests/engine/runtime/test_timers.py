"""Timers: fired once when they fall due, in order, never for a task that is gone; the bell rings one round at a time."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

from engine.clock import parse_stamp
from engine.runtime.timers import Bell
from engine.store import journal
from tests.builders import Office

SILENT = "07-pemohon-diam"


def fired(office: Office, case: str) -> list[str]:
    with office.engine.database.reading() as connection:
        return [one.event.at for one in journal.read(connection, case) if one.event.kind == "timer_fired"]


def waiting_for_the_applicant(office: Office) -> str:
    """A case that was returned: reminders and an end by silence are drawn."""
    steps = office.scenario(SILENT).steps
    returned = next(step.number for step in steps if step.then and any("@pemohon" in one for one in step.then.waiting)
                    and step.number > 2)
    return office.play(SILENT, returned)


def test_nothing_fires_before_its_time_and_everything_after_it_once(office: Office) -> None:
    case, timers = waiting_for_the_applicant(office), office.engine.timers
    due = timers.next_at()
    assert due is not None
    office.clock.move_to(parse_stamp(due) - timedelta(microseconds=1))
    assert timers.fire_due() == 0
    office.clock.move_to(parse_stamp(due))
    assert (timers.fire_due(), timers.fire_due()) == (1, 0)
    assert fired(office, case) == [due]


def test_a_long_silence_fires_every_timer_and_ends_the_case(office: Office) -> None:
    case = waiting_for_the_applicant(office)
    for _ in range(5):
        due = office.engine.timers.next_at()
        if due is None:
            break
        office.clock.move_to(parse_stamp(due))
        office.settle()
    row = office.row(case)
    assert row.end is not None and office.edition.process.ends[row.end].outcome == "ditutup"
    assert len(fired(office, case)) == 3 and office.engine.timers.next_at() is None


def test_a_timer_of_a_task_that_was_answered_never_fires(office: Office) -> None:
    case = waiting_for_the_applicant(office)
    applicant = office.doer(case, office.tasks(case)[0])
    office.engine.cases.withdraw(case, "Tidak jadi", applicant)
    office.settle()
    office.clock.move_to(office.clock.now() + timedelta(days=90))
    assert office.settle() == 0 and fired(office, case) == []


def test_the_bell_rings_until_it_is_stopped_and_finishes_its_round() -> None:
    rounds: list[str] = []
    begun = threading.Event()

    def work() -> int:
        begun.set()
        time.sleep(0.2)
        rounds.append(threading.current_thread().name)
        return 0
    bell = Bell(work, 0.01)
    bell.start()
    assert begun.wait(10)
    bell.stop()
    count = len(rounds)
    assert count >= 1
    time.sleep(0.3)
    assert len(rounds) == count, "no round begins after the stop"


def test_two_rounds_never_run_at_once_and_a_fault_does_not_end_the_bell() -> None:
    at_once, most, calls = 0, 0, 0

    def work() -> int:
        nonlocal at_once, most, calls
        at_once, calls = at_once + 1, calls + 1
        most = max(most, at_once)
        time.sleep(0.05)
        at_once -= 1
        if calls == 1:
            raise RuntimeError("the first round fails")
        return 1 if calls < 4 else 0
    bell = Bell(work, 0.01)
    bell.start()
    last = time.monotonic() + 20
    while calls < 5 and time.monotonic() < last:
        time.sleep(0.02)
    bell.stop()
    assert calls >= 5 and most == 1
