"""Everything we change in SpiffWorkflow 3.2.0, in one place, put in force when this module is imported.

The library reads clocks and random numbers, keeps the whole history of a case as a tree, fires timers on any call and
lets joins guess from that tree. Here it is held so that a transition is a function of state, event and step number:

- ids count up within a `Transition`; outside of one, whatever would make an id or change a state raises LookupError;
- there is no clock: a stock timer that reached the library's `datetime` would fail loudly;
- children are grown when a task is done, not predicted, so the tree holds only tokens;
- events (messages, errors, timers) are drawn in the diagram but come from outside, aimed at one task id;
- a token that reaches a join of several flows waits there; `advance` decides when it fires;
- a service task orders its effect and stays STARTED until a result is reported.

The test beside this module compares the library's sources with the ones these changes were written against.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any

import SpiffWorkflow.bpmn.specs.event_definitions.timer as stock_timer
import SpiffWorkflow.task as stock_task
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit, EventSplit
from SpiffWorkflow.bpmn.specs.control import _EndJoin as EndJoin
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EndEvent,
    ExclusiveGateway,
    InclusiveGateway,
    ParallelGateway,
)
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.spiff.parser.event_parsers import SpiffEndEventParser
from SpiffWorkflow.spiff.parser.process import VALIDATOR, SpiffBpmnParser, SpiffProcessParser
from SpiffWorkflow.spiff.parser.task_spec import ServiceTaskParser, UserTaskParser
from SpiffWorkflow.spiff.specs.defaults import ParallelMultiInstanceTask, ServiceTask, UserTask
from SpiffWorkflow.task import Task, TaskState
from SpiffWorkflow.workflow import Workflow

from engine.errors import EngineFault, StepRefused
from engine.rules.expressions import compile_expression

__all__ = ["BoundaryEvent", "BoundaryEventJoin", "BoundaryEventSplit", "CaseParser", "CaseWorkflow", "CatchingEvent",
           "EndJoin", "LoopTask", "OrderedService", "OutsideEvent", "Task", "TaskState", "TokenJoin",
           "Transition", "VALIDATOR", "connect_instances", "transition"]

IDS_PER_STEP = 20
"""Bits of a task id that count within one step; the step number stands above them."""
MOST_INSTANCES = 100
"""A multi-instance task may be given to so many people at once."""


class Transition:
    """One step of one case: the source of its ids, and what came out of it."""

    def __init__(self, seq: int) -> None:
        self.seq, self.made = seq, 0
        self.effects: list[tuple[int, str, str, dict[str, Any]]] = []
        self.end: str | None = None

    def new_id(self) -> int:
        """The next task id: the step number, then a count."""
        self.made += 1
        return self.seq << IDS_PER_STEP | self.made


_current: ContextVar[Transition] = ContextVar("transition")


@contextmanager
def transition(seq: int) -> Iterator[Transition]:
    """Makes ids and state changes possible for one step."""
    step = Transition(seq)
    token = _current.set(step)
    try:
        yield step
    finally:
        _current.reset(token)


# --- changed behaviour of the library's own classes ------------------------------------------------------------------

def _new_id() -> int:
    return _current.get().new_id()


def _no_time() -> int:
    _current.get()
    return 0


def _set_state(task: Task, state: int) -> None:
    _current.get()
    task._state = state


def _complete(task: Task) -> None:
    _grow(task)
    _set_state(task, TaskState.COMPLETED)
    task.task_spec._on_complete(task)


def _grow(task: Task) -> None:
    """Gives a finishing task its successors; choices have picked theirs already."""
    if not task._children or isinstance(task.task_spec, LoopTask):
        for spec in task.task_spec.outputs:
            task._add_child(spec, TaskState.FUTURE)


def _split_events(split: EventSplit, task: Task) -> bool:
    for spec in split.outputs:
        task._add_child(spec, TaskState.WAITING if isinstance(spec, split.event_type) else TaskState.FUTURE)
    return True


def _nothing(*_: Any, **__: Any) -> None:
    """Takes the place of predictions and of copies of case values, which we keep elsewhere."""


def _no_extras(*_: Any, **__: Any) -> dict[str, Any]:
    return {}


def _install() -> None:
    setattr(stock_task, "uuid4", _new_id)
    setattr(stock_task, "time", SimpleNamespace(time=_no_time))
    setattr(stock_timer, "datetime", None)
    for owner, name, replacement in (
            (Task, "_set_state", _set_state), (Task, "complete", _complete), (Task, "_inherit_data", _nothing),
            (Task, "collect_log_extras", _no_extras), (Workflow, "collect_log_extras", _no_extras),
            (BpmnSubWorkflow, "collect_log_extras", _no_extras), (TaskSpec, "_predict", _nothing),
            (EventSplit, "_run_hook", _split_events)):
        setattr(owner, name, replacement)


# --- classes of ours that take the place of theirs -------------------------------------------------------------------

class CaseExpressions(PythonScriptEngine):
    """Answers the diagram's expressions from the case's variables; runs no script."""

    def evaluate(self, task: Task, expression: str, external_context: object = None) -> Any:
        """The value of an expression for this case."""
        return compile_expression(expression).evaluate(task.workflow.variables)

    def execute(self, task: Task, script: str, external_context: object = None) -> None:
        """Scripts are refused when a diagram is loaded; none can arrive here."""
        raise EngineFault("a script reached the engine")

    def call_service(self, task: Task, **_: Any) -> None:
        """Service tasks order effects instead."""
        raise EngineFault("a service was called inside a transition")


EXPRESSIONS = CaseExpressions()


class CaseWorkflow(BpmnWorkflow):
    """A case in memory: the tokens in the library's tree, the variables beside them."""

    def __init__(self, spec: Any, variables: dict[str, Any], *, loading: bool) -> None:
        self.variables = variables
        super().__init__(spec, script_engine=EXPRESSIONS, deserializing=loading)

    def _task_completed_notify(self, task: Task) -> None:
        if task.task_spec.name == "End":
            self._mark_complete(task)

    def live(self, states: int) -> list[Task]:
        """The tasks in these states, oldest first."""
        return sorted((task for task in self.tasks.values() if task._state & states), key=_task_id)


