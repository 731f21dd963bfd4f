"""The step meter: at which step of its SOP an activity stands, out of how many; read once per request."""

from __future__ import annotations

from flask import g

from engine.assembly import Edition
from forms.web import pictures
from forms.web.ground import editions


def step_of(process: str, activity: str) -> tuple[tuple[str, ...], str]:
    """The step meter of an activity: everything before it counts as done."""
    edition = next((one for one in editions() if one.process.id == process), None)
    return _meters(edition).get(activity, ((), "")) if edition else ((), "")


def _meters(edition: Edition) -> dict[str, tuple[tuple[str, ...], str]]:
    known = g.setdefault("meters", {})
    if edition.hash not in known:
        steps = pictures.steps_of(edition.process, edition.diagram)
        known[edition.hash] = {
            activity: (("done",) * place + ("now",) + ("next",) * (len(steps) - place - 1),
                       f"Langkah {step.number} dari {len(steps)}")
            for place, step in enumerate(steps) for activity in step.activities}
    found: dict[str, tuple[tuple[str, ...], str]] = known[edition.hash]
    return found
