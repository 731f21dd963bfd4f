"""Cases in the database: found by words in any writing, drafts kept by one hand at a time, one live number each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import insert

from engine.errors import LostRace
from engine.store import cases, files, register, tables
from engine.store.cases import CaseQuery, Draft
from engine.store.database import Database
from engine.store.files import FileRow
from engine.store.register import NumberRow

AT = "2026-06-09T01:15:00.000000Z"
TITLES = {"a": "Optik Melati 50% hemat", "b": "OPTIK MAWAR_PUTIH", "c": r"Optik C:\kaca", "d": "Optik Mawar putih",
          "e": "Kacamata Édelweis"}


@pytest.fixture
def listed(database: Database) -> Database:
    """Five cases with odd titles."""
    empty = {"process": "contoh", "edition": "e" * 64, "seq": 1, "state": b"{}", "head": b"h" * 32, "head_at": AT,
             "started_at": AT}
    with database.transaction() as connection:
        connection.execute(insert(tables.cases), [
            empty | {"id": name * 26, "title": title, "number": f"IO-2026-00000{place}-K", "place": "Jalan Rekaan"}
            for place, (name, title) in enumerate(TITLES.items())])
    return database


@pytest.mark.parametrize(("words", "found"), [
    ("optik", "abcd"), ("MELATI", "a"), ("50%", "a"), ("%", "a"), ("_", "b"), ("mawar_putih", "b"), ("mawar putih", "bd"),
    ("\\", "c"), (r"c:\k", "c"), ("io-2026-000003", "d"), ("rekaan optik", "abcd"), ("tidak ada", ""), ("' OR 1=1 --", ""),
    ("", "abcde")])
def test_words_are_found_in_any_writing_and_signs_mean_themselves(listed: Database, words: str, found: str) -> None:
    with listed.reading() as connection:
        rows, total = cases.search(connection, CaseQuery(words=words))
    assert sorted(row.id[0] for row in rows) == sorted(found) and total == len(found)


def test_a_number_is_found_in_small_letters(listed: Database) -> None:
    with listed.reading() as connection:
        row = cases.find_by_number(connection, " io-2026-000002-k ")
    assert row is not None and row.id[0] == "c"


def test_of_two_devices_one_keeps_its_draft(listed: Database) -> None:
    def save(text: str, revision: int) -> bool:
        with listed.transaction() as connection:
            return cases.save_draft(connection, "a" * 26, 1, Draft("z" * 26, revision, {"catatan": text}, AT))
    for revision in (1, 2, 3):
        with ThreadPoolExecutor(4) as pool:
            kept = list(pool.map(lambda number, known=revision: save(f"gawai {number}", known), range(4)))
        assert sorted(kept) == [False, False, False, True]
    assert not save("dari halaman lama", 2)
    with listed.reading() as connection:
        known = cases.draft(connection, "a" * 26, 1, "z" * 26)
    assert known is not None and known.revision == 3


def test_a_case_has_one_live_number_in_a_register_and_any_void_ones(database: Database) -> None:
    def take() -> NumberRow:
        wanted = NumberRow("izin", 2026, 0, "", "a" * 26, "kunci", AT)
        with database.transaction() as connection:
            return register.reserve(connection, wanted, lambda sequence: f"{sequence}/IZIN/2026")
    first = take()
    with pytest.raises(LostRace):
        take()
    with database.transaction() as connection:
        register.void(connection, first, AT, "salah")
    assert take().sequence == 2
    with pytest.raises(LostRace):
        take()


def test_a_file_that_comes_twice_at_once_is_registered_once(database: Database) -> None:
    def keep(name: str) -> FileRow:
        with database.transaction() as connection:
            return files.register(connection, FileRow("a" * 26, "f" * 64, name, "image/jpeg", 9, AT))
    with ThreadPoolExecutor(6) as pool:
        known = list(pool.map(keep, [f"foto {number}.jpg" for number in range(6)]))
    with database.reading() as connection:
        kept = files.of_holder(connection, "a" * 26)
    assert len(kept) == 1 and {one.name for one in known} == {kept[0].name}
