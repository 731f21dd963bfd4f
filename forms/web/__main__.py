"""`python -m forms.web --host --port --data`: the web process. On a stop signal it finishes what runs, then ends."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from waitress import create_server, wasyncore

from engine.assembly import assemble, keep_log, read_settings
from engine.errors import CannotRun, Refusal
from forms.web.app import create_app
from forms.web.wsgi import behind

THREADS = 8
ROUND_SECONDS = 1.0
PATIENCE_SECONDS = 30.0
"""How long running requests may take after a stop signal; a signing chain fits in well."""


class WebServer:
    """Waitress with an end: after a signal nothing new is taken, and the loop turns until every answer is out."""

    def __init__(self, application: Any, host: str, port: int, *, behind_proxy: bool = False) -> None:
        self._sockets: dict[int, Any] = {}
        self._stopping = False
        try:
            self._server = create_server(application, map=self._sockets, host=host, port=port, threads=THREADS,
                                         ident=None, clear_untrusted_proxy_headers=not behind_proxy)
        except OSError as fault:
            wasyncore.close_all(self._sockets)
            advice = f"Alamat {host}:{port} tidak dapat dipakai ({fault.strerror}). Pilih port lain dengan --port."
            raise CannotRun(f"{host}:{port}: {fault}", advice=advice) from fault

    def stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Take no new connections and end when nothing is left to answer."""
        self._stopping = True

    def serve(self) -> None:
        """Answer until stopped."""
        while not self._stopping:
            wasyncore.loop(timeout=ROUND_SECONDS, map=self._sockets, count=1)
        self._drain()
        self._server.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self._sockets)

    def _drain(self) -> None:
        for one in list(self._sockets.values()):
            if getattr(one, "accepting", False):
                one.accepting = False
        last = time.monotonic() + PATIENCE_SECONDS
        while self._answering() and time.monotonic() < last:
            wasyncore.loop(timeout=0.05, map=self._sockets, count=1)

    def _answering(self) -> bool:
        """True while a request runs or an answer is not yet out."""
        channels = [one for one in self._sockets.values() if hasattr(one, "total_outbufs_len")]
        return any(one.requests or one.total_outbufs_len for one in channels)


def options(arguments: Sequence[str]) -> argparse.Namespace:
    """What stands on the command line."""
    parser = argparse.ArgumentParser(prog="python -m forms.web", description="The web process of an office.")
    parser.add_argument("--host", help="address to listen on")
    parser.add_argument("--port", type=int, help="port to listen on")
    parser.add_argument("--data", type=Path, help="data folder of the office")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Serve until a signal comes; 2 when that is not possible."""
    try:
        settings = read_settings(os.environ, **vars(options(arguments)))
        keep_log(settings)
        engine = assemble(settings)
        engine.identity.must_stay_here()
        application = behind(create_app(engine), settings.proxy)
        server = WebServer(application, settings.host, settings.port, behind_proxy=bool(settings.proxy))
    except Refusal as refusal:   # not only what is missing: the database may be gone at this very moment
        print(refusal.advice, file=sys.stderr)
        return 2
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, server.stop)
    server.serve()
    engine.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
