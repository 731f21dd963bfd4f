"""Processes that are killed on purpose: armed to die at a mark, shot at a random moment, and started again.

Each is a process of its own that runs `python -m …` from its first line. It is forked from one that has read the
programs already, because two hundred births are to be proved and not how long Python takes to read its libraries.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import runpy
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.proofs.moving import set_machine

NURSERY = multiprocessing.get_context("forkserver")
NURSERY.set_forkserver_preload(["forms.web.app", "waitress", "engine.cli", "engine.commands.work"])
PATIENCE, LOOK = 60.0, .05
SHOT = "shot at random"
OUTSIDE = frozenset({SHOT, "file_not_registered"})
"""Deaths that are not counted as inside a transition or a handler, though some of them were."""

SIGNING = "signed_not_registered"
"""The gap that matters most: signed, and nobody knows it yet."""

SIGNATURE = (SIGNING, "signature_in_commit", "signature_registered")
CANNOT_RUN = 2
ENDED = (0, -signal.SIGTERM)
"""Of a process that was asked to end; the second when it was only being born."""

POINTS = ("before_commit", "in_commit", "after_commit", "before_handler", "after_handler", "rendered_not_registered",
          "rendering_in_commit", "number_in_commit", "number_reserved", "file_not_registered")
"""Marks that one process or the other passes again and again."""

OF_SIGNERS = ("claimed_not_signed", *SIGNATURE)
"""Marks that only a request passes in which somebody signs."""

UNDONE = "undone"
OF_WORKERS = ("due_claimed", "delivered_not_noted", UNDONE)
"""Marks that a worker passes only now and then, and a web process never or hardly ever."""

EVERY_POINT = frozenset({*POINTS, *OF_SIGNERS, *OF_WORKERS})

GROWN = 1.5
"""Seconds after which a process is at work for certain."""

MOST_SHOT = .25
"""Up to which part of all deaths are outside somebody is shot besides."""

LIKELY = (.03, .1, .2)
"""How likely a mark kills: from a process that gets far to one that barely begins."""


def live(module: str, arguments: Sequence[str], environment: Mapping[str, str], log: str, clock: str) -> None:
    """The life of a process: `python -m module arguments` with this environment, its words going to a log.

    With a clock its machine's time is the shared one that stands in that file.
    """
    if clock:
        set_machine(Path(clock))
    words = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(words, 1)
    os.dup2(words, 2)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


@dataclass
class Mortal:
    """One process of the office: how it is started, and the one that lives now."""

    name: str
    module: str
    arguments: Sequence[str]
    log: Path
    clock: str = ""
    living: ForkServerProcess | None = None
    born: float = 0.0
    was_shot: bool = False
    door: threading.Lock = field(default_factory=threading.Lock)

    def start(self, environment: Mapping[str, str]) -> None:
        """Start it with what it is armed with."""
        born = NURSERY.Process(
            target=live, args=(self.module, self.arguments, dict(environment), str(self.log), self.clock))
        born.start()
        self.living = born
        self.born, self.was_shot = time.monotonic(), False

    @property
    def ended(self) -> int | None:
        """Its exit status, once it has ended. Whoever asks at the same time is told the same: it can be read only once."""
        with self.door:
            return self.living.exitcode if self.living is not None else None

    def shoot(self) -> None:
        """SIGKILL, from outside."""
        assert self.living is not None
        self.living.kill()
        self.was_shot = True

    def end(self) -> int | None:
        """Ask it to end, as Ctrl-C does; its exit status."""
        assert self.living is not None
        self.living.terminate()
        last = time.monotonic() + PATIENCE
        while self.ended is None and time.monotonic() < last:
            time.sleep(LOOK)
        return self.ended


@dataclass
class Reaper:
    """Arms, shoots and revives until so many deaths are counted."""

    mortals: Sequence[Mortal]
    settings: Mapping[str, str]
    lasting: Sequence[int]
    record: Path
    chance: random.Random
    wanted: int
    required: frozenset[str]
    rough: bool = False
    deaths: Counter[str] = field(default_factory=Counter)
    strange: list[str] = field(default_factory=list)
    next_shot: float = 0.0
    calm: bool = False
    turned_away: int = 0

    @property
    def killed(self) -> int:
        """How many processes were killed so far."""
        return self.deaths.total()

    @property
    def satisfied(self) -> bool:
        """Enough deaths, and one at least wherever it is required."""
        return self.calm or self.killed >= self.wanted and not self.lacking

    @property
    def lacking(self) -> frozenset[str]:
        """Where somebody has still to die."""
        return self.required - self.deaths.keys()

    @property
    def inside(self) -> int:
        """Deaths inside a transition or a handler."""
        return sum(count for point, count in self.deaths.items() if point not in OUTSIDE)

    def start_all(self) -> None:
        """Everybody is born."""
        for one in self.mortals:
            one.start(self._environment(one))

    def look_after(self) -> None:
        """Bury the dead, revive them, and shoot when it is time."""
        for one in self.mortals:
            if one.ended is not None:
                self._bury(one, one.ended)
                one.start(self._environment(one))
        now = time.monotonic()
        if now >= self.next_shot and not self.satisfied:
            self.next_shot = now + self.chance.uniform(1.0, 3.0)
            self._shoot_somebody(now)

    def disarm(self) -> None:
        """Everybody is born again without arms."""
        self.calm = True
        for one in self.mortals:
            status = one.end()
            if status not in ENDED:
                self._bury(one, status)
            one.start(self._environment(one))

    def end_all(self) -> list[int | None]:
        """Ask everybody to end; their statuses."""
        return [one.end() for one in self.mortals]

    def leave_nobody(self) -> None:
        """Whatever went wrong, no process outlives the proof."""
        for one in self.mortals:
            if one.living is not None and one.ended is None:
                one.living.kill()

    def _bury(self, one: Mortal, status: int | None) -> None:
        assert one.living is not None
        point = self._points().get(one.living.pid or 0, SHOT if one.was_shot else None)
        if status == -signal.SIGKILL and point is not None:
            self.deaths[point] += 1
        elif status == CANNOT_RUN and self.rough:
            self.turned_away += 1   # born in the moment in which its database was gone: it said so, and is born again
        else:
            self.strange.append(f"{one.name} ended by itself with {status}: {self._last_words(one)}")

    def _points(self) -> dict[int, str]:
        lines = self.record.read_text().splitlines() if self.record.exists() else []
        return {int(pid): point for pid, point in (line.split(" ", 1) for line in lines)}

    def _last_words(self, one: Mortal) -> str:
        if not one.log.exists():
            return "not a word"
        return " | ".join(one.log.read_text(errors="replace").splitlines()[-3:])

    def _shoot_somebody(self, now: float) -> None:
        """At random, but never so often that deaths at marks become too few to count."""
        grown = [one for one in self.mortals if one.ended is None and now - one.born > GROWN]
        if grown and self.killed - self.inside < MOST_SHOT * (self.killed + 1):
            self.chance.choice(grown).shoot()

    def _environment(self, one: Mortal) -> dict[str, str]:
        surroundings = {name: value for name, value in os.environ.items() if not name.startswith("IZIN_")}
        armed = {} if self.satisfied else {"IZIN_CRASH_POINT": self._arming(one)}
        lease = max(self.lasting) if self.calm else self.chance.choice(self.lasting)
        return {**surroundings, **self.settings, **armed, "IZIN_LEASE_SECONDS": str(lease)}

    def _arming(self, one: Mortal) -> str:
        """Any mark with some probability, or one mark alone; beside that, for certain, where nobody died yet. A web process
        often lies in wait for the signature."""
        signs = one.name.startswith("web")
        rare = [point for point in ((*OF_SIGNERS, UNDONE) if signs else OF_WORKERS) if point in self.lacking]
        armed = [self._ordinary(signs), *([f"1:{self.record}:{','.join(rare)}"] if rare else [])]
        return ";".join(armed)

    def _ordinary(self, signs: bool) -> str:
        if signs and SIGNING in self.lacking and (self.killed >= self.wanted or self.chance.random() < .4):
            return f"1:{self.record}:{SIGNING}"
        if signs and self.chance.random() < .4:
            return f"1:{self.record}:{self.chance.choice(SIGNATURE)}"
        if self.chance.random() < .5:
            return f".5:{self.record}:{self.chance.choice(sorted(self.lacking.intersection(POINTS)) or POINTS)}"
        return f"{self.chance.choice(LIKELY)}:{self.record}"
