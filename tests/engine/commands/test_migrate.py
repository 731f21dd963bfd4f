"""`migrate`: up to this release, once."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from engine.commands.parts.office import made_ready
from engine.settings import Settings
from engine.store import schema
from engine.store.database import Database
from tests.commands_called import Caller

FIRST = "0001"


def an_office(izin: Caller) -> None:
    made_ready(Settings(data=izin.folder)).close()


def test_an_older_office_comes_to_this_release_and_a_second_time_changes_nothing(izin: Caller) -> None:
    an_office(izin)
    database = Database(Settings(data=izin.folder).database)
    schema.downgrade(database, FIRST)
    database.close()
    first, second = izin("migrate", "--json"), izin("migrate", "--json")
    assert first.document == {"sebelum": FIRST, "sesudah": schema.newest()}
    assert second.document == {"sebelum": schema.newest(), "sesudah": schema.newest()}
    assert izin("verify").status == 0


def test_a_folder_that_holds_no_office_stays_as_it_is(izin: Caller) -> None:
    mistyped = Caller(izin.capsys, izin.folder / "salah-ketik")
    told = mistyped("migrate")
    assert told.status == 2 and "Belum ada kantor di folder" in told.err and "--data" in told.err
    assert not mistyped.folder.exists()


def test_an_empty_database_does_not_become_an_office(izin: Caller, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IZIN_DATABASE_URL", postgres_url)
    told = izin("migrate")
    assert told.status == 2 and "belum berisi kantor" in told.err
    database = Database(postgres_url)
    assert schema.revision(database) is None
    database.close()


def test_a_newer_database_is_refused(izin: Caller) -> None:
    an_office(izin)
    database = Database(Settings(data=izin.folder).database)
    with database.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    for command in ("migrate", "verify", "work"):
        told = izin(command)
        assert told.status == 2 and "lebih baru" in told.err and told.err.count("\n") == 1


def test_a_folder_that_cannot_be_written_is_named(izin: Caller) -> None:
    (izin.folder / "berkas").write_text("")
    told = Caller(izin.capsys, izin.folder / "berkas" / "kantor")("restore", str(izin.folder / "berkas"))
    assert told.status == 2 and "tidak dapat ditulisi" in told.err
