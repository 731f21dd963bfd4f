"""The tally: what leaves no row is counted by all processes together, and never stands in the way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from engine.store.tally import Tally


def test_many_count_together(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: Tally(tmp_path / "tally").add("lost"), range(200)))
    (tmp_path / "tally" / "lost.mesin-lain").write_bytes(b"." * 7)
    Tally(tmp_path / "tally").add("given_up")
    assert Tally(tmp_path / "tally").counts() == {"lost": 207, "given_up": 1}


def test_without_a_folder_it_counts_in_memory() -> None:
    tally = Tally()
    tally.add("lost")
    tally.add("lost")
    assert tally.counts() == {"lost": 2} and Tally().counts() == {}


def test_what_cannot_be_counted_is_let_go(tmp_path: Path) -> None:
    (tmp_path / "berkas").write_text("")
    Tally(tmp_path / "berkas" / "tally").add("lost")
    assert Tally(tmp_path / "tidak-ada").counts() == {}
