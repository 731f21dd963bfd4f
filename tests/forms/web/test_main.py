"""The web process: it takes a port, finishes what runs when it is told to stop, and says in one sentence when it cannot."""

from __future__ import annotations

import socket
import threading
import time
import urllib.request
from collections.abc import Iterable
from typing import Any

import pytest

from engine.errors import CannotRun
from forms.web.__main__ import WebServer, main


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def slow(started: threading.Event) -> Any:
    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        started.set()
        time.sleep(0.5)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"selesai " + b"x" * 100_000]
    return application


def test_a_running_request_is_answered_whole_before_the_process_ends() -> None:
    started, port, bodies = threading.Event(), free_port(), []
    server = WebServer(slow(started), "127.0.0.1", port)
    serving = threading.Thread(target=server.serve)
    serving.start()

    def ask() -> None:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            bodies.append(answer.read())
    asking = threading.Thread(target=ask)
    asking.start()
    assert started.wait(5)
    server.stop()
    asking.join(10)
    serving.join(10)
    assert not serving.is_alive()
    assert len(bodies) == 1 and bodies[0].startswith(b"selesai") and len(bodies[0]) == 100_008


def test_a_taken_port_is_told_in_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotRun) as refusal:
            WebServer(slow(threading.Event()), "127.0.0.1", port)
    assert "--port" in refusal.value.advice


def test_settings_that_cannot_be_used_end_with_status_two(monkeypatch: pytest.MonkeyPatch,
                                                          capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("IZIN_TIDAK_ADA", "1")
    assert main(["--port", "1"]) == 2
    assert "IZIN_TIDAK_ADA" in capsys.readouterr().err
