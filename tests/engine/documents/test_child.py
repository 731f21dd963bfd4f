"""A child that hangs, dies or is forked away costs one answer, never the next."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.documents.child import Child, ChildFailed

ECHO = """
import os, sys, time
while len(head := sys.stdin.buffer.read(8)) == 8:
    said = sys.stdin.buffer.read(int.from_bytes(head, "big"))
    if said == b"hang": time.sleep(60)
    if said == b"die": os._exit(3)
    if said == b"half": sys.stdout.buffer.write((9).to_bytes(8, "big") + b"x"); sys.stdout.flush(); os._exit(0)
    sys.stdout.buffer.write(len(said).to_bytes(8, "big") + said)
    sys.stdout.buffer.flush()
"""
COMMAND = (sys.executable, "-c", ECHO)


def test_questions_of_any_size_come_back() -> None:
    child = Child(COMMAND)
    for question in (b"", b"x", os.urandom(3_000_000)):
        assert child.ask(question) == question
    child.close()


@pytest.mark.parametrize("fault", [b"hang", b"die", b"half"])
def test_after_a_fault_the_next_question_is_answered(fault: bytes) -> None:
    child = Child(COMMAND, timeout=0.5)
    with pytest.raises(ChildFailed):
        child.ask(fault)
    child.timeout = 10
    assert child.ask(b"lagi") == b"lagi"
    child.close()


def test_a_child_that_does_not_listen_is_given_up() -> None:
    child = Child((sys.executable, "-c", "import time; time.sleep(60)"), timeout=0.4)
    began = time.monotonic()
    with pytest.raises(ChildFailed, match="listen"):
        child.ask(b"x" * 5_000_000)
    assert time.monotonic() - began < 5
    child.close()


def test_a_fresh_child_takes_over_after_so_many_questions() -> None:
    child = Child(COMMAND, questions=2)
    seen = []
    for _ in range(4):
        child.ask(b"x")
        seen.append(child.pid)
    child.close()
    assert len(set(seen)) == 2 and child.pid is None


def test_a_killed_child_is_replaced() -> None:
    child = Child(COMMAND)
    child.ask(b"x")
    assert child.pid is not None
    os.kill(child.pid, 9)
    time.sleep(0.1)
    assert child.ask(b"y") == b"y"
    child.close()


def test_a_child_ends_when_its_parent_is_gone(tmp_path: Path) -> None:
    parent = f"import sys; sys.path.insert(0, {str(Path(__file__).parents[3])!r})\n" \
             "from engine.documents.child import Child\n" \
             f"child = Child({COMMAND!r}); child.ask(b'x'); print(child.pid, flush=True)\n" \
             "import os; os.kill(os.getpid(), 9)"
    said = subprocess.run([sys.executable, "-c", parent], capture_output=True, text=True, check=False).stdout
    for _ in range(50):
        if not _alive(int(said)):
            break
        time.sleep(0.05)
    assert not _alive(int(said))


def _alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text(encoding="ascii")
