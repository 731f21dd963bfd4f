"""Counts of what leaves no row, such as a lost race: one byte in a file for each, so that all processes count together."""

from __future__ import annotations

import logging
import os
import socket
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tally:
    """Counts in a folder; without one, in memory. Each machine has files of its own: appending is only safe at home."""

    folder: Path | None = None
    _kept: Counter[str] = field(default_factory=Counter, repr=False)

    def add(self, what: str) -> None:
        """Count one."""
        if self.folder is None:
            self._kept[what] += 1
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with open(self.folder / f"{what}.{socket.gethostname()}", "ab", buffering=0) as file:
                file.write(b".")
        except OSError as fault:
            # A count is not worth the deed that is counted.
            log.warning("not counted", extra={"action": what, "cause": type(fault).__name__})

    def counts(self) -> dict[str, int]:
        """How often what was counted, on all machines."""
        if self.folder is None:
            return dict(self._kept)
        found = Counter[str]()
        for file in os.scandir(self.folder) if self.folder.is_dir() else ():
            found[file.name.partition(".")[0]] += file.stat().st_size
        return dict(found)
