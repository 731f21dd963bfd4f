"""Proof: README's page "Production" runs as written: several web processes, two workers, PostgreSQL, a proxy before them.

The commands are taken out of that page. People walk cases through it over HTTP, several at once; meanwhile a backup is
taken. Then everything is counted and verified, every case is executed again, and the backup is restored into SQLite.
"""

from __future__ import annotations

import os
import random
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

from engine.assembly import Engine, Settings, assemble, scenarios
from engine.audit.backup import Holdings, write_backup
from engine.audit.drill import Drills
from engine.audit.restore import Restoring
from engine.clock import stamp
from engine.runtime.catalog import available
from engine.store import schema
from engine.store.database import Database
from engine.store.files import FileStore
from tests.proofs import ordeal
from tests.proofs.losses import losses
from tests.proofs.story import stories
from tests.proofs.walkers import Town, Walker
from tests.tools import postgres

HOME = Path(__file__).resolve().parents[2]
TOKEN = "pemantau pembuktian"
AT_ONCE = 4
READY_SECONDS, END_SECONDS = 60.0, 90.0
WORKERS = 2


def main(argv: Sequence[str]) -> int:
    """Exit status 1 when anything is lost, flawed or different; the last line is one line of figures."""
    args = _arguments(argv)
    print(f"seed {args.seed}", flush=True)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="izin-produksi-") as folder, postgres.running() as cluster:
        outcome = _prove(Path(folder), cluster.database(), args)
    for trouble in outcome.troubles[:20]:
        print(trouble)
    print(outcome.report(time.monotonic() - begun))
    return 1 if outcome.troubles else 0


def _arguments(argv: Sequence[str]) -> Namespace:
    parser = ArgumentParser(prog="production", description=__doc__)
    parser.add_argument("--cases", type=int, default=12, help="how many cases are to end")
    parser.add_argument("--seed", type=int, default=20260609)
    return parser.parse_args(argv)


@dataclass(frozen=True)
class Outcome:
    """What was found."""

    troubles: list[str]
    cases: int
    events: int
    lost_races: float
    web_processes: int

    def report(self, seconds: float) -> str:
        """One line of figures."""
        return (f"cases={self.cases} events={self.events} web_processes={self.web_processes} workers={WORKERS} "
                f"lost_races={self.lost_races:.0f} troubles={len(self.troubles)} seconds={seconds:.0f}")


# --- the set-up ------------------------------------------------------------------------------------------------------

def commands(page: str, port: int) -> dict[str, list[str]]:
    """Unit -> its command, as README's page "Production" has it, on this house's place and a free port."""
    text = page.partition("## Production")[2].partition("\n## ")[0]
    found = re.findall(r"^# (izin-[a-z]+)[^`]*?^ExecStart=([^\n]*)$", text, re.MULTILINE)
    here = {name: line.replace("/opt/izin", str(HOME)).replace("127.0.0.1:8000", f"127.0.0.1:{port}") for name, line in found}
    return {name: shlex.split(line) for name, line in here.items()}


@contextmanager
def _running(settings: Settings, port: int) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    known = commands((HOME / "README.md").read_text("utf-8"), port)
    wanted = {"web": known["izin-web"]} | {f"worker-{number}": known["izin-worker"] for number in range(1, WORKERS + 1)}
    log = settings.data.parent / "proses.log"
    with log.open("wb") as words:
        running = {name: subprocess.Popen(command, cwd=HOME, env=_environment(settings), stdout=words, stderr=words)
                   for name, command in wanted.items()}
    try:
        yield running
    finally:
        for one in running.values():
            one.kill()
            one.wait()


