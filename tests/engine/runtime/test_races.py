"""Races: two people, two workers, two devices at the same moment, on both databases. One is first, the other is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine.errors import Conflict, NotAllowed, Refusal, StaleDraft
from engine.handling import TaskContext
from engine.rules.people import Actor
from engine.runtime import transitions
from engine.runtime.cases import CannotWithdraw
from engine.runtime.effects import Effects
from engine.runtime.tasks import Withdrawn
from engine.store import directory, files, journal, messages, papers, register
from engine.store.database import Connection
from tests.builders import Office, apply_for_sign, colleague

CHECK, DESK = "periksa_reklame", "petugas_loket"
PATIENCE = 20.0
GOOD, BAD = {"baik": True}, {"baik": False, "catatan": "Kurang jelas"}


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    """Runs deeds at the same time: each has decided before the first one may write. What each gave or refused."""
    def run(*deeds: Callable[[], Any]) -> list[Any]:
        meeting, met = threading.Barrier(len(deeds), timeout=PATIENCE), threading.local()

        def wait_once(point: str) -> None:
            if point == "before_commit" and not getattr(met, "once", False):
                met.once = True
                meeting.wait()
        with monkeypatch.context() as patched:
            patched.setattr(transitions, "mark", wait_once)
            return at_once(*deeds)
    return run


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """The outcome of each deed: what it returned, or its refusal."""
    outcomes: list[Any] = [None] * len(deeds)

    def does(number: int) -> None:
        try:
            outcomes[number] = deeds[number]()
        except (Refusal, threading.BrokenBarrierError) as refusal:
            outcomes[number] = refusal
    threads = [threading.Thread(target=does, args=(number,)) for number in range(len(deeds))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(PATIENCE)
    assert not any(one.is_alive() for one in threads)
    return outcomes


def kinds(office: Office, case: str) -> list[str]:
    with office.engine.database.reading() as connection:
        return [one.event.kind for one in journal.read(connection, case)]


def must_be_whole(office: Office) -> None:
    """Nothing between: every case replays and everything verifies."""
    assert all(one.good for one in office.engine.replays.all())
    assert list(office.engine.verification.flaws()) == []


# --- two people, one task


def test_one_of_two_completes_and_the_other_is_told_who_was_first(second_office: Office, together) -> None:
    case, rival = apply_for_sign(second_office), colleague(second_office, DESK)
    tasks, task = second_office.engine.tasks, second_office.task(case, CHECK).task
    people = [(second_office.actor(DESK), GOOD), (rival, BAD)]
    for by, values in people:
        tasks.save_draft(case, task, values, by, revision=0)
    outcomes = together(*(lambda by=by, values=values: tasks.complete(case, task, values, by) for by, values in people))
    (loser,) = [number for number, one in enumerate(outcomes) if isinstance(one, Conflict)]
    winner, refusal = people[1 - loser][0], outcomes[loser]
    assert refusal.who == second_office.engine.administration.account(str(winner.account)).name
    assert refusal.at and refusal.at in refusal.advice
    kept = tasks.draft(case, task, people[loser][0])
    assert kept is not None and kept.values == people[loser][1], "what was typed is kept"
    assert tasks.draft(case, task, winner) is None
    assert kinds(second_office, case).count("completed") == 2, "the application and one decision"
    second_office.settle()
    must_be_whole(second_office)


def test_a_person_who_sends_twice_completes_once(second_office: Office, together) -> None:
    case, by = apply_for_sign(second_office), second_office.actor(DESK)
    task = second_office.task(case, CHECK).task
    outcomes = together(*[lambda: second_office.engine.tasks.complete(case, task, GOOD, by)] * 2)
    assert sorted(isinstance(one, Conflict) for one in outcomes) == [False, True]
    assert kinds(second_office, case).count("completed") == 2


def test_one_of_two_takes_the_task(second_office: Office, together) -> None:
    case, rival = apply_for_sign(second_office), colleague(second_office, DESK)
    tasks, task = second_office.engine.tasks, second_office.task(case, CHECK).task
    people = [second_office.actor(DESK), rival]
    outcomes = together(*(lambda by=by: tasks.claim(case, task, by) for by in people))
    (loser,) = [number for number, one in enumerate(outcomes) if isinstance(one, NotAllowed)]
    holder = str(people[1 - loser].account)
    assert second_office.task(case, CHECK).claimed_by == holder
    assert second_office.engine.administration.account(holder).name in outcomes[loser].advice
    assert kinds(second_office, case).count("claimed") == 1


def test_who_takes_and_who_completes_at_once_agree_in_the_end(second_office: Office, together) -> None:
    case, rival = apply_for_sign(second_office), colleague(second_office, DESK)
    tasks, task = second_office.engine.tasks, second_office.task(case, CHECK).task
    outcomes = together(lambda: tasks.claim(case, task, rival),
                        lambda: tasks.complete(case, task, GOOD, second_office.actor(DESK)))
    refused = [one for one in outcomes if isinstance(one, Refusal)]
    assert len(refused) == 1 and isinstance(refused[0], (Conflict, NotAllowed))
    assert (kinds(second_office, case).count("claimed"), kinds(second_office, case).count("completed")) in ((1, 1), (0, 2))


def test_one_of_two_devices_saves_the_draft(second_office: Office) -> None:
    case, desk = apply_for_sign(second_office), second_office.actor(DESK)
    tasks, task = second_office.engine.tasks, second_office.task(case, CHECK).task
    for revision in range(5):
        outcomes = at_once(*(lambda values=values: tasks.save_draft(case, task, values, desk, revision=revision)
                             for values in (GOOD, BAD)))
        assert sorted(isinstance(one, StaleDraft) for one in outcomes) == [False, True], outcomes
        kept = tasks.draft(case, task, desk)
        assert kept is not None and kept.revision == revision + 1


def test_twelve_notes_at_once_are_twelve_links_of_one_chain(second_office: Office) -> None:
    case, desk = apply_for_sign(second_office), second_office.actor(DESK)
    before = kinds(second_office, case).count("note")
    outcomes = at_once(*(lambda number=number: second_office.engine.cases.note(case, f"Catatan {number}", desk)
                         for number in range(6)))
    assert not [one for one in outcomes if one is not None]
    assert kinds(second_office, case).count("note") == before + 6
    must_be_whole(second_office)


# --- the applicant takes back while somebody works


def test_taking_back_while_somebody_completes_leaves_nothing_between(large_office: Office, together) -> None:
    """First taken back: the case ends, whether or not the other one was in time. First completed: it goes on."""
    case = large_office.play("02-rapat-saja", 2)
    task = large_office.tasks(case)[0]
    step = large_office.scenario("02-rapat-saja").steps[2]
    applicant = Actor(large_office.row(case).applicant, None, "pemohon")
    withdrawn, completed = together(
        lambda: large_office.engine.cases.withdraw(case, "Tidak jadi", applicant),
        lambda: large_office.engine.tasks.complete(case, task.task, step.values, large_office.actor(task.post)))
    refused = [one for one in (withdrawn, completed) if isinstance(one, Refusal)]
    assert len(refused) < 2 and all(isinstance(one, (CannotWithdraw, Conflict, Withdrawn)) for one in refused)
    large_office.settle()
    ended = large_office.row(case).ended_at is not None
    assert ended == (withdrawn not in refused) == (kinds(large_office, case).count("message") == 1)
    assert large_office.tasks(case) == [] or not ended
    must_be_whole(large_office)


# --- two workers, one effect


def approved(office: Office) -> str:
    """A case whose automatic steps wait for a worker."""
    case = apply_for_sign(office)
    office.engine.tasks.complete(case, office.task(case, CHECK).task, GOOD, office.actor(DESK))
    return case


def overtaken(office: Office, operation: str, leases_end: Callable[[], None]) -> tuple[Effects, list[str]]:
    """Effects whose handler of one operation waits until another worker is in it too, the first one's lease being over."""
    known, calls, meeting = office.engine.effects.handlers, list[str](), threading.Barrier(2, timeout=PATIENCE)

    def work(context: TaskContext) -> Any:
        calls.append(context.key)
        if len(calls) == 1:
            leases_end()
        if len(calls) <= 2:
            meeting.wait()
        return known[operation].work(context)
    return replace(office.engine.effects, handlers={**known, operation: replace(known[operation], work=work)}), calls


