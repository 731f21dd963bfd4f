"""An office to try things in: example cases at every step, played from the scenarios of the process itself.

No case is written here. For each task that may wait and each end that may be reached, the scenario that gets there in
the fewest steps is played up to that step, moved by whole weeks so that it happened just now.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from engine.authoring.invented import Person
from engine.authoring.rehearsal import APPLICANT, Rehearsal
from engine.rules.process import Process
from engine.rules.scenario import Scenario, Step

LONGEST = timedelta(days=60)
"""A scenario that runs longer is no example of daily work."""

WEEK = timedelta(weeks=1)
NEAR = timedelta(days=200)
DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII)


@dataclass(frozen=True)
class Sample:
    """A scenario up to a step; `shows` = what then waits, or the end."""

    scenario: Scenario
    shows: str

    @property
    def ends(self) -> datetime:
        """The moment of the last step."""
        return self.scenario.steps[-1].at


def samples(scenarios: Iterable[Scenario]) -> list[Sample]:
    """One sample for everything that can be shown, in the order in which they begin to differ."""
    best: dict[str, Sample] = {}
    for scenario in scenarios:
        if scenario.needs_own_office or scenario.steps[-1].at - scenario.begins > LONGEST:
            continue
        for count, step in enumerate(scenario.steps, 1):
            if step.refused is not None or step.then is None:
                break
            for shows in _shown(step):
                if shows not in best or count < len(best[shows].scenario.steps):
                    best[shows] = Sample(replace(scenario, steps=scenario.steps[:count]), shows)
    return list({(one.scenario.id, len(one.scenario.steps)): one for one in best.values()}.values())


def _shown(step: Step) -> list[str]:
    assert step.then is not None
    return [f"akhir:{step.then.end}"] if step.then.end else list(step.then.waiting)


def moved(sample: Sample, now: datetime) -> Sample:
    """The sample moved by whole weeks, so that its last step is the latest that is already past."""
    shift = (now - sample.ends) // WEEK * WEEK
    begins = sample.scenario.begins
    steps = tuple(replace(step, at=step.at + shift, values=_moved(step.values, begins.date(), shift))
                  for step in sample.scenario.steps)
    return replace(sample, scenario=replace(sample.scenario, begins=begins + shift, steps=steps))


def _moved(value: Any, begins: date, shift: timedelta) -> Any:
    """Form values with every day near the case moved along: a meeting moves, a birthday does not."""
    if isinstance(value, Mapping):
        return {key: _moved(one, begins, shift) for key, one in value.items()}
    if isinstance(value, list):
        return [_moved(one, begins, shift) for one in value]
    if isinstance(value, str) and DAY.fullmatch(value):
        on = date.fromisoformat(value)
        return (on + shift).isoformat() if abs(on - begins) < NEAR else value
    return value


def told_of(sample: Sample, process: Process, person: Person) -> Sample:
    """The sample with another applicant: name, address, user name, and the title of the case."""
    return replace(sample, scenario=replace(sample.scenario, steps=tuple(
        replace(step, values=_values(step.values, process, person)) for step in sample.scenario.steps)))


def _values(values: Mapping[str, Any], process: Process, person: Person) -> dict[str, Any]:
    told = {key: getattr(person, what) for what, key in _keys(process.account).items() if hasattr(person, what)}
    for path in process.summary.get("pemohon", ()):
        told[_key(path)] = person.nama
    titles = {_key(path) for path in process.summary.get("judul", ())} - told.keys()
    told |= {key: f"{str(values[key]).split()[0]} {person.merek}" for key in titles if values.get(key)}
    return {key: told.get(key, value) for key, value in values.items()}


def _keys(paths: Mapping[str, str]) -> dict[str, str]:
    return {what: _key(path) for what, path in paths.items()}


def _key(path: str) -> str:
    return path.rpartition(".")[2]


@dataclass
class Playing(Rehearsal):
    """A scenario played in an office that has its own people: `accounts` names them by post, and the applicant."""

    def _cast(self) -> None:
        missing = {lane.post for lane in self.edition.process.lanes if not lane.applicant} - self.accounts.keys()
        assert not missing and APPLICANT in self.accounts, missing
