"""The schema's version: migrated up, checked against this release, compared with the tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from engine.errors import CannotRun
from engine.store.database import Database
from engine.store.tables import metadata

FOLDER = Path(__file__).parent / "migrations"


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The revision this release works with."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def knows(wanted: str) -> bool:
    """True for a revision that this release can bring up to its own."""
    return wanted in {one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions()}


def revision(database: Database) -> str | None:
    """The revision of the database; None when it is empty."""
    with database.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def migrate(database: Database, to: str = "head") -> None:
    """Bring the database to a revision. CannotRun when it was made by a newer release."""
    database.reachable()
    must_not_be_newer(database)
    with database.transaction() as connection:
        command.upgrade(_config(connection), to)


def downgrade(database: Database, to: str) -> None:
    """Take the database back to an older revision (`base` = nothing)."""
    with database.transaction() as connection:
        command.downgrade(_config(connection), to)


def must_not_be_newer(database: Database) -> None:
    """CannotRun for a database of a newer release."""
    found = revision(database)
    if found is not None and not knows(found):
        raise CannotRun(f"revision {found}", advice="Basis data ini dibuat oleh versi Izin yang lebih baru. Pasang versi itu, "
                                                    "atau pulihkan cadangan yang lama.")


def must_be_current(database: Database) -> None:
    """CannotRun unless the database is at this release's revision."""
    must_not_be_newer(database)
    if revision(database) != newest():
        raise CannotRun("not migrated", advice="Basis data belum disiapkan untuk versi ini. Jalankan `./izin start` atau "
                                               "`./izin migrate`.")


def differences(database: Database) -> list[Any]:
    """Where the migrated database differs from the tables; empty when the migrations are whole."""
    with database.reading() as connection:
        return compare_metadata(MigrationContext.configure(connection), metadata)
