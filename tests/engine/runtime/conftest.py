"""Every test of tasks, effects, timers and mail in the small house runs on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import SECOND, Office, open_office
from tests.tools import offices


@pytest.fixture(params=offices.DATABASES)
def second_office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """The small second house, on either database."""
    if request.param == "postgresql":
        with offices.office_on(request.getfixturevalue("postgres_cluster"), tmp_path, SECOND) as office:
            yield office
        return
    opened = open_office(tmp_path, SECOND)
    yield opened
    opened.engine.close()