@pytest.mark.parametrize("operation", ["reserve_number", "render_document", "publish_document", "send_notice"])
def test_two_workers_in_one_handler_leave_one_receipt(second_office: Office, operation: str) -> None:
    case, second = approved(second_office), threading.Event()
    effects, calls = overtaken(second_office, operation, second.set)

    def late_comer() -> None:
        assert second.wait(PATIENCE)
        second_office.clock.move_to(second_office.clock.now() + timedelta(seconds=effects.lease_seconds + 1))
        effects.work_once()
    at_once(effects.work_once, late_comer)
    second_office.clock.move_to(second_office.clock.now() + timedelta(hours=1))
    second_office.settle()
    assert calls[0] == calls[1], "both were in the handler of one effect"
    must_have_happened_once(second_office, case)


def must_have_happened_once(office: Office, case: str) -> None:
    assert office.row(case).ended_at is not None
    assert {one.status for one in office.effects(case)} == {"done"}
    assert kinds(office, case).count("effect_done") == len(office.effects(case))
    with office.engine.database.reading() as connection:
        numbers, letters = register.of_case(connection, case), papers.of_case(connection, case)
        sent = messages.of_case(connection, case)
        kept = [one for one in files.of_holder(connection, case) if one.original is None]
    assert len({one.register for one in numbers}) == len(numbers) and not any(one.voided_at for one in numbers)
    assert len({one.kind for one in letters}) == len(letters) == len(kept)
    assert len({one.key for one in sent}) == len(sent)
    must_be_whole(office)


