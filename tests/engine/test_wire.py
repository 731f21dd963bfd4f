"""Questions to services outside: certificates are checked, time is limited, half an answer is none."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine import wire
from engine.errors import CannotRun
from engine.wire import Question, Service, Unanswered
from tests.tools.tls import server_side

SECONDS = 0.5


@contextmanager
def saying(answer: bytes, *, tls: Path | None = None) -> Iterator[int]:
    """A server that says these bytes to whoever asks first, and hangs up."""
    listening = socket.create_server(("127.0.0.1", 0))
    context = server_side(tls) if tls else None

    def serve() -> None:
        line, _ = listening.accept()
        try:
            with (context.wrap_socket(line, server_side=True) if context else line) as talking:
                talking.recv(65536)
                talking.sendall(answer)
        except OSError:
            line.close()   # the other side hung up first: that is what some of these tests are about
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.close()
        thread.join(5)


def test_an_answer_comes_with_its_status_headers_and_body(tmp_path: Path) -> None:
    with saying(b"HTTP/1.1 202 ok\r\nId_Dokumen: 7\r\nContent-Length: 5\r\n\r\nhalo!") as port:
        answer = Service(f"http://127.0.0.1:{port}/dasar/", tmp_path, SECONDS).ask(Question("GET", "/satu"))
    assert (answer.status, answer.headers["id_dokumen"], answer.body) == (202, "7", b"halo!")


@pytest.mark.parametrize(("told", "kind"), [
    (b"", "RemoteDisconnected"), (b"halo\r\n\r\n", "BadStatusLine"),
    (b"HTTP/1.1 200 ok\r\nContent-Length: 9\r\n\r\nhalo", "ConnectionError"),
    (b"HTTP/1.1 200 ok\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalo", "IncompleteRead")])
def test_half_an_answer_is_none(told: bytes, kind: str, tmp_path: Path) -> None:
    with saying(told) as port, pytest.raises(Unanswered) as unanswered:
        Service(f"http://127.0.0.1:{port}", tmp_path, SECONDS).ask(Question("GET", "/"))
    assert unanswered.value.kind == kind


def test_an_answer_that_does_not_end_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "LARGEST", 1000)
    with saying(b"HTTP/1.1 200 ok\r\n\r\n" + b"a" * 5000) as port, pytest.raises(Unanswered) as unanswered:
        Service(f"http://127.0.0.1:{port}", tmp_path, SECONDS).ask(Question("GET", "/"))
    assert unanswered.value.kind == "ValueError"


def test_silence_ends_with_the_time_given(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, pytest.raises(Unanswered) as unanswered:
        Service(f"http://127.0.0.1:{listening.getsockname()[1]}", tmp_path, 0.2).ask(Question("GET", "/"))
    assert unanswered.value.kind == "timeout"


def test_only_a_certificate_that_the_office_trusts_is_talked_to(tmp_path: Path) -> None:
    answer = b"HTTP/1.1 200 ok\r\nContent-Length: 4\r\n\r\naman"
    with saying(answer, tls=tmp_path) as port:
        known = Service(f"https://127.0.0.1:{port}", tmp_path, SECONDS).ask(Question("GET", "/"))
    with saying(answer, tls=tmp_path) as port, pytest.raises(Unanswered) as unanswered:
        Service(f"https://127.0.0.1:{port}", tmp_path / "kosong", SECONDS).ask(Question("GET", "/"))
    assert (known.body, unanswered.value.kind) == (b"aman", "certificate")


@pytest.mark.parametrize("url", ["http://layanan.example", "ftp://layanan.example", "layanan.example", "http://10.0.0.7"])
def test_secrets_travel_no_open_road(url: str, tmp_path: Path) -> None:
    with pytest.raises(CannotRun):
        Service(url, tmp_path, SECONDS)


def test_a_question_is_not_told_when_it_is_printed() -> None:
    asked = Question("POST", "/", {"Authorization": "Basic rahasia"}, b"rahasia")
    assert "rahasia" not in repr(asked)
