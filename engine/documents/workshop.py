"""The workshop: where files of strangers are opened, so that one made to hang or to fill the memory costs nobody much.

`judge_apart` and `accept_apart` do what judge() and accept() do, in a child process with limited memory and time. Run
as a program, this file is that child: it answers calls of exactly these two functions.
"""

from __future__ import annotations

import math
import pickle
import resource
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from engine.documents.child import HEAD, Child, ChildFailed
from engine.documents.judging import Expected, Judgement, judge, unreadable
from engine.documents.uploads import Accepted, Limits, TooHard, UploadRefused, accept

MEMORY = 1 << 30
CPU_SECONDS = 4
"""Of one question; the heaviest file that is accepted, a photo of 40 million pixels, takes a third of it."""

HOME = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "engine.documents.workshop")
WORK: dict[str, Callable[..., Any]] = {"judge": judge, "accept": accept}
CHILD = Child(COMMAND, folder=HOME, timeout=20.0, questions=500)


def judge_apart(pdf: bytes, trusted_roots: Sequence[bytes], expected: Expected | None = None,
                child: Child = CHILD) -> Judgement:
    """judge(), for a file that anyone may have sent."""
    try:
        found = _ask(child, "judge", pdf, list(trusted_roots), expected)
    except ChildFailed:
        return unreadable(pdf, expected, "pemeriksaan terlalu lama atau terlalu besar")
    if not isinstance(found, Judgement):
        return unreadable(pdf, expected, "tidak dapat dibaca")
    return found


def accept_apart(name: str, content: bytes, limits: Limits = Limits(), child: Child = CHILD) -> Accepted:
    """accept(), for a file that anyone may have sent."""
    try:
        found = _ask(child, "accept", name, content, limits)
    except ChildFailed as fault:
        raise TooHard(str(fault)) from fault
    if isinstance(found, Accepted):
        return found
    raise found if isinstance(found, UploadRefused) else TooHard(type(found).__name__)


def _ask(child: Child, work: str, *arguments: object) -> object:
    return pickle.loads(child.ask(pickle.dumps((work, arguments))))


def answer(question: bytes) -> bytes:
    """What the child says to one question: the result, or the refusal as a value."""
    work, arguments = pickle.loads(question)
    try:
        return pickle.dumps(WORK[work](*arguments))
    except UploadRefused as refusal:
        return pickle.dumps(refusal)


def bound_the_work() -> None:
    """So much of the processor for the next question: a busy machine takes longer, a file made to burn it ends here."""
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time()) + CPU_SECONDS, most))


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGINT, signal.SIG_IGN)   # Ctrl-C is for the parent, which finishes what is running
    while len(head := sys.stdin.buffer.read(HEAD)) == HEAD:
        bound_the_work()
        said = answer(sys.stdin.buffer.read(int.from_bytes(head, "big")))
        sys.stdout.buffer.write(len(said).to_bytes(HEAD, "big") + said)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
