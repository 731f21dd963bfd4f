"""Commands as a person calls them: words in, status and two streams out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine import cli


@dataclass(frozen=True)
class Told:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Caller:
    """Calls commands on one folder."""

    capsys: pytest.CaptureFixture[str]
    folder: Path

    def __call__(self, *words: str) -> Told:
        self.capsys.readouterr()
        status = cli.main([*words, "--data", str(self.folder)])
        told = self.capsys.readouterr()
        assert "Traceback" not in told.out + told.err
        return Told(status, told.out, told.err)
