"""A child process that answers one question at a time and may be killed: for work on what strangers or analysts wrote.

A question and an answer are bytes, each behind its length. The child ends by itself when its parent is gone, because
then its input ends. It starts when first needed; it is shared between threads and never between forks.
"""

from __future__ import annotations

import os
import select
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

HEAD = 8
"""Bytes of the length before each message."""


class ChildFailed(Exception):
    """No answer: the child hung, died or was never there."""


class Child:
    """One process and its pipes; a fresh one follows after so many questions, which keeps its memory bounded."""

    def __init__(self, command: Sequence[str], *, folder: Path | None = None, timeout: float = 20.0,
                 questions: int = 250) -> None:
        self.command, self.folder = tuple(command), folder
        self.timeout, self.questions = timeout, questions
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._asked = 0

    @property
    def pid(self) -> int | None:
        """The running process, if any."""
        return self._process.pid if self._process else None

    def ask(self, question: bytes) -> bytes:
        """The answer; ChildFailed when there is none in time."""
        with self._lock:
            process = self._ready()
            try:
                return _exchange(process, question, time.monotonic() + self.timeout)
            except (OSError, EOFError) as fault:
                self._stop()
                raise ChildFailed(f"no answer: {fault}") from fault

    def close(self) -> None:
        with self._lock:
            self._stop()

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():
            self._process, self._owner = None, os.getpid()
        if self._asked >= self.questions or (self._process is not None and self._process.poll() is not None):
            self._stop()
        if self._process is None:
            self._process, self._asked = self._start(), 0
        self._asked += 1
        return self._process

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self.command, cwd=self.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL, bufsize=0)

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def _exchange(process: subprocess.Popen[bytes], question: bytes, until: float) -> bytes:
    if process.stdin is None or process.stdout is None:
        raise OSError("the child has no pipes")
    _write(process.stdin, len(question).to_bytes(HEAD, "big") + question, until)
    length = int.from_bytes(_read(process.stdout, HEAD, until), "big")
    return _read(process.stdout, length, until)


def _write(pipe: IO[bytes], message: bytes, until: float) -> None:
    left = memoryview(message)
    while left:
        _, ready, _ = select.select([], [pipe], [], max(0.0, until - time.monotonic()))
        if not ready:
            raise TimeoutError("the child does not listen")
        # A pipe that is ready takes this much without waiting, so a child that stops reading cannot hold us.
        left = left[os.write(pipe.fileno(), left[:select.PIPE_BUF]):]


def _read(pipe: IO[bytes], length: int, until: float) -> bytes:
    found = bytearray()
    while len(found) < length:
        ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            raise TimeoutError("not in time")
        part = os.read(pipe.fileno(), min(length - len(found), 1 << 20))
        if not part:
            raise EOFError("the child is gone")
        found += part
    return bytes(found)
