"""Cases: started, withdrawn, noted upon; a lost race is computed again; the cost of a return does not grow."""

from __future__ import annotations

import pytest

from engine.errors import Conflict, FormRefused, NotAllowed, NotFound, Refusal
from engine.rules.people import VISITOR, Actor
from engine.runtime.action import Action
from engine.runtime.cases import CannotWithdraw
from engine.runtime.tasks import Withdrawn
from engine.store import journal
from tests.builders import Office, apply_for_sign

CHECK, AMEND = "periksa_reklame", "lengkapi_reklame"
AMENDED = {"tulisan": "Warung Kenanga", "luas": 6}
RETURNED = {"baik": False, "catatan": "Ukuran belum jelas"}


def events(office: Office, case: str) -> list[journal.Recorded]:
    with office.engine.database.reading() as connection:
        return journal.read(connection, case)


def test_a_case_begins_with_its_edition_and_the_versions_it_rests_on(second_office: Office) -> None:
    case = second_office.start("ajukan")
    started = events(second_office, case)[0]
    assert started.event.kind == "started" and started.body["edition"] == second_office.edition.hash
    assert {"izin", "SpiffWorkflow"} <= started.body["versions"].keys()
    assert started.body["waiting"] == [[second_office.tasks(case)[0].task, "ajukan_reklame"]]


def test_a_faulty_first_form_starts_no_case(second_office: Office) -> None:
    with pytest.raises(FormRefused):
        second_office.start("ajukan", {"nama": "Ratna"})
    assert second_office.cases() == []


def test_a_start_that_is_not_drawn_is_not_found(second_office: Office) -> None:
    for process, message in ((second_office.process, "daftar"), ("izin-lain", "ajukan")):
        with pytest.raises(NotFound):
            second_office.engine.cases.start(process, message, second_office.applicant)


def test_the_number_people_call_a_case_by_comes_with_the_application(second_office: Office) -> None:
    case = apply_for_sign(second_office)
    number = second_office.row(case).number
    assert number is not None and number.startswith("RK-2026-000001-")
    assert second_office.engine.cases.find_by_number(number.lower()).id == case
    with pytest.raises(NotFound):
        second_office.engine.cases.find_by_number("RK-2026-000002-A")


def test_the_title_follows_the_last_answer(second_office: Office) -> None:
    case = apply_for_sign(second_office)
    assert second_office.row(case).title == "Warung Melati"
    second_office.complete(case, CHECK, RETURNED)
    second_office.complete(case, AMEND, AMENDED)
    assert second_office.row(case).title == "Warung Kenanga"


def test_a_process_that_does_not_listen_cannot_be_withdrawn_from(second_office: Office) -> None:
    case = apply_for_sign(second_office)
    with pytest.raises(CannotWithdraw):
        second_office.engine.cases.withdraw(case, "Tidak jadi", second_office.applicant)


def test_only_the_applicant_withdraws_and_only_once(office: Office) -> None:
    case = office.play("02-rapat-saja", 3)
    applicant = Actor(office.row(case).applicant, None, "pemohon")
    with pytest.raises(NotAllowed):
        office.engine.cases.withdraw(case, "Tidak jadi", office.actor("auditor"))
    with pytest.raises(NotAllowed):
        office.engine.cases.withdraw(case, "Tidak jadi", VISITOR)
    office.engine.cases.withdraw(case, "Tidak jadi", applicant)
    office.settle()
    assert office.row(case).ended_at is not None and office.waiting(case) == []
    with pytest.raises(CannotWithdraw) as refusal:
        office.engine.cases.withdraw(case, "Tidak jadi", applicant)
    assert refusal.value.advice == "Permohonan ini sudah dicabut."


