"""Proof: any two deeds on one case at one moment end as if one had come after the other, and who was second is told so.

Every pair of deeds, each with itself too, meets in many rounds: by turns at one task and at two tasks of the same case. Both
have read and decided before either may write. What comes of it (who was refused and why, journal, open tasks, who holds
them, due rows, effects, messages) must be what comes of the same two deeds one after the other, in one order or in the
other. What was typed by who was refused must still lie there. At the end of a pair every effect has one receipt, and each
case is executed again and verified; at the end of all the register is without a gap.
"""

from __future__ import annotations

import random
import threading
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations_with_replacement
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from engine.errors import Refusal
from engine.runtime import transitions
from engine.store import cases, journal, messages, receipts, register
from tests.builders import SECOND, Office, open_office
from tests.proofs.race_track import DEEDS, Ready, Track
from tests.tools import offices, postgres

PAIRS = tuple(combinations_with_replacement(DEEDS, 2))
DONE = "done"
LATE = .001
"""Seconds after the other one."""


def main(argv: Sequence[str]) -> int:
    """Exit status 1 when a round does not hold, or when two never met; the last line is one line of figures."""
    args = _arguments(argv)
    print(f"seed {args.seed}", flush=True)
    told = [_proved(name, office, args) for name, office in _offices(args)]
    rounds, conflicts = sum(one.rounds for one in told), sum(one.conflicts for one in told)
    troubles = [trouble for one in told for trouble in one.troubles]
    for trouble in troubles[:20]:
        print(trouble)
    print(f"races seed={args.seed} databases={len(told)} pairs={len(PAIRS)} rounds={rounds} conflicts={conflicts} "
          f"violations={len(troubles)}")
    return 1 if troubles else 0


def _arguments(argv: Sequence[str]) -> Namespace:
    parser = ArgumentParser(prog="races", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="of each pair on each database")
    parser.add_argument("--seed", type=int, default=20260609)
    parser.add_argument("--database", default="", help="a PostgreSQL URL of an empty database; else SQLite, then PostgreSQL")
    return parser.parse_args(argv)


def _offices(args: Namespace) -> Iterator[tuple[str, Office]]:
    """A fresh office on each database."""
    if args.database:
        with TemporaryDirectory(prefix="izin-races-") as folder:
            with offices.office_at(args.database, Path(folder), SECOND) as office:
                yield office.engine.database.url.get_backend_name(), office
        return
    with TemporaryDirectory(prefix="izin-races-") as folder:
        office = open_office(Path(folder), SECOND, sqlite_synchronous="OFF")
        yield "sqlite", office
        office.engine.close()
    with postgres.running() as cluster, TemporaryDirectory(prefix="izin-races-") as folder:
        with offices.office_on(cluster, Path(folder), SECOND) as office:
            yield "postgresql", office


class Meeting:
    """Nobody writes before both have decided; who is refused at once, or writes nothing, is not waited for."""

    def __init__(self, late: int | None) -> None:
        self._late = late
        self._change, self._here, self._over = threading.Condition(), set[int](), set[int]()

    @property
    def met(self) -> bool:
        """True when both came to the point of writing."""
        return len(self._here) == 2

    def wait(self, number: int) -> None:
        """Come to the point of writing; at the second time (a lost race) nobody waits."""
        with self._change:
            self._here.add(number)
            self._change.notify_all()
            self._change.wait_for(lambda: len(self._here | self._over) == 2)
        if number == self._late:
            time.sleep(LATE)

    def leave(self, number: int) -> None:
        """Done or refused."""
        with self._change:
            self._over.add(number)
            self._change.notify_all()


@dataclass(frozen=True)
class Outcome:
    """What came of two deeds: done or refused (why, and the sentence), and the case as it then is."""

    ends: tuple[str, str]
    advice: tuple[str, str]
    case: str = field(repr=False)


@dataclass
class Figures:
    """What the rounds of one pair, or of one database, came to."""

    rounds: int = 0
    met: int = 0
    conflicts: int = 0
    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    refusals: dict[str, str] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)

    def add(self, other: Figures) -> None:
        """Take the figures of a pair in."""
        self.rounds, self.met, self.conflicts = (self.rounds + other.rounds, self.met + other.met,
                                                 self.conflicts + other.conflicts)
        self.ends += other.ends
        self.refusals |= other.refusals
        self.troubles += other.troubles


