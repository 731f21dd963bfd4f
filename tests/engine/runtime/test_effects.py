"""Effects: once as far as the case is concerned, tried again, then an incident; a late result is undone; no secret waits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event

from engine.errors import HandlerFailed, NotAllowed, NotFound
from engine.handling import INTERRUPTED, Handler, Outcome, TaskContext
from engine.rules.people import Actor
from engine.rules.scenario import Scenario
from engine.runtime.effects import BACK_OFF, Effects
from engine.store import journal, messages, papers, receipts, register
from engine.store.leases import span
from tests.builders import PASSPHRASE, Office, apply_for_sign

CHECK = "periksa_reklame"
NUMBER, RENDER, SEND = "reserve_number", "render_document", "send_notice"
Work = Callable[[TaskContext], Outcome]


def with_handler(office: Office, operation: str, work: Work, **options: object) -> None:
    """The office with another handler for an operation."""
    known = office.engine.effects.handlers
    made = {**known, operation: replace(known[operation], work=work, **options)}
    office.engine = replace(office.engine, effects=replace(office.engine.effects, handlers=made))


def calls_of(handler: Handler, calls: list[str]) -> Work:
    """The handler itself, with every key it was called with."""
    def work(context: TaskContext) -> Outcome:
        calls.append(context.key)
        return handler.work(context)
    return work


def approved(office: Office) -> str:
    """A case whose desk agreed and whose automatic steps wait for the worker."""
    case = apply_for_sign(office)
    office.engine.tasks.complete(case, office.task(case, CHECK).task, {"baik": True}, office.actor("petugas_loket"))
    return case


@contextmanager
def statements_of(office: Office) -> Iterator[list[str]]:
    """Every statement that is sent to the database meanwhile."""
    asked, server = list[str](), office.engine.database.server

    def told(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(" ".join(statement.split()))
    event.listen(server, "before_cursor_execute", told)
    try:
        yield asked
    finally:
        event.remove(server, "before_cursor_execute", told)


def effect(office: Office, case: str, operation: str) -> receipts.EffectRow:
    return [one for one in office.effects(case) if one.operation == operation][-1]


def events(office: Office, case: str) -> list[journal.Recorded]:
    with office.engine.database.reading() as connection:
        return journal.read(connection, case)


def pass_time(office: Office, seconds: int) -> None:
    office.clock.move_to(office.clock.now() + timedelta(seconds=seconds))


def test_a_chain_runs_to_its_end_and_each_handler_once(second_office: Office) -> None:
    calls: list[str] = []
    for operation in (NUMBER, RENDER, "publish_document", SEND, "archive_case"):
        with_handler(second_office, operation, calls_of(second_office.engine.handlers[operation], calls))
    case = approved(second_office)
    second_office.settle()
    assert second_office.row(case).end == "reklame_terbit"
    assert len(calls) == len(set(calls)) == 6
    assert {one.status for one in second_office.effects(case)} == {"done"}


def test_nothing_runs_inside_the_transaction_that_orders_it(second_office: Office) -> None:
    case = approved(second_office)
    assert effect(second_office, case, NUMBER).status == "ordered"
    with second_office.engine.database.reading() as connection:
        assert [one.register for one in register.of_case(connection, case)] == ["daftar_reklame"]


def test_who_holds_the_lease_keeps_others_away_until_it_ends(second_office: Office) -> None:
    effects, case = second_office.engine.effects, approved(second_office)
    with second_office.engine.database.transaction() as connection:
        wanted = receipts.of_case(connection, case, status="ordered")[0]
        assert receipts.claim(connection, wanted, "orang lain", span(second_office.clock.now(), 60))
    assert effects.work_once() == 0
    pass_time(second_office, 61)
    assert effects.work_once() > 0
    second_office.settle()
    assert second_office.row(case).ended_at is not None


def failing(times: int, handler: Handler) -> Work:
    left = iter(range(times))

    def work(context: TaskContext) -> Outcome:
        if next(left, None) is not None:
            raise RuntimeError("printer on fire: Ratna Rekaan")
        return handler.work(context)
    return work


def test_a_fault_is_tried_again_with_longer_waits_until_it_works(second_office: Office) -> None:
    with_handler(second_office, RENDER, failing(2, second_office.engine.handlers[RENDER]))
    case = approved(second_office)
    for wait in BACK_OFF[:2]:
        second_office.settle()
        assert (effect(second_office, case, RENDER).status, effect(second_office, case, RENDER).cause) == (
            "ordered", "RuntimeError")
        pass_time(second_office, wait - 1)
        assert second_office.engine.effects.work_once() == 0, "too early"
        pass_time(second_office, 1)
    second_office.settle()
    assert second_office.row(case).end == "reklame_terbit"


def brought_to_incident(office: Office) -> str:
    with_handler(office, RENDER, failing(len(BACK_OFF) + 1, office.engine.handlers[RENDER]))
    case = approved(office)
    for wait in (*BACK_OFF, 0):
        office.settle()
        pass_time(office, wait)
    return case


def test_after_the_last_try_an_administrator_sees_the_incident_with_its_cause(second_office: Office) -> None:
    case = brought_to_incident(second_office)
    incidents = second_office.engine.effects.incidents()
    assert [(one.case, one.operation, one.cause) for one in incidents] == [(case, RENDER, "RuntimeError")]
    assert events(second_office, case)[-1].event.kind == "incident_raised"
    assert second_office.settle() == 0, "nobody tries an incident again by himself"


def test_only_an_administrator_sets_an_incident_going_and_the_case_goes_on(second_office: Office) -> None:
    case = brought_to_incident(second_office)
    task = second_office.engine.effects.incidents()[0].task
    with pytest.raises(NotAllowed):
        second_office.engine.effects.retry(case, task, second_office.actor("camat"))
    second_office.engine.effects.retry(case, task, second_office.actor("administrator"))
    second_office.settle()
    assert second_office.row(case).end == "reklame_terbit"
    with pytest.raises(NotFound):
        second_office.engine.effects.retry(case, task, second_office.actor("administrator"))


def test_a_fault_in_the_log_names_no_person(second_office: Office, caplog: pytest.LogCaptureFixture) -> None:
    with_handler(second_office, RENDER, failing(1, second_office.engine.handlers[RENDER]))
    with caplog.at_level(logging.ERROR):
        approved(second_office)
        second_office.settle()
    assert caplog.records and all("Ratna" not in record.getMessage() for record in caplog.records)


def test_a_failure_without_a_boundary_is_an_incident_at_once(second_office: Office) -> None:
    def refuse(context: TaskContext) -> Outcome:
        raise HandlerFailed("kertas_habis", "Kertas habis.")
    with_handler(second_office, RENDER, refuse)
    case = approved(second_office)
    second_office.settle()
    assert effect(second_office, case, RENDER).status == "incident"
    assert "kertas_habis" in str(effect(second_office, case, RENDER).cause)


def test_an_operation_without_a_handler_is_an_incident(second_office: Office) -> None:
    known = {key: one for key, one in second_office.engine.handlers.items() if key != RENDER}
    second_office.engine = replace(second_office.engine, effects=replace(second_office.engine.effects, handlers=known))
    case = approved(second_office)
    second_office.settle()
    assert "tanpa_handler" in str(effect(second_office, case, RENDER).cause)


def test_a_death_after_the_handler_leaves_one_number_and_one_document(second_office: Office) -> None:
    """The handler acted, its receipt was never written: whoever comes next finds what was done, by the key."""
    for operation in (NUMBER, RENDER, "publish_document", SEND, "archive_case"):
        handler = second_office.engine.handlers[operation]
        with_handler(second_office, operation, partial(twice, handler))
    case = approved(second_office)
    second_office.settle()
    with second_office.engine.database.reading() as connection:
        numbers = [one.register for one in register.of_case(connection, case)]
        documents = [one.kind for one in papers.of_case(connection, case)]
        sent = [one.notice for one in messages.of_case(connection, case)]
    assert sorted(numbers) == ["daftar_reklame", "reklame"]
    assert (documents, sent) == (["surat_reklame"], ["reklame_terbit"])


def twice(handler: Handler, context: TaskContext) -> Outcome:
    first = handler.work(context)
    again = handler.work(context)
    assert first == again
    return again


def test_a_second_receipt_for_the_same_effect_changes_nothing(second_office: Office) -> None:
    case, effects = approved(second_office), second_office.engine.effects
    wanted = effect(second_office, case, NUMBER)
    second_office.settle()
    before = second_office.row(case)
    effects._finished(wanted, Outcome(values={"nomor": "lain"}), effects.lease())
    assert second_office.row(case) == before


# --- the applicant withdraws while something automatic is under way


def withdrawing(office: Office, handler: Handler, *, dies: bool) -> Work:
    """A handler during whose work the applicant withdraws; `dies` = its process does not live to tell the result."""
    def work(context: TaskContext) -> Outcome:
        outcome = handler.work(context)
        if context.options["register"] == "berita_acara":
            applicant = Actor(office.row(context.case).applicant, None, "pemohon")
            office.engine.cases.withdraw(context.case, "Tidak jadi", applicant)
            office.settle()
            if dies:
                raise KeyboardInterrupt
        return outcome
    return work


def visited_first(office: Office) -> Scenario:
    """The visit is reported while the meeting is still to come: a number is asked for while a task waits."""
    known = office.scenario("01-rapat-dan-peninjauan")
    visit = next(step for step in known.steps if step.name == "hasil_peninjauan")
    return replace(known, steps=(*known.steps[:5], visit))


def voided(office: Office, case: str) -> list[str]:
    """The registers whose number of this case was voided; the rows stay."""
    with office.engine.database.reading() as connection:
        return [one.register for one in register.of_case(connection, case) if one.voided_at is not None]


def test_a_result_after_the_end_is_journaled_late_and_undone(office: Office) -> None:
    """A number was asked for; before its receipt came, the applicant took the application back."""
    with_handler(office, NUMBER, withdrawing(office, office.engine.handlers[NUMBER], dies=False))
    case = office.play(visited_first(office))
    office.settle()
    assert office.row(case).ended_at is not None
    assert [one.event.kind for one in events(office, case)].count("late_result") == 1
    assert voided(office, case) == ["berita_acara"]


def test_what_was_under_way_when_the_case_ended_is_undone_by_its_key(office: Office) -> None:
    """As before, but the process died right after: nobody is left to bring the result, so the worker undoes it."""
    with_handler(office, NUMBER, withdrawing(office, office.engine.handlers[NUMBER], dies=True))
    with pytest.raises(KeyboardInterrupt):
        office.play(visited_first(office))
    case = office.cases()[-1]
    assert [one.status for one in office.effects(case)].count("dropped") == 1
    pass_time(office, 61)
    office.settle()
    assert [one.status for one in office.effects(case)].count("late") == 1
    assert voided(office, case) == ["berita_acara"]


def office_values(office: Office, case: str) -> dict[str, object]:
    """What the scenario types where the signer decides."""
    known = office.scenario("02-rapat-saja").steps[8]
    return dict(known.values)


# --- secrets


def at_the_signer(office: Office) -> str:
    return office.play("02-rapat-saja", 8)


def test_the_worker_never_signs_and_the_signer_is_asked_again(office: Office) -> None:
    case = at_the_signer(office)
    task, lease = office.tasks(case)[0], office.engine.effects.lease()
    office.engine.tasks.complete(case, task.task, office_values(office, case), office.actor(task.post), lease=lease)
    assert office.engine.effects.work_once() == 0, "the request holds the lease"
    pass_time(office, lease.seconds + 1)
    office.settle()
    reopened = office.tasks(case)[0]
    assert (reopened.activity, reopened.task != task.task) == (task.activity, True)
    failed = [one for one in events(office, case) if one.event.kind == "effect_failed"]
    assert [one.body["code"] for one in failed] == [INTERRUPTED]
    with office.engine.database.reading() as connection:
        assert all(one.signed is None for one in papers.of_case(connection, case))


def test_after_an_interruption_number_and_document_are_used_again(office: Office) -> None:
    case = at_the_signer(office)
    task, lease = office.tasks(case)[0], office.engine.effects.lease()
    office.engine.tasks.complete(case, task.task, office_values(office, case), office.actor(task.post), lease=lease)
    pass_time(office, lease.seconds + 1)
    office.settle()
    office.complete(case, task.activity, office_values(office, case), secret=PASSPHRASE)
    assert office.row(case).end is not None
    with office.engine.database.reading() as connection:
        numbers = register.of_case(connection, case)
        signed = [one for one in papers.of_case(connection, case) if one.signed]
    assert len(signed) == 1
    assert len({one.register for one in numbers}) == len(numbers), "one number for each register"


def test_a_wrong_passphrase_leads_back_and_is_written_nowhere(office: Office) -> None:
    case, wrong = at_the_signer(office), "salah besar sekali"
    activity = office.waiting(case)[0]
    office.complete(case, activity, office_values(office, case), secret=wrong)
    assert office.waiting(case) == [activity]
    office.complete(case, activity, office_values(office, case), secret=PASSPHRASE)
    office.engine.close()
    written = [path for path in office.engine.settings.data.rglob("*") if path.is_file()]
    for secret in (wrong, PASSPHRASE):
        assert [path.name for path in written if secret.encode() in path.read_bytes()] == []


def test_the_secret_is_not_shown_when_a_context_is_printed(second_office: Office) -> None:
    case = approved(second_office)
    context = second_office.engine.effects.contexts(effect(second_office, case, NUMBER), "rahasia sekali")
    assert "rahasia sekali" not in repr(context)


def test_the_leases_of_two_requests_differ(second_office: Office) -> None:
    effects: Effects = second_office.engine.effects
    assert effects.lease().owner != effects.lease().owner


def test_a_request_that_goes_on_with_its_case_reads_neither_clocks_nor_effect_again(second_office: Office) -> None:
    for operation in (RENDER, "publish_document"):
        with_handler(second_office, operation, lambda context: Outcome(values={"document": "x", "kind": "y"}))
    effects, case = second_office.engine.effects, apply_for_sign(second_office)
    lease = effects.lease()
    second_office.engine.tasks.complete(case, second_office.task(case, CHECK).task, {"baik": True},
                                        second_office.actor("petugas_loket"), lease=lease)
    before = len(second_office.effects(case)) - 1
    with statements_of(second_office) as asked:
        effects.run_case(case, lease)
    moves = [number for number, one in enumerate(asked) if one.startswith("UPDATE cases")]
    assert len(moves) == len(second_office.effects(case)) - before > 3
    assert not [one for one in asked[moves[0]:] if one.startswith(("SELECT due.", "SELECT effect.\"case\""))]


def test_a_deed_of_somebody_else_in_between_is_noticed(second_office: Office) -> None:
    """The note that comes in while a letter is made stays in the journal, and the receipt comes after it."""
    office, desk = second_office, second_office.actor("petugas_loket")
    case = apply_for_sign(office)
    lease, render = office.engine.effects.lease(), office.engine.handlers[RENDER]

    def interrupted(context: TaskContext) -> Outcome:
        office.engine.cases.note(case, "Pemohon menelepon", desk)
        return render.work(context)
    with_handler(office, RENDER, interrupted)
    office.engine.tasks.complete(case, office.task(case, CHECK).task, {"baik": True}, desk, lease=lease)
    office.engine.effects.run_case(case, lease)
    kinds = [one.event.kind for one in events(office, case)]
    assert kinds.count("note") == 1 and kinds.count("effect_done") == len(office.effects(case))
    assert {one.status for one in office.effects(case)} == {"done"}
    assert all(one.good for one in office.engine.replays.all()) and list(office.engine.verification.flaws()) == []
