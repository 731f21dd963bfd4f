"""`backup`, `restore`, `drill`: a running office into one file, out of it again, and tried in one command."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from engine.store.migrations.guards import unguard
from tests.builders import SECOND, Office, apply_for_sign, finished_sign
from tests.commands_called import Caller

LINES = ("Utuh: ", "semua sama")


@pytest.fixture(autouse=True)
def second_house(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IZIN_PROCESSES", str(SECOND / "processes"))
    monkeypatch.setenv("IZIN_FORMS", str(SECOND / "forms"))


@pytest.fixture
def worked(second_office: Office) -> Office:
    finished_sign(second_office)
    apply_for_sign(second_office)
    return second_office


def test_an_office_moves_from_a_file_to_a_server_and_back(
        worked: Office, izin: Caller, tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told = izin("backup", str(tmp_path / "satu.zip"))
    assert told.status == 0 and "TIDAK ikut: kunci" in told.out and "2 permohonan" in told.out and "event: " in told.err
    assert stat.S_IMODE((tmp_path / "satu.zip").stat().st_mode) == 0o600
    server = Caller(izin.capsys, tmp_path / "server")
    monkeypatch.setenv("IZIN_DATABASE_URL", postgres_url)
    assert server("restore", str(tmp_path / "satu.zip")).status == 0
    assert not (tmp_path / "server" / "izin.db").exists()
    must_be_whole(server)
    first = server("backup", str(tmp_path / "dua.zip"), "--json").document
    monkeypatch.delenv("IZIN_DATABASE_URL")
    back = Caller(izin.capsys, tmp_path / "kembali")
    second = back("restore", str(tmp_path / "dua.zip"), "--json").document
    must_be_whole(back)
    third = izin("backup", str(tmp_path / "tiga.zip"), "--json").document
    assert first["standing"] == second["standing"] == third["standing"]
    # Verifying and replaying left a note of their own in the office that was moved.
    for made in (first, second, third):
        del made["tables"]["setting"]
    assert first["tables"] == second["tables"] == third["tables"]


def must_be_whole(izin: Caller) -> None:
    verified, replayed = izin("verify"), izin("replay", "--all")
    assert (verified.status, replayed.status) == (0, 0)
    assert "2 permohonan" in verified.out and replayed.out.startswith("2 berkas")


def test_a_target_that_is_not_empty_is_refused(worked: Office, izin: Caller, tmp_path: Path) -> None:
    izin("backup", str(tmp_path / "satu.zip"))
    told = izin("restore", str(tmp_path / "satu.zip"))
    assert told.status == 2 and "tidak kosong" in told.err and told.err.count("\n") == 1


@pytest.mark.parametrize("words", [["backup", "{}/satu.zip"], ["drill"], ["upgrade"]])
def test_without_an_office_there_is_nothing_to_copy(izin: Caller, words: list[str]) -> None:
    told = izin(*(word.format(izin.folder) for word in words))
    assert told.status == 2 and "Belum ada kantor" in told.err


def test_a_drill_is_one_command_and_leaves_nothing(worked: Office, izin: Caller, tmp_path: Path) -> None:
    (tmp_path / "ruang").mkdir()
    told = izin("drill", "--folder", str(tmp_path / "ruang"))
    assert told.status == 0 and told.out.startswith("Latihan berhasil: ")
    assert not list((tmp_path / "ruang").iterdir())
    assert b'izin_check_good{check="drill"} 1.0' in worked.engine.health.metrics()


def test_a_drill_into_a_server(worked: Office, izin: Caller, postgres_url: str) -> None:
    told = izin("drill", "--database", postgres_url, "--json")
    assert told.status == 0 and told.document["sama"] and told.document["cadangan"]["standing"]["cases"] == 2


def test_a_drill_of_a_broken_office_says_where(worked: Office, izin: Caller) -> None:
    case = worked.cases()[0]
    with worked.engine.database.transaction() as connection:
        unguard(connection)
        connection.exec_driver_sql("UPDATE event SET at = '2026-06-09T01:15:00.000001Z' WHERE chain = ? AND seq = 2", (case,))
    told = izin("drill")
    assert told.status == 1 and f"berkas {case}, langkah 2" in told.out and "Latihan GAGAL" in told.out


def test_a_folder_is_no_backup_and_nothing_is_restored(izin: Caller, tmp_path: Path) -> None:
    told = Caller(izin.capsys, tmp_path / "baru")("restore", str(tmp_path))
    assert told.status == 2 and told.err.count("\n") == 1
    assert "tidak dapat dibaca sebagai berkas cadangan" in told.err and "bukan foldernya" in told.err


@pytest.mark.parametrize("address", ["postgres", "mysql://izin:rahasia@db/izin", "postgresql://izin:rahasia@db:port/izin",
                                     "://"])
@pytest.mark.parametrize("command", ["restore", "verify", "migrate"])
def test_a_broken_address_of_a_database_is_named_without_its_password(
        izin: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, address: str) -> None:
    monkeypatch.setenv("IZIN_DATABASE_URL", address)
    told = izin(command, *([str(tmp_path / "satu.zip")] if command == "restore" else []))
    assert told.status == 2 and told.err.count("\n") == 1 and "IZIN_DATABASE_URL" in told.err
    assert "rahasia" not in told.out + told.err
