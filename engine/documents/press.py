"""The press: hands one job at a time to the typesetter and waits no longer than allowed."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.documents.child import Child, ChildFailed

# Isolated: neither the folder the engine runs in nor PYTHON* variables change what the typesetter imports.
COMMAND = (sys.executable, "-I", str(Path(__file__).with_name("typesetter.py")))


class PressFailed(Exception):
    """The typesetter gave no letter: what it said, or that it hung or died."""


class Press:
    """One typesetter; a fresh one takes over after so many letters, because it remembers what it has set."""

    def __init__(self, timeout: float = 20.0, letters: int = 250) -> None:
        self.child = Child(COMMAND, timeout=timeout, questions=letters)

    def run(self, job: Mapping[str, object]) -> Mapping[str, Any]:
        """The answer of the typesetter; PressFailed when there is none."""
        try:
            answer: dict[str, Any] = json.loads(self.child.ask(json.dumps(job).encode()))
        except ChildFailed as fault:
            raise PressFailed(str(fault)) from fault
        if "error" in answer:
            raise PressFailed(str(answer["error"]))
        return answer

    def close(self) -> None:
        self.child.close()
