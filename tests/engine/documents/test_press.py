"""The press: a template that hangs or eats memory costs one letter, never the next."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.documents.press import Press, PressFailed


def job(folder: Path, source: str) -> dict[str, object]:
    (folder / "surat.typ").write_text(source, encoding="utf-8")
    return {"root": str(folder), "main": "surat.typ", "output": str(folder / "surat.pdf"), "timestamp": 1_780_000_000}


SLOW = "#for i in range(100000) { for j in range(100000) { let x = calc.sin(i * j) } }"
GREEDY = '#let s = "a" * 3000000000\n#s.len()'


@pytest.mark.parametrize(("source", "timeout"), [(SLOW, 0.6), (GREEDY, 20)])
def test_a_template_that_asks_too_much_is_given_up_and_the_next_letter_is_set(
        tmp_path: Path, source: str, timeout: float) -> None:
    press = Press(timeout=timeout)
    with pytest.raises(PressFailed):
        press.run(job(tmp_path, source))
    press.child.timeout = 20
    assert press.run(job(tmp_path, "isi")) == {"boxes": []}
    press.close()


def test_what_the_typesetter_says_is_told(tmp_path: Path) -> None:
    press = Press()
    with pytest.raises(PressFailed, match="unknown variable"):
        press.run(job(tmp_path, "#tidakada"))
    press.close()


def test_a_package_from_the_network_meets_a_closed_door(tmp_path: Path) -> None:
    press = Press()
    with pytest.raises(PressFailed, match="failed to download"):
        press.run(job(tmp_path, '#import "@preview/cetz:0.1.0": *'))
    press.close()
