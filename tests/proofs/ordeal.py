"""An office that keeps dying: real processes over real HTTP, several cases at once, whatever the weather.

Two web processes and two workers are armed to end at marked points and shot at random moments besides; people try again
as people do. Once enough have died everything is left to come to its end, and all that cases left behind is counted.
"""

from __future__ import annotations

import random
import socket
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

from engine.administration import NewAccount, NewAppointment
from engine.assembly import Engine, Settings, assemble, scenarios
from engine.authoring.rehearsal import PASSPHRASE
from engine.clock import Clock
from engine.rules.people import SYSTEM, Actor
from engine.runtime.catalog import available, gather
from engine.store import cases, journal, schema
from engine.store.database import Database
from tests.proofs.losses import losses
from tests.proofs.mortal import ENDED, SIGNING, Mortal, Reaper
from tests.proofs.story import stories
from tests.proofs.walkers import PASSWORD, Town, Walker

LEAST_INSIDE = .6
KILL_SECONDS, END_SECONDS = 15.0, 240.0
"""How long one death, and the end of everything, may take at most: machines are busy with other things."""

LOOK = .05


class Weather(Protocol):
    """What else befalls the office while it is dying."""

    def pass_by(self) -> None:
        """Called again and again; does its worst when it is time."""

    def calm(self) -> None:
        """Nothing more happens that keeps a case from its end."""


@dataclass(frozen=True)
class Ordeal:
    """What an office is to live through. `lasting` = seconds of one lease, drawn anew at each birth of a process."""

    lasting: Sequence[int] = (3,)
    weather: Sequence[Weather] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    clock: str = ""
    fickle: float = 0.0
    slow: float = 0.0
    waits: bool = False
    required: frozenset[str] = frozenset({SIGNING})
    at_once: int = 4


def arguments(name: str, about: str | None, kills: int) -> ArgumentParser:
    """What every ordeal is asked."""
    parser = ArgumentParser(prog=name, description=about)
    parser.add_argument("--kills", type=int, default=kills, help="how many processes are to be killed")
    parser.add_argument("--seed", type=int, default=20260609)
    return parser


# --- the office ------------------------------------------------------------------------------------------------------

@contextmanager
def office(folder: Path, clock: Clock | None = None, url: str = "") -> Iterator[Engine]:
    """A migrated office with one process in force and one person for each post."""
    settings = Settings(data=folder / "data", database_url=url)
    settings.data.mkdir(mode=0o700)
    database = Database(settings.database)
    schema.migrate(database)
    engine = assemble(settings, clock, database)
    try:
        people(engine, available(settings.processes)[0])
        yield engine
    finally:
        engine.close()


def people(engine: Engine, process: str) -> None:
    """Somebody for each post, with a password, and a certificate where the post signs."""
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


def _processes(engine: Engine, clock: str) -> list[Mortal]:
    """Two web processes and two workers over one folder."""
    data, logs = engine.settings.data, engine.settings.data.parent
    webs = [Mortal(f"web-{port}", "forms.web", ("--port", str(port), "--data", str(data)), logs / f"web-{port}.log", clock)
            for port in (free_port(), free_port())]
    workers = [Mortal(f"worker-{number}", "engine", ("work", "--data", str(data)), logs / f"worker-{number}.log", clock)
               for number in (1, 2)]
    return [*webs, *workers]


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- the proof -------------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Outcome:
    """What was found."""

    deaths: Mapping[str, int]
    inside: int
    troubles: list[str]
    cases: int
    events: int
    orphans: int
    turned_away: int

    @property
    def killed(self) -> int:
        """Every death."""
        return sum(self.deaths.values())

    def deaths_told(self) -> str:
        """Deaths by place, the most frequent first."""
        return "\n".join(f"{count:5} {point}" for point, count in sorted(self.deaths.items(), key=lambda one: -one[1]))

    @property
    def share_inside(self) -> float:
        """Part of the deaths that were inside a transition or a handler."""
        return self.inside / self.killed if self.killed else 0


def live_through(engine: Engine, ordeal: Ordeal, args: Namespace, town_of: Callable[..., Town] = Town) -> Outcome:
    """Let an office live through an ordeal, then count what it left behind."""
    chance = random.Random(args.seed)
    reaper = Reaper(_processes(engine, ordeal.clock), {"IZIN_LOG_LEVEL": "WARNING", **ordeal.settings}, ordeal.lasting,
                    engine.settings.data.parent / "deaths", chance, args.kills, ordeal.required, bool(ordeal.weather))
    process = engine.catalog.in_force()[0].process.id
    webs = [one for one in reaper.mortals if one.name.startswith("web")]
    town = town_of(engine, stories(scenarios(engine.settings), process, waits=ordeal.waits), process, webs,
                   fickle=ordeal.fickle, slow=ordeal.slow)
    walkers = [Walker(town, random.Random(chance.random())) for _ in range(ordeal.at_once)]
    try:
        reaper.start_all()
        for one in walkers:
            one.start()
        troubles = _reap(reaper, ordeal, args.kills) + _let_end(reaper, town, walkers, ordeal)
    finally:
        reaper.leave_nobody()
    troubles += [*town.troubles, *reaper.strange, *_must_be_deadly(reaper, ordeal), *losses(engine)]
    return _outcome(engine, reaper, troubles)


def _reap(reaper: Reaper, ordeal: Ordeal, kills: int) -> list[str]:
    """Until enough have died; meanwhile every walker that finishes a case begins another one."""
    last = time.monotonic() + END_SECONDS + kills * KILL_SECONDS
    while not reaper.satisfied:
        reaper.look_after()
        for one in ordeal.weather:
            one.pass_by()
        if time.monotonic() > last:
            return [f"only {reaper.killed} of {kills} deaths in time, none at {sorted(reaper.lacking)}"]
        time.sleep(LOOK)
    return []


def _let_end(reaper: Reaper, town: Town, walkers: Sequence[Walker], ordeal: Ordeal) -> list[str]:
    """Nobody is armed any more: every case goes on to its end, and what died leaves nothing behind."""
    town.no_more_cases = True
    for one in ordeal.weather:
        one.calm()
    reaper.disarm()
    last = time.monotonic() + END_SECONDS
    while any(one.is_alive() for one in walkers) and time.monotonic() < last:
        reaper.look_after()
        for weather in ordeal.weather:
            weather.pass_by()
        time.sleep(LOOK)
    time.sleep(3 * max(ordeal.lasting))
    town.over = True
    statuses = reaper.end_all()
    for walker in walkers:
        walker.join()
    return [f"a process ended with status {one} when it was asked to end" for one in statuses if one not in ENDED]


def _must_be_deadly(reaper: Reaper, ordeal: Ordeal) -> Iterable[str]:
    if reaper.inside < LEAST_INSIDE * reaper.killed:
        yield f"only {reaper.inside} of {reaper.killed} deaths were inside a transition or a handler"
    yield from (f"nobody died at {point}" for point in sorted(ordeal.required - reaper.deaths.keys()))


def _outcome(engine: Engine, reaper: Reaper, troubles: list[str]) -> Outcome:
    with engine.database.reading() as connection:
        known = cases.all_ids(connection)
        swept = sum(len(journal.read_kinds(connection, one, ("document_signed",))) for one in known)
    return Outcome(dict(reaper.deaths), reaper.inside, troubles, len(known), engine.verification.counted().events, swept,
                   reaper.turned_away)
