"""`verify`: 0 for a whole office, 1 with every flaw, for all or for one case."""

from __future__ import annotations

import pytest

from engine.store.migrations.guards import unguard
from tests.builders import SECOND, Office, finished_sign
from tests.commands_called import Caller


@pytest.fixture(autouse=True)
def second_house(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IZIN_PROCESSES", str(SECOND / "processes"))
    monkeypatch.setenv("IZIN_FORMS", str(SECOND / "forms"))


def break_payload(office: Office, case: str) -> None:
    with office.engine.database.transaction() as connection:
        unguard(connection)
        connection.exec_driver_sql("UPDATE payload SET body = x'00' WHERE chain = ? AND seq = 3", (case,))


def test_a_whole_office_is_told_so_with_counts(second_office: Office, izin: Caller) -> None:
    finished_sign(second_office)
    told = izin("verify")
    assert told.status == 0 and told.out.startswith("Utuh: ") and "1 permohonan" in told.out
    assert izin("verify", "--json").document["utuh"] is True


def test_a_flaw_is_named_with_case_and_step(second_office: Office, izin: Caller) -> None:
    good, bad = finished_sign(second_office), finished_sign(second_office)
    break_payload(second_office, bad)
    told = izin("verify", "--json")
    assert told.status == 1
    assert [(one["place"], one["step"]) for one in told.document["cacat"]] == [(f"berkas {bad}", 3)]
    number = str(second_office.row(bad).number)
    assert (izin("verify", good).status, izin("verify", bad).status, izin("verify", number).status) == (0, 1, 1)
    assert "langkah 3" in izin("verify", number).out and "TIDAK utuh" in izin("verify").out


def test_a_case_that_is_not_there_cannot_be_verified(second_office: Office, izin: Caller) -> None:
    told = izin("verify", "RK-2026-000009-X")
    assert told.status == 2 and "RK-2026-000009-X" in told.err
