"""A wrong expectation in a scenario file is found by playing that file, from its text to the finding with its step."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from engine.assembly import scenarios
from engine.settings import Settings
from tests.builders import HOME, SECOND

LATER = "2031-01-01T00:00:00+07:00"
STRANGE = {"menunggu": '"tidak_ada@loket"', "ambang": '"pengingat tidak_ada@loket"'}
PLAYED = [(SECOND, "izin-reklame", "besar"), (SECOND, "izin-reklame", "kecil"), (HOME, "izin-optikal", "04-akun-ditolak"),
          (HOME, "izin-optikal", "14b-jumat-tutup-pukul-16"), (HOME, "izin-optikal", "32-surel-ditolak")]


class Copy:
    """A copy of a house whose scenario may be rewritten."""

    def __init__(self, folder: Path, house: Path, process: str, name: str) -> None:
        for room in ("processes", "forms"):
            shutil.copytree(house / room, folder / room, ignore=shutil.ignore_patterns("*.py", "web"))
        self.process, self.name, self.known = process, name, scenarios(
            Settings(processes=folder / "processes", forms=folder / "forms"))
        self.path = folder / "processes" / process / "scenarios" / f"{name}.toml"
        self.text = self.path.read_text()

    def played(self, text: str) -> list[int]:
        """The steps that differ when the scenario says this."""
        self.path.write_text(text)
        return [one.step for one in self.known.play(self.process, self.name).findings]


@pytest.fixture(scope="module", params=PLAYED, ids=lambda one: one[2])
def copied(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("rumah"), *request.param)


def mutants(text: str) -> list[tuple[int, str]]:
    """(step, text) for each list emptied or filled, each due date moved or dropped, each end changed: as an analyst errs."""
    found = []
    for match in re.finditer(r'(?P<name>menunggu|dokumen|pesan|nomor|ambang|bergeser|gagal) = \[(?P<body>[^\]]*)\]', text):
        other = "" if match["body"].strip() else STRANGE.get(match["name"], '"tidak_ada"')
        found.append((match.start(), f"{text[:match.start('body')]}{other}{text[match.end('body'):]}"))
    for match in re.finditer(r'= (?P<at>"?20\d\d-\S+?\+07:00"?)(?=[ ,}])', text):
        found.append((match.start(), f"{text[:match.start('at')]}\"{LATER}\"{text[match.end('at'):]}"))
    for match in re.finditer(r'akhir = "(?P<end>\w+)"', text):
        found.append((match.start(), f"{text[:match.start('end')]}lain{text[match.end('end'):]}"))
    return [(text.count("[[langkah]]", 0, at), changed) for at, changed in found]


def test_as_written_nothing_differs(copied: Copy) -> None:
    assert copied.played(copied.text) == []


def test_each_mutant_of_the_file_is_found_at_its_step(copied: Copy) -> None:
    wrong = mutants(copied.text)
    assert len(wrong) >= 6
    assert [(step, changed) for step, changed in wrong if step not in copied.played(changed)] == []
