"""The connection: one view for a reader, one transaction for a writer; what goes wrong below becomes a refusal."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.exc import IntegrityError

from engine.errors import CannotRun, LostRace, NotStorable, Refusal
from engine.store import directory, inbox, locks, schema, statements, tables
from engine.store.database import Connection, Database, StoreUnavailable
from engine.store.directory import AccountRow

AT = "2026-06-09T01:15:00.000000Z"
RATNA = AccountRow("a" * 26, "ratna", "Ratna Rekaan", "ratna@rekaan.example", False, True, AT)


@pytest.fixture
def server(postgres_url: str) -> Iterator[Database]:
    """A database on a server, empty but for one table."""
    made = Database(postgres_url)
    with made.transaction() as connection:
        connection.execute(text("CREATE TABLE benda (nama varchar(5) PRIMARY KEY, jumlah int)"))
        connection.execute(text("INSERT INTO benda VALUES ('satu', 1), ('dua', 2)"))
    yield made
    made.close()


def together(*deeds: Callable[[], object]) -> list[object]:
    """Do all at once; what each gave, or the refusal it met."""
    def tried(deed: Callable[[], object]) -> object:
        try:
            return deed()
        except Refusal as refusal:
            return refusal
    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(tried, deeds))


def rows(database: Database, table: str) -> int:
    with database.reading() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


# --- refusals in place of faults


def test_a_key_written_twice_is_a_lost_race_and_writes_nothing(database: Database) -> None:
    with database.transaction() as connection:
        directory.save_account(connection, RATNA)
    with pytest.raises(LostRace):
        with database.transaction() as connection:
            directory.save_account(connection, replace(RATNA, id="b" * 26, username="lain"))
            directory.save_account(connection, RATNA)
    assert rows(database, "account") == 1


def test_a_missing_value_is_a_fault_and_no_race(database: Database) -> None:
    with pytest.raises(IntegrityError):
        with database.transaction() as connection:
            connection.execute(insert(tables.setting).values(name="tanpa nilai", value=None))


@pytest.mark.parametrize("field", ["username", "name", "email", "identity"])
def test_a_hidden_sign_is_refused_before_it_is_stored(database: Database, field: str) -> None:
    with pytest.raises(NotStorable):
        with database.transaction() as connection:
            directory.save_account(connection, replace(RATNA, **{field: "rat\0na"}))
    assert rows(database, "account") == 0


def test_a_hidden_sign_is_refused_where_it_is_sought(database: Database) -> None:
    with database.reading() as connection, pytest.raises(Exception, match="NUL"):
        connection.execute(inbox.words_in(select(tables.cases.c.id), "wa\0rung")).all()
    with pytest.raises(NotStorable):
        with database.reading() as connection:
            directory.account_named(connection, "rat\0na")


def test_what_is_too_long_for_its_column_is_refused_with_a_sentence(server: Database) -> None:
    with pytest.raises(NotStorable) as refusal:
        with server.transaction() as connection:
            connection.execute(text("INSERT INTO benda VALUES ('terlalu panjang', 1)"))
    assert refusal.value.advice.endswith(".")


def test_nobody_at_the_address_ends_in_a_sentence_without_the_password() -> None:
    database = Database("postgresql://izin:rahasia@127.0.0.1:9/izin")
    with pytest.raises(CannotRun) as refusal:
        database.reachable()
    assert "127.0.0.1" in refusal.value.advice and "rahasia" not in refusal.value.advice


# --- a disk that is full, a lock that does not come


def test_a_full_disk_changes_nothing_and_says_so_until_there_is_room(tmp_path: Path) -> None:
    """In earnest: SQLite can be told how large its file may grow."""
    database = Database(f"sqlite:///{tmp_path / 'izin.db'}")
    schema.migrate(database)
    with database.reading() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    many = [replace(RATNA, id=f"{number:026d}", username=f"ratna{number}") for number in range(400)]

    def save_all() -> None:
        with database.transaction() as connection:
            for one in many:
                directory.save_account(connection, one)
    with each_connection(database, f"PRAGMA max_page_count={pages + 1}"), pytest.raises(StoreUnavailable) as refusal:
        save_all()
    assert refusal.value.advice.endswith("kirim lagi.") and rows(database, "account") == 0
    with each_connection(database, "PRAGMA max_page_count=1000000"):
        save_all()
    assert rows(database, "account") == len(many)
    database.close()


def test_a_lock_that_does_not_come_ends_in_a_sentence(database: Database) -> None:
    impatient = "PRAGMA busy_timeout=50" if database.lite else "SET lock_timeout='50ms'"
    with each_connection(database, impatient), database.transaction() as first:
        directory.save_account(first, RATNA)
        with pytest.raises(StoreUnavailable) as refusal:
            with database.transaction() as second:
                directory.save_account(second, RATNA)
    assert refusal.value.advice.endswith("kirim lagi.") and rows(database, "account") == 1


@contextmanager
def each_connection(database: Database, setting: str) -> Iterator[None]:
    """Every connection that is taken from the pool is told this first."""
    def told(raw: Any, *_: Any) -> None:
        raw.execute(setting)
    event.listen(database.server, "checkout", told)
    try:
        yield
    finally:
        event.remove(database.server, "checkout", told)


# --- connections that are cut


def cut_others(server: Database) -> None:
    """What an administrator, a restart or a firewall does to connections."""
    with server.server.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                                "WHERE datname = current_database() AND pid <> pg_backend_pid()"))


def test_a_connection_that_was_cut_while_it_rested_is_replaced(server: Database) -> None:
    with server.reading(), server.reading():
        pass
    other = Database(server.url.render_as_string(hide_password=False))
    cut_others(other)
    assert rows(server, "benda") == 2
    other.close()


def test_a_transaction_whose_connection_is_cut_changes_nothing_and_says_so(server: Database) -> None:
    other = Database(server.url.render_as_string(hide_password=False))
    with pytest.raises(StoreUnavailable):
        with server.transaction() as connection:
            connection.execute(text("INSERT INTO benda VALUES ('tiga', 3)"))
            cut_others(other)
            connection.execute(text("INSERT INTO benda VALUES ('empat', 4)"))
    assert rows(server, "benda") == 2
    other.close()


def test_two_that_wait_for_each_other_do_not_wait_for_ever(server: Database) -> None:
    both = threading.Barrier(2)

    def swap(first: str, second: str) -> None:
        with server.transaction() as connection:
            connection.execute(text("UPDATE benda SET jumlah = jumlah + 1 WHERE nama = :nama"), {"nama": first})
            both.wait(10)
            connection.execute(text("UPDATE benda SET jumlah = jumlah + 1 WHERE nama = :nama"), {"nama": second})
    answers = together(lambda: swap("satu", "dua"), lambda: swap("dua", "satu"))
    assert sorted(type(one).__name__ for one in answers) == ["LostRace", "NoneType"]


def test_a_lock_is_not_waited_for_without_end(server: Database) -> None:
    with server.transaction() as connection:
        assert connection.execute(text("SHOW lock_timeout")).scalar_one() == "20s"
        connection.execute(text("SET LOCAL lock_timeout = '50ms'"))
        connection.execute(text("UPDATE benda SET jumlah = 0"))
        with pytest.raises(StoreUnavailable):
            with server.transaction() as second:
                second.execute(text("SET LOCAL lock_timeout = '50ms'"))
                second.execute(text("UPDATE benda SET jumlah = 9"))


# --- one view, one writer


def test_a_snapshot_sees_nothing_that_is_written_after_it_began(database: Database) -> None:
    def count(connection: Connection) -> int:
        return len(connection.execute(select(tables.setting.c.name)).all())
    with database.transaction() as connection:
        directory.save_setting(connection, "awal", "1")
    with database.snapshot() as view:
        assert count(view) == 1
        with database.transaction() as connection:
            directory.save_setting(connection, "susulan", "2")
        assert count(view) == 1
    assert rows(database, "setting") == 2


def test_a_snapshot_takes_no_change_on_a_server(server: Database) -> None:
    with pytest.raises(Exception, match="read-only"):
        with server.snapshot() as view:
            view.execute(text("DELETE FROM benda"))


def test_writers_of_one_chain_come_one_after_another(database: Database) -> None:
    def next_link(_: int) -> None:
        with database.transaction() as connection:
            locks.hold(connection, "rantai")
            last = max(connection.execute(select(tables.number.c.sequence)).scalars(), default=0)
            connection.execute(insert(tables.number).values(
                register="r", year=2026, sequence=last + 1, text=str(last + 1), case=f"k{last + 1}", key="k", reserved_at=AT))
    answers = together(*(lambda: [next_link(turn) for turn in range(8)] for _ in range(4)))
    assert not [one for one in answers if isinstance(one, Exception)]
    assert rows(database, "number") == 32


def test_a_key_is_added_once_however_many_try(database: Database) -> None:
    def add() -> bool:
        with database.transaction() as connection:
            return statements.add_new(connection, tables.setting, {"name": "satu", "value": "saja"})
    assert sorted(map(str, together(*[add] * 6))) == ["False"] * 5 + ["True"]


def test_tries_are_counted_whole_when_they_come_together(database: Database) -> None:
    def count() -> int:
        with database.transaction() as connection:
            return directory.count_attempt(connection, "masuk:ratna", AT, "2026-06-09T01:00:00.000000Z")
    assert sorted(together(*[count] * 8), key=str) == list(range(1, 9))


def test_tries_before_the_window_are_forgotten(database: Database) -> None:
    def count(now: str, since: str) -> int:
        with database.transaction() as connection:
            return directory.count_attempt(connection, "masuk:ratna", now, since)
    assert [count(AT, "2026-06-09T01:00:00.000000Z") for _ in range(3)] == [1, 2, 3]
    assert count("2026-06-09T01:31:00.000000Z", "2026-06-09T01:16:00.000000Z") == 1
    assert count("2026-06-09T01:32:00.000000Z", "2026-06-09T01:17:00.000000Z") == 2


def test_a_setting_is_written_over(database: Database) -> None:
    for value in ("lama", "baru"):
        with database.transaction() as connection:
            directory.save_setting(connection, "nama", value)
    with database.reading() as connection:
        assert directory.setting(connection, "nama") == "baru"
