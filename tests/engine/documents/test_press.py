"""The press: a typesetter that hangs, dies or eats memory costs one letter, never the next."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.documents import press as press_room
from engine.documents.press import Press, PressFailed


def job(folder: Path, source: str) -> dict[str, object]:
    (folder / "surat.typ").write_text(source, encoding="utf-8")
    return {"root": str(folder), "main": "surat.typ", "output": str(folder / "surat.pdf"), "timestamp": 1_780_000_000}


@pytest.fixture
def press() -> Press:
    return Press(timeout=2)


SLOW = "#for i in range(100000) { for j in range(100000) { let x = calc.sin(i * j) } }"


def test_a_hanging_template_is_given_up_and_the_next_letter_is_set(tmp_path: Path) -> None:
    press = Press(timeout=0.6)
    with pytest.raises(PressFailed, match="no letter after"):
        press.run(job(tmp_path, SLOW))
    press.timeout = 10
    assert press.run(job(tmp_path, "isi")) == {"boxes": []}
    press.close()


def test_a_template_that_eats_memory_ends_its_typesetter_only(tmp_path: Path, press: Press) -> None:
    press.timeout = 20
    with pytest.raises(PressFailed):
        press.run(job(tmp_path, '#let s = "a" * 3000000000\n#s.len()'))
    assert press.run(job(tmp_path, "isi")) == {"boxes": []}
    press.close()


def test_a_killed_typesetter_is_replaced(tmp_path: Path, press: Press) -> None:
    press.run(job(tmp_path, "isi"))
    child = press._child
    assert child is not None
    child.kill()
    child.wait()
    assert press.run(job(tmp_path, "isi")) == {"boxes": []}
    press.close()


def test_after_enough_letters_a_fresh_typesetter_takes_over(
        tmp_path: Path, press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press_room, "JOBS_PER_CHILD", 2)
    seen = set()
    for _ in range(4):
        press.run(job(tmp_path, "isi"))
        assert press._child is not None
        seen.add(press._child.pid)
    press.close()
    assert len(seen) == 2


def test_a_fork_starts_its_own_typesetter(tmp_path: Path, press: Press) -> None:
    press.run(job(tmp_path, "isi"))
    press._owner = os.getpid() + 1   # as it looks from inside a forked process
    parent = press._child
    press.run(job(tmp_path, "isi"))
    assert press._child is not parent and parent is not None and parent.poll() is None
    parent.kill()
    parent.communicate()
    press.close()
