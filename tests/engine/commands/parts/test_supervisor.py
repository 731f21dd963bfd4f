"""Two processes watched over: restarted when they die, given up when they cannot run, ended together."""

from __future__ import annotations

import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from engine.commands.parts import supervisor
from engine.commands.parts.supervisor import Child, Supervisor, child_of
from engine.errors import CannotRun

WAITS = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); print('siap', flush=True); " \
        "time.sleep(60)"
FINISHES_LATE = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: (time.sleep(1), " \
                "print('selesai', flush=True), sys.exit(0))); print('siap', flush=True); time.sleep(60)"
DIES = "print('aduh', flush=True); raise SystemExit(1)"
CANNOT = "print('Port sudah dipakai.', flush=True); raise SystemExit(2)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('siap', flush=True); time.sleep(60)"


@pytest.fixture(autouse=True)
def signals() -> object:
    """The handlers of this process, as they were."""
    known = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in known.items():
        signal.signal(number, handler)


def child(tmp_path: Path, program: str, name: str = "anak") -> Child:
    return Child(name, (sys.executable, "-c", program), tmp_path / f"{name}.log")


def says(one: Child, word: str, seconds: float = 20) -> bool:
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        if one.log.exists() and word in one.log.read_text():
            return True
        time.sleep(0.02)
    return False


def stop_when(watched: Supervisor, *ready: Child) -> None:
    """Ask to stop once every child has said that it is ready."""
    def wait() -> None:
        for one in ready:
            says(one, "siap")
        watched.asked = True
    threading.Thread(target=wait).start()


def test_a_stop_lets_what_runs_finish(tmp_path: Path) -> None:
    quick, late = child(tmp_path, WAITS, "cepat"), child(tmp_path, FINISHES_LATE, "lambat")
    watched = Supervisor([quick, late])
    stop_when(watched, quick, late)
    assert watched.run(lambda: None) == 0
    assert (quick.status, late.status) == (0, 0) and "selesai" in late.log.read_text()


def test_who_does_not_listen_is_ended_in_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "PATIENCE_SECONDS", 0.3)
    deaf = child(tmp_path, DEAF)
    watched = Supervisor([deaf])
    stop_when(watched, deaf)
    assert watched.run(lambda: None) == 0
    assert deaf.status == -signal.SIGKILL


def test_who_dies_too_often_is_given_up_and_the_others_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = child(tmp_path, WAITS, "baik"), child(tmp_path, DIES, "buruk")
    with pytest.raises(CannotRun) as refusal:
        Supervisor([good, bad]).run(lambda: says(good, "siap") or None)
    assert "buruk" in refusal.value.advice and "aduh" in refusal.value.advice
    assert capsys.readouterr().err.count("dijalankan lagi") == supervisor.MOST_RESTARTS
    assert good.status == 0


def test_who_cannot_run_is_not_tried_again_and_its_last_words_are_told(tmp_path: Path) -> None:
    bad = child(tmp_path, CANNOT)
    with pytest.raises(CannotRun) as refusal:
        Supervisor([bad]).run(lambda: None)
    assert "Port sudah dipakai." in refusal.value.advice and len(bad.deaths) == 0


def test_a_death_before_the_doors_open_is_noticed(tmp_path: Path) -> None:
    bad = child(tmp_path, CANNOT)
    watched = Supervisor([bad])

    def ready() -> None:
        says(bad, "Port")
        assert bad.running is not None
        bad.running.wait(timeout=20)
        watched.must_run()
    with pytest.raises(CannotRun, match="ended with 2"):
        watched.run(ready)


def test_a_signal_asks_to_stop(tmp_path: Path) -> None:
    one = child(tmp_path, WAITS)
    assert Supervisor([one]).run(lambda: (says(one, "siap"), signal.raise_signal(signal.SIGTERM)) and None) == 0


def test_a_log_that_has_grown_large_is_put_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LARGEST_LOG", 10)
    (tmp_path / "web.log").write_text("sebelas kata lama")
    made = child_of("web", ("forms.web",), tmp_path)
    assert not made.log.exists() and (tmp_path / "web.log.1").read_text() == "sebelas kata lama"
    assert made.last_words() == "tanpa pesan"
