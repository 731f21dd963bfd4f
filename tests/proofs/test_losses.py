"""The counting after a crash: an office that nothing happened to has no losses, and every kind of loss is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.store import tables
from engine.store.database import Connection
from engine.store.migrations.guards import unguard
from tests.builders import Office, finished_sign
from tests.proofs.losses import losses

Forge = Callable[[Connection, str], object]


def signed(office: Office) -> Office:
    """An office in which one licence was signed."""
    office.play("02-rapat-saja")
    return office


def test_nothing_is_lost_where_nothing_happened(office: Office) -> None:
    assert losses(signed(office).engine) == []


def change(table: str, **values: object) -> Forge:
    """Every row of a table changed, as nobody may."""
    return lambda connection, _: connection.execute(tables.metadata.tables[table].update().values(**values))


def drop(table: str) -> Forge:
    """Every row of a table lost."""
    return lambda connection, _: connection.execute(tables.metadata.tables[table].delete())


@pytest.mark.parametrize(("forge", "told"), [
    (drop("number"), "was journaled and is lost"),
    (change("number", sequence=tables.number.c.sequence + 1), "has gaps or doubles"),
    (change("number", voided_at="2026-06-09T02:00:00.000000Z"), "was voided without a reason"),
    (drop("document"), "which is lost"),
    (change("effect", status="incident"), "is left incident"),
    (change("cases", ended_at=None), "never ended"),
    (drop("stored_file"), "belongs to nobody"),
    (change("cases", seq=3), "verify:"),
    (change("event", state_digest=b"\1" * 32), "replay:")])
def test_each_kind_of_loss_is_told(second_office: Office, forge: Forge, told: str) -> None:
    case = finished_sign(second_office)
    with second_office.engine.database.transaction() as connection:
        unguard(connection)
        forge(connection, case)
    assert any(told in one for one in losses(second_office.engine)), losses(second_office.engine)


def test_a_file_without_a_row_is_told(second_office: Office) -> None:
    case = finished_sign(second_office)
    second_office.engine.files.store.put(case, b"left behind")
    assert any("belongs to nobody" in one for one in losses(second_office.engine))


@pytest.mark.parametrize(("forge", "told"), [
    (change("document", signed=None), "which is not registered"),
    (change("document", published_at=None), "signed and published 0 decisions")])
def test_each_loss_of_a_signature_is_told(office: Office, forge: Forge, told: str) -> None:
    with signed(office).engine.database.transaction() as connection:
        forge(connection, "")
    assert any(told in one for one in losses(office.engine)), losses(office.engine)
