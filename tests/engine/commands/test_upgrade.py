"""`upgrade`: backup, migrate, verify, replay. Tried with a later revision that only these tests know, on both databases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.settings import Settings
from engine.store import schema, snapshot
from engine.store.database import Database
from engine.store.migrations.guards import unguard
from tests.builders import SECOND, Office, apply_for_sign, finished_sign, open_office
from tests.commands_called import Caller
from tests.tools import offices

LATER = '''"""A later release: one more column, and one more table filled from what is there."""

import sqlalchemy as sa
from alembic import op

revision = "9001"
down_revision = "{newest}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("tried", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table("tally", sa.Column("process", sa.String(60), primary_key=True), sa.Column("cases", sa.Integer()))
    op.execute("INSERT INTO tally SELECT process, count(*) FROM cases GROUP BY process")
    {then}


def downgrade() -> None:
    op.drop_table("tally")
    op.drop_column("cases", "tried")
'''


@pytest.fixture(params=offices.DATABASES)
def worked(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office with two cases, found by commands through the environment."""
    monkeypatch.setenv("IZIN_PROCESSES", str(SECOND / "processes"))
    monkeypatch.setenv("IZIN_FORMS", str(SECOND / "forms"))
    if request.param == "postgresql":
        with offices.office_on(request.getfixturevalue("postgres_cluster"), tmp_path, SECOND) as office:
            monkeypatch.setenv("IZIN_DATABASE_URL", office.engine.settings.database_url)
            yield _with_cases(office)
        return
    office = open_office(tmp_path, SECOND)
    yield _with_cases(office)
    office.engine.close()


def _with_cases(office: Office) -> Office:
    finished_sign(office)
    apply_for_sign(office)
    return office


@pytest.fixture
def later(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The migrations of a release to come; the file may still be changed by the test."""
    newest = schema.newest()
    folder = tmp_path_factory.mktemp("rilis") / "migrations"
    shutil.copytree(schema.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    file = folder / "versions" / "9001_later.py"
    file.write_text(LATER.format(newest=newest, then=""))
    monkeypatch.setattr(schema, "FOLDER", folder)
    yield file


def value(database: Database, statement: str) -> object:
    with database.reading() as connection:
        return connection.execute(text(statement)).scalar_one()


def standing(database: Database) -> snapshot.Standing:
    with database.snapshot() as view:
        return snapshot.standing(view)


def facts(database: Database) -> list[snapshot.TableFacts]:
    with database.snapshot() as view:
        return snapshot.facts(view)


def test_an_office_at_this_release_is_checked_and_backed_up(worked: Office, izin: Caller) -> None:
    told = izin("upgrade", "--json")
    assert told.status == 0 and told.document["galat"] == []
    assert told.document["sebelum"] == told.document["sesudah"] == schema.newest()
    assert Path(told.document["cadangan"]).is_file()


def test_an_upgrade_takes_the_rows_along(worked: Office, izin: Caller, later: Path) -> None:
    before = standing(worked.engine.database)
    assert izin("verify").status == 2, "this release does not work on an older revision"
    told = izin("upgrade", "--json")
    assert (told.status, told.document["galat"]) == (0, [])
    assert told.document["sesudah"] == schema.revision(worked.engine.database) == "9001"
    assert standing(worked.engine.database) == before
    assert value(worked.engine.database, "SELECT cases FROM tally") == 2
    finished_sign(worked)
    assert izin("verify").status == izin("replay", "--all").status == 0


def test_down_and_up_again_with_rows(worked: Office, later: Path) -> None:
    database = worked.engine.database
    older, old = str(schema.revision(database)), facts(database)
    schema.migrate(database)
    new = facts(database)
    schema.downgrade(database, older)
    assert facts(database) == old
    schema.migrate(database)
    assert facts(database) == new and schema.revision(database) == "9001"


def test_a_backup_of_an_older_revision_is_restored_and_brought_up(
        worked: Office, izin: Caller, tmp_path: Path, later: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = standing(worked.engine.database)
    assert izin("backup", str(tmp_path / "lama.zip")).status == 0
    monkeypatch.delenv("IZIN_DATABASE_URL", raising=False)
    new = Caller(izin.capsys, tmp_path / "baru")
    assert new("restore", str(tmp_path / "lama.zip")).status == 0
    database = Database(Settings(data=tmp_path / "baru").database)
    assert schema.revision(database) == "9001" and standing(database) == before
    database.close()
    assert new("verify").status == 0


def test_a_backup_of_a_later_revision_is_refused_by_this_release(
        worked: Office, izin: Caller, tmp_path: Path, later: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    izin("upgrade")
    assert izin("backup", str(tmp_path / "baru.zip")).status == 0
    later.unlink()
    monkeypatch.delenv("IZIN_DATABASE_URL", raising=False)
    told = Caller(izin.capsys, tmp_path / "tujuan")("restore", str(tmp_path / "baru.zip"))
    assert told.status == 2 and "lebih baru" in told.err


def test_a_migration_that_fails_changes_nothing_and_the_way_back_is_told(
        worked: Office, izin: Caller, tmp_path: Path, later: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    older, before = schema.revision(worked.engine.database), facts(worked.engine.database)
    later.write_text(later.read_text().replace("    \n\n\ndef downgrade", '    raise RuntimeError("disk")\n\n\ndef downgrade'))
    told = izin("upgrade", "--backup", str(tmp_path / "sebelum.zip"))
    assert told.status == 1 and "tidak dapat disesuaikan" in told.out and "./izin restore" in told.out
    assert schema.revision(worked.engine.database) == older and facts(worked.engine.database) == before
    later.unlink()
    monkeypatch.delenv("IZIN_DATABASE_URL", raising=False)
    back = Caller(izin.capsys, tmp_path / "kembali")
    assert back("restore", str(tmp_path / "sebelum.zip")).status == 0 and back("verify").status == 0


def test_a_broken_office_is_found_after_the_upgrade(worked: Office, izin: Caller, later: Path) -> None:
    with worked.engine.database.transaction() as connection:
        unguard(connection)
        connection.execute(text("UPDATE event SET at = '2026-06-09T01:15:00.000001Z' WHERE seq = 2"))
    told = izin("upgrade")
    assert told.status == 1 and "langkah 2" in told.out and "Kembali ke keadaan sebelumnya" in told.out
