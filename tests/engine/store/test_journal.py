"""The journal takes new links and nothing else: on SQLite and on PostgreSQL, against every statement that could change it."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from engine.digest import canonical
from engine.errors import LostRace
from engine.rules.events import OFFICE, payload_digest
from engine.rules.people import SYSTEM
from engine.store import journal, schema, tables
from engine.store.database import Connection, Database

AT = "2026-06-09T01:15:00.000000Z"
SALT = b"g" * 32


@pytest.fixture
def database(database: Database) -> Database:
    """The office's chain has two links."""
    with database.transaction() as connection:
        add(connection, {"nama": "Ratna", "umur": 41})
        add(connection, {"catatan": "kedua"})
    return database


def add(connection: Connection, body: dict[str, object], kind: str = "note", chain: str = OFFICE) -> None:
    happened = {"chain": chain, "kind": kind, "at": AT, "actor": SYSTEM.record(), "state_digest": None}
    journal.append(connection, [journal.entry(journal.head(connection, chain), happened, body, SALT)])


def must_refuse(database: Database, statement: object, **values: object) -> None:
    with pytest.raises((DBAPIError, LostRace), match="append-only|UniqueViolation|IntegrityError"):
        with database.transaction() as connection:
            connection.execute(statement if not isinstance(statement, str) else text(statement), values)
    with database.reading() as connection:
        assert [one.event.seq for one in journal.read(connection, OFFICE)] == [1, 2]
        assert journal.read(connection, OFFICE)[0].body == {"nama": "Ratna", "umur": 41}


def test_links_follow_each_other(database: Database) -> None:
    with database.reading() as connection:
        first, second = journal.read(connection, OFFICE)
    assert first.event.previous == "0" * 64 and second.event.previous == first.stored_hash == first.event.hash
    assert second.event.payload_digest == payload_digest({"catatan": "kedua"}, SALT)


@pytest.mark.parametrize("table", ["event", "payload", "access", "erasure"])
def test_no_row_is_deleted(database: Database, table: str) -> None:
    if table in ("access", "erasure"):
        _fill(database, table)
    must_refuse(database, delete(tables.metadata.tables[table]))


@pytest.mark.parametrize(("table", "values"), [
    ("event", {"at": "2027-01-01T00:00:00.000000Z"}), ("event", {"kind": "erased"}), ("event", {"hash": b"0" * 32}),
    ("payload", {"body": b"{}"}), ("payload", {"body": None}), ("payload", {"salt": b"0" * 32}),
    ("access", {"action": "lain"}), ("erasure", {"seq": 2})])
def test_no_row_is_changed(database: Database, table: str, values: dict[str, object]) -> None:
    if table in ("access", "erasure"):
        _fill(database, table)
    must_refuse(database, update(tables.metadata.tables[table]).values(**values).where(
        text("seq = 2" if table in ("event", "payload") else "1 = 1")))


def _fill(database: Database, table: str) -> None:
    """One row for the two tables that have none yet."""
    row = {"access": {"day": "2026-06-09", "seq": 1, "at": AT, "actor": "{}", "action": "baca", "subject": "x",
                      "previous": b"0" * 32, "hash": b"1" * 32},
           "erasure": {"chain": OFFICE, "seq": 9, "at": AT, "reason": "uji"}}[table]
    known = tables.metadata.tables[table]
    with database.transaction() as connection:
        connection.execute(insert(known).values(row))


@pytest.mark.parametrize("table", ["event", "payload"])
def test_an_existing_link_is_not_replaced(database: Database, table: str) -> None:
    verb = "INSERT OR REPLACE INTO" if database.lite else "INSERT INTO"
    must_refuse(database, f"{verb} {table} SELECT * FROM {table} WHERE seq = 1")


@pytest.mark.parametrize("table", ["event", "payload"])
def test_an_upsert_does_not_pass(database: Database, table: str) -> None:
    column = {"event": "kind", "payload": "body"}[table]
    must_refuse(database, f"INSERT INTO {table} SELECT * FROM {table} WHERE seq = 1 "
                          f"ON CONFLICT (chain, seq) DO UPDATE SET {column} = NULL")


@pytest.mark.parametrize("table", ["event", "payload", "access", "erasure"])
def test_a_table_is_not_emptied_at_once(postgres_url: str, table: str) -> None:
    database = Database(postgres_url)
    schema.migrate(database)
    with pytest.raises(DBAPIError, match="append-only"):
        with database.transaction() as connection:
            connection.execute(text(f"TRUNCATE {table} CASCADE"))
    database.close()


def test_a_payload_is_emptied_only_by_a_decision_on_record(database: Database) -> None:
    wanted = update(tables.payload).where(tables.payload.c.seq == 1).values(body=None, salt=None)
    must_refuse(database, wanted)
    known = tables.erasure
    with database.transaction() as connection:
        connection.execute(insert(known).values(chain=OFFICE, seq=1, at=AT, reason="uji"))
        connection.execute(wanted)
    with database.reading() as connection:
        first, second = journal.read(connection, OFFICE)
    assert first.raw is None and first.body == {}
    assert second.event.previous == first.stored_hash == first.event.hash, "the chain stays whole"


def test_an_unknown_kind_of_event_is_not_written(database: Database) -> None:
    with database.reading() as connection:
        with pytest.raises(ValueError, match="unknown kind"):
            journal.entry(journal.head(connection, OFFICE), {
                "chain": OFFICE, "kind": "dibuat-buat", "at": AT, "actor": SYSTEM.record(), "state_digest": None}, {}, SALT)


def test_chains_do_not_touch_each_other(database: Database) -> None:
    with database.transaction() as connection:
        add(connection, {"edisi": "satu"}, "deployed", "proses:contoh")
    with database.reading() as connection:
        assert list(journal.chains(connection)) == [OFFICE, "proses:contoh"]
        assert journal.head(connection, "proses:contoh").seq == 1
        assert journal.head(connection, OFFICE).seq == 2


def test_payloads_come_back_to_the_byte(database: Database) -> None:
    body = {"panjang": "isian " * 400, "angka": 2**53 - 1, "kosong": None, "daftar": [1, "dua", True], "huruf": "é – “”"}
    with database.transaction() as connection:
        add(connection, body)
    with database.reading() as connection:
        last = journal.last(connection, OFFICE)
        events = connection.execute(select(tables.event.c.seq)).all()
    assert last is not None and last.body == body and last.raw == canonical(body) and len(events) == 3
