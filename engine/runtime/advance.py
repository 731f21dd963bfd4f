"""From one wait to the next: a pure function of diagram, state bytes, event and step number.

No clock, no random source, no input or output. What needs time, a person or the outside world is told in the `Step`:
effects are ordered, tasks wait, timers say when they want to be fired; all come back as events with a task id.
An event whose task is gone (withdrawn, timed out, done by another) is late: `applied` is False and nothing has changed.

Order within a step: automatic nodes run, oldest token first; when none can, joins are looked at, oldest token first,
and one that may fire lets its tokens through; when none may, the step is over. An inclusive join fires when no token
elsewhere may still come in by a flow that has none, unless that token may come in by a flow that has one as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.digest import canonical, parse_trusted, sha256
from engine.errors import EngineFault, StepRefused
from engine.runtime import state as states
from engine.runtime.diagram import Diagram
from engine.runtime.spiff import (
    BoundaryEvent,
    BoundaryEventSplit,
    CaseWorkflow,
    EndJoin,
    LoopTask,
    OrderedService,
    OutsideEvent,
    Task,
    TaskState,
    TokenJoin,
    Transition,
    transition,
)

MOST_RUNS = 300
"""Automatic nodes that one step may pass; a diagram that needs more goes round without end."""

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Start:
    """A case begins: at the start event of this message, or at the plain one."""

    message: str | None
    variables: Values


@dataclass(frozen=True)
class Complete:
    """A person finished a task."""

    task: int
    variables: Values


@dataclass(frozen=True)
class EffectDone:
    """A handler finished what a service task had ordered."""

    task: int
    variables: Values


@dataclass(frozen=True)
class EffectFailed:
    """A handler gave up with this code."""

    task: int
    code: str


@dataclass(frozen=True)
class TimerFired:
    """The time of a timer came."""

    task: int


@dataclass(frozen=True)
class Message:
    """A message came in for whoever listens to this name."""

    name: str
    variables: Values


Event = Complete | EffectDone | EffectFailed | TimerFired | Message


@dataclass(frozen=True)
class Ordered:
    """An effect to be carried out after the commit."""

    task: int
    activity: str
    operation: str
    arguments: Values


@dataclass(frozen=True)
class Waiting:
    """An open user task, or a service task whose result is awaited."""

    task: int
    activity: str
    lane: str | None


@dataclass(frozen=True)
class Timer:
    """A timer that wants to be fired: ISO 8601 text, empty when the diagram's expression gave none."""

    task: int
    activity: str
    attached: str | None
    kind: str
    expression: str
    interrupting: bool