def _environment(settings: Settings) -> Mapping[str, str]:
    """What stands in /etc/izin/env, and a log file that all share."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("IZIN_")}
    return plain | {"IZIN_DATA": str(settings.data), "IZIN_DATABASE_URL": settings.database_url, "IZIN_PROXY": "1",
                    "IZIN_METRICS_TOKEN": TOKEN, "IZIN_LOG_FILE": str(settings.data.parent / "log" / "izin.log")}


@contextmanager
def _office(folder: Path, url: str) -> Iterator[Engine]:
    settings = Settings(data=folder / "data", database_url=url)
    settings.data.mkdir(mode=0o700)
    database = Database(settings.database)
    schema.migrate(database)
    engine = assemble(settings, database=database)
    try:
        ordeal.people(engine, available(settings.processes)[0])
        yield engine
    finally:
        engine.close()


# --- the proof -------------------------------------------------------------------------------------------------------

@dataclass
class Street(Town):
    """A town with one door."""

    port: int = 0

    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def _prove(folder: Path, url: str, args: Namespace) -> Outcome:
    port, chance = ordeal.free_port(), random.Random(args.seed)
    with _office(folder, url) as engine, _running(engine.settings, port) as running:
        process = engine.catalog.in_force()[0].process.id
        street = Street(engine, stories(scenarios(engine.settings), process), process, (), port=port)
        troubles = _until_ready(street, running)
        walkers = [Walker(street, random.Random(chance.random())) for _ in range(AT_ONCE)]
        for one in walkers:
            one.start()
        troubles += _walk(street, args.cases, folder, walkers)
        pids, figures = _asked_often(street)
        troubles += [*street.troubles, *_seen_through_the_proxy(street), *_ended(running), *losses(engine)]
        troubles += [*_must_be_two(pids), *_restored(folder), *_drilled(engine, folder)]
        counted = engine.verification.counted()
        return Outcome(troubles, counted.cases, counted.events, figures.get('izin_races_total{outcome="lost"}', 0), len(pids))


def _until_ready(street: Street, running: Mapping[str, subprocess.Popen[bytes]]) -> list[str]:
    last = time.monotonic() + READY_SECONDS
    while time.monotonic() < last:
        gone = [name for name, one in running.items() if one.poll() is not None]
        if gone:
            return [f"{name} ended before it was ready" for name in gone]
        try:
            if _page(street, "/readyz")[0] == 200:
                return []
        except URLError:
            time.sleep(.1)
    return ["not ready in time"]


def _page(street: Street, path: str, **headers: str) -> tuple[int, str, Mapping[str, str]]:
    asked = Request(street.address() + path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    with build_opener(ProxyHandler({})).open(asked, timeout=30) as answer:
        return answer.status, answer.read().decode(), dict(answer.headers)


def _walk(street: Street, wanted: int, folder: Path, walkers: Sequence[Walker]) -> list[str]:
    """Until so many cases have ended, with a backup half way; then every case goes on to its end."""
    engine, last, copied = street.engine, time.monotonic() + END_SECONDS + 10 * wanted, False
    while time.monotonic() < last and any(one.is_alive() for one in walkers):
        ended = _ended_cases(engine)
        if not copied and ended >= wanted // 3:
            copied = True
            write_backup(_holdings(engine.settings, engine.database), folder / "tengah.zip", stamp(engine.clock.now()), _quiet)
        street.no_more_cases = ended >= wanted
        time.sleep(.2)
    street.no_more_cases = street.over = True
    for one in walkers:
        one.join()
    time.sleep(3)
    return [] if copied else ["no case ended in time"]


def _ended_cases(engine: Engine) -> int:
    with engine.database.reading() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM cases WHERE ended_at IS NOT NULL").scalar_one())


def _asked_often(street: Street) -> tuple[set[float], dict[str, float]]:
    """The process ids that answered, and the last figures."""
    pids, figures = set[float](), dict[str, float]()
    for _ in range(60):
        told = _page(street, "/metrics", Authorization=f"Bearer {TOKEN}")[1]
        figures = {name: float(value) for name, value in re.findall(r"^(izin\S+) (\S+)$", told, re.MULTILINE)}
        pids.add(figures["izin_process_id"])
    return pids, figures


def _must_be_two(pids: set[float]) -> list[str]:
    return [] if len(pids) == 2 else [f"{len(pids)} web processes answered"]


def _seen_through_the_proxy(street: Street) -> list[str]:
    """What the proxy says is believed: https, so cookies and headers are those of a safe connection."""
    headers = _page(street, "/masuk", X_Forwarded_For="198.51.100.7", X_Forwarded_Proto="https")[2]
    cookie = headers.get("Set-Cookie", "")
    return [f"{what} is missing behind the proxy" for what, there in (
        ("Strict-Transport-Security", "Strict-Transport-Security" in headers), ("Secure", "Secure" in cookie)) if not there]


def _ended(running: Mapping[str, subprocess.Popen[bytes]]) -> list[str]:
    """Asked to end, as systemd does."""
    for one in running.values():
        one.send_signal(signal.SIGTERM)
    statuses = {name: one.wait(timeout=60) for name, one in running.items()}
    return [f"{name} ended with {status}" for name, status in statuses.items() if status]


def _holdings(settings: Settings, database: Database) -> Holdings:
    return Holdings(database, FileStore(settings.files), settings.keys)


def _quiet(what: str, count: int) -> None:
    """Nobody listens."""


def _restored(folder: Path) -> Iterator[str]:
    """The backup of half way, in a file of its own."""
    settings = Settings(data=folder / "pulih")
    settings.data.mkdir()
    database = Database(settings.database)
    Restoring(_holdings(settings, database), _quiet).from_file(folder / "tengah.zip")
    engine = assemble(settings, database=database)
    yield from (f"restored: {one.sentence}" for one in engine.verification.flaws())
    yield from (f"restored: {one.divergence.sentence}" for one in engine.replays.all() if one.divergence is not None)
    engine.close()


def _drilled(engine: Engine, folder: Path) -> list[str]:
    (folder / "latihan").mkdir()
    drills = Drills(_holdings(engine.settings, engine.database), engine.clock, _quiet)
    return [f"drill: {one}" for one in drills.run(folder / "latihan").differences]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
