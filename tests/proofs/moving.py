"""A clock that several processes share and one of them sets: for proofs in which machines' clocks jump."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.clock import Clock

FORM = struct.Struct("<q")
"""Microseconds by which the shared clock is ahead of the machine's."""


class MovingClock(Clock):
    """Time of the machine and what a file says it is ahead; randomness of the machine."""

    def __init__(self, place: Path) -> None:
        self.place = place

    @property
    def ahead(self) -> timedelta:
        """How far the clock is ahead."""
        return timedelta(microseconds=FORM.unpack(self.place.read_bytes())[0])

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def set_ahead(self, ahead: timedelta) -> None:
        """Every process sees it at once."""
        # Eight bytes are written over in place: no reader ever meets an empty file.
        with self.place.open("r+b" if self.place.exists() else "xb") as file:
            file.write(FORM.pack(ahead // timedelta(microseconds=1)))


def set_machine(place: Path) -> None:
    """From here on every clock of this process is the shared one."""
    shared = MovingClock(place)
    # Bound below every caller: what a machine's clock is like is no affair of the program.
    setattr(Clock, "now", lambda _: shared.now())
