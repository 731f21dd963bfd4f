"""What only an office of its own can play is executed again from its journal and comes out the same, step by step."""

from __future__ import annotations

import pytest

from engine.assembly import scenarios
from engine.audit.replay import Replays
from engine.authoring.rehearsal import Rehearsal
from engine.authoring.scenarios import otherwise
from engine.rules.people import SYSTEM
from engine.runtime.catalog import gather
from tests.processes.houses import HOME, Folder, settings

OURS = Folder(HOME, "izin-optikal")
KNOWN = scenarios(settings(OURS))
ALONE = [name for name in KNOWN.names(OURS.id) if KNOWN.read(OURS.id, name).needs_own_office]


@pytest.mark.parametrize("name", ALONE)
def test_it_comes_out_the_same_again(name: str) -> None:
    scenario = KNOWN.read(OURS.id, name)
    files = otherwise(gather(KNOWN.processes, KNOWN.forms, OURS.id), f"processes/{OURS.id}/process.toml", scenario)
    with KNOWN.build(scenario) as stage:
        playing = Rehearsal(stage, stage.catalog.deploy(OURS.id, files, SYSTEM), scenario)
        playing.play()
        replayed = Replays(stage.database, stage.catalog).case(playing.case)
    assert replayed.good and replayed.steps > 1, name
