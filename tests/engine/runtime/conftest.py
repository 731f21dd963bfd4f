"""Every test of tasks, effects, timers and mail in the small house runs on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import SECOND, Office
from tests.tools import offices


@pytest.fixture(params=offices.DATABASES)
def second_office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """The small second house, on either database."""
    yield from offices.on_either(request, tmp_path, SECOND)
