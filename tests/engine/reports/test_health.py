"""Health: ready only when database, revision and files are; figures that follow what happens, in the text of monitors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from engine.errors import CannotRun, Conflict
from engine.rules.people import Actor
from engine.runtime.action import Action
from engine.store.database import Database
from tests.builders import SECOND, Office, apply_for_sign, finished_sign, open_office
from tests.tools import offices

Told = dict[tuple[str, str], float]


@pytest.fixture(params=offices.DATABASES)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """The small house on either database."""
    if request.param == "postgresql":
        with offices.office_on(request.getfixturevalue("postgres_cluster"), tmp_path, SECOND) as made:
            yield made
        return
    made = open_office(tmp_path, SECOND)
    yield made
    made.engine.close()


def metrics(office: Office) -> Told:
    """Name and label -> value, as a monitor reads them."""
    families = text_string_to_metric_families(office.engine.health.metrics().decode())
    return {(one.name, "".join(one.labels.values())): one.value for family in families for one in family.samples}


def test_figures_follow_what_happens(office: Office) -> None:
    before = metrics(office)
    assert before["izin_cases", "open"] == 0 and before["izin_races_total", "lost"] == 0
    finished_sign(office)
    apply_for_sign(office)
    office.clock.move_to(office.clock.now() + timedelta(days=30))
    after = metrics(office)
    assert after["izin_events_total", "started"] == 2 and after["izin_events_total", "effect_done"] > 3
    assert (after["izin_cases", "open"], after["izin_cases", "ended"]) == (1, 1)
    assert after["izin_tasks_open", "petugas_loket"] == after["izin_tasks_late", "petugas_loket"] == 1
    assert after["izin_effects", "done"] > 3 and after["izin_incidents", ""] == 0
    assert after["izin_messages", "sent"] >= 1 and after["izin_database_bytes", ""] > 10_000


def test_waiting_work_shows_its_age(office: Office) -> None:
    case = apply_for_sign(office)
    task, desk = office.task(case, "periksa_reklame").task, office.actor("petugas_loket")
    office.engine.tasks.complete(case, task, {"baik": True}, desk)
    office.clock.move_to(office.clock.now() + timedelta(minutes=5))
    told = metrics(office)
    assert told["izin_effects", "ordered"] >= 1 and told["izin_effect_queue_age_seconds", ""] == 300
    office.settle()
    office.clock.move_to(office.clock.now() + timedelta(minutes=1))
    assert metrics(office)["izin_effect_queue_age_seconds", ""] == 0


def test_counting_is_not_done_again_at_once(office: Office) -> None:
    metrics(office)
    finished_sign(office)
    assert metrics(office)["izin_cases", "ended"] == 0
    office.clock.move_to(office.clock.now() + timedelta(seconds=10))
    assert metrics(office)["izin_cases", "ended"] == 1


def test_lost_races_are_counted(office: Office) -> None:
    transitions, case = office.engine.cases.transitions, apply_for_sign(office)
    rival = Actor(None, None, "sistem")

    def overtaken(action: Action) -> None:
        transitions.change(case, lambda other: other.note("note", rival, {"text": "lebih dulu", "public": False}))
        action.note("note", rival, {"text": "terlambat", "public": False})
    with pytest.raises(Conflict):
        transitions.change(case, overtaken)
    told = metrics(office)
    assert (told["izin_races_total", "lost"], told["izin_races_total", "given_up"]) == (12, 1)


def test_checks_are_noted_with_their_age(office: Office) -> None:
    office.engine.health.note_check("verify", True)
    office.engine.health.note_check("replay", False)
    office.clock.move_to(office.clock.now() + timedelta(hours=2))
    told = metrics(office)
    assert told["izin_check_age_seconds", "verify"] == told["izin_check_age_seconds", "replay"] == 7200
    assert (told["izin_check_good", "verify"], told["izin_check_good", "replay"]) == (1, 0)


def test_no_figure_names_a_person_or_a_case(office: Office) -> None:
    case = apply_for_sign(office)
    told = office.engine.health.metrics().decode()
    assert not re.search(r"Ratna|Melati|rekaan", told) and case not in told


def test_an_office_is_ready(office: Office) -> None:
    assert office.engine.health.complaints() == []
    office.engine.health.must_be_ready()


def test_another_revision_is_not_ready(office: Office) -> None:
    with office.engine.database.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CannotRun) as refusal:
        office.engine.health.must_be_ready()
    assert "lebih baru" in refusal.value.advice


def test_files_that_cannot_be_written_are_told(office: Office) -> None:
    store = office.engine.health.store.folder
    store.parent.joinpath("lain").write_text("")
    office.engine.health.store.folder = store.parent / "lain"
    assert [one for one in office.engine.health.complaints() if "tidak dapat ditulisi" in one]


def test_a_database_that_is_away_is_told(office: Office, tmp_path: Path) -> None:
    known = office.engine.health.database
    office.engine.health.database = Database("postgresql://izin@127.0.0.1:9/izin")
    told = office.engine.health.complaints()
    office.engine.health.database = known
    assert len(told) == 1 and told[0].endswith(".")
