"""Proof: web and worker are killed again and again, most often at the worst moment; nothing is lost, nothing is doubled.

Real processes over a temporary office, real HTTP, several cases at once. Processes are armed to end at marked points
inside transitions and handlers, and shot at random moments besides; people try again as people do. Once enough have
died everything is left to come to its end, and every number, signature, document, case and file is counted.
"""

from __future__ import annotations

import random
import socket
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from engine.administration import NewAccount, NewAppointment
from engine.assembly import Engine, Settings, assemble, scenarios
from engine.authoring.rehearsal import PASSPHRASE
from engine.rules.people import SYSTEM, Actor
from engine.runtime.catalog import available, gather
from engine.store import cases, journal, schema
from engine.store.database import Database
from tests.proofs.losses import losses
from tests.proofs.mortal import ENDED, SIGNING, Mortal, Reaper
from tests.proofs.story import stories
from tests.proofs.walkers import PASSWORD, Town, Walker

LEASE_SECONDS = 3
AT_ONCE = 4
"""Cases under way at the same time."""

LEAST_INSIDE = .6
KILL_SECONDS, END_SECONDS = 3.2, 60.0
"""How long one death, and the end of everything, may take."""

LOOK = .05


def main(argv: Sequence[str]) -> int:
    """Exit status 1 when anything is lost, doubled, stuck or strange; the last line is one line of figures."""
    args = _arguments(argv)
    print(f"seed {args.seed}", flush=True)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="izin-crash-") as folder, _office(Path(folder)) as engine:
        outcome = _prove(engine, args)
    for trouble in outcome.troubles[:20]:
        print(trouble)
    print(outcome.report(time.monotonic() - begun))
    return 1 if outcome.troubles else 0


def _arguments(argv: Sequence[str]) -> Namespace:
    parser = ArgumentParser(prog="crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="how many processes are to be killed")
    parser.add_argument("--seed", type=int, default=20260609)
    return parser.parse_args(argv)


# --- the office ------------------------------------------------------------------------------------------------------

@contextmanager
def _office(folder: Path) -> Iterator[Engine]:
    """A migrated office with one process in force and one person for each post."""
    settings = Settings(data=folder / "data", lease_seconds=LEASE_SECONDS)
    settings.data.mkdir(mode=0o700)
    database = Database(settings.database)
    schema.migrate(database)
    engine = assemble(settings, database=database)
    try:
        _people(engine, available(settings.processes)[0])
        yield engine
    finally:
        engine.close()


def _people(engine: Engine, process: str) -> None:
    settings = engine.settings
    edition = engine.catalog.deploy(process, gather(settings.processes, settings.forms, process), SYSTEM)
    for post in edition.process.posts.values():
        account = engine.administration.create_account(
            NewAccount(post.id, f"Petugas {post.id}", f"{post.id}@contoh.example", password=PASSWORD), SYSTEM).id
        engine.administration.appoint(
            NewAppointment(account, post.id, "definitif", date(2020, 1, 2), None, "SK contoh"), SYSTEM,
            tuple(edition.process.posts))
        if post.signs:
            by = Actor(account, post.id, "definitif")
            engine.administration.issue_certificate(account, PASSPHRASE, engine.clock.now(), by)


def _processes(engine: Engine) -> list[Mortal]:
    """Two web processes and two workers over one folder."""
    data, logs = engine.settings.data, engine.settings.data.parent
    webs = [Mortal(f"web-{port}", "forms.web", ("--port", str(port), "--data", str(data)), logs / f"web-{port}.log")
            for port in (_free_port(), _free_port())]
    workers = [Mortal(f"worker-{number}", "engine", ("work", "--data", str(data)), logs / f"worker-{number}.log")
               for number in (1, 2)]
    return [*webs, *workers]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- the proof -------------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Outcome:
    """What was found."""

    deaths: dict[str, int]
    inside: int
    wanted: int
    troubles: list[str]
    cases: int
    events: int
    orphans: int

    @property
    def killed(self) -> int:
        """Every death."""
        return sum(self.deaths.values())

    def report(self, seconds: float) -> str:
        """Deaths by place, then one line of figures."""
        lines = [f"{count:5} {point}" for point, count in sorted(self.deaths.items(), key=lambda one: -one[1])]
        share = self.inside / self.killed if self.killed else 0
        return "\n".join([*lines, f"kills={self.killed} inside={share:.2f} gap={self.deaths.get(SIGNING, 0)} "
                          f"cases={self.cases} events={self.events} orphans_swept={self.orphans} "
                          f"troubles={len(self.troubles)} seconds={seconds:.0f}"])


def _prove(engine: Engine, args: Namespace) -> Outcome:
    chance = random.Random(args.seed)
    reaper = Reaper(_processes(engine), {"IZIN_LEASE_SECONDS": str(LEASE_SECONDS), "IZIN_LOG_LEVEL": "WARNING"},
                    engine.settings.data.parent / "deaths", chance, args.kills)
    known = scenarios(engine.settings)
    process = engine.catalog.in_force()[0].process.id
    town = Town(engine, stories(known, process), process, [one for one in reaper.mortals if one.name.startswith("web")])
    walkers = [Walker(town, random.Random(chance.random())) for _ in range(AT_ONCE)]
    reaper.start_all()
    for one in walkers:
        one.start()
    troubles = _reap(reaper, town, args.kills) + _let_end(reaper, town, walkers)
    troubles += [*town.troubles, *reaper.strange, *_must_be_deadly(reaper), *losses(engine)]
    return _outcome(engine, reaper, troubles)


def _reap(reaper: Reaper, town: Town, kills: int) -> list[str]:
    """Until enough have died; meanwhile every walker that finishes a case begins another one."""
    last = time.monotonic() + END_SECONDS + kills * KILL_SECONDS
    while not reaper.satisfied:
        reaper.look_after()
        if time.monotonic() > last:
            return [f"only {reaper.killed} of {kills} deaths in time"]
        time.sleep(LOOK)
    return []


def _let_end(reaper: Reaper, town: Town, walkers: Sequence[Walker]) -> list[str]:
    """Nobody is armed any more: every case goes on to its end, and what died leaves nothing behind."""
    town.no_more_cases = True
    reaper.disarm()
    last = time.monotonic() + END_SECONDS
    while any(one.is_alive() for one in walkers) and time.monotonic() < last:
        reaper.look_after()
        time.sleep(LOOK)
    time.sleep(3 * LEASE_SECONDS)
    town.over = True
    statuses = reaper.end_all()
    for one in walkers:
        one.join()
    return [f"a process ended with status {one} when it was asked to end" for one in statuses if one not in ENDED]


def _must_be_deadly(reaper: Reaper) -> Iterator[str]:
    if reaper.inside < LEAST_INSIDE * reaper.killed:
        yield f"only {reaper.inside} of {reaper.killed} deaths were inside a transition or a handler"
    if not reaper.deaths[SIGNING]:
        yield "nobody died between signing and its receipt"


def _outcome(engine: Engine, reaper: Reaper, troubles: list[str]) -> Outcome:
    with engine.database.reading() as connection:
        known = cases.all_ids(connection)
        swept = sum(len(journal.read_kinds(connection, one, ("document_signed",))) for one in known)
    return Outcome(dict(reaper.deaths), reaper.inside, reaper.wanted, troubles, len(known),
                   engine.verification.counted().events, swept)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
