"""How a history is kept: one JSON line for each event with its payload, and the files of its edition beside it.

    <release>/<process>/<name>.jsonl     the chain of one case, oldest event first; bytes as hex
    <release>/editions/<hash>.zip        every file of the edition
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.digest import canonical
from engine.rules.events import Event
from engine.store.journal import Recorded

HERE = Path(__file__).parent
FIXED = (2020, 1, 1, 0, 0, 0)
"""Date of every entry of a zip, so that the same edition makes the same bytes."""


def releases() -> list[str]:
    """Every release whose histories are kept."""
    return sorted(path.name for path in HERE.iterdir() if (path / "editions").is_dir())


def histories() -> Iterator[Path]:
    """Every kept history."""
    for release in releases():
        yield from sorted((HERE / release).glob("*/*.jsonl"))


def write(path: Path, events: list[Recorded]) -> None:
    """Keep a history."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(canonical(_line(one)) + b"\n" for one in events))


def _line(one: Recorded) -> dict[str, Any]:
    assert one.raw is not None and one.salt is not None
    return {"event": one.event.__dict__ | {"actor": dict(one.event.actor)}, "hash": one.stored_hash, "body": one.body,
            "salt": one.salt.hex()}


def read(path: Path) -> list[Recorded]:
    """A kept history, as the journal would give it."""
    return [_recorded(json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def _recorded(line: Mapping[str, Any]) -> Recorded:
    event = Event(**line["event"])
    return Recorded(event, line["hash"], canonical(line["body"]), bytes.fromhex(line["salt"]), canonical(event.actor).decode())


def write_edition(folder: Path, name: str, files: Mapping[str, bytes]) -> None:
    """Keep an edition."""
    folder.mkdir(parents=True, exist_ok=True)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path, FIXED), content, zipfile.ZIP_DEFLATED)
    (folder / f"{name}.zip").write_bytes(packed.getvalue())


def read_edition(path: Path) -> dict[str, bytes]:
    """The files of a kept edition."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
