"""Tasks: taken and put back, drafted, completed once; who was second keeps what was typed."""

from __future__ import annotations

import pytest

from engine.errors import Conflict, FormRefused, NotAllowed, NotFound, SamePersonTwice, StaleDraft
from engine.rules.people import Actor
from engine.store import journal
from tests.builders import LARGE, Office, apply_for_sign, colleague

DESK, CHIEF = "petugas_loket", "camat"
CHECK, DECIDE, AMEND = "periksa_reklame", "putuskan_reklame", "lengkapi_reklame"


def kinds(office: Office, case: str) -> list[str]:
    with office.engine.database.reading() as connection:
        return [one.event.kind for one in journal.read(connection, case)]


def test_a_task_is_completed_and_the_next_one_waits(second_office: Office) -> None:
    case = apply_for_sign(second_office, LARGE)
    second_office.complete(case, CHECK, {"baik": True})
    assert second_office.waiting(case) == [DECIDE]


def test_a_faulty_form_changes_nothing_and_says_where(second_office: Office) -> None:
    case = apply_for_sign(second_office)
    before = second_office.row(case)
    with pytest.raises(FormRefused) as refusal:
        second_office.complete(case, CHECK, {"baik": False, "catatan": "abc"})
    assert [fault.path for fault in refusal.value.faults] == ["catatan"]
    assert second_office.row(case) == before


@pytest.mark.parametrize("who", ["camat", "auditor", "administrator", "pemohon"])
def test_only_who_holds_the_post_completes(second_office: Office, who: str) -> None:
    case = apply_for_sign(second_office)
    with pytest.raises(NotAllowed):
        second_office.complete(case, CHECK, {"baik": True}, second_office.actor(who))


def test_another_applicant_is_not_the_applicant(second_office: Office) -> None:
    case = apply_for_sign(second_office)
    second_office.complete(case, CHECK, {"baik": False, "catatan": "Kurang jelas"})
    stranger = Actor(second_office.actor(DESK).account, None, "pemohon")
    with pytest.raises(NotAllowed):
        second_office.complete(case, AMEND, {"tulisan": "Warung", "luas": 4}, stranger)


def test_the_second_of_two_is_told_who_was_first(second_office: Office) -> None:
    case, rival = apply_for_sign(second_office), colleague(second_office, DESK)
    task = second_office.task(case, CHECK).task
    second_office.engine.tasks.save_draft(case, task, {"baik": True}, rival, revision=0)
    second_office.complete(case, CHECK, {"baik": False, "catatan": "Kurang jelas"})
    with pytest.raises(Conflict) as refusal:
        second_office.engine.tasks.complete(case, task, {"baik": True}, rival)
    assert refusal.value.who == f"Orang {DESK}" and refusal.value.at
    kept = second_office.engine.tasks.draft(case, task, rival)
    assert kept is not None and kept.values == {"baik": True}


def test_who_completes_loses_the_draft_and_nobody_else_does(second_office: Office) -> None:
    case, desk = apply_for_sign(second_office), second_office.actor(DESK)
    task = second_office.task(case, CHECK).task
    second_office.engine.tasks.save_draft(case, task, {"baik": True}, desk, revision=0)
    second_office.complete(case, CHECK, {"baik": True}, desk)
    assert second_office.engine.tasks.draft(case, task, desk) is None


def test_four_eyes(second_office: Office) -> None:
    both = colleague(second_office, DESK, CHIEF)
    case = apply_for_sign(second_office, LARGE)
    second_office.complete(case, CHECK, {"baik": True}, both)
    with pytest.raises(SamePersonTwice):
        second_office.complete(case, DECIDE, {"setuju": True}, Actor(both.account, CHIEF, "definitif"))
    second_office.complete(case, DECIDE, {"setuju": True})
    assert second_office.row(case).end == "reklame_terbit"


def test_a_claimed_task_belongs_to_one_person_until_released(second_office: Office) -> None:
    case, rival = apply_for_sign(second_office), colleague(second_office, DESK)
    tasks, desk, task = second_office.engine.tasks, second_office.actor(DESK), second_office.task(case, CHECK).task
    tasks.claim(case, task, desk)
    tasks.claim(case, task, desk)
    for attempt in (lambda: tasks.claim(case, task, rival), lambda: tasks.complete(case, task, {"baik": True}, rival),
                    lambda: tasks.release(case, task, rival)):
        with pytest.raises(NotAllowed):
            attempt()
    tasks.release(case, task, desk)
    tasks.claim(case, task, rival)
    assert kinds(second_office, case)[-3:] == ["claimed", "released", "claimed"]
    assert second_office.task(case, CHECK).claimed_by == rival.account


def test_an_administrator_hands_a_task_to_a_holder_of_the_post_only(second_office: Office) -> None:
    case, rival = apply_for_sign(second_office), colleague(second_office, DESK)
    tasks, task = second_office.engine.tasks, second_office.task(case, CHECK).task
    with pytest.raises(NotAllowed):
        tasks.reassign(case, task, str(rival.account), second_office.actor(DESK))
    with pytest.raises(NotAllowed):
        tasks.reassign(case, task, str(second_office.actor(CHIEF).account), second_office.actor("administrator"))
    tasks.reassign(case, task, str(rival.account), second_office.actor("administrator"))
    assert second_office.task(case, CHECK).claimed_by == rival.account


def test_two_devices_in_conflict_are_told(second_office: Office) -> None:
    case, desk = apply_for_sign(second_office), second_office.actor(DESK)
    tasks, task = second_office.engine.tasks, second_office.task(case, CHECK).task
    first = tasks.save_draft(case, task, {"baik": True}, desk, revision=0)
    tasks.save_draft(case, task, {"baik": False}, desk, revision=first.revision)
    with pytest.raises(StaleDraft):
        tasks.save_draft(case, task, {"baik": True}, desk, revision=first.revision)
    kept = tasks.draft(case, task, desk)
    assert kept is not None and kept.values == {"baik": False}


def test_a_draft_is_nobody_elses(second_office: Office) -> None:
    case, task = (made := apply_for_sign(second_office)), second_office.task(made, CHECK).task
    with pytest.raises(NotAllowed):
        second_office.engine.tasks.save_draft(case, task, {"baik": True}, second_office.actor(CHIEF), revision=0)
    second_office.engine.tasks.save_draft(case, task, {"baik": True}, second_office.actor(DESK), revision=0)
    assert second_office.engine.tasks.draft(case, task, colleague(second_office, DESK)) is None


def test_drafts_do_not_reach_the_journal(second_office: Office) -> None:
    case = apply_for_sign(second_office)
    before = kinds(second_office, case)
    second_office.engine.tasks.save_draft(case, second_office.task(case, CHECK).task, {"baik": True},
                                          second_office.actor(DESK), revision=0)
    assert kinds(second_office, case) == before


def test_a_task_that_never_was_is_not_found(second_office: Office) -> None:
    case = apply_for_sign(second_office)
    with pytest.raises(NotFound):
        second_office.engine.tasks.complete(case, 12345, {"baik": True}, second_office.actor(DESK))


def test_a_return_opens_the_task_of_the_applicant_and_only_declared_values_enter_the_state(second_office: Office) -> None:
    case = apply_for_sign(second_office)
    second_office.complete(case, CHECK, {"baik": False, "catatan": "Ukuran belum jelas"})
    second_office.complete(case, AMEND, {"tulisan": "Warung Kenanga", "luas": 6})
    assert second_office.waiting(case) == [CHECK]
    state = second_office.row(case).state
    assert b"Kenanga" not in state and b"Ukuran" not in state and b'"luas":6' in state
