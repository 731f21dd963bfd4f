"""Every automatic step of real cases is asked again with its old key: the receipt of the journal comes back, and the
office is as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.assembly import load_handlers
from engine.store import journal
from engine.store.receipts import EffectRow
from tests.builders import HOME, Office

WAYS = {
    "01-rapat-dan-peninjauan": {"create_account", "reserve_number", "render_document", "sign_document", "verify_document",
                                "publish_document", "send_notice", "archive_case"},
    "12-kepala-mengembalikan": {"void_number"}}
"""Scenario -> the operations it must have asked for."""

LEFT_BEHIND = ("account", "document", "message", "number", "stored_file", "event")


@pytest.fixture(params=WAYS)
def played(request: pytest.FixtureRequest, office: Office) -> tuple[str, Office, str]:
    return request.param, office, office.play(request.param)


def receipts(office: Office, case: str) -> dict[int, dict[str, object]]:
    with office.engine.database.reading() as connection:
        done = journal.read_kinds(connection, case, ("effect_done",))
    return {one.body["task"]: one.body["result"] for one in done}


def left_behind(office: Office) -> list[list[tuple[object, ...]]]:
    with office.engine.database.reading() as connection:
        return [[tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table}")] for table in LEFT_BEHIND]


def asked_again(office: Office, effects: list[EffectRow]) -> Iterator[tuple[EffectRow, dict[str, object]]]:
    contexts = office.engine.effects.contexts
    for effect in effects:
        handler = office.engine.handlers[effect.operation]
        yield effect, dict(handler.work(contexts(effect, None)).values)


def test_asking_again_gives_the_receipt_of_the_journal_and_changes_nothing(played: tuple[str, Office, str]) -> None:
    name, office, case = played
    effects = [one for one in office.effects(case) if one.status == "done"]
    assert {one.operation for one in effects} >= WAYS[name]
    known, before = receipts(office, case), left_behind(office)
    for effect, again in asked_again(office, [one for one in effects if one.operation != "void_number"]):
        if effect.operation == "reserve_number" and again != known[effect.task]:
            # Voided meanwhile: only a void may come between.
            assert any(one.operation == "void_number" and one.task > effect.task for one in effects)
        else:
            assert again == known[effect.task], effect
    assert left_behind(office) == before


def test_every_file_of_the_folder_is_a_handler_named_as_its_file() -> None:
    files = {path.stem for path in (HOME / "handlers").glob("*.py")} - {"__init__"}
    assert set(load_handlers(HOME / "handlers")) == files
