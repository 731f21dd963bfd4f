"""Cases for tests of the office's pages: a scenario of the process itself, played by the people of the office.

    case = played(office, "02-rapat-saja", until="verifikasi_kasi")    # waits there
"""

from __future__ import annotations

from dataclasses import replace

from engine.assembly import scenarios, stage_over
from engine.authoring.samples import Playing
from engine.authoring.stage import Stage
from engine.store.cases import TaskRow
from tests.builders import Office
from tests.web_builders import Browser


def stage_of(office: Office) -> Stage:
    """The office's own engine as a stage."""
    engine = office.engine
    return stage_over(engine, office.clock)


def played(office: Office, name: str, until: str = "") -> str:
    """Play a scenario until the task of this activity waits (to its end without one); the case."""
    scenario = scenarios(office.engine.settings).read(office.process, name)
    steps = []
    for step in scenario.steps:
        steps.append(step)
        if until and step.then and any(one.startswith(f"{until}@") for one in step.then.waiting):
            break
    people = {post: actor.account or "" for post, actor in office.people.items()}
    playing = Playing(stage_of(office), office.edition, replace(scenario, steps=tuple(steps)), people)
    seen = playing.play()
    assert not seen[-1].stuck and seen[-1].refused is None, seen[-1]
    return playing.case


DRAWN = {"diagram.js": "diagram.js", "diagram.css": "diagram.css"}
"""What the manifest of the built assets says when the drawing of diagrams was built."""


def drawing(browser: Browser) -> Browser:
    """The same browser, before an application whose diagrams are drawn whether or not the assets were built."""
    browser.app.extensions["built"] = {**browser.app.extensions["built"], **DRAWN}
    return browser


def address(task: TaskRow) -> str:
    """Where a task is done."""
    return f"/tugas/{task.case}/{task.task}"
