"""What people do next in a case: the steps of a scenario, followed as far as they go, whatever dies on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from engine.authoring.rehearsal import PASSPHRASE
from engine.authoring.scenarios import Scenarios
from engine.rules.scenario import Scenario, Step
from engine.store.cases import TaskRow

WITHOUT_WAITING = {"start", "task", "message"}
NEAR = 60
"""Days: a date this near to the scenario's own is a day of the case; it becomes today."""


def stories(known: Scenarios, process: str, *, waits: bool = False) -> list[Scenario]:
    """The scenarios in which a case comes to its end by people who hold one post each; `waits` = also those in which time
    has to pass for it."""
    deeds = WITHOUT_WAITING | ({"wait"} if waits else set())
    found = [known.read(process, name) for name in known.names(process)]
    return [replace(one, steps=tuple(step for step in one.steps if step.refused is None)) for one in found
            if not one.people and _ends(one) and {step.deed for step in one.steps} <= deeds]


def _ends(scenario: Scenario) -> bool:
    then = [step.then for step in scenario.steps if step.then is not None]
    return bool(then) and then[-1].end is not None


@dataclass(frozen=True)
class Deed:
    """What is to be done: a task to complete, or the application to take back."""

    task: TaskRow | None
    values: Mapping[str, Any]
    secret: str
    reason: str = ""


def next_deed(story: Scenario, done: Iterable[str], waiting: Sequence[TaskRow], today: date) -> Deed | None:
    """The next step of the story that can be done now; `done` = the activities completed so far, as often as they were.

    A task that opens more often than the story has it (after a signature was interrupted) is answered as the last time.
    """
    counted = Counter(done)
    for task in waiting:
        steps = [step for step in story.steps if step.deed == "task" and step.name == task.activity]
        if len(steps) > counted[task.activity]:
            return _deed(task, steps[counted[task.activity]], story, today)
    message = next((step for step in story.steps if step.deed == "message"), None)
    if message is not None and waiting:
        return Deed(None, {}, "", message.reason or "Tidak jadi")
    again = [(task, step) for task in waiting for step in story.steps if step.name == task.activity]
    return _deed(*again[-1], story, today) if again else None


def _deed(task: TaskRow, step: Step, story: Scenario, today: date) -> Deed:
    return Deed(task, today_for(step.values, story, today), step.secret or PASSPHRASE)


def today_for(values: Any, story: Scenario, today: date) -> Any:
    """Form values with every day of the case moved to today: a meeting is held and reported on one day."""
    if isinstance(values, Mapping):
        return {key: today_for(one, story, today) for key, one in values.items()}
    if isinstance(values, list):
        return [today_for(one, story, today) for one in values]
    if isinstance(values, str) and len(values) == 10 and values[4] == values[7] == "-" and values.replace("-", "").isdigit():
        return today.isoformat() if abs((date.fromisoformat(values) - story.begins.date()).days) < NEAR else values
    return values
