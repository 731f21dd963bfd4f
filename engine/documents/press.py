"""The press: hands one job at a time to the typesetter, waits no longer than allowed, replaces it when it hangs."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TYPESETTER = Path(__file__).with_name("typesetter.py")
JOBS_PER_CHILD = 250
"""The typesetter remembers what it has set; a fresh one after so many letters keeps its memory bounded."""


class PressFailed(Exception):
    """The typesetter gave no letter: what it said, or that it hung or died."""


class Press:
    """One child process, started when first needed; safe to share between threads, not between forks."""

    def __init__(self, timeout: float = 20.0) -> None:
        self.timeout = timeout
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._jobs = 0

    def run(self, job: Mapping[str, object]) -> Mapping[str, Any]:
        """The answer of the typesetter; PressFailed when there is none."""
        with self._lock:
            answer = self._ask(json.dumps(job).encode() + b"\n")
        if "error" in answer:
            raise PressFailed(str(answer["error"]))
        return answer

    def close(self) -> None:
        with self._lock:
            self._stop()

    def _ask(self, line: bytes) -> Mapping[str, Any]:
        child = self._ready()
        assert child.stdin is not None
        try:
            child.stdin.write(line)
            child.stdin.flush()
            return dict(json.loads(self._line(child)))
        except (OSError, ValueError) as fault:
            self._stop()
            raise PressFailed(f"the typesetter gave no answer: {fault}") from fault

    def _line(self, child: subprocess.Popen[bytes]) -> bytes:
        assert child.stdout is not None
        ready, _, _ = select.select([child.stdout], [], [], self.timeout)
        if not ready:
            raise TimeoutError(f"no letter after {self.timeout:g} seconds")
        return child.stdout.readline()

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():
            self._child, self._owner = None, os.getpid()
        if self._jobs >= JOBS_PER_CHILD or (self._child is not None and self._child.poll() is not None):
            self._stop()
        if self._child is None:
            self._child, self._jobs = _start(), 0
        self._jobs += 1
        return self._child

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                _close(pipe)


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return   # what was still unsent belonged to the job that is given up


def _start() -> subprocess.Popen[bytes]:
    # Isolated: neither the folder the engine runs in nor PYTHON* variables change what the typesetter imports.
    return subprocess.Popen([sys.executable, "-I", str(TYPESETTER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, bufsize=0)
