"""Replay: every case comes out as recorded; what was altered is found with its case and step."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from engine.audit.replay import replay
from engine.digest import canonical, parse_canonical, sha256
from engine.errors import NotFound
from engine.rules.events import STEPS
from engine.runtime.diagram import load
from engine.store import journal
from engine.store.journal import Recorded
from tests.builders import LARGE, Office, apply_for_sign, finished_sign

CHECK = "periksa_reklame"


def recorded(office: Office, case: str) -> list[Recorded]:
    with office.engine.database.reading() as connection:
        return journal.read(connection, case)


def altered(one: Recorded, **values: Any) -> Recorded:
    """An event whose payload says something else."""
    return replace(one, raw=canonical(parse_canonical(one.raw or b"{}") | values))


def test_every_case_comes_out_the_same(second_office: Office) -> None:
    finished_sign(second_office)
    returned = apply_for_sign(second_office, LARGE)
    second_office.complete(returned, CHECK, {"baik": False, "catatan": "Belum jelas"})
    outcomes = list(second_office.engine.replays.all())
    assert [one.case for one in outcomes] == second_office.cases()
    assert all(one.good for one in outcomes) and sum(one.steps for one in outcomes) > 10


def test_a_licence_with_meeting_and_signature_comes_out_the_same(office: Office) -> None:
    case = office.play("02-rapat-saja")
    outcome = office.engine.replays.case(case)
    assert outcome.good and outcome.steps == sum(one.event.kind in STEPS for one in recorded(office, case))


def test_notes_claims_and_drafts_do_not_disturb(second_office: Office) -> None:
    case = apply_for_sign(second_office)
    second_office.engine.cases.note(case, "Catatan", second_office.actor("petugas_loket"))
    second_office.engine.tasks.claim(case, second_office.task(case, CHECK).task, second_office.actor("petugas_loket"))
    second_office.complete(case, CHECK, {"baik": True})
    assert second_office.engine.replays.case(case).good


def played(office: Office, case: str, events: list[Recorded]) -> Any:
    return replay(case, events, lambda edition: office.engine.catalog.edition(edition).diagram)


def test_another_decision_in_a_payload_is_found_at_its_step(second_office: Office) -> None:
    case = finished_sign(second_office)
    events = recorded(second_office, case)
    place = next(number for number, one in enumerate(events) if one.body.get("activity") == CHECK)
    events[place] = altered(events[place], variables={"baik": False})
    found = played(second_office, case, events).divergence
    assert found is not None and (found.case, found.seq, found.kind) == (case, place + 1, "completed")
    assert case in found.sentence and str(place + 1) in found.sentence


@pytest.mark.parametrize("field", ["effects", "waiting"])
def test_other_orders_or_other_tasks_are_found(second_office: Office, field: str) -> None:
    case = finished_sign(second_office)
    events = recorded(second_office, case)
    place = next(number for number, one in enumerate(events) if one.body.get(field))
    events[place] = altered(events[place], **{field: []})
    found = played(second_office, case, events).divergence
    assert found is not None and found.seq == place + 1


def test_another_state_digest_is_found(second_office: Office) -> None:
    case = finished_sign(second_office)
    events = recorded(second_office, case)
    events[1] = replace(events[1], event=replace(events[1].event, state_digest=sha256(b"lain")))
    found = played(second_office, case, events).divergence
    assert found is not None and (found.seq, found.what) == (2, "keadaan")


def test_a_missing_or_doubled_step_is_found(second_office: Office) -> None:
    case = finished_sign(second_office)
    events = recorded(second_office, case)
    for wrong in (events[:1] + events[2:], events[:2] + events[1:]):
        assert not played(second_office, case, wrong).good


def test_a_changed_state_in_the_store_is_found(second_office: Office) -> None:
    case = apply_for_sign(second_office)
    state = second_office.row(case).state
    with second_office.engine.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE cases SET state = ? WHERE id = ?", (state.replace(b'"luas":4', b'"luas":5'), case))
    found = second_office.engine.replays.case(case).divergence
    assert found is not None and found.what == "keadaan tersimpan" and found.seq == second_office.row(case).seq


def test_another_diagram_is_found(second_office: Office) -> None:
    case = finished_sign(second_office)
    other = second_office.edition.source.replace(b"luas &gt; 8", b"luas &gt; 3")
    assert other != second_office.edition.source
    found = replay(case, recorded(second_office, case), lambda _: load(other)).divergence
    assert found is not None and found.kind == "completed"


def test_an_edition_that_is_not_there_is_a_divergence_and_no_crash(second_office: Office) -> None:
    case = finished_sign(second_office)

    def nowhere(edition: str) -> Any:
        raise NotFound(edition)
    found = replay(case, recorded(second_office, case), nowhere).divergence
    assert found is not None and found.seq == 1


def test_an_erased_payload_of_a_step_is_a_divergence_and_no_crash(second_office: Office) -> None:
    case = finished_sign(second_office)
    events = recorded(second_office, case)
    events[1] = replace(events[1], raw=None, salt=None)
    found = played(second_office, case, events).divergence
    assert found is not None and found.seq == 2


def test_a_document_of_a_divergence_is_plain(second_office: Office) -> None:
    case = finished_sign(second_office)
    events = recorded(second_office, case)
    found = played(second_office, case, events[:1] + events[2:]).divergence
    assert json.loads(json.dumps(found.__dict__))["case"] == case
