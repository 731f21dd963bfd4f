"""Every history of every past release still verifies and still comes out the same, step by step."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.audit.replay import replay
from engine.audit.verify import links
from engine.digest import canonical
from engine.rules.events import STEPS
from engine.runtime.catalog import Edition
from engine.runtime.diagram import load
from engine.store.editions import EditionRow, edition_hash
from tests.golden import __main__ as maker
from tests.golden.histories import HERE, histories, read, read_edition, releases

HISTORIES = list(histories())


def name(path: Path) -> str:
    return path.relative_to(HERE).as_posix()


def test_the_first_release_is_kept() -> None:
    assert "1.0" in releases() and len(HISTORIES) >= 20


@pytest.mark.parametrize("path", HISTORIES, ids=name)
def test_a_kept_chain_is_whole(path: Path) -> None:
    events = read(path)
    assert list(links(events[0].event.chain, events)) == []
    assert all(line == canonical(json.loads(line)).decode() for line in path.read_text("utf-8").splitlines())


@pytest.mark.parametrize("path", HISTORIES, ids=name)
def test_a_kept_history_comes_out_the_same(path: Path) -> None:
    events, folder = read(path), path.parent.parent / "editions"
    outcome = replay(events[0].event.chain, events,
                     lambda edition: load(_diagram(read_edition(folder / f"{edition}.zip"), path.parent.name)))
    assert outcome.divergence is None, outcome.divergence.sentence
    assert outcome.steps == sum(one.event.kind in STEPS for one in events) > 0


def _diagram(files: dict[str, bytes], process: str) -> bytes:
    return files[f"processes/{process}/{process}.bpmn"]


@pytest.mark.parametrize("path", sorted(HERE.glob("*/editions/*.zip")), ids=name)
def test_a_kept_edition_has_its_hash_and_is_still_understood(path: Path) -> None:
    files = read_edition(path)
    assert edition_hash(files) == path.stem
    process = next(name.split("/")[1] for name in files if name.endswith(".bpmn"))
    edition = Edition(EditionRow(path.stem, process, "", "", None, 1), files)
    assert edition.process.id == process and edition.forms and edition.diagram.starts


def test_a_kept_release_is_never_written_again(capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.stat().st_mtime_ns for path in HISTORIES}
    assert maker.main(releases()[0]) == 2
    assert "never" in capsys.readouterr().err
    assert {path: path.stat().st_mtime_ns for path in HISTORIES} == before
