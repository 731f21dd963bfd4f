"""What stands in the working folders? The files of one process, read with a limit, scenarios included."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.errors import CannotRun

MOST_BYTES = 8 << 20
"""Read of one file; a longer one is refused by whoever judges it."""
MOST_FILES = 2_000


def edition_files(processes: Path, forms: Path, process: str) -> dict[str, bytes]:
    """Every file of a process by its path in the house: processes/<id>, forms/<id> and what they share."""
    if not (processes / process / "process.toml").is_file():
        raise CannotRun(f"no {processes / process / 'process.toml'}",
                        advice=f"Proses “{process}” tidak ada: {processes / process / 'process.toml'} belum dibuat.")
    found: dict[str, bytes] = {}
    for base, root in (("processes", processes), ("forms", forms)):
        for folder in (process, "_shared"):
            found |= {f"{base}/{folder}/{name}": read_limited(path) for name, path in _inside(root / folder)}
    return found


def _inside(folder: Path) -> Iterator[tuple[str, Path]]:
    for count, path in enumerate(sorted(folder.rglob("*"))):
        if count > MOST_FILES:
            raise CannotRun(str(folder),
                            advice=f"Folder {folder} memuat lebih dari {MOST_FILES} berkas; ini bukan folder proses.")
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            yield path.relative_to(folder).as_posix(), path


def read_limited(path: Path) -> bytes:
    """The beginning of a file, enough to see that it is too long."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as fault:
        raise CannotRun(f"{path}: {fault}", advice=f"Berkas {path} tidak dapat dibaca.") from fault