def _task_id(task: Task) -> int:
    return task.id


class OutsideEvent(EventDefinition):
    """A message, error or timer of the diagram: it happens only when `advance` fires it at one task."""

    def __init__(self, kind: str, name: str | None, attached: str | None) -> None:
        super().__init__(name)
        self.kind, self.attached = kind, attached

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__

    def catches(self, my_task: Task, event: object) -> bool:
        """Never by broadcast."""
        return False

    def update_task(self, my_task: Task) -> None:
        """A timer's text is read once, when it begins to wait: later changes of variables do not move it."""
        if self.kind in ("once", "cycle") and "when" not in my_task.internal_data:
            when = my_task.workflow.script_engine.evaluate(my_task, self.name)
            my_task.internal_data["when"] = when if isinstance(when, str) else ""


class OrderedService(ServiceTask):
    """Orders an effect; done when its result is reported."""

    def _execute(self, task: Task) -> None:
        evaluate = task.workflow.script_engine.evaluate
        arguments = {name: evaluate(task, parameter["value"]) for name, parameter in self.operation_params.items()}
        _current.get().effects.append((task.id, self.bpmn_id, self.operation_name, arguments))


class ReachedEnd(EndEvent):
    """Remembers which end a case came to."""

    def _on_complete_hook(self, my_task: Task) -> None:
        _current.get().end = self.bpmn_id
        super()._on_complete_hook(my_task)


class CountedInstances(ParallelMultiInstanceTask):
    """One task per person, as many as the cardinality says; nothing sensible counts as none."""

    def create_children(self, my_task: Task) -> None:
        """One child for each index."""
        number = my_task.workflow.script_engine.evaluate(my_task, self.cardinality)
        if not isinstance(number, int) or isinstance(number, bool):
            number = 0
        if number > MOST_INSTANCES:
            raise StepRefused(f"{self.name}: {number} instances")
        for index in range(number):
            self.create_child(my_task, index, index)


