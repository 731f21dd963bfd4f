"""Every scenario of every process comes out as written, and not one of its expectations could be wrong unnoticed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from engine.assembly import scenarios
from engine.authoring.scenarios import Verdict, judge
from engine.rules.scenario import Expected, Scenario, Step
from tests.processes.houses import FOLDERS, HOME, Folder, settings

OURS = Folder(HOME, "izin-optikal")
PLAYS = [(folder, name) for folder in FOLDERS for name in scenarios(settings(folder)).names(folder.id)]
CASES = ("01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19",
         "22", "25", "26", "27", "28", "31", "32")
"""The cases that must be told, by the numbers that open the names of their files."""

LATER = "2031-01-01T00:00:00+07:00"
STRANGE = "tidak_ada@di_sini"
LISTS = ("waiting", "documents", "notices", "numbers", "alarms", "moved", "failures")


@cache
def played(folder: Folder, name: str) -> Verdict:
    return scenarios(settings(folder)).play(folder.id, name)


@pytest.mark.parametrize(("folder", "name"), PLAYS, ids=str)
def test_it_comes_out_as_written(folder, name):
    assert played(folder, name).findings == ()


@pytest.mark.parametrize(("folder", "name"), PLAYS, ids=str)
def test_each_expectation_that_is_dropped_or_altered_is_missed(folder, name):
    verdict = played(folder, name)
    wrong = list(mutants(verdict.scenario))
    assert len(wrong) > len(verdict.scenario.steps)
    assert [change for change, scenario in wrong if not judge(scenario, verdict.seen)] == []


def test_every_case_that_must_be_told_is_told():
    told = {name[:2] for folder, name in PLAYS if folder == OURS}
    assert set(CASES) <= told


def mutants(scenario: Scenario) -> Iterator[tuple[str, Scenario]]:
    """The scenario with one expectation dropped, altered or added, each with its description."""
    for number, step in enumerate(scenario.steps):
        for change, altered in _altered(step):
            steps = (*scenario.steps[:number], altered, *scenario.steps[number + 1:])
            yield f"step {step.number}: {change}", replace(scenario, steps=steps)


def _altered(step: Step) -> Iterator[tuple[str, Step]]:
    if step.then is None:
        yield "refusal forgotten", replace(step, refused=None, then=Expected())
        yield "refusal altered", replace(step, refused=f"{step.refused}_lain")
        return
    yield "refused after all", replace(step, refused="isian_salah", then=None)
    for change, then in _expectations(step.then):
        yield change, replace(step, then=then)


def _expectations(then: Expected) -> Iterator[tuple[str, Expected]]:
    for name in LISTS:
        there = getattr(then, name)
        yield f"{name}: one added", replace(then, **{name: (*there, STRANGE)})
        for place, word in enumerate(there):
            rest = (*there[:place], *there[place + 1:])
            yield f"{name}: {word} dropped", replace(then, **{name: rest})
            yield f"{name}: {word} altered", replace(then, **{name: (*rest, f"{word}x")})
            yield f"{name}: {word} twice", replace(then, **{name: (*there, word)})
    yield "due added", replace(then, dues={**then.dues, STRANGE: LATER})
    for name in then.dues:
        yield f"due {name} dropped", replace(then, dues={key: at for key, at in then.dues.items() if key != name})
        yield f"due {name} moved", replace(then, dues={**then.dues, name: LATER})
    yield "end altered", replace(then, end=None if then.end else "selesai")
