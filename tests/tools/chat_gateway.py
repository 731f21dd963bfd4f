"""A gateway on loopback that keeps the contract of engine/runtime/channels/whatsapp-gateway.md."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.tools.loopback import answering

TOKEN = "tanda masuk gerbang"


class Gateway:
    """What was sent on, once per key, and what happens next: (status, body, headers), or seconds of silence after taking."""

    def __init__(self) -> None:
        self.next: deque[tuple[int, Mapping[str, Any], Mapping[str, str]] | float] = deque()
        self.sent: dict[str, dict[str, str]] = {}
        self.asked = 0

    def take(self, key: str, words: dict[str, str]) -> tuple[int, Mapping[str, Any], Mapping[str, str]]:
        """The same key gives the same id and sends nothing again."""
        assert words["reference"] == key and set(words) == {"to", "text", "reference"}
        known = key in self.sent
        self.sent.setdefault(key, words)
        return 200 if known else 202, {"id": f"wa-{list(self.sent).index(key) + 1}"}, {}


class _Door(BaseHTTPRequestHandler):
    gateway: Gateway

    def do_POST(self) -> None:
        gateway = self.gateway
        gateway.asked += 1
        words = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        planned = gateway.next.popleft() if gateway.next else None
        if self.headers["Authorization"] != f"Bearer {TOKEN}" or self.path != "/messages":
            planned = (401, {"error": "token"}, {})
        if planned is None or isinstance(planned, float):
            answer = gateway.take(self.headers["Idempotency-Key"], words)
            time.sleep(planned or 0.0)
        else:
            answer = planned
        self._say(*answer)

    def _say(self, status: int, words: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        body = json.dumps(words).encode()
        try:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True   # whoever asked has gone

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing of a message is written to a log."""


@contextmanager
def running(gateway: Gateway) -> Iterator[str]:
    """The gateway's address while it runs."""
    with answering(type("Door", (_Door,), {"gateway": gateway})) as address:
        yield address