def test_cases_that_ask_for_numbers_at_once_get_one_each_without_a_gap(second_office: Office) -> None:
    made = [approved(second_office) for _ in range(4)]
    effects = second_office.engine.effects
    at_once(*(lambda case=case: effects.run_case(case, effects.lease()) for case in made))
    second_office.clock.move_to(second_office.clock.now() + timedelta(hours=1))
    second_office.settle()
    with second_office.engine.database.reading() as connection:
        taken = [one for case in made for one in register.of_case(connection, case)]
    for name in {one.register for one in taken}:
        assert sorted(one.sequence for one in taken if one.register == name) == [1, 2, 3, 4]
    assert all(second_office.row(case).ended_at for case in made)
    must_be_whole(second_office)


def test_two_of_one_name_who_apply_at_once_get_an_account_each(large_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    step = large_office.scenario("01-rapat-dan-peninjauan").steps[1]
    made = [large_office.play("01-rapat-dan-peninjauan", 1) for _ in range(2)]
    for task in [large_office.tasks(case)[0] for case in made]:
        large_office.engine.tasks.complete(task.case, task.task, step.values, large_office.actor(task.post))
    find, meeting = directory.account_named, threading.Barrier(2, timeout=.5)

    def and_wait(connection: Connection, name: str) -> Any:
        """Whoever finds a name free waits a moment for another who finds it free as well."""
        found = find(connection, name)
        with suppress(threading.BrokenBarrierError):
            meeting.wait()
        return found
    monkeypatch.setattr(directory, "account_named", and_wait)
    effects = large_office.engine.effects
    at_once(*(lambda case=case: effects.run_case(case, effects.lease()) for case in made))
    assert len({large_office.row(case).applicant for case in made} - {None}) == 2
    assert [one.attempts for case in made for one in large_office.effects(case) if one.operation == "create_account"] == [1, 1]
