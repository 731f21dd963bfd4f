"""One question to a service outside, over HTTP: certificates checked, answered within the time given, or not answered.

Nothing of a question is ever told: neither in an exception, nor in a log line, nor when it is printed.
"""

from __future__ import annotations

import io
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from time import monotonic
from typing import Any, Protocol
from urllib.parse import SplitResult, urlsplit

from engine.errors import CannotRun

LARGEST = 24 * 1024 * 1024
"""Bytes of an answer; a longer one is no answer."""

ROOTS = "akar/layanan"
"""Folder inside the keys of an office: further roots (PEM) for mail servers and services with certificates of their own."""


@dataclass(frozen=True)
class Question:
    """What is asked. The body and the headers may hold secrets."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Answer:
    """What came back; names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Unanswered(Exception):
    """No whole answer came: `kind` is one word. `headers` = those that still arrived: the service may have acted."""

    def __init__(self, kind: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(kind)
        self.kind, self.headers = kind, dict(headers or {})


class Asked(Protocol):
    """Whoever is asked: a service somewhere, or one that a scenario invents."""

    def ask(self, question: Question) -> Answer:
        """The whole answer; Unanswered when there is none."""


@dataclass(frozen=True)
class Service:
    """Where a service is and how long it may take. `roots` = folder of root certificates to trust beside the machine's."""

    url: str
    roots: Path
    seconds: float

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_here(parts.hostname or "")):
            raise CannotRun("unsafe service address", advice=f"Alamat layanan {parts.hostname or self.url} harus dimulai "
                                                             "dengan https:// supaya sandi tidak terbaca di jalan.")

    def ask(self, question: Question) -> Answer:
        """The whole answer; Unanswered when there is none in time."""
        until = monotonic() + self.seconds
        connection = self._connection(urlsplit(self.url))
        received: dict[str, str] = {}
        try:
            return self._asked(connection, question, until, received)
        except (OSError, HTTPException, ValueError) as fault:
            raise Unanswered(_kind(fault), received) from None   # its text and its frames hold the question
        finally:
            connection.close()

    def _connection(self, parts: SplitResult) -> HTTPConnection:
        host, port = parts.hostname or "", parts.port
        if parts.scheme == "http":
            return HTTPConnection(host, port, timeout=self.seconds)
        return HTTPSConnection(host, port, timeout=self.seconds, context=trusting(self.roots))

    def _asked(self, connection: HTTPConnection, question: Question, until: float, received: dict[str, str]) -> Answer:
        connection.connect()
        line, connection.sock = connection.sock, _Clocked(connection.sock, until)
        try:
            path = urlsplit(self.url).path.rstrip("/") + question.path
            connection.request(question.method, path, question.body, dict(question.headers))
            response = connection.getresponse()
            received.update({name.lower(): value for name, value in response.getheaders()})
            return Answer(response.status, dict(received), _whole(response))
        finally:
            line.close()


def _whole(response: HTTPResponse) -> bytes:
    body = response.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise ValueError("too long")
    if response.length:
        raise ConnectionError("cut")   # read(n) does not say that less came than was announced
    return body


class _Clocked:
    """A socket whose every wait ends at one moment: a service that answers byte by byte does not hold anybody longer."""

    def __init__(self, line: socket.socket, until: float) -> None:
        self._line, self._until = line, until

    def sendall(self, content: bytes) -> None:
        self._line.settimeout(_left(self._until))
        self._line.sendall(content)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reading(self._line, self._until))

    def close(self) -> None:
        """The line is closed by whoever opened it, when the answer is whole."""


class _Reading(io.RawIOBase):
    def __init__(self, line: socket.socket, until: float) -> None:
        self._line, self._until = line, until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._line.settimeout(_left(self._until))
        return self._line.recv_into(buffer)


def _left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _kind(fault: Exception) -> str:
    if isinstance(fault, TimeoutError):
        return "timeout"
    if isinstance(fault, ssl.SSLError):
        return "certificate" if isinstance(fault, ssl.SSLCertVerificationError) else "tls"
    return "unreachable" if isinstance(fault, ConnectionRefusedError | socket.gaierror) else type(fault).__name__


def trusting(roots: Path) -> ssl.SSLContext:
    """TLS with checks: the machine's roots and those of this folder."""
    context = ssl.create_default_context()
    for path in sorted(roots.glob("*.pem")):
        context.load_verify_locations(path)
    return context


def is_here(host: str) -> bool:
    """True for this very machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
