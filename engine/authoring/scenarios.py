"""Do the example cases of a process still come out as its analysts wrote them? Files found, played, compared, told."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from engine.authoring.rehearsal import Rehearsal, Seen
from engine.authoring.stage import Stage
from engine.errors import NotFound
from engine.rules.people import SYSTEM
from engine.rules.scenario import (
    EXAMPLES,
    Expected,
    Scenario,
    ScenarioRefused,
    Step,
    differences,
    load_examples,
    load_scenario,
)
from engine.runtime.catalog import gather

FOLDER = "scenarios"
Build = Callable[[Scenario], AbstractContextManager[Stage]]
"""Opens a real engine over an empty folder, its clock at the scenario's first moment, for an office as the scenario's."""


@dataclass(frozen=True)
class Finding:
    """One step that did not come out as written."""

    step: int
    message: str


@dataclass(frozen=True)
class Verdict:
    """How one scenario came out. `seen` holds what was found after each step that was played."""

    scenario: Scenario
    seen: tuple[Seen, ...]
    findings: tuple[Finding, ...]

    @property
    def good(self) -> bool:
        """As written, to the last step."""
        return not self.findings

    def record(self) -> dict[str, object]:
        """For `--json` and pages."""
        return {"skenario": self.scenario.id, "nama": self.scenario.title, "sesuai": self.good,
                "langkah": len(self.scenario.steps),
                "temuan": [{"langkah": one.step, "pesan": one.message} for one in self.findings]}


@dataclass(frozen=True)
class Scenarios:
    """The scenarios in a folder of processes."""

    processes: Path
    forms: Path
    build: Build

    def names(self, process: str) -> list[str]:
        """Every scenario of a process."""
        return sorted(path.stem for path in self._folder(process).glob("*.toml") if path.name != EXAMPLES)

    def read(self, process: str, name: str) -> Scenario:
        """One scenario; ScenarioRefused says what is written wrongly."""
        folder = self._folder(process)
        path, examples = folder / f"{name}.toml", folder / EXAMPLES
        if not path.is_file() or path.name == EXAMPLES:
            raise NotFound(f"scenario {process}/{name}", advice=f"Skenario “{name}” tidak ada di {folder}.")
        shared = load_examples(examples.read_bytes()) if examples.is_file() else {}
        return load_scenario(name, path.read_bytes(), shared)

    def play(self, process: str, name: str, files: Mapping[str, bytes] | None = None) -> Verdict:
        """Play one scenario on the working files of its process, or on the given files of an edition."""
        scenario = self.read(process, name)
        files = gather(self.processes, self.forms, process) if files is None else files
        files = otherwise(files, f"processes/{process}/process.toml", scenario)
        with self.build(scenario) as stage:
            edition = stage.catalog.deploy(process, files, SYSTEM)
            seen = tuple(Rehearsal(stage, edition, scenario).play())
        return Verdict(scenario, seen, tuple(judge(scenario, seen)))

    def _folder(self, process: str) -> Path:
        return self.processes / process / FOLDER


def otherwise(files: Mapping[str, bytes], settings: str, scenario: Scenario) -> Mapping[str, bytes]:
    """The files with the choices of process.toml as the scenario wants them; ScenarioRefused for one that is not there."""
    text = files[settings].decode()
    for name, wanted in scenario.choices.items():
        text, found = re.subn(rf"(?ms)^(\[pilihan\.{re.escape(name)}\]\s*$[^\[]*?^dipakai\s*=\s*)\w+",
                              rf"\g<1>{str(wanted).lower()}", text)
        if not found:
            raise ScenarioRefused(name, advice=f"Skenario “{scenario.id}”: pilihan “{name}” tidak ada di process.toml.")
    return {**files, settings: text.encode()}


def judge(scenario: Scenario, seen: tuple[Seen, ...]) -> list[Finding]:
    """What differs, step by step."""
    found = [Finding(step.number, message) for step, one in zip(scenario.steps, seen) for message in _told(step, one)]
    if len(seen) < len(scenario.steps):
        found.append(Finding(len(seen) + 1, "tidak dijalankan, karena langkah sebelumnya tersangkut"))
    return found


def _told(step: Step, seen: Seen) -> list[str]:
    if seen.stuck:
        return [f"langkah otomatis tersangkut: {one}" for one in seen.stuck]
    if step.refused is not None or seen.refused is not None:
        wanted, there = step.refused or "diterima", seen.refused or "diterima"
        said = f" ({seen.said})" if seen.said else ""
        return [] if wanted == there else [f"diharapkan {wanted}, nyatanya {there}{said}"]
    return differences(step.then or Expected(), seen.then or Expected())
