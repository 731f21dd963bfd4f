"""The crash proof at a tenth of its size: real processes are killed in every run of the gate."""

from __future__ import annotations

import pytest

from tests.proofs import crash


def test_twenty_deaths_lose_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert crash.main(["--kills", "20"]) == 0, capsys.readouterr().out
    last = capsys.readouterr().out.splitlines()[-1]
    assert "troubles=0" in last and "gap=0" not in last
