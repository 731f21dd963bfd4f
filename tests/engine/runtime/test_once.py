"""What each handler promises, on both databases: two at once in it leave what one leaves, and what comes too late is undone.

Every handler of the folder is asked: a new one fails here until it says when it is called and what is left of a late one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from engine.assembly import load_handlers
from engine.handling import HandlerFailed, TaskContext
from engine.runtime import effects as running
from engine.runtime.action import Lease
from engine.runtime.advance import EffectDone
from engine.runtime.services.order import Overtaken
from engine.store import directory, files, journal, messages, papers, register
from engine.store.receipts import EffectRow
from tests.builders import HOME, PASSPHRASE, Office
from tests.engine.runtime.test_races import PATIENCE, at_once, kinds, must_be_whole, overtaken

Left = Mapping[str, Any]


@dataclass(frozen=True)
class Promise:
    """When a handler is called (the step of a scenario that orders it), and what a late call may leave behind it."""

    scenario: str
    step: int
    late: Callable[[Left, Left], bool]


def nothing(before: Left, after: Left) -> bool:
    return before == after


def a_voided_number(before: Left, after: Left) -> bool:
    new = [one for one in after["numbers"] if one not in before["numbers"]]
    return bool(new) and all(reason for *_, reason in new) and _same(before, after, "numbers")


def a_void_that_stays(before: Left, after: Left) -> bool:
    return _same(before, after, "numbers") and len(before["numbers"]) == len(after["numbers"])


def a_closed_account(before: Left, after: Left) -> bool:
    new = after["accounts"] - before["accounts"]
    return len(new) == 1 and not any(active for _, active in new) and _same(before, after, "accounts")


def a_revoked_licence(before: Left, after: Left) -> bool:
    return after["standings"] == {"dicabut"} and before["standings"] == set() and _same(before, after, "standings")


def _same(before: Left, after: Left, but: str) -> bool:
    return all(before[name] == after[name] for name in before if name != but)


PROMISES = {
    "create_account": Promise("01-rapat-dan-peninjauan", 1, a_closed_account),
    "reserve_number": Promise("02-rapat-saja", 8, a_voided_number),
    "void_number": Promise("12-kepala-mengembalikan", 8, a_void_that_stays),
    "render_document": Promise("02-rapat-saja", 2, nothing),
    "sign_document": Promise("02-rapat-saja", 8, nothing),
    "verify_document": Promise("02-rapat-saja", 8, nothing),
    "publish_document": Promise("02-rapat-saja", 8, a_revoked_licence),
    "send_notice": Promise("02-rapat-saja", 2, nothing),
    "archive_case": Promise("02-rapat-saja", 8, nothing)}

each_handler = pytest.mark.parametrize("operation", sorted(load_handlers(HOME / "handlers")))


def left_by(office: Office, case: str) -> Left:
    """Everything that handlers leave behind."""
    with office.engine.database.reading() as connection:
        documents = papers.of_case(connection, case)
        return {
            "numbers": [(one.register, one.key, one.text, one.reason) for one in register.of_case(connection, case)],
            "documents": [(one.kind, one.key) for one in documents],
            "signed": [(one.kind, one.signed) for one in documents if one.signed],
            "standings": {one.standing for one in documents if one.standing},
            "messages": [one.key for one in messages.of_case(connection, case)],
            "accounts": {(one.id, one.active) for one in directory.accounts(connection)},
            "files": {one.sha256 for one in files.of_holder(connection, case) if one.original is None}}


def until(office: Office, operation: str) -> tuple[EffectRow, Lease]:
    """A case up to the moment in which a handler is to be called, under the lease of the request that ordered it."""
    promise, effects = PROMISES[operation], office.engine.effects
    case, lease = office.play(promise.scenario, promise.step), effects.lease()
    task, step = office.tasks(case)[0], office.scenario(promise.scenario).steps[promise.step]
    office.engine.tasks.complete(case, task.task, step.values, office.doer(case, task), lease=lease)
    while True:
        wanted = next(one for one in office.effects(case) if one.status == "ordered")
        if wanted.operation == operation:
            return wanted, lease
        effects._run(wanted, lease, PASSPHRASE)


def after_the_lease(office: Office) -> None:
    office.clock.move_to(office.clock.now() + timedelta(seconds=office.engine.effects.lease_seconds + 1))


@each_handler
def test_two_at_once_in_a_handler_leave_what_one_leaves(large_office: Office, operation: str) -> None:
    office, second = large_office, threading.Event()
    effect, lease = until(office, operation)
    before = left_by(office, effect.case)
    effects, calls = overtaken(office, operation, second.set)

    def late_comer() -> None:
        assert second.wait(PATIENCE)
        after_the_lease(office)
        effects.run_case(effect.case, effects.lease(), secret=PASSPHRASE)
    at_once(lambda: effects.run_case(effect.case, lease, secret=PASSPHRASE), late_comer)
    assert calls[0] == calls[1] == effect.key, "both were in the handler of one effect"
    office.clock.move_to(office.clock.now() + timedelta(hours=1))
    office.settle()
    must_be_once(office, effect, before)


def must_be_once(office: Office, effect: EffectRow, before: Left) -> None:
    after = left_by(office, effect.case)
    assert {one.status for one in office.effects(effect.case)} == {"done"}
    assert kinds(office, effect.case).count("effect_done") == len(office.effects(effect.case))
    taken = [(name, key) for name, key, *_ in after["numbers"]]
    live = [name for name, _, _, reason in after["numbers"] if reason is None]
    keys = [key for _, key in after["documents"]]
    for unique in (taken, live, keys, after["messages"], [kind for kind, _ in after["signed"]]):
        assert len(set(unique)) == len(unique), unique
    assert len(after["accounts"]) - len(before["accounts"]) == (effect.operation == "create_account")
    must_be_whole(office)


class Died(BaseException):
    """The process ended here."""


@dataclass
class Tokens:
    """Whether the token of an effect is still there when its handler comes back."""

    gone: bool = False


@pytest.fixture
def tokens(monkeypatch: pytest.MonkeyPatch) -> Tokens:
    """Once they are gone, the case has moved on without whatever a handler brings."""
    known, switch = running.apply, Tokens()

    def apply(diagram: Any, state: bytes, event: Any, seq: int) -> Any:
        step = known(diagram, state, event, seq)
        return replace(step, applied=False) if switch.gone and isinstance(event, EffectDone) else step
    monkeypatch.setattr(running, "apply", apply)
    return switch


@each_handler
def test_a_late_result_is_undone_and_journaled_even_if_who_undid_it_died(
        large_office: Office, operation: str, tokens: Tokens, monkeypatch: pytest.MonkeyPatch) -> None:
    office, deaths = large_office, ["undone"]
    effect, lease = until(office, operation)
    before, tokens.gone = left_by(office, effect.case), True

    def mark(point: str) -> None:
        if point in deaths:
            deaths.remove(point)
            raise Died
    monkeypatch.setattr(running, "mark", mark)
    try:
        office.engine.effects._run(effect, lease, PASSPHRASE)
    except Died:
        assert kinds(office, effect.case).count("late_result") == 0
        after_the_lease(office)
        office.engine.effects.run_case(effect.case, office.engine.effects.lease(), secret=PASSPHRASE)
    assert bool(deaths) == (office.engine.handlers[operation].compensate is None), "who has something to undo died at it"
    must_be_undone(office, effect, before)


def must_be_undone(office: Office, effect: EffectRow, before: Left) -> None:
    assert PROMISES[effect.operation].late(before, left_by(office, effect.case)), (before, left_by(office, effect.case))
    assert kinds(office, effect.case).count("late_result") == 1
    assert next(one.status for one in office.effects(effect.case) if one.task == effect.task) == "late"
    asked_again(office, effect)
    assert list(office.engine.verification.flaws()) == []


def asked_again(office: Office, effect: EffectRow) -> None:
    """Who slept through all that and goes on now leaves nothing behind."""
    before = left_by(office, effect.case)
    try:
        office.engine.handlers[effect.operation].work(office.engine.effects.contexts(effect, PASSPHRASE))
    except (Overtaken, HandlerFailed):
        assert left_by(office, effect.case) == before
    assert left_by(office, effect.case) == before


@each_handler
def test_what_a_dead_worker_did_for_a_case_that_is_over_is_undone_by_the_next_one(
        large_office: Office, operation: str) -> None:
    """The handler acted, then its process died and the case came to its end without it."""
    office = large_office
    effect, _ = until(office, operation)
    before = left_by(office, effect.case)
    office.engine.handlers[operation].work(office.engine.effects.contexts(effect, PASSPHRASE))
    with office.engine.database.transaction() as connection:
        connection.exec_driver_sql(f"UPDATE effect SET status = 'dropped' WHERE status = 'ordered'"
                                   f" AND \"case\" = '{effect.case}'")
    assert office.engine.effects.work_once() == 0, "it may still be at work while its lease lasts"
    after_the_lease(office)
    office.engine.effects.work_once()
    must_be_undone(office, effect, before)
    with office.engine.database.reading() as connection:
        late = journal.read_kinds(connection, effect.case, ("late_result",))
    assert [one.body["task"] for one in late] == [effect.task]


def test_an_undoing_that_fails_holds_up_nobody_and_is_tried_again(large_office: Office) -> None:
    office = large_office
    effect, _ = until(office, "reserve_number")
    effects, known = office.engine.effects, office.engine.handlers["reserve_number"]
    known.work(effects.contexts(effect, None))
    with office.engine.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE effect SET status = 'dropped' WHERE status = 'ordered'")

    def fails(_context: TaskContext, _values: Mapping[str, Any]) -> None:
        raise OSError("disk")
    broken = replace(effects, handlers={**effects.handlers, "reserve_number": replace(known, compensate=fails)})
    after_the_lease(office)
    assert broken.work_once() == 1 and broken.work_once() == 0, "tried once, then left alone for a lease"
    after_the_lease(office)
    assert effects.work_once() == 1
    assert kinds(office, effect.case).count("late_result") == 1
