"""The proof of effects at a small size, in every run of the gate, on both databases."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.builders import HOME
from tests.proofs import effects
from tests.proofs.mortal import EVERY_POINT
from tests.proofs.moving import MovingClock
from tests.proofs.weather import Jumps
from tests.tools import offices


@pytest.mark.parametrize("database", offices.DATABASES)
def test_bad_weather_loses_and_doubles_nothing(database: str, request: pytest.FixtureRequest,
                                               capsys: pytest.CaptureFixture[str]) -> None:
    url = request.getfixturevalue("postgres_url") if database == "postgresql" else ""
    assert effects.main(["--kills", "16", "--database", url]) == 0, capsys.readouterr().out
    told = dict(re.findall(r"(\w+)=(\S+)", capsys.readouterr().out.splitlines()[-1]))
    assert (told["database"], told["lost"], told["doubled"], told["divergences"]) == (database, "0", "0", "0")
    assert int(told["kills"]) >= 16 and int(told["jumps"]) > 0 and int(told["cuts"]) > 0 and int(told["cases"]) > 0


def test_somebody_is_to_die_at_every_point_that_the_program_marks() -> None:
    marked = {point for path in (HOME / "engine").rglob("*.py") for point in re.findall(r'mark\("(\w+)"\)', path.read_text())}
    assert marked == EVERY_POINT


def test_what_a_jump_left_out_is_no_time_in_which_a_worker_could_have_looked(tmp_path: Path) -> None:
    begin, hour = datetime(2026, 6, 9, 2, tzinfo=UTC), timedelta(hours=1)
    steps = [(begin, begin + 3 * hour), (begin + 4 * hour, begin + 3 * hour)]
    jumps = Jumps(MovingClock(tmp_path / "jam"), Random(1), jumps=steps)
    assert jumps.ran(begin, begin + 3 * hour) == timedelta()
    assert jumps.ran(begin + hour, begin + 4 * hour) == hour
    assert jumps.ran(begin + 3 * hour, begin + 5 * hour) == 2 * hour


def test_every_process_sees_the_clock_move(tmp_path: Path) -> None:
    one, other = MovingClock(tmp_path / "jam"), MovingClock(tmp_path / "jam")
    one.set_ahead(timedelta(days=30))
    assert other.now() - datetime.now(UTC) > timedelta(days=29)
    one.set_ahead(timedelta(days=-1))
    assert other.now() < datetime.now(UTC)
