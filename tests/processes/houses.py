"""Every process the tests know: those of the office and the small second house."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.settings import Settings

HOME = Path(__file__).resolve().parents[2]
HOUSES = (HOME, HOME / "tests" / "second_house")


@dataclass(frozen=True)
class Folder:
    """A process with the house it stands in."""

    house: Path
    id: str

    @property
    def root(self) -> Path:
        return self.house / "processes" / self.id

    @property
    def forms(self) -> Path:
        return self.house / "forms" / self.id

    @property
    def diagram(self) -> bytes:
        return (self.root / f"{self.id}.bpmn").read_bytes()

    def definitions(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.root.glob("*.toml")}

    def __str__(self) -> str:
        return self.id


FOLDERS = tuple(Folder(house, path.parent.name) for house in HOUSES
                for path in sorted((house / "processes").glob("*/process.toml")))


def settings(folder: Folder) -> Settings:
    """An installation that stands in the folder's house, with the handlers of ours."""
    return Settings(processes=folder.house / "processes", forms=folder.house / "forms")
