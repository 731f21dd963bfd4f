"""Clients of one office that take cases through at the same time: each a process with an engine of its own.

They share the database, its locks and the registers of numbers, as web processes and workers do; no case is anybody else's.
"""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from typing import Any

from engine.rules.events import STEPS
from engine.settings import Settings
from engine.store.tally import Tally
from tests.proofs.office import ROUTE, Office, begin, complete, entered

APART = multiprocessing.get_context("spawn")
WARM_UP = 2
PATIENCE = 300.0


@dataclass(frozen=True)
class Shift:
    """What one client did: how many cases and transitions, in how many seconds of the clock and of its own processor time;
    the seconds of each completion of a task."""

    cases: int
    transitions: int
    wall: float
    cpu: float
    tasks: Sequence[float]


@dataclass(frozen=True)
class Together:
    """What all clients did; `lost` = how often one met another at the same rows and computed again."""

    shifts: Sequence[Shift]
    lost: int

    @property
    def transitions(self) -> float:
        """Per second, of all."""
        return sum(one.transitions / one.wall for one in self.shifts)

    @property
    def cases(self) -> float:
        """Finished per second, of all."""
        return sum(one.cases / one.wall for one in self.shifts)

    @property
    def cpu(self) -> float:
        """Milliseconds of a client's own processor time for one transition; the database server's come on top."""
        return 1000 * sum(one.cpu for one in self.shifts) / sum(one.transitions for one in self.shifts)

    def line(self, name: str) -> str:
        """As it is printed."""
        parts = statistics.quantiles([took for one in self.shifts for took in one.tasks], n=100)
        return (f"{name}, clients {len(self.shifts)}: {self.transitions:.0f} transitions/s, {self.cases:.1f} cases/s, "
                f"one task p50 {parts[49] * 1000:.1f} p95 {parts[94] * 1000:.1f} p99 {parts[98] * 1000:.1f} ms, "
                f"cpu {self.cpu:.2f} ms a transition, lost races {self.lost}")


def together(settings: Settings, clients: int, seconds: float, seed: int) -> Together:
    """So many clients, let loose at the same moment for so many seconds."""
    before = _lost(settings)
    gate, told = APART.Barrier(clients), APART.Queue()
    processes = [APART.Process(target=_client, args=(settings, seed + number, seconds, gate, told), daemon=True)
                 for number in range(clients)]
    for one in processes:
        one.start()
    shifts = [told.get(timeout=PATIENCE) for _ in processes]
    for one in processes:
        one.join()
    if None in shifts:
        raise RuntimeError("a client gave up; it said why")
    return Together(shifts, _lost(settings) - before)


def _lost(settings: Settings) -> int:
    return Tally(settings.tallies).counts().get("lost", 0)


def _client(settings: Settings, seed: int, seconds: float, gate: Barrier, told: Any) -> None:
    shift = None
    try:
        with entered(settings, seed) as at:
            for _ in range(WARM_UP):
                take_through(at)
            gate.wait(PATIENCE)
            shift = _shift(at, seconds)
    finally:
        if shift is None:
            gate.abort()
        told.put(shift)


def _shift(at: Office, seconds: float) -> Shift:
    begun, own = time.perf_counter(), time.process_time()
    done: list[Taken] = []
    while time.perf_counter() - begun < seconds:
        done.append(take_through(at))
    wall, cpu = time.perf_counter() - begun, time.process_time() - own
    return Shift(len(done), sum(steps(at, one.case) for one in done), wall, cpu, [took for one in done for took in one.tasks])


@dataclass(frozen=True)
class Taken:
    """A case that came to its end: seconds of the engine in all, of each completion alone; bytes of its last state."""

    case: str
    seconds: float
    tasks: Sequence[float]
    state: int


def take_through(at: Office) -> Taken:
    """One case from registration to the licence."""
    case, took = begin(at)
    spent = [complete(at, case, name) for name in ROUTE]
    row = at.engine.cases.find(case)
    assert row.end is not None, "a case did not come to its end"
    return Taken(case, took + sum(one.whole for one in spent), [one.alone for one in spent], len(row.state))


def steps(at: Office, case: str) -> int:
    """The transitions that a case has seen."""
    return sum(one.event.kind in STEPS for one in at.engine.case_files.history(case))
