"""Counts of finished work and lists of what is behind them, on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert

from engine.store import cases, service_level, tables
from engine.store.cases import CaseRow, DueRow, TaskRow
from engine.store.database import Database
from engine.store.service_level import KINDS, Counted, Drill, Now, Open

AT = "2026-06-{:02}T03:00:00.000000Z"
NOW = Now(AT.format(10), AT.format(11))


def case(name: str, **values: Any) -> CaseRow:
    known = {"id": name, "process": "p", "edition": "e", "seq": 1, "state": b"", "head": "00" * 32, "head_at": AT.format(1),
             "started_at": AT.format(1), "received_at": AT.format(2)}
    return CaseRow(**{**known, **values})


def task(name: str, number: int, **values: Any) -> TaskRow:
    return TaskRow(**{"case": name, "task": number, "activity": "a", "post": "loket", "opened_at": AT.format(3), **values})


CASES = (case("satu"), case("dua", process="q"),
         case("tiga", ended_at=AT.format(8), promised=AT.format(9), office_minutes=9),
         case("empat", ended_at=AT.format(9), promised=AT.format(8), office_minutes=9),
         case("lima", ended_at=AT.format(9)), case("enam", ended_at=AT.format(9), received_at=None))
TASKS = (task("satu", 1, due=AT.format(9)), task("satu", 2, due=AT.format(10), post="meja"), task("satu", 3),
         task("satu", 4, due=AT.format(20)), task("dua", 1, due=AT.format(9)),
         task("tiga", 1, due=AT.format(5), closed_at=AT.format(5), office_minutes=3),
         task("tiga", 2, due=AT.format(5), closed_at=AT.format(6), office_minutes=3),
         task("tiga", 3, closed_at=AT.format(6), office_minutes=3), task("tiga", 4, closed_at=AT.format(6)))
DUES = (DueRow("satu", 0, "janji", "", AT.format(9), False), DueRow("satu", 0, "hukum", "", AT.format(12), False),
        DueRow("satu", 0, "janji!1", "", AT.format(9)), DueRow("dua", 0, "janji", "", AT.format(9), False))
LENGTHS = {"terbuka": 3, "hari_ini": 0, "terlambat": 1, "selesai": 3, "tepat": 1, "lewat": 1, "berjalan": 1, "berakhir": 3,
           "ditepati": 1, "dilanggar": 1, "lewat_janji": 1, "dekat_batas": 1}


@pytest.fixture
def filled(database: Database) -> Database:
    with database.transaction() as connection:
        connection.execute(insert(tables.cases), [one.__dict__ | {"head": bytes(32)} for one in CASES])
        connection.execute(insert(tables.task), [one.__dict__ | {"urgency": one.urgency} for one in TASKS])
        connection.execute(insert(tables.due), [one.__dict__ for one in DUES])
        service_level.add(connection, [Counted("p", "2026-06", "a", "loket", one, 3) for one in ("tepat", "lewat", "tanpa")])
    return database


@pytest.mark.parametrize("kind", KINDS)
def test_every_list_is_as_long_as_its_number_says(filled: Database, kind: str) -> None:
    activity = "" if kind in service_level.CASE_KINDS else "a"
    drill = Drill("p", kind, activity, "loket" if activity else "", AT.format(1), AT.format(30), NOW)
    with filled.reading() as connection:
        assert service_level.total(connection, drill, ["2026-06"]) == LENGTHS[kind]
        found = service_level.rows(connection, drill)
        assert len(found) == LENGTHS[kind]
        assert service_level.rows(connection, replace(drill, page=2)) == []


def test_open_tasks_are_parted_at_now_and_at_midnight(filled: Database) -> None:
    with filled.reading() as connection:
        found = sorted(service_level.open_tasks(connection, "p", NOW), key=lambda one: one.post)
        assert found == [Open("a", "loket", 3, 1, 0, AT.format(3)), Open("a", "meja", 1, 0, 1, AT.format(3))]
        assert service_level.open_cases(connection, "p") == 1
        assert service_level.clocks_before(connection, "p", "janji", NOW.now) == 1


def test_what_is_done_is_listed_newest_first(filled: Database) -> None:
    drill = Drill("p", "selesai", "a", "", AT.format(1), AT.format(30), NOW)
    with filled.reading() as connection:
        assert [one.closed_at for one in service_level.rows(connection, drill)] == [AT.format(6), AT.format(6), AT.format(5)]


def test_the_same_count_twice_is_two(database: Database) -> None:
    one = Counted("p", "2026-06", "a", "loket", "tepat", 30)
    for _ in range(2):
        with database.transaction() as connection:
            service_level.add(connection, [one, replace(one, verdict="lewat"), one])
    with database.reading() as connection:
        assert sorted((bar.verdict, bar.count) for bar in service_level.finished(connection, "p", ["2026-06"])) == [
            ("lewat", 2), ("tepat", 4)]
        assert service_level.finished(connection, "p", ["2026-06"], "b") == []
        assert [(month, bar.count) for month, bar in service_level.by_month(connection, "p", ["2026-06"], "a")
                if bar.verdict == "tepat"] == [("2026-06", 4)]


def test_a_change_of_a_case_counts_with_it_or_not_at_all(database: Database) -> None:
    row = case("satu")
    change = cases.CaseChange(None, row, counted=[Counted("p", "2026-06", "a", "loket", "tepat", 30)])
    with database.transaction() as connection:
        assert cases.write(connection, change)
    moved = cases.CaseChange(replace(row, seq=99), replace(row, seq=100), counted=change.counted)
    with database.transaction() as connection:
        assert not cases.write(connection, moved)
    with database.reading() as connection:
        assert [bar.count for bar in service_level.finished(connection, "p", ["2026-06"])] == [1]
