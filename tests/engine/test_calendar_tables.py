"""Tables of a new year: on offer they move nothing; taken over by decree, open due dates follow and the old tables stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.assembly import Offer
from engine.calendar_desk import MOST_DECREE, MovePreview, OtherTables, WrongDay
from engine.digest import sha256
from engine.errors import CannotRun, DefinitionRefused, NotAllowed, NotCanonical, NotFound, Refusal
from engine.rules.calendars import NewDay
from engine.rules.events import OFFICE
from engine.store import calendars, journal, messages, schema
from tests.builders import HOME, Office
from tests.engine.runtime.test_promises import PROMISE, at, to_activity
from tests.engine.test_calendar_desk import moved
from tests.tools import offices
from tests.tools.tables import a_ramadan_more, one_day_less, one_day_more, with_tables

MONDAY = date(2026, 6, 22)
DECREE = "Keppres 99/2026 (rekaan)"


@pytest.fixture
def office(office: Office) -> Office:
    office.engine.promises.office.seed()
    return office


@pytest.fixture(params=offices.DATABASES)
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    for opened in offices.on_either(request, tmp_path, HOME):
        opened.engine.promises.office.seed()
        yield opened


def offered(office: Office) -> Offer:
    found = office.engine.calendar.offer()
    assert found is not None
    return found


def take_over(office: Office, decree: str = DECREE) -> int:
    return office.engine.calendar.take_over(offered(office).digest, decree, office.actor("administrator")).number


def test_an_office_whose_tables_are_those_of_the_folder_is_offered_none(office: Office) -> None:
    assert office.engine.calendar.offer() is None


def test_edited_tables_move_no_promise_until_somebody_takes_them_over(either: Office, tmp_path: Path) -> None:
    case = to_activity(either, "rapat_kajian")
    promised, due = at(either, case, PROMISE), either.task(case, "rapat_kajian").due
    office = with_tables(either, tmp_path / "naskah", one_day_more)
    office.clock.move_to(office.clock.now() + timedelta(days=1))   # every open due date is looked at once a day
    office.settle()
    assert office.engine.calendar.calendar().on(MONDAY).spans and not moved(office, case)
    assert (at(office, case, PROMISE), office.task(case, "rapat_kajian").due) == (promised, due)
    take_over(office)
    office.settle()
    assert not office.engine.calendar.calendar().on(MONDAY).spans
    assert at(office, case, PROMISE) > promised and str(office.task(case, "rapat_kajian").due) > str(due)
    assert due in [one["old"] for one in moved(office, case)]
    assert office.engine.calendar.offer() is None and office.engine.replays.case(case).good
    assert list(office.engine.verification.flaws()) == []


def test_a_preview_says_what_the_tables_would_move_and_changes_nothing(office: Office, tmp_path: Path) -> None:
    case = to_activity(office, "rapat_kajian")
    due = office.task(case, "rapat_kajian").due
    later = with_tables(office, tmp_path / "a", one_day_more)
    one_more = later.engine.calendar.preview_tables(offered(later))
    assert one_more.dues >= 2 and one_more.earlier == 0 and one_more.cases == 1
    earlier = with_tables(office, tmp_path / "b", one_day_less)
    one_less = earlier.engine.calendar.preview_tables(offered(earlier))
    assert one_less.earlier == one_less.dues >= 2
    assert office.task(case, "rapat_kajian").due == due


def test_what_is_previewed_is_what_moves(office: Office, tmp_path: Path) -> None:
    case = to_activity(office, "rapat_kajian")
    edited = with_tables(office, tmp_path / "naskah", one_day_less)
    seen = edited.engine.calendar.preview_tables(offered(edited))
    take_over(edited)
    edited.settle()
    assert len(moved(edited, case)) == seen.dues


def test_tables_of_a_time_that_no_due_date_reaches_move_nothing(office: Office, tmp_path: Path) -> None:
    to_activity(office, "rapat_kajian")
    edited = with_tables(office, tmp_path / "naskah", a_ramadan_more)
    assert [one.name for one in offered(edited).differences] == ["Ramadan 2027"]
    assert edited.engine.calendar.preview_tables(offered(edited)) == MovePreview(0, 0, 0)


def test_the_applicant_is_told_with_the_decree(office: Office, tmp_path: Path) -> None:
    case = to_activity(office, "rapat_kajian")
    edited = with_tables(office, tmp_path / "naskah", one_day_more)
    take_over(edited, f"  {DECREE} ")
    edited.settle()
    with edited.engine.database.reading() as connection:
        told = [one for one in messages.of_case(connection, case) if one.notice == "janji_bergeser"]
    assert len(told) == 1 and DECREE in told[0].body


def test_a_day_changed_by_decree_wins_over_tables_that_come_later(office: Office, tmp_path: Path) -> None:
    worked = NewDay(MONDAY, True, [["08:00", "12:00"]], "SE 1/2026 (rekaan)")
    office.engine.calendar.change(worked, office.actor("administrator"))
    edited = with_tables(office, tmp_path / "naskah", one_day_more)
    assert edited.engine.calendar.preview_tables(offered(edited)) == MovePreview(0, 0, 0)
    take_over(edited)
    kept = edited.engine.calendar.calendar().on(MONDAY)
    assert kept.spans and "SE 1/2026" in kept.reason


def test_the_deed_and_the_digest_of_the_tables_are_on_the_offices_chain(office: Office, tmp_path: Path) -> None:
    edited = with_tables(office, tmp_path / "naskah", one_day_more)
    body = offered(edited).body
    number = take_over(edited)
    with edited.engine.database.reading() as connection:
        last = journal.read(connection, OFFICE)[-1]
    assert (last.event.kind, last.event.actor["post"]) == ("calendar_replaced", "administrator")
    assert last.body == {"number": number, "decree": DECREE, "tables": sha256(body)}


@pytest.mark.parametrize("forgery", [
    "UPDATE calendar_change SET tables = (SELECT body FROM calendar_seed)", "DELETE FROM calendar_change",
    "UPDATE calendar_change SET number = 7"])
def test_tables_that_are_not_those_of_the_journal_are_found(office: Office, tmp_path: Path, forgery: str) -> None:
    edited = with_tables(office, tmp_path / "naskah", one_day_more)
    take_over(edited)
    with edited.engine.database.transaction() as connection:
        connection.execute(text(forgery))
    assert any(one.place.startswith("kalender") for one in edited.engine.verification.flaws())


def test_what_each_taking_over_changed_can_be_read_later(office: Office, tmp_path: Path) -> None:
    edited = with_tables(office, tmp_path / "naskah", one_day_more)
    first = take_over(edited)
    again = with_tables(edited, tmp_path / "naskah", a_ramadan_more)
    second = take_over(again, "SE Menpan 7/2027 (rekaan)")
    told = {number: [one.name for one in again.engine.calendar.taken_over(number)[1]] for number in (first, second)}
    assert told == {first: ["Tahun 2026"], second: ["Ramadan 2027"]}
    assert [one.decree for one in again.engine.calendar.changes()] == [DECREE, "SE Menpan 7/2027 (rekaan)"]


@pytest.mark.parametrize("number", [0, 1, 99])
def test_a_change_that_is_no_taking_over_is_not_found(office: Office, number: int) -> None:
    office.engine.calendar.change(NewDay(MONDAY, False, None, DECREE), office.actor("administrator"))
    with pytest.raises(NotFound):
        office.engine.calendar.taken_over(number)


def test_a_press_on_tables_that_changed_meanwhile_takes_nothing_over(office: Office, tmp_path: Path) -> None:
    edited, admin = with_tables(office, tmp_path / "naskah", one_day_more), office.actor("administrator")
    seen = offered(edited).digest
    with_tables(edited, tmp_path / "naskah", a_ramadan_more)
    with pytest.raises(OtherTables):
        edited.engine.calendar.take_over(seen, DECREE, admin)
    now = offered(edited)
    edited.engine.calendar.take_over(now.digest, DECREE, admin)
    with pytest.raises(OtherTables):
        edited.engine.calendar.take_over(now.digest, DECREE, admin)
    assert len(edited.engine.calendar.changes()) == 1


@pytest.mark.parametrize("decree", ["", "  ", "x" * (MOST_DECREE + 1)])
def test_tables_are_taken_over_by_a_decree_that_can_be_kept(office: Office, tmp_path: Path, decree: str) -> None:
    edited = with_tables(office, tmp_path / "naskah", one_day_more)
    with pytest.raises(WrongDay):
        take_over(edited, decree)


def test_only_an_administrator_takes_tables_over(office: Office, tmp_path: Path) -> None:
    edited = with_tables(office, tmp_path / "naskah", one_day_more)
    with pytest.raises(NotAllowed):
        edited.engine.calendar.take_over(offered(edited).digest, DECREE, office.actor("kasi"))


@pytest.mark.parametrize(("broken", "refusal"), [
    ("[[jam_kerja", CannotRun),
    ("[zona]\nnama = 'WIB'\n", DefinitionRefused),
    ("diperbarui = 2026-12-01T08:00:00\n", NotCanonical),
])
def test_tables_that_cannot_be_used_leave_the_office_its_own(
        office: Office, tmp_path: Path, broken: str, refusal: type[Refusal]) -> None:
    case = to_activity(office, "rapat_kajian")
    edited = with_tables(office, tmp_path / "naskah",
                         lambda known: broken + one_day_more(known) if broken.startswith("diperbarui") else broken)
    edited.settle()
    assert edited.engine.promises.office.seed() is False
    assert edited.engine.calendar.year(2026)[0].reason.startswith("Tahun Baru") and not moved(edited, case)
    with pytest.raises(refusal):
        edited.engine.calendar.offer()


def test_going_back_a_revision_moves_no_promise(either: Office, tmp_path: Path) -> None:
    edited = with_tables(either, tmp_path / "naskah", one_day_more)
    edited.engine.calendar.change(NewDay(date(2026, 6, 23), False, None, "SE 2/2026 (rekaan)"), edited.actor("administrator"))
    take_over(edited)
    database = edited.engine.database
    schema.downgrade(database, "0003")
    schema.migrate(database)
    with database.reading() as connection:
        assert [one.decree for one in calendars.changes(connection)] == ["SE 2/2026 (rekaan)"]
    calendar = with_tables(edited, tmp_path / "naskah", str).engine.calendar.calendar()
    assert not calendar.on(MONDAY).spans and not calendar.on(date(2026, 6, 23)).spans
