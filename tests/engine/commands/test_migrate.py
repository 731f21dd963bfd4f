"""`migrate`: up to this release, once."""

from __future__ import annotations

from sqlalchemy import text

from engine.settings import Settings
from engine.store import schema
from engine.store.database import Database
from tests.commands_called import Caller


def test_an_empty_folder_becomes_an_office_and_a_second_time_changes_nothing(izin: Caller) -> None:
    first, second = izin("migrate", "--json"), izin("migrate", "--json")
    assert first.document == {"sebelum": None, "sesudah": schema.newest()}
    assert second.document == {"sebelum": schema.newest(), "sesudah": schema.newest()}
    assert izin("verify").status == 0


def test_a_newer_database_is_refused(izin: Caller) -> None:
    izin("migrate")
    database = Database(Settings(data=izin.folder).database)
    with database.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    for command in ("migrate", "verify", "work"):
        told = izin(command)
        assert told.status == 2 and "lebih baru" in told.err and told.err.count("\n") == 1


def test_a_folder_that_cannot_be_written_is_named(izin: Caller) -> None:
    (izin.folder / "berkas").write_text("")
    told = Caller(izin.capsys, izin.folder / "berkas" / "kantor")("migrate")
    assert told.status == 2 and "tidak dapat ditulisi" in told.err