class Race:
    """The two lanes, and the point between reading and writing at which both stop."""

    def __init__(self, track: Track, seed: int) -> None:
        self.track, self.random = track, random.Random(seed)
        self._threads, self._running = ThreadPoolExecutor(2), threading.local()

    @contextmanager
    def open(self) -> Iterator[None]:
        """While it is open, who runs stops before the commit."""
        with patch.object(transitions, "mark", self._stop), self._threads:
            yield

    def _stop(self, point: str) -> None:
        runs = getattr(self._running, "runs", None)
        if runs is not None and point == "before_commit":
            meeting, number = runs
            meeting.wait(number)

    def at_once(self, deeds: Sequence[Ready]) -> tuple[list[Refusal | None], bool]:
        """Both at the same moment: what refused each, and whether both were there when writing began."""
        # Sometimes one of them is a little late, so that each is first in some rounds.
        meeting, outcomes = Meeting(self.random.choice((None, 0, 1))), dict[int, Refusal | None]()

        def run(number: int) -> None:
            self._running.runs = (meeting, number)
            try:
                outcomes[number] = refusal_of(deeds[number].act)
            finally:
                self._running.runs = None
                meeting.leave(number)
        for future in [self._threads.submit(run, number) for number in (0, 1)]:
            future.result()
        return [outcomes[0], outcomes[1]], meeting.met


def refusal_of(act: Callable[[], Any]) -> Refusal | None:
    """What refused a deed; None when it was done."""
    try:
        act()
    except Refusal as refusal:
        return refusal
    return None


