"""A case as bytes and back. The bytes are canonical JSON; their SHA-256 is the state digest of the journal.

    {"v": 1, "process": id, "variables": {…}, "end": id of the end event or null,
     "rows": [[task id, parent id or null, node, state, instance 0/1, notes or null] …]}   ordered by task id

The rows hold the tokens and what still bears on them, never the history: a case that went round a thousand times is as
small as one that went round once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.digest import canonical_trusted, parse_trusted
from engine.errors import DiagramRefused, StateDamaged
from engine.runtime.diagram import Diagram
from engine.runtime.spiff import (
    BoundaryEvent,
    BoundaryEventJoin,
    BoundaryEventSplit,
    CaseWorkflow,
    EndJoin,
    LoopTask,
    Task,
    TaskState,
)

VERSION = 1
LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED
DONE = TaskState.FINISHED_MASK


def dump(case: CaseWorkflow, end: str | None) -> bytes:
    """The canonical bytes of a condensed case; an ended one keeps no rows."""
    rows = [] if case.completed else [_row(task) for task in case.live(TaskState.ANY_MASK)]
    return canonical_trusted({"v": VERSION, "process": case.spec.name, "variables": case.variables, "end": end,
                              "rows": rows})


def _row(task: Task) -> list[Any]:
    return [task.id, task._parent, task.task_spec.name, task._state, int(task.triggered), task.internal_data or None]


def load(diagram: Diagram, state: bytes) -> tuple[CaseWorkflow, str | None]:
    """The case of these bytes on its diagram, and the end event it came to, if any; StateDamaged when they are none."""
    try:
        return _loaded(diagram, parse_trusted(state))
    except (KeyError, IndexError, TypeError, ValueError) as fault:
        raise StateDamaged(f"{type(fault).__name__} in a state of {len(state)} bytes") from fault


def _loaded(diagram: Diagram, stored: dict[str, Any]) -> tuple[CaseWorkflow, str | None]:
    if stored["v"] != VERSION or stored["process"] != diagram.process:
        raise DiagramRefused(f"state of {stored['process']} v{stored['v']} does not belong to {diagram.process}")
    case = CaseWorkflow(diagram.spec, stored["variables"], loading=True)
    for row in stored["rows"]:
        _restore(case, row)
    case.completed = not stored["rows"]
    return case, stored["end"]


def _restore(case: CaseWorkflow, row: list[Any]) -> None:
    """Makes one task again, past the library's constructor, which would give it a new id and a new state."""
    task = object.__new__(Task)
    task.id, task._parent, name, task._state, instance, notes = row
    if name not in case.spec.task_specs:
        raise DiagramRefused(f"the state waits at {name}, which the diagram does not have")
    task.workflow, task.task_spec, task.triggered = case, case.spec.task_specs[name], bool(instance)
    task._children, task.data, task.internal_data = [], {}, notes or {}
    task.thread_id, task.last_state_change = 0, 0
    case.tasks[task.id] = task
    if task._parent is None:
        case.task_tree = task
    else:
        case.tasks[task._parent]._children.append(task.id)


# --- condensing ------------------------------------------------------------------------------------------------------

def condense(case: CaseWorkflow) -> None:
    """Drops the past from the tree: afterwards it is bounded by the diagram, not by the history of the case."""
    if case.completed:
        return
    keep = {case.task_tree.id}
    for task in case.tasks.values():
        if task._state & LIVE and not isinstance(task.task_spec, BoundaryEventJoin):
            keep.update(_needed_for(task))
    parents = {name: _nearest_kept(case, case.tasks[name], keep) for name in keep}
    for name in [name for name in case.tasks if name not in keep]:
        del case.tasks[name]
    for task in case.tasks.values():
        task._parent, task._children = parents[task.id], []
    for task in case.live(TaskState.ANY_MASK):
        if task._parent is not None:
            case.tasks[task._parent]._children.append(task.id)


def _needed_for(task: Task) -> Iterator[int]:
    """A live task, its instances, and each open boundary split above it with the branch that leads here."""
    yield task.id
    if isinstance(task.task_spec, EndJoin):
        return
    if isinstance(task.task_spec, LoopTask):
        yield from (child.id for child in task.children if child.triggered)
    below, above = task, task.parent
    while above is not None:
        if isinstance(above.task_spec, BoundaryEventSplit) and _is_open(above):
            yield above.id
            yield below.id
        below, above = above, above.parent


def _is_open(split: Task) -> bool:
    return any(not child._state & DONE for child in split.children if not isinstance(child.task_spec, BoundaryEvent))


def _nearest_kept(case: CaseWorkflow, task: Task, keep: set[int]) -> int | None:
    above = task.parent
    if isinstance(task.task_spec, EndJoin):
        above = case.task_tree  # a branch that has ended hangs on nothing but the case
    while above is not None and above.id not in keep:
        above = above.parent
    return None if above is None else above.id
