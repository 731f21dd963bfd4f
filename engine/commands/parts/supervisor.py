"""Two processes watched over: started, started again when one dies, and ended together so that nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.commands.parts.answers import tell
from engine.errors import CannotRun

MOST_RESTARTS = 5
WITHIN_SECONDS = 60.0
"""A process that dies more often than that within this time is beyond restarting."""

LOOK_SECONDS = 0.1
PATIENCE_SECONDS = 45.0
"""How long a stop signal may take: a signing chain that runs is let to its end."""

LARGEST_LOG = 10 << 20
CANNOT_RUN = 2


@dataclass
class Child:
    """One process and its past."""

    name: str
    command: Sequence[str]
    log: Path
    running: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)

    def start(self, environment: Mapping[str, str]) -> None:
        """Start it; what it says goes to its log."""
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(self.command, env=dict(environment), stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log)

    @property
    def status(self) -> int | None:
        """Its exit status once it has ended."""
        return self.running.poll() if self.running is not None else None

    def dies_too_often(self, now: float) -> bool:
        """Count a death."""
        self.deaths = [one for one in self.deaths if now - one < WITHIN_SECONDS] + [now]
        return len(self.deaths) > MOST_RESTARTS

    def last_words(self) -> str:
        """The last line of its log."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return lines[-1] if lines else "tanpa pesan"


@dataclass
class Supervisor:
    """Keeps its children running until it is asked to stop."""

    children: Sequence[Child]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    asked: bool = False

    def run(self, ready: Callable[[], None]) -> int:
        """Start all, call `ready` once they run, watch, end all. 0 after a stop signal, 2 when a child cannot run."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)
        try:
            for child in self.children:
                child.start(self.environment)
            ready()
            while not self.asked:
                self._look_after()
                time.sleep(LOOK_SECONDS)
            return 0
        finally:
            self._end()

    def _ask(self, number: int, frame: object) -> None:
        self.asked = True

    def _look_after(self) -> None:
        for child in self.children:
            if child.status is not None and not self.asked:
                self._revive(child, child.status)

    def _revive(self, child: Child, status: int) -> None:
        if status == CANNOT_RUN or child.dies_too_often(time.monotonic()):
            raise CannotRun(f"{child.name} ended with {status}",
                            advice=f"Bagian {child.name} tidak dapat dijalankan: {child.last_words()} (catatan: {child.log}).")
        tell(f"Bagian {child.name} berhenti sendiri (status {status}); dijalankan lagi.")
        child.start(self.environment)

    def must_run(self) -> None:
        """CannotRun when a child ended before it was ready."""
        for child in self.children:
            if child.status is not None:
                raise CannotRun(f"{child.name} ended with {child.status}",
                                advice=f"Bagian {child.name} tidak dapat dijalankan: {child.last_words()} "
                                       f"(catatan: {child.log}).")

    def _end(self) -> None:
        running = [child.running for child in self.children if child.running is not None and child.status is None]
        for one in running:
            one.send_signal(signal.SIGTERM)
        last = time.monotonic() + PATIENCE_SECONDS
        for one in running:
            try:
                one.wait(timeout=max(0.1, last - time.monotonic()))
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()


def child_of(name: str, module: Sequence[str], folder: Path) -> Child:
    """A child that runs a module with this very Python; its log is started anew when it has grown large."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = folder / f"{name}.log"
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
    return Child(name, (sys.executable, "-m", *module), log)