class Pair:
    """One pair of deeds, in many rounds."""

    def __init__(self, race: Race, names: tuple[str, str]) -> None:
        self.race, self.track, self.names = race, race.track, names
        self.engine = race.track.office.engine
        self.figures, self._cases = Figures(), list[str]()
        self._known = [self._one_after_the_other(place) for place in (0, 1)]

    def run(self, rounds: int) -> Figures:
        """All rounds; by turns at one task and at two."""
        before = self._lost()
        for number in range(rounds):
            self._round(number % 2)
        self.figures.rounds, self.figures.conflicts = rounds, self._lost() - before
        if not self.figures.conflicts:
            self._trouble("-", "the two never met at a write")
        self._finish()
        return self.figures

    def _lost(self) -> int:
        return self.engine.cases.transitions.tally.counts().get("lost", 0)

    def _line_up(self, place: int) -> tuple[str, list[Ready]]:
        """A case and the two deeds on it. Who holds a task is lined up first, so that the other one meets it held."""
        case, ready = self.track.case(), dict[int, Ready]()
        self._cases.append(case)
        for number in sorted((0, 1), key=lambda one: self.names[one] != "release"):
            ready[number] = self.track.ready(self.names[number], case, self.track.side(number, place * number))
        return case, [ready[0], ready[1]]

    def _one_after_the_other(self, place: int) -> list[Outcome]:
        """What comes of the two in each order, nobody meeting anybody."""
        found = []
        for order in ((0, 1), (1, 0)):
            case, deeds = self._line_up(place)
            refused = {number: refusal_of(deeds[number].act) for number in order}
            found.append(self._outcome(case, [refused[0], refused[1]]))
        return found

    def _round(self, place: int) -> None:
        case, deeds = self._line_up(place)
        refused, met = self.race.at_once(deeds)
        outcome = self._outcome(case, refused)
        self.figures.met += met
        self.figures.ends[outcome.ends] += 1
        self.figures.refusals |= dict(zip(outcome.ends, outcome.advice))
        if outcome not in self._known[place]:
            self._trouble(case, f"{outcome.ends} is the outcome of neither order: {outcome.case}")
        self._typed_is_kept(case, deeds, refused)

    def _outcome(self, case: str, refused: Sequence[Refusal | None]) -> Outcome:
        """The case as it stands, with everything about it that another order could have made different."""
        with self.engine.database.reading() as connection:
            row, tasks = cases.find(connection, case), cases.tasks(connection, case)
            dues, effects = cases.dues(connection, case), receipts.of_case(connection, case)
            sent = sorted(one.key for one in messages.of_case(connection, case))
            history = [(one.event.kind, one.event.actor, one.body) for one in journal.read(connection, case)]
        assert row is not None
        seen = (row.state, row.ended_at, row.end, row.withdrawn_at, tasks, sorted(map(repr, dues)), history, sent,
                [(one.task, one.operation, one.status) for one in effects])
        ends = [type(one).__name__ if one else DONE for one in refused]
        advice = [one.advice if one else "" for one in refused]
        return Outcome((ends[0], ends[1]), (advice[0], advice[1]), repr(seen).replace(case, "#"))

    def _typed_is_kept(self, case: str, deeds: Sequence[Ready], refused: Sequence[Refusal | None]) -> None:
        """A draft goes when its own form was sent, and stays when it was not."""
        typed = [(one, no) for one, no in zip(deeds, refused) if one.typed is not None and one.by is not None]
        sent = {(one.by, one.task) for one, no in typed if no is None}
        for one, _ in typed:
            draft = self.engine.tasks.draft(case, one.task, one.by)
            if (draft.values if draft else None) != (None if (one.by, one.task) in sent else one.typed):
                self._trouble(case, "what was typed is gone, or lies there although it was sent")

    def _is_whole(self, case: str) -> None:
        outcome = self.engine.replays.case(case)
        if outcome.divergence is not None:
            self._trouble(case, outcome.divergence.sentence)
        for flaw in (*self.engine.verification.chain_flaws(case), *self.engine.verification.state_flaws(case)):
            self._trouble(case, flaw.sentence)

    def _finish(self) -> None:
        """What was ordered is carried out: each effect once, each number once."""
        while self.engine.effects.work_once(200):
            pass
        for case in self._cases:
            with self.engine.database.reading() as connection:
                effects, numbers = receipts.of_case(connection, case), register.of_case(connection, case)
                done = Counter(one.body["task"] for one in journal.read(connection, case) if one.event.kind == "effect_done")
            if done != Counter(one.task for one in effects if one.status == "done"):
                self._trouble(case, "an effect has no receipt or more than one")
            if any(one.status in ("ordered", "incident", "dropped") for one in effects):
                self._trouble(case, "an effect was not carried out")
            if sum(one.voided_at is None for one in numbers) > 1:
                self._trouble(case, "two numbers of one register")
            self._is_whole(case)

    def _trouble(self, case: str, what: str) -> None:
        self.figures.troubles.append(f"{'+'.join(self.names)} {case}: {what}"[:2000])

    @property
    def line(self) -> str:
        """As it is printed."""
        ends = ", ".join(f"{'/'.join(one)} {many}" for one, many in sorted(self.figures.ends.items()))
        return (f"  {'+'.join(self.names):<18} rounds {self.figures.rounds:>4}  met {self.figures.met:>4}  "
                f"conflicts {self.figures.conflicts:>4}  {ends}")


def _proved(name: str, office: Office, args: Namespace) -> Figures:
    """Every pair on one database."""
    print(name, flush=True)
    race, total, begun = Race(Track.of(office), args.seed), Figures(), time.monotonic()
    with race.open():
        for names in PAIRS:
            pair = Pair(race, names)
            total.add(pair.run(args.rounds))
            print(pair.line, flush=True)
    total.troubles += [flaw.sentence for flaw in office.engine.verification.flaws()]
    with office.engine.database.reading() as connection:
        taken = [one.sequence for case in cases.all_ids(connection) for one in register.of_case(connection, case)]
    if sorted(taken) != list(range(1, len(taken) + 1)):
        total.troubles.append(f"{name}: the register has a gap or a number twice")
    refused = Counter(end for ends, many in total.ends.items() for end in ends for _ in range(many) if end != DONE)
    for kind, many in sorted(refused.items()):
        print(f"  {kind} {many}: {total.refusals[kind]}")
    print(f"  rounds {total.rounds}, met {total.met}, conflicts {total.conflicts}, refused {refused.total()}, numbers "
          f"{len(taken)}, violations {len(total.troubles)}, {time.monotonic() - begun:.0f} s", flush=True)
    return total
