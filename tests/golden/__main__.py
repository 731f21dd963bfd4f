"""Keep the histories of a release: `python -m tests.golden RELEASE`, once, when the release is made.

Every scenario of every process is played, and a few cases of the second house; their journals and editions are written to
`tests/golden/RELEASE/`. A folder that is there is refused: a history that no longer replays is a fault of the engine, and
writing it anew would hide that fault.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from engine.assembly import scenarios
from engine.runtime.catalog import available
from engine.store import journal
from tests.builders import HOME, LARGE, SECOND, Office, apply_for_sign, finished_sign, open_office, settings_of
from tests.golden.histories import HERE, write, write_edition


def main(release: str) -> int:
    """0 written, 2 when the release is kept already."""
    target = HERE / release
    if target.exists():
        print(f"{target} is kept already and is never written again.", file=sys.stderr)
        return 2
    count = sum(_keep(target, office, name, case) for office, name, case in played())
    print(f"{count} histories kept in {target}")
    return 0


def played() -> Iterator[tuple[Office, str, str]]:
    """Every case worth keeping, in an office of its own: office, name, case."""
    for process in available(HOME / "processes"):
        for name in _playable(process):
            office = _office(HOME, process)
            yield office, name, office.play(name)
    for name, deed in (("selesai", finished_sign), ("dikembalikan", _returned), ("ditolak", _refused)):
        office = _office(SECOND, available(SECOND / "processes")[0])
        yield office, name, deed(office)


def _playable(process: str) -> list[str]:
    """The scenarios that any office can play; those that need an office of their own are left out."""
    known = scenarios(settings_of(HERE))
    return [name for name in known.names(process) if not known.read(process, name).needs_own_office]


def _office(house: Path, process: str) -> Office:
    return open_office(Path(tempfile.mkdtemp(prefix="izin-emas-")), house, process)


def _returned(office: Office) -> str:
    case = apply_for_sign(office, LARGE)
    office.complete(case, "periksa_reklame", {"baik": False, "catatan": "Ukuran belum jelas"})
    office.complete(case, "lengkapi_reklame", {"tulisan": "Warung Kenanga", "luas": 6})
    office.complete(case, "periksa_reklame", {"baik": True})
    return case


def _refused(office: Office) -> str:
    case = apply_for_sign(office, LARGE)
    office.complete(case, "periksa_reklame", {"baik": True})
    office.complete(case, "putuskan_reklame", {"setuju": False, "alasan": "Menutup rambu lalu lintas"})
    return case


def _keep(target: Path, office: Office, name: str, case: str) -> bool:
    try:
        with office.engine.database.reading() as connection:
            write(target / office.process / f"{name}.jsonl", journal.read(connection, case))
        edition = office.engine.catalog.edition(office.row(case).edition)
        write_edition(target / "editions", edition.hash, edition.files)
        return True
    finally:
        office.engine.close()
        shutil.rmtree(office.engine.settings.data)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        print("Usage: python -m tests.golden RELEASE", file=sys.stderr)
        sys.exit(2)
    sys.exit(main(sys.argv[1]))
