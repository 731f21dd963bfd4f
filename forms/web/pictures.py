"""The small picture of the way: lanes, numbered steps, what is done, where it stands. From the diagram alone."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from engine.assembly import Activity, Diagram
from engine.rules.process import Process

WIDTH, BAND, FIRST, LAST = 338, 50, 18, 320
"""Units of the drawing: its width, the height of a lane, the first and the last column."""

NAME_AT, NODE_AT, LONGEST = 16, 35, 44
"""Inside a lane: the line of its name, the line of its circles, how many letters of the name fit."""

NUMBERED = re.compile(r"^\d+[a-z]?\.\s+")
"""The number of the row before the name of an activity; the picture shows it apart."""


@dataclass(frozen=True)
class Step:
    """One row of the SOP as a step of the way: its number, name, lane and the activities of the diagram in it."""

    number: str
    name: str
    lane: str
    applicant: bool
    activities: tuple[str, ...]
    names: tuple[str, ...]
    limit: str


@dataclass(frozen=True)
class Node:
    """A numbered circle of the picture."""

    number: str
    name: str
    x: float
    y: float
    state: str


@dataclass(frozen=True)
class Band:
    """A lane of the picture."""

    name: str
    label: str
    y: int
    now: bool

    @property
    def name_y(self) -> int:
        """The line of the lane's name."""
        return self.y + NAME_AT


@dataclass(frozen=True)
class Picture:
    """Everything the template draws, and the same in words."""

    width: int
    height: int
    bands: tuple[Band, ...]
    nodes: tuple[Node, ...]
    sentence: str

    @property
    def ways(self) -> tuple[tuple[Node, Node], ...]:
        """The lines between neighbours."""
        return tuple(zip(self.nodes, self.nodes[1:]))


def steps_of(process: Process, diagram: Diagram) -> tuple[Step, ...]:
    """The steps of a process in the order of its SOP; activities of one row are one step."""
    rows: dict[str, list[Activity]] = {}
    for activity in diagram.activities.values():
        if activity.kind == "userTask" and process.does(activity.id):
            rows.setdefault(row_of(process, activity), []).append(activity)
    ordered = sorted(rows, key=_by_number)
    return tuple(_step(process, number, rows[number]) for number in ordered)


def row_of(process: Process, activity: Activity) -> str:
    """The SOP row of an activity: what the diagram says, else what process.toml says."""
    row = process.rows.get(activity.id)
    return activity.properties.get("baris_sop") or (row.number if row else activity.id)


def _by_number(number: str) -> tuple[int, str]:
    return (int(number), "") if number.isdigit() else (10_000, number)


def _step(process: Process, number: str, activities: list[Activity]) -> Step:
    first = activities[0]
    lane = process.lane_named(first.lane)
    names = tuple(plain_name(activity.name) for activity in activities)
    return Step(number, " / ".join(dict.fromkeys(names)), first.lane or "", bool(lane and lane.applicant),
                tuple(activity.id for activity in activities), names, limit_words(process, first.id))


def plain_name(name: str) -> str:
    """The name of an activity without its number."""
    return NUMBERED.sub("", name, count=1)


def limit_words(process: Process, activity: str) -> str:
    """How long a step may take: its own limit, or that of the group it shares; empty for the applicant's steps."""
    if activity in process.limits:
        return process.limits[activity]
    group = next((one for one in process.groups if activity in one.activities), None)
    if group is None:
        return ""
    rows = [process.rows[one].number for one in group.activities if one in process.rows]
    return f"{group.limit} untuk langkah {rows[0]} sampai {rows[-1]}" if rows else group.limit


def states(steps: Collection[Step], done: Collection[str], now: Collection[str]) -> list[str]:
    """Per step: `now`, `done` or `next`.

    What lies before the first step of a case was done elsewhere or needs no doing; what lies behind the step it was
    returned to will be done again.
    """
    def state(step: Step) -> str:
        if set(step.activities) & set(now):
            return "now"
        return "done" if set(step.activities) & set(done) else "next"
    found = [state(step) for step in steps]
    first = next((place for place, mark in enumerate(found) if mark != "next"), 0)
    last = max((place for place, mark in enumerate(found) if mark == "now"), default=len(found))
    return ["done"] * first + found[first:last + 1] + ["next"] * len(found[last + 1:])


def draw(process: Process, diagram: Diagram, done: Collection[str] = (), now: Collection[str] = ()) -> Picture:
    """The picture of a process, or of a case when `done` and `now` name activities."""
    steps = steps_of(process, diagram)
    marks = states(steps, done, now)
    lanes = [lane.name for lane in process.lanes]
    here = {step.lane for step, mark in zip(steps, marks) if mark == "now"}
    bands = tuple(Band(name, _fitted(name), place * BAND, name in here) for place, name in enumerate(lanes))
    nodes = tuple(_node(step, mark, lanes, place / max(len(steps) - 1, 1))
                  for place, (step, mark) in enumerate(zip(steps, marks)))
    return Picture(WIDTH, max(len(lanes), 1) * BAND, bands, nodes, in_words(steps, marks, now))


def _fitted(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[:LONGEST - 1].rstrip()}…"


def _node(step: Step, mark: str, lanes: list[str], part: float) -> Node:
    row = lanes.index(step.lane) if step.lane in lanes else 0
    return Node(step.number, step.name, round(FIRST + part * (LAST - FIRST), 1), row * BAND + NODE_AT, mark)


def in_words(steps: Collection[Step], marks: Collection[str], now: Collection[str] = ()) -> str:
    """What the picture shows, as sentences."""
    here = [step for step, mark in zip(steps, marks) if mark == "now"]
    passed = [step.number for step, mark in zip(steps, marks) if mark == "done"]
    if not here and not passed:
        return f"{len(steps)} langkah, dari {_at(steps, 0)} sampai {_at(steps, -1)}."
    told = [f"Langkah {_listed(passed)} sudah dilalui." if passed else "", *(_standing(step, now) for step in here)]
    return " ".join(filter(None, told))


def _at(steps: Collection[Step], place: int) -> str:
    every = list(steps)
    return every[place].lane if every else "awal"


def _standing(step: Step, now: Collection[str]) -> str:
    names = [name for activity, name in zip(step.activities, step.names) if activity in now]
    return f"Sekarang di langkah {step.number}, {' dan '.join(names) or step.name}, {step.lane}."


def _listed(numbers: list[str]) -> str:
    """1 · 1 dan 2 · 1 sampai 5 · 1, 3, dan 5"""
    plain = [int(number) for number in numbers if number.isdigit()]
    if len(plain) == len(numbers) > 2 and plain == list(range(plain[0], plain[-1] + 1)):
        return f"{numbers[0]} sampai {numbers[-1]}"
    return numbers[0] if len(numbers) == 1 else f"{', '.join(numbers[:-1])} dan {numbers[-1]}"
