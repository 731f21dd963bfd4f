"""Every test of tasks, effects, timers and mail in the small house runs on both databases; some in the large one do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import HOME, SECOND, Office
from tests.tools import offices


@pytest.fixture(params=offices.DATABASES)
def second_office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """The small second house, on either database."""
    yield from offices.on_either(request, tmp_path, SECOND)


@pytest.fixture(params=offices.DATABASES)
def large_office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """The office of this house, on either database."""
    yield from offices.on_either(request, tmp_path, HOME)