@dataclass(frozen=True)
class Step:
    """What a transition came to."""

    applied: bool
    state: bytes
    digest: str
    variables: dict[str, Any]
    effects: tuple[Ordered, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    running: tuple[Waiting, ...] = ()
    timers: tuple[Timer, ...] = ()
    messages: tuple[str, ...] = ()
    ended: bool = False
    end: str | None = None


@dataclass
class _Open:
    """What waits in a case, sorted by what it waits for."""

    waiting: list[Waiting] = field(default_factory=list)
    running: list[Waiting] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


# --- the three questions ---------------------------------------------------------------------------------------------

def start(diagram: Diagram, event: Start, seq: int) -> Step:
    """Begins a case."""
    if (event.message or None) not in (diagram.starts or (None,)):
        raise StepRefused(f"{diagram.process} does not start with {event.message!r}")
    with transition(seq) as step:
        case = CaseWorkflow(diagram.spec, _plain(event.variables), loading=False)
        _run(case)
        if event.message is not None:
            for task in _listeners(case, event.message):
                _fire(task)
            _run(case)
    return _finished(diagram, case, step, None)


def apply(diagram: Diagram, state: bytes, event: Event, seq: int) -> Step:
    """One transition of a running case."""
    case, end = states.load(diagram, state)
    deliver = DELIVERIES[type(event)]
    with transition(seq) as step:
        applied = not case.completed and deliver(case, event)
        if applied:
            _run(case)
    return _finished(diagram, case, step, end) if applied else _described(diagram, case, state, end)


def inspect(diagram: Diagram, state: bytes) -> Step:
    """What waits now; nothing is changed."""
    case, end = states.load(diagram, state)
    return _described(diagram, case, state, end)


def _plain(variables: Values) -> dict[str, Any]:
    """The variables as they will be stored; NotCanonical when they cannot be."""
    return parse_trusted(canonical(variables)) if variables else {}


def _finished(diagram: Diagram, case: CaseWorkflow, step: Transition, end: str | None) -> Step:
    states.condense(case)
    end = step.end if case.completed else end
    effects = tuple(Ordered(*effect) for effect in step.effects)
    return replace(_described(diagram, case, states.dump(case, end), end), applied=True, effects=effects)


# --- one event at one task -------------------------------------------------------------------------------------------

def _deliver_complete(case: CaseWorkflow, event: Complete) -> bool:
    task = case.tasks.get(event.task)
    if task is None or task._state != TaskState.READY or not task.task_spec.manual:
        return False
    case.variables.update(_plain(event.variables))
    task.run()
    return True


def _deliver_effect_done(case: CaseWorkflow, event: EffectDone) -> bool:
    task = case.tasks.get(event.task)
    if task is None or not _is_running(task):
        return False
    case.variables.update(_plain(event.variables))
    task.complete()
    return True


def _deliver_effect_failed(case: CaseWorkflow, event: EffectFailed) -> bool:
    task = case.tasks.get(event.task)
    boundary = _error_boundary(task, event.code) if task is not None and _is_running(task) else None
    if boundary is None:
        return False
    _fire(boundary)
    return True


def _deliver_timer(case: CaseWorkflow, event: TimerFired) -> bool:
    task = case.tasks.get(event.task)
    outside = _outside(task) if task is not None else None
    if outside is None or outside.kind not in ("once", "cycle"):
        return False
    _fire(_tick(task) if outside.kind == "cycle" else task)
    return True


def _deliver_message(case: CaseWorkflow, event: Message) -> bool:
    listeners = _listeners(case, event.name)
    if listeners:
        case.variables.update(_plain(event.variables))
    for task in listeners:
        _fire(task)
    return bool(listeners)


DELIVERIES: Mapping[type, Callable[[CaseWorkflow, Any], bool]] = {
    Complete: _deliver_complete, EffectDone: _deliver_effect_done, EffectFailed: _deliver_effect_failed,
    TimerFired: _deliver_timer, Message: _deliver_message,
}


def _is_running(task: Task) -> bool:
    return task._state == TaskState.STARTED and isinstance(task.task_spec, OrderedService)


def _outside(task: Task) -> OutsideEvent | None:
    """The event that a waiting task waits for."""
    found = getattr(task.task_spec, "event_definition", None)
    return found if task._state == TaskState.WAITING and isinstance(found, OutsideEvent) else None


def _listeners(case: CaseWorkflow, name: str) -> list[Task]:
    return [task for task in case.live(TaskState.WAITING)
            if (outside := _outside(task)) is not None and (outside.kind, outside.name) == ("message", name)]


def _error_boundary(task: Task, code: str) -> Task | None:
    """The boundary of this very task that was drawn for the code; else the one drawn for any."""
    host = task.parent if isinstance(task.parent.task_spec, LoopTask) else task
    if not isinstance(host.parent.task_spec, BoundaryEventSplit):
        return None
    drawn = {outside.name: event for event in host.parent.children
             if (outside := _outside(event)) is not None and outside.kind == "error"}
    return drawn.get(code, drawn.get(None))


def _fire(task: Task) -> None:
    task.internal_data["event_fired"] = True
    task.task_spec._update(task)


def _tick(task: Task) -> Task:
    """A repeating timer stays; each tick is a token of its own beside it."""
    tick: Task = task.parent._add_child(task.task_spec, TaskState.WAITING)
    return tick


# --- running until everything waits ----------------------------------------------------------------------------------

def _run(case: CaseWorkflow) -> None:
    runs = 0
    while not case.completed:
        ready = [task for task in case.live(TaskState.READY) if not task.task_spec.manual]
        if not ready and not _release(case):
            return
        runs += len(ready)
        if runs > MOST_RUNS:
            raise StepRefused(f"more than {MOST_RUNS} automatic nodes in one step", advice=_ENDLESS)
        for task in ready:
            if task._state == TaskState.READY:
                task.run()


_ENDLESS = ("Langkah otomatis pada diagram ini berputar tanpa akhir. "
            "Isian belum disimpan; sampaikan kepada analis proses.")


def _release(case: CaseWorkflow) -> bool:
    """Lets the tokens of one join through, or the case come to its end; False when everything has to wait."""
    waiting = case.live(TaskState.WAITING)
    for join in dict.fromkeys(task.task_spec for task in waiting if isinstance(task.task_spec, TokenJoin)):
        tokens = [task for task in waiting if task.task_spec is join]
        if _may_fire(case, tokens):
            _let_through(tokens)
            return True
    for task in waiting:
        if isinstance(task.task_spec, EndJoin):
            task.task_spec._update(task)
            return bool(task._state == TaskState.READY)
    return False


def _may_fire(case: CaseWorkflow, tokens: list[Task]) -> bool:
    join = tokens[0].task_spec
    filled = frozenset(token.internal_data["from"] for token in tokens)
    empty = join.sources - filled
    if join.needs_all or not empty:
        return not empty
    for task in case.live(states.LIVE):
        ways = join.reached.get(task.task_spec.name, frozenset()) if task.task_spec is not join else frozenset()
        if ways & empty and not ways & filled and not isinstance(task.task_spec, BoundaryEvent):
            return False
    return True


def _let_through(tokens: list[Task]) -> None:
    """One token of each flow, the oldest, is taken; the youngest of these goes on. Others wait for the next time."""
    taken: dict[str, Task] = {}
    for token in tokens:
        taken.setdefault(token.internal_data["from"], token)
    *others, last = sorted(taken.values(), key=lambda token: token.id)
    for token in others:
        token.cancel()
    last._ready()


# --- telling what waits ----------------------------------------------------------------------------------------------

def _described(diagram: Diagram, case: CaseWorkflow, state: bytes, end: str | None) -> Step:
    found = _Open()
    for task in [] if case.completed else case.live(states.LIVE):
        _sort_in(found, task, diagram)
    return Step(applied=False, state=state, digest=sha256(state), variables=case.variables,
                waiting=tuple(found.waiting), running=tuple(found.running), timers=tuple(found.timers),
                messages=tuple(sorted(set(found.messages))), ended=case.completed, end=end)


def _sort_in(found: _Open, task: Task, diagram: Diagram) -> None:
    outside = _outside(task)
    if outside is not None and outside.kind == "message":
        found.messages.append(outside.name or "")
    elif outside is not None and outside.kind != "error":
        found.timers.append(_timer(task, outside))
    elif _is_running(task):
        found.running.append(_waiting(task, diagram))
    elif task._state == TaskState.READY:
        found.waiting.append(_waiting(task, diagram))


def _waiting(task: Task, diagram: Diagram) -> Waiting:
    activity = task.task_spec.bpmn_id
    if activity not in diagram.activities:
        raise EngineFault(f"{task.task_spec.name} waits but is not drawn")
    return Waiting(task.id, activity, diagram.activities[activity].lane)


def _timer(task: Task, outside: OutsideEvent) -> Timer:
    spec = task.task_spec
    return Timer(task=task.id, activity=spec.bpmn_id, attached=outside.attached, kind=outside.kind,
                 expression=task.internal_data["when"], interrupting=bool(getattr(spec, "cancel_activity", True)))
