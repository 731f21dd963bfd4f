"""Proof: one command on a clean clone opens an office in which one can sign in; Ctrl-C ends it and leaves nothing running.

The house is cloned into an empty folder and started twice: first with nothing installed, then with everything there. Each
time the front page answers, the sign-in page lists the demo's people, and one of them is let into their room.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.proofs.http_people import NobodyAnswers, Person, Refused

HOME = Path(__file__).resolve().parents[2]
READY, END = "Izin siap di ", 60.0
INBOX = "Kotak masuk"


@dataclass(frozen=True)
class Run:
    """One start: how long until it was ready, what was wrong, what it left running."""

    seconds: float
    troubles: tuple[str, ...]
    left: int


def main(argv: Sequence[str]) -> int:
    """Exit status 1 when a start is too slow, does not open, or leaves something behind; the last line is one of figures."""
    args = _arguments(argv)
    print(f"seed {args.seed} (nothing here is random)")
    with tempfile.TemporaryDirectory(prefix="izin-klon-") as folder:
        house = Path(folder) / "izin"
        subprocess.run(["git", "clone", "--quiet", str(HOME), str(house)], check=True)
        first, again = started(house, args.first), started(house, args.again)
    for trouble in (*first.troubles, *again.troubles):
        print(trouble)
    troubles = len(first.troubles) + len(again.troubles)
    print(f"first_seconds={first.seconds:.1f} again_seconds={again.seconds:.1f} left_running={first.left + again.left} "
          f"troubles={troubles}")
    return 1 if troubles else 0


def _arguments(argv: Sequence[str]) -> Namespace:
    parser = ArgumentParser(prog="start", description=__doc__)
    parser.add_argument("--first", type=float, default=120.0, help="seconds until the first start must be ready")
    parser.add_argument("--again", type=float, default=5.0, help="seconds until the second start must be ready")
    parser.add_argument("--seed", type=int, default=0, help="taken for the sake of the other proofs")
    return parser.parse_args(argv)


def started(house: Path, limit: float) -> Run:
    """Start, look in, stop as Ctrl-C does."""
    port, begun, log = _free_port(), time.monotonic(), house / "mulai.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("IZIN_", "PYTHON"))}
    with log.open("w") as words:
        process = subprocess.Popen(["./izin", "start", "--port", str(port)], cwd=house, env=environment, stdout=words,
                                   stdin=subprocess.DEVNULL, stderr=words, start_new_session=True)
    troubles, seconds = [], 0.0
    if _ready(process, log, limit + END):
        seconds = time.monotonic() - begun
        troubles = [*_too_slow(seconds, limit), *_looked_in(f"http://127.0.0.1:{port}")]
    else:
        troubles = ["not ready"]
    troubles += _stopped(process)
    left = _left_of(process.pid)
    troubles += [f"left running: {name}" for name in left]
    return Run(seconds, tuple(f"{one}; said: {_last_words(log)}" for one in troubles), len(left))


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _ready(process: subprocess.Popen[bytes], log: Path, seconds: float) -> bool:
    last = time.monotonic() + seconds
    while time.monotonic() < last and process.poll() is None:
        if READY in log.read_text():
            return True
        time.sleep(0.05)
    return False


def _too_slow(seconds: float, limit: float) -> list[str]:
    return [f"ready after {seconds:.1f} seconds instead of {limit:.0f}"] if seconds > limit else []


def _looked_in(address: str) -> list[str]:
    """The front page, and the first room of the first of the demo's people."""
    visitor = Person(lambda: address)
    try:
        visitor.get("/")
        known = [form for form in visitor.get("/masuk").forms if "akun" in form.fields]
        room = visitor.send(known[0].action, known[0].form_values()).findtext(".//h1") if known else "nobody to be"
    except (NobodyAnswers, Refused) as fault:
        return [f"{type(fault).__name__}: {fault}"]
    return [] if room == INBOX else [f"signed in, one stands before: {room}"]


def _stopped(process: subprocess.Popen[bytes]) -> list[str]:
    process.send_signal(signal.SIGINT)
    try:
        status = process.wait(END)
    except subprocess.TimeoutExpired:
        process.kill()
        return ["does not end"]
    return [] if status == 0 else [f"ended with {status}"]


def _left_of(session: int) -> list[str]:
    """What still runs of everything that was started; it is ended now."""
    left = [one for one in psutil.process_iter(["name"]) if _is_of(one, session)]
    for one in left:
        one.kill()
    return [str(one.info["name"]) for one in left]


def _is_of(process: psutil.Process, session: int) -> bool:
    try:
        return os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE
    except (ProcessLookupError, psutil.NoSuchProcess):
        return False


def _last_words(log: Path) -> str:
    return " / ".join(log.read_text().splitlines()[-3:])
