"""A database that fails at any one statement: the person is told, the case is as before or as after, never between."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from engine.store import register, tables
from engine.store.cases import CaseRow
from engine.store.database import StoreUnavailable
from tests.builders import Office, apply_for_sign

CHECK, DESK = "periksa_reklame", "petugas_loket"
GOOD = {"baik": True}
MOST = 60
"""Statements of one deed; more would be a finding of its own."""


def broken() -> OperationalError:
    return OperationalError("a statement", None, sqlite3.OperationalError("disk I/O error"))


@contextmanager
def failing_at(office: Office, number: int) -> Iterator[list[str]]:
    """Every statement from this one on fails; the statements that were tried."""
    tried: list[str] = []

    def tell(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        tried.append(statement)
        if len(tried) >= number:
            raise broken()
    server = office.engine.database.server
    event.listen(server, "before_cursor_execute", tell)
    try:
        yield tried
    finally:
        event.remove(server, "before_cursor_execute", tell)


@contextmanager
def failing_commits(office: Office) -> Iterator[None]:
    """No transaction comes to its end."""
    def tell(_connection: Any) -> None:
        raise broken()
    server = office.engine.database.server
    event.listen(server, "commit", tell)
    try:
        yield
    finally:
        event.remove(server, "commit", tell)


def everything(office: Office) -> dict[str, list[Any]]:
    """Every row of every table."""
    with office.engine.database.reading() as connection:
        return {table.name: sorted(map(repr, connection.execute(select(table)))) for table in tables.metadata.sorted_tables}


def each_statement_fails(office: Office, deed: Callable[[], Any]) -> tuple[int, Any]:
    """The deed is tried with the first statement failing, then the second, and so on until none is left to fail."""
    before = everything(office)
    for number in range(1, MOST):
        with failing_at(office, number) as tried:
            try:
                return number - 1, deed()
            except StoreUnavailable as refusal:
                told = refusal.advice
        assert told and everything(office) == before, tried[-1]
    raise AssertionError("more statements than a deed may need")


def must_be_whole(office: Office) -> None:
    assert all(one.good for one in office.engine.replays.all())
    assert list(office.engine.verification.flaws()) == []


def test_a_completion_is_as_before_whichever_statement_fails(second_office: Office) -> None:
    case = apply_for_sign(second_office)
    task, desk = second_office.task(case, CHECK).task, second_office.actor(DESK)
    second_office.engine.tasks.save_draft(case, task, GOOD, desk, revision=0)
    tried, row = each_statement_fails(
        second_office, lambda: second_office.engine.tasks.complete(case, task, GOOD, desk))
    assert isinstance(row, CaseRow) and tried >= 10, "reads, the swap, event, payload, tasks, effects, answers, draft"
    second_office.settle()
    assert second_office.row(case).ended_at is not None
    must_be_whole(second_office)


def test_a_new_case_is_there_as_a_whole_or_not_at_all(second_office: Office) -> None:
    holder, by = "unggahan-uji", second_office.applicant
    papers = [{"dokumen": "gambar", "berkas": [second_office.upload(holder, "gambar.pdf", by)]}]
    values = {"nama": "Ratna Rekaan", "alamat": "Jalan Rekaan Nomor 5", "tulisan": "Warung Melati", "luas": 4,
              "persyaratan": papers}
    _, row = each_statement_fails(second_office, lambda: second_office.engine.cases.start_with(
        second_office.process, "ajukan", values, by, holder=holder))
    assert second_office.cases() == [row.id]
    assert set(second_office.engine.files.values_of(row.id)) and not second_office.engine.files.values_of(holder)
    second_office.settle()
    must_be_whole(second_office)


@pytest.mark.parametrize("deed", ["claim", "note", "save_draft"])
def test_small_deeds_are_whole_too(second_office: Office, deed: str) -> None:
    case = apply_for_sign(second_office)
    task, desk = second_office.task(case, CHECK).task, second_office.actor(DESK)
    deeds = {"claim": lambda: second_office.engine.tasks.claim(case, task, desk),
             "note": lambda: second_office.engine.cases.note(case, "Catatan", desk),
             "save_draft": lambda: second_office.engine.tasks.save_draft(case, task, GOOD, desk, revision=0)}
    each_statement_fails(second_office, deeds[deed])
    must_be_whole(second_office)


def test_a_commit_that_fails_leaves_everything_as_before(second_office: Office) -> None:
    case = apply_for_sign(second_office)
    task, desk = second_office.task(case, CHECK).task, second_office.actor(DESK)
    before = everything(second_office)
    with failing_commits(second_office), pytest.raises(StoreUnavailable):
        second_office.engine.tasks.complete(case, task, GOOD, desk)
    assert everything(second_office) == before
    second_office.complete(case, CHECK, GOOD)
    must_be_whole(second_office)


def test_an_effect_is_carried_out_once_whichever_statement_fails(second_office: Office) -> None:
    """One case for each statement of an effect: lease, handler, receipt. The number is taken once, without a gap."""
    effects, done = second_office.engine.effects, []
    for number in count(1):
        assert number < MOST
        done.append(waiting_for_its_number(second_office))
        with failing_at(second_office, number) as tried:
            try:
                effects.work_once()
            except StoreUnavailable as refusal:
                assert refusal.advice
        if len(tried) < number:
            break
        second_office.clock.move_to(second_office.clock.now() + timedelta(hours=1))
        second_office.settle()
    assert len(done) > 10
    with second_office.engine.database.reading() as connection:
        numbers = [one for case in done for one in register.of_case(connection, case)]
    assert sorted(one.sequence for one in numbers) == list(range(1, len(done) + 1))
    assert all(one.status == "done" for case in done for one in second_office.effects(case))
    must_be_whole(second_office)


def waiting_for_its_number(office: Office) -> str:
    """An application whose registration number is ordered and not yet taken."""
    holder = f"unggahan-{len(office.cases())}"
    papers = [{"dokumen": "gambar", "berkas": [office.upload(holder, "gambar.pdf", office.applicant)]}]
    values = {"nama": "Ratna Rekaan", "alamat": "Jalan Rekaan Nomor 5", "tulisan": "Warung Melati", "luas": 4,
              "persyaratan": papers}
    return office.engine.cases.start_with(office.process, "ajukan", values, office.applicant, holder=holder).id
