"""`start`: an office with two real processes; what cannot run says why in one sentence; what dies is started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest

from engine.commands.start import must_be_free
from engine.errors import CannotRun
from engine.store import directory
from tests.builders import HOME, SECOND, open_office
from tests.commands_called import Caller

PATIENCE = 90.0


@pytest.fixture(autouse=True)
def second_house(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IZIN_PROCESSES", str(SECOND / "processes"))
    monkeypatch.setenv("IZIN_FORMS", str(SECOND / "forms"))


@pytest.fixture
def port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def started(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """An office that says it is ready."""
    words = [sys.executable, "-m", "engine", "start", "--no-demo", "--data", str(tmp_path / "kantor"), "--port", str(port)]
    process = subprocess.Popen(words, cwd=HOME, env={**os.environ, "PYTHONPATH": str(HOME)}, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    assert process.stdout is not None
    assert process.stdout.readline().startswith(f"Izin siap di http://127.0.0.1:{port} ("), process.communicate()
    yield process
    if process.poll() is None:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def eventually(holds: Callable[[], bool]) -> bool:
    last = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > last:
            return False
        time.sleep(0.1)
    return True


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def children(process: subprocess.Popen[str]) -> dict[str, psutil.Process]:
    """The living processes by what they run; one may die while it is looked at."""
    found = {}
    for one in psutil.Process(process.pid).children():
        with suppress(psutil.NoSuchProcess):
            found["web" if "forms.web" in " ".join(one.cmdline()) else "work"] = one
    return found


def test_it_answers_survives_a_death_and_ends_on_a_signal(started: subprocess.Popen[str], port: int, tmp_path: Path) -> None:
    assert answers(port)
    known = children(started)
    assert known.keys() == {"web", "work"}
    for one in known.values():
        one.kill()
    assert eventually(lambda: children(started).keys() == {"web", "work"} and answers(port))
    fresh = children(started)
    assert {one.pid for one in fresh.values()}.isdisjoint(one.pid for one in known.values())
    started.send_signal(signal.SIGINT)
    out, err = started.communicate(timeout=PATIENCE)
    assert started.returncode == 0 and "Traceback" not in out + err
    assert err.count("dijalankan lagi") == 2 and "edisi 1" in err
    assert not any(one.is_running() for one in fresh.values()) and not answers(port)
    for log in (tmp_path / "kantor" / "log").glob("*.log"):
        assert "Traceback" not in log.read_text(), log


def test_a_taken_port_is_named_before_anything_is_made(izin: Caller) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = izin("start", "--port", str(port))
    assert told.status == 2 and str(port) in told.err and "sudah dipakai" in told.err and told.err.count("\n") == 1
    assert list(izin.folder.iterdir()) == []


@pytest.mark.parametrize(("host", "port"), [("192.0.2.7", 8000), ("tidak.ada.invalid", 8000), ("127.0.0.1", 99999)])
def test_an_address_that_is_not_ours_is_named(monkeypatch: pytest.MonkeyPatch, host: str, port: int) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")
    if host.endswith("invalid"):
        monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(CannotRun) as refusal:
        must_be_free(host, port)
    assert host in refusal.value.advice


def test_an_unwritable_folder_is_named(izin: Caller, port: int) -> None:
    (izin.folder / "berkas").write_text("")
    told = Caller(izin.capsys, izin.folder / "berkas")("start", "--port", str(port))
    assert told.status == 2 and "tidak dapat ditulisi" in told.err


def test_a_newer_database_is_refused(izin: Caller, port: int) -> None:
    office = open_office(izin.folder, SECOND)
    with office.engine.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    office.engine.close()
    told = izin("start", "--port", str(port))
    assert told.status == 2 and "lebih baru" in told.err.splitlines()[-1]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4"])
def test_a_demo_never_opens_to_other_machines(izin: Caller, port: int, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    office = open_office(izin.folder, SECOND)
    with office.engine.database.transaction() as connection:
        directory.save_setting(connection, "demo", "ya")
    office.engine.close()
    monkeypatch.setattr("engine.commands.start.must_be_free", lambda *_: None)
    told = izin("start", "--port", str(port), "--host", host)
    assert told.status == 2 and "127.0.0.1" in told.err.splitlines()[-1]
    web = subprocess.run([sys.executable, "-m", "forms.web", "--data", izin.folder, "--host", host, "--port", str(port)],
                         cwd=HOME, env={**os.environ, "PYTHONPATH": str(HOME)}, capture_output=True, timeout=PATIENCE)
    assert web.returncode == 2 and b"Traceback" not in web.stderr
