"""What befalls an office from outside: its clock jumps, its connections are cut, its database is held by somebody else."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, text

from engine.store.database import BUSY_SECONDS
from tests.proofs.moving import MovingClock

OURS = "pembuktian"
"""Under this name the proof itself is connected; it is never cut off."""

LONGEST_JUMP, FASTER = timedelta(hours=40), 3
"""Forward, while the office is dying; after that by so many times as much, until nobody waits any more."""


@dataclass
class Jumps:
    """A clock that jumps forward by minutes to days, and now and then back by some minutes."""

    clock: MovingClock
    chance: random.Random
    pause: float = 2.5
    jumps: list[tuple[datetime, datetime]] = field(default_factory=list)
    faster: int = 1
    next_at: float = field(default_factory=lambda: time.monotonic() + 10)

    def pass_by(self) -> None:
        """Jump when it is time."""
        if time.monotonic() < self.next_at:
            return
        self.next_at = time.monotonic() + self.chance.uniform(.5, 1.5) * self.pause
        back = self.chance.random() < .2
        by = timedelta(minutes=self.chance.uniform(-10, 0)) if back else LONGEST_JUMP * self.chance.random() ** 2 * self.faster
        before = self.clock.now()
        self.clock.set_ahead(self.clock.ahead + by)
        self.jumps.append((before, before + by))

    def calm(self) -> None:
        """Time goes on, or who waits for it would wait for ever."""
        self.faster = FASTER

    def ran(self, since: datetime, until: datetime) -> timedelta:
        """How long clocks really ran between two moments after the last step back: jumps do not count."""
        leapt = sum((min(after, until) - max(before, since) for before, after in self.jumps
                     if after > since and before < until and after > before), timedelta())
        return until - since - leapt


@dataclass
class Cuts:
    """PostgreSQL ends connections of the office in the middle of what they do."""

    url: str
    chance: random.Random
    count: int = 0
    over: bool = False
    next_at: float = field(default_factory=lambda: time.monotonic() + 5)

    def __post_init__(self) -> None:
        self._server = create_engine(self.url, isolation_level="AUTOCOMMIT")

    def pass_by(self) -> None:
        """Cut one or several at random."""
        if self.over or time.monotonic() < self.next_at:
            return
        self.next_at = time.monotonic() + self.chance.uniform(.5, 3)
        victims = text("SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity WHERE datname = "
                       "current_database() AND application_name <> :ours ORDER BY random() LIMIT :most) AS victims")
        with self._server.connect() as connection:
            self.count += connection.execute(victims, {"ours": OURS, "most": self.chance.choice((1, 1, 3))}).scalar_one()

    def calm(self) -> None:
        """No more."""
        self.over = True
        self._server.dispose()


@dataclass
class Locks:
    """Another program holds the write lock of the SQLite file: mostly for seconds, every so often for longer than any
    writer of the office waits."""

    place: Path
    chance: random.Random
    long_after: int
    count: int = 0
    longest: float = 0.0
    over: bool = False
    next_at: float = field(default_factory=lambda: time.monotonic() + 5)

    def pass_by(self) -> None:
        """Hold it again some time after it was given back."""
        if self.over or time.monotonic() < self.next_at:
            return
        self.count += 1
        held = BUSY_SECONDS + 2.0 if self.count % self.long_after == 0 else self.chance.uniform(.2, 2)
        self.longest = max(self.longest, held)
        self.next_at = time.monotonic() + held + self.chance.uniform(2, 8)
        threading.Thread(target=self._hold, args=(held,), daemon=True).start()

    def _hold(self, seconds: float) -> None:
        held = sqlite3.connect(self.place, isolation_level=None, timeout=BUSY_SECONDS)
        held.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        held.execute("ROLLBACK")
        held.close()

    def calm(self) -> None:
        """No more."""
        self.over = True