def connect_instances(spec: LoopTask, child: TaskSpec) -> None:
    """Ties an instance's completion to its owner; the library does so only in the process that made the instance."""
    child.completed_event.connect(spec.merge_child)


class TokenJoin:
    """Mixed into the gateways that join: several flows come in, and tokens wait until `advance` lets them through."""

    name: str
    needs_all = False
    sources: frozenset[str] = frozenset()
    """The nodes whose flows come in here, as drawn; the library knows only those it can reach from a start."""
    reached: Mapping[str, frozenset[str]] = {}
    """For each node of the diagram, the flows into this gateway (by source) that a token there may still take."""

    def _update_hook(self, my_task: Task) -> bool:
        if len(self.sources) < 2:
            return True
        my_task.internal_data["from"] = my_task.parent.task_spec.name
        _set_state(my_task, TaskState.WAITING)
        return False


class TokenParallel(TokenJoin, ParallelGateway):
    """Waits for a token on each flow."""

    needs_all = True

    def _run_hook(self, my_task: Task) -> bool:
        return True


class TokenInclusive(TokenJoin, InclusiveGateway):
    """Waits as long as a token elsewhere may still come in by a flow that has none."""

    def _run_hook(self, my_task: Task) -> bool:
        matches, defaults = self._get_matching_outputs(my_task)
        if not matches and not defaults:
            raise StepRefused(f"{self.name}: no condition holds", advice=_NO_WAY.format(self.bpmn_name or self.name))
        for spec in matches or defaults:
            my_task._add_child(spec, TaskState.FUTURE)
        return True


class TotalChoice(ExclusiveGateway):
    """The first condition that holds, in the order of the file; else the default flow; else a refusal."""

    def _run_hook(self, my_task: Task) -> bool:
        for condition, name in self.cond_task_specs:
            if condition is not None and condition._matches(my_task):
                break
        else:
            name = self.default_task_spec
        if name is None:
            raise StepRefused(f"{self.name}: no condition holds", advice=_NO_WAY.format(self.bpmn_name or self.name))
        my_task._add_child(self._wf_spec.task_specs[name], TaskState.FUTURE)
        return True


_NO_WAY = "Tidak ada alur yang cocok di gerbang “{}”. Isian belum disimpan; sampaikan kepada analis proses."


class CaseUserTaskParser(UserTaskParser):
    """User tasks, several at once by cardinality."""

    PARALLEL_MI_CLASS = CountedInstances


class CaseServiceTaskParser(ServiceTaskParser):
    """Service tasks, several at once by cardinality."""

    PARALLEL_MI_CLASS = CountedInstances


class CaseProcessParser(SpiffProcessParser):
    """Looks nodes up among the nodes only: the library also finds parameters of service tasks under their ids."""

    def _index_process_nodes(self) -> None:
        super()._index_process_nodes()
        self.nodes_by_id.update({node.get("id"): node for node in self.node.iterchildren("*")})


class CaseParser(SpiffBpmnParser):
    """Reads the subset of BPMN that cases run on, into the classes above."""

    PROCESS_PARSER_CLASS = CaseProcessParser
    OVERRIDE_PARSER_CLASSES = {
        **SpiffBpmnParser.OVERRIDE_PARSER_CLASSES,
        full_tag("userTask"): (CaseUserTaskParser, UserTask),
        full_tag("serviceTask"): (CaseServiceTaskParser, OrderedService),
        full_tag("exclusiveGateway"): (ConditionalGatewayParser, TotalChoice),
        full_tag("inclusiveGateway"): (ConditionalGatewayParser, TokenInclusive),
        full_tag("parallelGateway"): (GatewayParser, TokenParallel),
        full_tag("endEvent"): (SpiffEndEventParser, ReachedEnd),
    }


_install()
