"""How fast is the engine? One run: transitions and finished cases, latency of one task, bytes, inbox, returns.

Real diagram and real forms, validation and journal included; on SQLite and on PostgreSQL, with one client and with several
at the same time. Letters, signatures and mail are not part of these figures: their handlers answer at once, so that the
engine is measured and not Typst. Both databases wait for the disk, but for the figure named NORMAL.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.assembly import InboxQuery
from engine.audit.replay import again
from engine.digest import canonical
from engine.rules.events import STEPS, form_values
from engine.store import bulk, cases
from tests.proofs.clients import WARM_UP, Together, steps, take_through, together
from tests.proofs.office import RETURN, ROUTE, Office, begin, complete, office
from tests.tools import postgres

LAST_ROUNDS = 50


@dataclass
class Figures:
    """What one run of cases came to."""

    seconds: float = 0.0
    transitions: int = 0
    cases: int = 0
    alone: list[float] = field(default_factory=list)
    state: int = 0

    def line(self, name: str) -> str:
        """As it is printed."""
        parts = statistics.quantiles(self.alone, n=100)
        return (f"{name}: {self.transitions / self.seconds:.0f} transitions/s, {self.cases / self.seconds:.1f} cases/s, one "
                f"task p50 {parts[49] * 1000:.2f} p95 {parts[94] * 1000:.2f} p99 {parts[98] * 1000:.2f} ms")


def run_cases(at: Office, count: int) -> Figures:
    """Take cases from registration to the licence."""
    for _ in range(WARM_UP):
        take_through(at)
    figures = Figures()
    gc.collect()
    for _ in range(count):
        taken = take_through(at)
        figures.seconds += taken.seconds
        figures.alone += taken.tasks
        figures.cases += 1
        figures.state = max(figures.state, taken.state)
        figures.transitions += steps(at, taken.case)
    return figures


def in_memory(at: Office, rounds: int) -> float:
    """Transitions per second of the pure engine: the steps of finished cases executed again, no database."""
    with at.engine.database.reading() as connection:
        wanted = bulk.newest_cases(connection, 5)
    histories = [[one for one in at.engine.case_files.history(case) if one.event.kind in STEPS] for case in wanted]
    diagram = at.engine.catalog.current(at.process).diagram
    before, steps = time.perf_counter(), 0
    for _ in range(rounds):
        for history in histories:
            state = b""
            for one in history:
                state = again(diagram, state, one).state
                steps += 1
    return steps / (time.perf_counter() - before)


def case_bytes(at: Office, count: int) -> tuple[int, int]:
    """Database bytes per finished case, and bytes of form values in one case."""
    with at.engine.database.reading() as connection:
        before = bulk.size(connection)
        for_values = bulk.newest_cases(connection, 1)[0]
    run_cases(at, count)
    with at.engine.database.reading() as connection:
        grown = (bulk.size(connection) - before) // (count + WARM_UP)
    values = [form_values(one.body) for one in at.engine.case_files.history(for_values)]
    return grown, sum(len(canonical(one)) for one in values if one)


def returns(at: Office, rounds: int) -> tuple[list[float], int]:
    """Seconds of each round of one case that is sent back again and again; and the largest state."""
    case, _ = begin(at)
    for name in ROUTE[:6]:
        complete(at, case, name)
    spent, largest = [], 0
    for _ in range(rounds):
        spent.append(sum(complete(at, case, name).alone for name in RETURN) / len(RETURN))
        largest = max(largest, len(at.engine.cases.find(case).state))
    return spent, largest


def interleaved_returns(at: Office, rounds: int) -> tuple[float, float, float, int]:
    """Milliseconds of a transition at round 1, 100 and `rounds`: medians of 50, young and old cases in turn."""
    spent, largest = returns(at, rounds)
    hundred = statistics.median(spent[75:125] or spent)
    old, young = spent[-LAST_ROUNDS:], []
    for _ in range(LAST_ROUNDS):
        young.append(returns(at, 1)[0][0])
    return statistics.median(young) * 1000, hundred * 1000, statistics.median(old) * 1000, largest


def inbox(at: Office, opened: int) -> float:
    """Milliseconds of the inbox with so many open cases, median of 25."""
    case, _ = begin(at)
    with at.engine.database.transaction() as connection:
        bulk.copy_open_case(connection, case, opened)
        actor = at.actors[cases.tasks(connection, case, only_open=True)[0].post]
    spent = []
    for number in range(25):
        before = time.perf_counter()
        page = at.engine.inbox.page(actor, InboxQuery(page=1 + number % 3))
        spent.append(time.perf_counter() - before)
    assert sum(page.counts.values()) >= opened, "the inbox does not see every case"
    return statistics.median(spent) * 1000


def clients(given: argparse.Namespace, url: str = "") -> dict[int, Together]:
    """Number of clients -> what they did, in one office."""
    name = "PostgreSQL" if url else "SQLite WAL FULL"
    with office(given.seed, url) as at:
        found = {}
        for many in given.clients:
            found[many] = together(at.engine.settings, many, given.seconds, given.seed + 100 * many)
            print(found[many].line(name), flush=True)
    return found


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="izin bench", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--open", type=int, default=10000)
    parser.add_argument("--seconds", type=float, default=10, help="how long clients work at the same time")
    parser.add_argument("--clients", type=int, nargs="*", default=[1, 2, 4], help="how many at the same time")
    parser.add_argument("--database", default="", help="a PostgreSQL URL of an empty database; else a server is started")
    return parser.parse_args(argv)


def main(argv: Sequence[str]) -> int:
    """Print the figures; the last line has them all."""
    given = _arguments(argv)
    print(f"seed {given.seed}")
    lite = clients(given)
    with postgres.given_or_own(given.database) as url:
        served = clients(given, url)
    several = " ".join(f"{name}{many}={did.transitions:.0f}/s" for name, found in (("sqlite", lite), ("postgresql", served))
                       for many, did in found.items())
    with office(given.seed, synchronous="NORMAL") as at:
        normal = run_cases(at, given.cases)
        print(normal.line("SQLite WAL NORMAL"))
    with office(given.seed) as at:
        full = run_cases(at, given.cases)
        print(full.line("SQLite WAL FULL"))
        pure = in_memory(at, 10)
        print(f"in memory: {pure:.0f} transitions/s")
        grown, values = case_bytes(at, given.cases)
        print(f"state {full.state} bytes at most; {grown} database bytes per finished case with {values} bytes of answers")
    with office(given.seed) as at:
        first, hundred, last, largest = interleaved_returns(at, given.rounds)
        print(f"return round 1: {first:.2f} ms, 100: {hundred:.2f} ms, {given.rounds}: {last:.2f} ms; state {largest} bytes")
    with office(given.seed) as at:
        thousand, many = inbox(at, given.open // 10), inbox(at, given.open)
        print(f"inbox with {given.open // 10} open cases {thousand:.2f} ms, with {given.open}: {many:.2f} ms")
    print(f"bench seed={given.seed} full={full.transitions / full.seconds:.0f}/s "
          f"normal={normal.transitions / normal.seconds:.0f}/s memory={pure:.0f}/s cases={full.cases / full.seconds:.1f}/s "
          f"bytes={grown} state={max(full.state, largest)} round1={first:.2f}ms round{given.rounds}={last:.2f}ms "
          f"inbox{given.open}={many:.2f}ms {several}")
    return 0
