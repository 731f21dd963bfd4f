"""The schema: migrations make exactly the tables, go back to nothing, and refuse what a newer release made."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from engine.errors import CannotRun
from engine.store import schema, tables
from engine.store.database import Database


@pytest.fixture
def database(empty_database: Database) -> Database:
    return empty_database


def table_names(database: Database) -> set[str]:
    with database.reading() as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


def test_migrations_make_exactly_the_tables(database: Database) -> None:
    schema.migrate(database)
    assert schema.differences(database) == []
    assert table_names(database) == set(tables.metadata.tables)
    assert schema.revision(database) == schema.newest()


def test_migrations_go_down_to_nothing_and_up_again(database: Database) -> None:
    schema.migrate(database)
    schema.downgrade(database, "base")
    assert table_names(database) == set() and schema.revision(database) is None
    schema.migrate(database)
    assert schema.differences(database) == []


def test_a_migrated_database_is_left_as_it_is(database: Database) -> None:
    schema.migrate(database)
    schema.migrate(database)
    schema.must_be_current(database)


def test_a_database_of_a_newer_release_is_refused(database: Database) -> None:
    schema.migrate(database)
    with database.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for attempt in (schema.migrate, schema.must_be_current):
        with pytest.raises(CannotRun) as refusal:
            attempt(database)
        assert "lebih baru" in refusal.value.advice


def test_an_empty_database_is_not_current(database: Database) -> None:
    with pytest.raises(CannotRun, match="not migrated"):
        schema.must_be_current(database)


@pytest.mark.parametrize("content", [b"bukan basis data", b"SQLite format 3\x00 rusak" * 200])
def test_a_file_that_is_no_database_ends_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "izin.db").write_bytes(content)
    database = Database(f"sqlite:///{tmp_path / 'izin.db'}")
    with pytest.raises(CannotRun) as refusal:
        schema.migrate(database)
    database.close()
    assert refusal.value.advice.endswith(".")


def test_the_database_tells_its_own_time(database: Database) -> None:
    told = database.clock()
    assert (told is None) == database.lite
    assert told is None or told.utcoffset() is not None
