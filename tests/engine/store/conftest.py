"""Every test of the store runs on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.store import schema
from engine.store.database import Database
from tests.tools import offices
from tests.tools.postgres import Cluster


@pytest.fixture(params=offices.DATABASES)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a table."""
    url = f"sqlite:///{tmp_path / 'izin.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    made = Database(url)
    yield made
    made.close()


@pytest.fixture(params=offices.DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with every table and no row."""
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path / 'izin.db'}", synchronous="OFF")
        schema.migrate(made)
        yield made
        made.close()
    else:
        cluster: Cluster = request.getfixturevalue("postgres_cluster")
        yield from _copied(cluster)


def _copied(cluster: Cluster) -> Iterator[Database]:
    url = cluster.database(template=offices.migrated(cluster))
    made = Database(url)
    yield made
    made.close()
    cluster.drop(url)
