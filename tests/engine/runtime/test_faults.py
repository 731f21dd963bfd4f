"""A database that fails at any one statement: the person is told, the case is as before or as after, never between.

Each statement of each deed fails in turn, in each of the ways of tests/tools/broken_database.py, on both databases; after
all of them the same deed is done, once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.calendar_desk import NewDay
from engine.errors import StoreUnavailable
from engine.store import journal, register, tables
from engine.store.cases import CaseRow
from tests.builders import MORNING, Office, apply_for_sign
from tests.proofs.race_track import DEEDS, Track
from tests.tools.broken_database import KINDS, failing_at, failing_commits
from tests.tools.tables import with_tables

CHECK, DESK = "periksa_reklame", "petugas_loket"
GOOD = {"baik": True}
MOST = 80
"""Statements of one deed; more would be a finding of its own."""

LEAST = 7
"""Reads, the swap, the event and its payload: no deed on a case has fewer."""


def everything(office: Office) -> dict[str, list[Any]]:
    """Every row of every table."""
    with office.engine.database.reading() as connection:
        return {table.name: sorted(map(repr, connection.execute(select(table)))) for table in tables.metadata.sorted_tables}


def each_statement_fails(office: Office, deed: Callable[[], Any]) -> tuple[int, Any]:
    """The deed is tried with the first statement failing, then the second, and so on until none is left to fail; in each
    way, and with all after it failing too. How many statements it has, and what came of it in the end."""
    before = everything(office)
    for number in range(1, MOST):
        for kind in KINDS:
            with failing_at(office.engine.database, number, kind) as tried:
                told = refusal_of(deed)
            if not isinstance(told, StoreUnavailable):
                return number - 1, told
            assert len(tried) >= number and told.advice.endswith(".")
            assert everything(office) == before, (kind, tried[-1])
    raise AssertionError("more statements than a deed may need")


def refusal_of(deed: Callable[[], Any]) -> Any:
    """What a deed gave, or that the store could not take it."""
    try:
        return deed()
    except StoreUnavailable as refusal:
        return refusal


def must_be_whole(office: Office) -> None:
    assert all(one.good for one in office.engine.replays.all())
    assert list(office.engine.verification.flaws()) == []


# --- deeds of one transaction


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_on_a_case_is_as_before_whichever_statement_fails(second_office: Office, deed: str) -> None:
    track = Track.of(second_office)
    case = track.case()
    ready = track.ready(deed, case, track.side(0, 0))
    tried, _ = each_statement_fails(second_office, ready.act)
    assert tried >= LEAST, tried
    with second_office.engine.database.reading() as connection:
        kinds = [one.event.kind for one in journal.read(connection, case)]
    assert len(kinds) == (3 if deed == "release" else 2), "done once"
    second_office.settle()
    must_be_whole(second_office)


def test_a_new_case_with_uploads_is_there_as_a_whole_or_not_at_all(second_office: Office) -> None:
    holder, by = "unggahan-uji", second_office.applicant
    values = application(second_office, holder)
    tried, row = each_statement_fails(second_office, lambda: second_office.engine.cases.start_with(
        second_office.process, "ajukan", values, by, holder=holder))
    assert tried >= LEAST and second_office.cases() == [row.id]
    assert set(second_office.engine.files.values_of(row.id)) and not second_office.engine.files.values_of(holder)
    second_office.settle()
    must_be_whole(second_office)


def test_an_upload_is_there_or_not(second_office: Office) -> None:
    tried, _ = each_statement_fails(second_office, lambda: second_office.upload("unggahan", "gambar.pdf"))
    assert tried >= 1 and len(second_office.engine.files.values_of("unggahan")) == 1
    must_be_whole(second_office)


@pytest.mark.parametrize("deed", ["note", "save_draft"])
def test_small_deeds_are_whole_too(second_office: Office, deed: str) -> None:
    case = apply_for_sign(second_office)
    task, desk = second_office.task(case, CHECK).task, second_office.actor(DESK)
    deeds = {"note": lambda: second_office.engine.cases.note(case, "Catatan", desk),
             "save_draft": lambda: second_office.engine.tasks.save_draft(case, task, GOOD, desk, revision=0)}
    tried, _ = each_statement_fails(second_office, deeds[deed])
    assert tried >= 3
    must_be_whole(second_office)


def test_a_day_of_the_calendar_is_changed_with_its_event_or_not(second_office: Office) -> None:
    second_office.engine.promises.office.seed()
    tried, made = each_statement_fails(second_office, lambda: second_office.engine.calendar.change(
        HOLIDAY, second_office.actor("administrator")))
    assert tried >= 3 and [one.number for one in second_office.engine.calendar.changes()] == [made.number]
    must_be_whole(second_office)


def _one_hour_more(text: str) -> str:
    return text.replace('["13:00", "15:00"]', '["13:00", "16:00"]')


def test_tables_of_the_calendar_are_taken_over_with_their_event_or_not(second_office: Office, tmp_path: Path) -> None:
    second_office.engine.promises.office.seed()
    edited = with_tables(second_office, tmp_path / "naskah", _one_hour_more)
    offer, admin = edited.engine.calendar.offer(), edited.actor("administrator")
    assert offer is not None
    tried, made = each_statement_fails(edited, lambda: edited.engine.calendar.take_over(offer.digest, "SE 7/2027", admin))
    assert tried >= 4 and edited.engine.calendar.changes() == [made]
    must_be_whole(edited)


@pytest.mark.parametrize("kind", KINDS)
def test_a_commit_that_fails_leaves_everything_as_before(second_office: Office, kind: str) -> None:
    case = apply_for_sign(second_office)
    task, desk = second_office.task(case, CHECK).task, second_office.actor(DESK)
    before = everything(second_office)
    with failing_commits(second_office.engine.database, kind) as tried, pytest.raises(StoreUnavailable):
        second_office.engine.tasks.complete(case, task, GOOD, desk)
    assert tried and everything(second_office) == before
    second_office.complete(case, CHECK, GOOD)
    must_be_whole(second_office)


# --- what a worker does, in several transactions: once in the end


@pytest.mark.parametrize("kind", KINDS)
def test_an_effect_is_carried_out_once_whichever_statement_fails(second_office: Office, kind: str) -> None:
    """One case for each statement of an effect: lease, handler, receipt. The number is taken once, without a gap."""
    done = each_in_its_own_case(second_office, [kind], lambda: waiting_for_its_number(second_office),
                                second_office.engine.effects.work_once)
    assert len(done) > 10
    with second_office.engine.database.reading() as connection:
        numbers = [one for case in done for one in register.of_case(connection, case)]
    assert sorted(one.sequence for one in numbers) == list(range(1, len(done) + 1))
    assert all(one.status == "done" for case in done for one in second_office.effects(case))
    must_be_whole(second_office)


@pytest.mark.parametrize("what", ["timer", "alarm"])
def test_what_falls_due_happens_once_whichever_statement_fails(second_office: Office, what: str) -> None:
    """The claim of a worker and what it fires, one row at a time."""
    track = Track.of(second_office)

    def waits() -> str:
        case = track.case()
        pass_time(second_office, hours=24)
        if what == "timer":
            second_office.settle()   # the alarms have rung
            pass_time(second_office, hours=24)
        return case
    done = each_in_its_own_case(second_office, KINDS, waits, lambda: second_office.engine.timers.fire_due(limit=1))
    assert len(done) > 10
    pass_time(second_office, hours=48)
    second_office.settle()
    with second_office.engine.database.reading() as connection:
        for case in done:
            history = [(one.event.kind, one.body) for one in journal.read(connection, case)]
            assert [kind for kind, _ in history].count("timer_fired") == 2
            rung = [(body["task"], body["threshold"]) for kind, body in history if kind == "escalated"]
            assert len(rung) == len(set(rung)) >= 2
    must_be_whole(second_office)


def pass_time(office: Office, hours: int) -> None:
    office.clock.move_to(office.clock.now() + timedelta(hours=hours))


def test_dues_follow_a_decree_once_whichever_statement_fails(second_office: Office) -> None:
    second_office.engine.promises.office.seed()
    case = apply_for_sign(second_office)
    days = (MORNING.date() + timedelta(days=number) for number in count(1))

    def decreed() -> str:
        """The day on which the task falls due is closed."""
        due = second_office.task(case, CHECK).due
        second_office.engine.calendar.change(NewDay(date.fromisoformat(str(due)[:10]), False, None, f"SK {next(days)}"),
                                             second_office.actor("administrator"))
        return str(due)
    moved = each_in_its_own_case(second_office, KINDS, decreed, second_office.engine.calendar.follow)
    assert len(moved) > 10
    with second_office.engine.database.reading() as connection:
        told = [move["old"] for one in journal.read(connection, case) if one.event.kind == "deadline_moved"
                for move in one.body["moves"] if move["clock"] == "tugas"]
    assert told == moved, "each old date is on record, once"
    must_be_whole(second_office)


HOLIDAY = NewDay(date(2026, 6, 22), False, None, "Keputusan Bupati 99/2026 (rekaan)")


def each_in_its_own_case(office: Office, kinds: Sequence[str], made: Callable[[], str], work: Callable[[], Any]) -> list[str]:
    """For each statement of a round of work something new to do, at which that statement fails in one of the ways, by
    turns; then the worker goes on."""
    done = []
    for number in range(1, MOST):
        done.append(made())
        with failing_at(office.engine.database, number, kinds[number % len(kinds)]) as tried:
            told = refusal_of(work)
        assert not isinstance(told, StoreUnavailable) or told.advice
        pass_time(office, hours=1)
        office.settle()
        if len(tried) < number:
            return done
    raise AssertionError("more statements than a round may need")


def application(office: Office, holder: str) -> dict[str, Any]:
    """What an applicant of the small house sends, with an upload."""
    papers = [{"dokumen": "gambar", "berkas": [office.upload(holder, "gambar.pdf", office.applicant)]}]
    return {"nama": "Ratna Rekaan", "alamat": "Jalan Rekaan Nomor 5", "tulisan": "Warung Melati", "luas": 4,
            "persyaratan": papers}


def waiting_for_its_number(office: Office) -> str:
    """An application whose registration number is ordered and not yet taken."""
    holder = f"unggahan-{len(office.cases())}"
    values = application(office, holder)
    row: CaseRow = office.engine.cases.start_with(office.process, "ajukan", values, office.applicant, holder=holder)
    return row.id
