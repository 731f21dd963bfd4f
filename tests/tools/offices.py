"""The office of a test on a database server: made once per run and house, copied for each test as the folder is on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from engine.assembly import assemble
from engine.clock import FixedClock
from engine.runtime.catalog import available
from engine.store import schema
from engine.store.database import Database
from tests.builders import MORNING, Office, furnish, open_office, settings_of
from tests.tools.postgres import Cluster

DATABASES = ("sqlite", "postgresql")


@cache
def migrated(cluster: Cluster) -> str:
    """The name of a database with every table and no row."""
    url = cluster.database()
    database = Database(url)
    schema.migrate(database)
    database.close()
    return name_of(url)


@cache
def furnished(cluster: Cluster, house: Path) -> str:
    """The name of a database with a house's first process in force and a person in every post."""
    url = cluster.database(template=migrated(cluster))
    with TemporaryDirectory() as folder:
        fill(url, Path(folder), house)
    return name_of(url)


def fill(url: str, folder: Path, house: Path) -> None:
    """A house's first process in force and a person in every post, in a migrated database; keys lie in the folder."""
    engine = assemble(settings_of(folder, house, database_url=url), FixedClock(MORNING))
    furnish(engine, available(house / "processes")[0])
    engine.close()


def name_of(url: str) -> str:
    return url.split("@/")[1].split("?")[0]


@contextmanager
def office_on(cluster: Cluster, folder: Path, house: Path) -> Iterator[Office]:
    """An office of a house whose rows lie on the server and whose files and keys lie in the folder."""
    url = cluster.database(template=furnished(cluster, house))
    try:
        with opened(url, folder, house) as office:
            yield office
    finally:
        cluster.drop(url)


@contextmanager
def office_at(url: str, folder: Path, house: Path) -> Iterator[Office]:
    """An office of a house in an empty database of somebody's own server; its rows stay there."""
    database = Database(url)
    schema.migrate(database)
    database.close()
    with TemporaryDirectory() as elsewhere:
        fill(url, Path(elsewhere), house)
    with opened(url, folder, house) as office:
        yield office


@contextmanager
def opened(url: str, folder: Path, house: Path) -> Iterator[Office]:
    """An office over a furnished database."""
    office = open_office(folder, house, database_url=url)
    (folder / "izin.db").unlink()
    try:
        yield office
    finally:
        office.engine.close()


def on_either(request: pytest.FixtureRequest, folder: Path, house: Path) -> Iterator[Office]:
    """What a fixture with params=DATABASES yields: an office of a house on the database that is asked for."""
    if request.param == "postgresql":
        with office_on(request.getfixturevalue("postgres_cluster"), folder, house) as office:
            yield office
        return
    office = open_office(folder, house)
    yield office
    office.engine.close()