def test_between_two_tasks_the_applicant_is_asked_to_wait(office: Office) -> None:
    case = office.play("02-rapat-saja", 1)
    task, step = office.tasks(case)[0], office.scenario("02-rapat-saja").steps[1]
    applicant = office.doer(case, task)
    papers = [{**one, "berkas": [office.upload(case, one["berkas"], applicant)]} for one in step.values["persyaratan"]]
    office.engine.tasks.complete(case, task.task, {**step.values, "persyaratan": papers}, applicant)
    assert office.tasks(case) == []
    with pytest.raises(CannotWithdraw) as refusal:
        office.engine.cases.withdraw(case, "Tidak jadi", applicant)
    assert "coba lagi" in refusal.value.advice
    office.settle()
    office.engine.cases.withdraw(case, "Tidak jadi", applicant)


def test_a_note_stands_in_the_journal_and_moves_nothing(second_office: Office) -> None:
    case = apply_for_sign(second_office)
    before = second_office.row(case)
    second_office.engine.cases.note(case, " Pemohon menelepon. ", second_office.actor("petugas_loket"))
    after = second_office.row(case)
    assert events(second_office, case)[-1].body["text"] == "Pemohon menelepon."
    assert (after.seq, after.state) == (before.seq + 1, before.state)
    with pytest.raises(Refusal):
        second_office.engine.cases.note(case, "  ", second_office.actor("petugas_loket"))


def test_a_lost_race_is_computed_again_on_what_the_winner_left(second_office: Office) -> None:
    case, transitions = apply_for_sign(second_office), second_office.engine.cases.transitions
    seen: list[int] = []

    def decide(action: Action) -> int:
        seen.append(action.row.seq)
        if len(seen) == 1:
            second_office.engine.cases.note(case, "Yang pertama", second_office.actor("petugas_loket"))
        action.note("note", second_office.actor("petugas_loket"), {"text": "Yang kedua", "public": False})
        return action.row.seq
    assert transitions.change(case, decide) == seen[0] + 2
    assert seen == [seen[0], seen[0] + 1]
    assert [one.body["text"] for one in events(second_office, case)[-2:]] == ["Yang pertama", "Yang kedua"]


def test_who_loses_every_race_is_told(second_office: Office) -> None:
    case, transitions = apply_for_sign(second_office), second_office.engine.cases.transitions

    def decide(action: Action) -> None:
        second_office.engine.cases.note(case, "Yang lebih cepat", second_office.actor("petugas_loket"))
        action.note("note", second_office.actor("petugas_loket"), {"text": "Yang lambat", "public": False})
    with pytest.raises(Conflict):
        transitions.change(case, decide)


def test_time_never_runs_backwards_in_a_chain(second_office: Office) -> None:
    case = apply_for_sign(second_office)
    late = second_office.row(case).head_at
    second_office.clock._at = second_office.clock.now().replace(year=2020)
    second_office.engine.cases.note(case, "Jam mesin mundur", second_office.actor("petugas_loket"))
    assert events(second_office, case)[-1].event.at == late


def test_a_hundred_returns_leave_the_state_as_small_as_one(second_office: Office) -> None:
    case = apply_for_sign(second_office)
    sizes = []
    for _ in range(100):
        second_office.complete(case, CHECK, RETURNED)
        second_office.complete(case, AMEND, AMENDED)
        sizes.append(len(second_office.row(case).state))
    # Only the digits of the ids grow.
    assert max(sizes) - sizes[0] < 64 and max(sizes) < 8192
    assert second_office.waiting(case) == [CHECK]


def test_nobody_completes_a_task_of_what_was_withdrawn(office: Office) -> None:
    case = office.play("02-rapat-saja", 6)
    task, = office.tasks(case)
    office.engine.cases.withdraw(case, "Tidak jadi.", Actor(office.row(case).applicant, None, "pemohon"))
    assert office.row(case).ended_at is None
    with pytest.raises(Withdrawn):
        office.engine.tasks.complete(case, task.task, {}, office.doer(case, task))
    with pytest.raises(Withdrawn):
        office.engine.tasks.claim(case, task.task, office.doer(case, task))
    office.settle()
    assert office.row(case).end == "dibatalkan"
