"""The calendar's rows: tables seeded once, then days and whole tables in the order of the decrees, none taken back out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.digest import canonical, sha256
from engine.store import calendars
from engine.store.calendars import DayChange, TablesChange
from engine.store.database import Database

AT, LATER = "2026-06-09T01:15:00.000000Z", "2026-06-09T01:16:00.000000Z"
DAY = DayChange(day="2026-06-22", works=True, hours=[["08:00", "12:00"]], decree="SE 1/2026", set_at=AT, set_by="a" * 26)
TABLES = TablesChange(decree="SKB 7/2026; " + "x" * 400, set_at=AT, set_by="a" * 26)
SEEDED, TAKEN = {"tahun": [1]}, canonical({"tahun": [1, 2]})


@pytest.fixture
def database(database: Database) -> Database:
    with database.transaction() as connection:
        assert calendars.tables_before(connection) is None
        assert calendars.seed(connection, SEEDED, AT) and not calendars.seed(connection, {"tahun": []}, AT)
    return database


def test_days_and_tables_come_back_as_they_were_kept(database: Database) -> None:
    with database.transaction() as connection:
        made = [calendars.add(connection, DAY), calendars.take_over(connection, TABLES, TAKEN),
                calendars.add(connection, replace(DAY, works=False, hours=None))]
    with database.reading() as connection:
        assert calendars.changes(connection) == made == [
            replace(DAY, number=1), replace(TABLES, number=2), replace(DAY, number=3, works=False, hours=None)]
        assert calendars.version(connection) == 3
        assert calendars.digests(connection) == {2: sha256(TAKEN)}


def test_old_tables_stay_on_record(database: Database) -> None:
    with database.transaction() as connection:
        calendars.take_over(connection, TABLES, TAKEN)
        calendars.add(connection, DAY)
        calendars.take_over(connection, TABLES, canonical({}))
    with database.reading() as connection:
        assert [calendars.tables_before(connection, number) for number in (1, 2, 3, 4, None)] == [
            canonical(SEEDED), TAKEN, TAKEN, canonical({}), canonical({})]


def test_tables_in_force_are_not_taken_over_again(database: Database) -> None:
    with database.transaction() as connection:
        assert calendars.take_over(connection, TABLES, canonical(SEEDED)) is None
        assert calendars.take_over(connection, TABLES, TAKEN) is not None
        assert calendars.take_over(connection, TABLES, TAKEN) is None
        assert calendars.version(connection) == 1


def test_dues_follow_tables_as_they_follow_a_day(database: Database) -> None:
    with database.transaction() as connection:
        calendars.add(connection, DAY)
        calendars.reckoned(connection, 1, LATER)
        assert calendars.unreckoned(connection) is None
        calendars.take_over(connection, TABLES, TAKEN)
        assert calendars.unreckoned(connection) == 2
        calendars.reckoned(connection, 2, LATER)
        assert [one.reckoned_at for one in calendars.changes(connection)] == [LATER, LATER]
