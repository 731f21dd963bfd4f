"""Proof: service level and inbox answer fast over HTTP with many open and finished cases; figures are fresh after each write.

A web process of its own answers two officers: one who looks at the service level, and one of the post for which most waits,
who looks at the inbox. Before each page another case begins; a page of the service level must count it.
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path
from socket import create_server
from typing import Any

from engine.administration import NewAccount, NewAppointment
from engine.assembly import Engine, Period, assemble
from engine.clock import Clock
from engine.rules.people import SYSTEM, Actor
from engine.runtime.catalog import available, gather
from engine.settings import Settings
from engine.store import schema
from engine.store.database import Database
from engine.store.service_level import CASE_KINDS, DONE_KINDS, OPEN_KINDS
from tests.proofs.crowd import Crowd, Filling
from tests.proofs.http_people import NobodyAnswers, Person
from tests.tools import postgres

HOME = Path(__file__).parents[2]
USER, PASSWORD = "pengamat", "kata sandi uji coba"
DRILLS, AGAIN = 20, 10
SLOWEST = .3
"""Seconds that the 95th of a hundred answers may take."""


def main(argv: Sequence[str]) -> int:
    """Exit status 1 when a page is slow or stale; the last line is one line of figures."""
    args = _arguments(argv)
    print(f"seed {args.seed}")
    with postgres.given_or_own(args.database) if args.database else nullcontext("") as url, _office(url) as engine:
        begun = time.perf_counter()
        crowd = Filling(engine, _process(engine), args.seed).fill(args.finished, args.open)
        print(f"filled with {crowd.finished} finished and {crowd.open} open cases, {crowd.tasks} tasks, {crowd.counts} counts "
              f"in {time.perf_counter() - begun:.0f} s")
        clerk = _enrol(engine, "petugas", _busiest(engine))
        with _web(engine) as address:
            return _measured(engine, (_signed_in(address, USER), _signed_in(address, clerk)), args, crowd)


def _arguments(argv: Sequence[str]) -> Namespace:
    parser = ArgumentParser(prog="dashboard", description=__doc__)
    parser.add_argument("--open", type=int, default=10_000)
    parser.add_argument("--finished", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40, help="of each page")
    parser.add_argument("--seed", type=int, default=20260609)
    parser.add_argument("--database", default="", help="a PostgreSQL URL of an empty database, or `postgresql` for a server "
                                                       "that is started for this proof; else SQLite")
    return parser.parse_args(argv)


def _process(engine: Engine) -> str:
    return engine.catalog.in_force()[0].process.id


@contextmanager
def _office(url: str) -> Iterator[Engine]:
    folder = Path(tempfile.mkdtemp(prefix="izin-kinerja-"))
    settings = Settings(data=folder, database_url=url)
    database = Database(settings.database, synchronous=settings.sqlite_synchronous)
    try:
        schema.migrate(database)
        engine = assemble(settings, Clock(), database)
        process = available(settings.processes)[0]
        edition = engine.catalog.deploy(process, gather(settings.processes, settings.forms, process), SYSTEM)
        _enrol(engine, USER, next(one.id for one in edition.process.posts.values() if one.signs))
        yield engine
    finally:
        database.close()
        shutil.rmtree(folder)


def _enrol(engine: Engine, username: str, post: str) -> str:
    """An officer of a post who may sign in; the user name."""
    wanted = NewAccount(username, f"{username.capitalize()} Rekaan", f"{username}@contoh.example", password=PASSWORD)
    account = engine.administration.create_account(wanted, SYSTEM).id
    appointment = NewAppointment(account, post, "definitif", date(2020, 1, 1), None, "SK contoh")
    engine.administration.appoint(appointment, SYSTEM, engine.catalog.current(_process(engine)).process.posts)
    return username


def _busiest(engine: Engine) -> str:
    """The post of officers for which most waits."""
    process = engine.catalog.current(_process(engine)).process
    own = process.applicant_lane.post if process.applicant_lane else None
    level = engine.service_level
    month = level.this_month()
    waiting = Counter[str]()
    for one in level.overview(process.id, Period(month, month)).steps:
        waiting[one.post] += one.open
    return max((post for post in process.posts if post != own), key=lambda post: waiting[post])


def _signed_in(address: str, username: str) -> Person:
    person = Person(lambda: address)
    person.sign_in(username, PASSWORD)
    return person


@contextmanager
def _web(engine: Engine) -> Iterator[str]:
    """The address of a web process over the same data, once it answers."""
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = engine.settings
    environment = {**os.environ, "IZIN_DATABASE_URL": settings.database}
    command = [sys.executable, "-m", "forms.web", "--host", "127.0.0.1", "--port", str(port), "--data", str(settings.data)]
    with open(settings.data / "web.log", "wb") as log:
        web = subprocess.Popen(command, cwd=HOME, env=environment, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        _until_it_answers(Person(lambda: address))
        yield address
    finally:
        web.terminate()
        web.wait(timeout=60)


def _until_it_answers(person: Person) -> None:
    last = time.monotonic() + 60
    while True:
        try:
            person.get("/masuk")
            return
        except NobodyAnswers:
            if time.monotonic() > last:
                raise
            time.sleep(.2)


# --- measuring -------------------------------------------------------------------------------------------------------


COUNTING = ("bulan", "tiga_bulan", "setahun")
"""Pages that say how many cases are open."""

INBOX = {"kotak_masuk": "/kotak-masuk", "kotak_masuk_terlambat": "/kotak-masuk?w=terlambat",
         "kotak_masuk_halaman_5": "/kotak-masuk?h=5", "kotak_masuk_cari": "/kotak-masuk?q=Rekaan+77"}


def _measured(engine: Engine, officers: tuple[Person, Person], args: Namespace, crowd: Crowd) -> int:
    person, clerk = officers
    chance, process = random.Random(args.seed), _process(engine)
    steps = [one.id for one in engine.catalog.current(process).diagram.activities.values() if one.kind == "userTask"]
    pages = {"bulan": "/kinerja", "tiga_bulan": "/kinerja?m=3", "setahun": "/kinerja?m=12", "langkah":
             f"/kinerja/langkah/{steps[-1]}"}
    figures, stale = {}, 0
    expected = crowd.open + 1
    for name, address in (pages | INBOX).items():
        spent = []
        for _ in range(args.rounds):
            engine.cases.start(process, _message(engine, process), Actor(None, None, "pemohon"))
            expected += 1
            took, page = _timed(clerk if name in INBOX else person, address)
            spent.append(took)
            stale += name in COUNTING and _running(page) != expected
        figures[name] = _p95(spent)
        print(f"{address}: p50 {statistics.median(spent) * 1000:.0f} ms, p95 {figures[name] * 1000:.0f} ms")
    worst, every = 0.0, []
    for address in _drills(chance, steps):
        spent = [_timed(person, address)[0] for _ in range(AGAIN)]
        worst, every = max(worst, _p95(spent)), every + spent
        print(f"{address}: p50 {statistics.median(spent) * 1000:.0f} ms, p95 {_p95(spent) * 1000:.0f} ms")
    slow = max(*figures.values(), worst) > SLOWEST
    told = " ".join(f"{name}={took * 1000:.0f}ms" for name, took in figures.items())
    print(f"dashboard seed={args.seed} finished={crowd.finished} open={crowd.open} p95 {told} "
          f"drilldowns={_p95(every) * 1000:.0f}ms worst_drilldown={worst * 1000:.0f}ms stale={stale}")
    return 1 if stale or slow else 0


def _message(engine: Engine, process: str) -> str | None:
    return next(iter(engine.catalog.current(process).diagram.starts[1:]), None)


def _timed(person: Person, address: str) -> tuple[float, Any]:
    before = time.perf_counter()
    page = person.get(address)
    return time.perf_counter() - before, page


def _running(page: Any) -> int:
    """The number of open cases that a page shows."""
    shown = page.xpath("//dt[text()='Sedang berjalan']/following-sibling::dd[1]/a/text()")
    return int(str(shown[0]).replace(".", "")) if shown else -1


def _drills(chance: random.Random, steps: Sequence[str]) -> Iterator[str]:
    """Random lists: of open and done tasks, of cases; over one or many months; the first pages and deep ones."""
    for _ in range(DRILLS):
        kind = chance.choice((*OPEN_KINDS, *DONE_KINDS, *CASE_KINDS))
        page = chance.choice((1, 1, 2, chance.randint(3, 200)))
        month = chance.choice(("", "&m=3", "&m=12"))
        step = f"&k={chance.choice(steps)}" if kind not in CASE_KINDS else ""
        yield f"/kinerja/berkas?w={kind}{step}{month}&h={page}"


def _p95(spent: Sequence[float]) -> float:
    return sorted(spent)[-(-len(spent) * 95 // 100) - 1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
