"""The library is the one our changes were written against, and nothing of it works outside of a step."""

from __future__ import annotations

import hashlib
import importlib
from importlib.metadata import version
from pathlib import Path

import pytest
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.event_definitions.timer import DurationTimerEventDefinition

from engine.errors import EngineFault
from engine.runtime import diagram, spiff, state
from engine.runtime.advance import Start, start
from tests.small_diagrams import RETURNS

SOURCES = {
    "task": "a4d39d19363216dd",
    "workflow": "a559ba180a5aa005",
    "specs.base": "2d4a12a4556fb550",
    "specs.Join": "1100bd56a2103fd0",
    "specs.MultiChoice": "2fa5a73c1b9fee42",
    "specs.ExclusiveChoice": "93512c91f33a7710",
    "specs.StartTask": "8c1a6123520d0261",
    "util.task": "26785d77cf43c783",
    "util.event": "6a8f25f262643cbb",
    "bpmn.workflow": "0914bde7f5c80f58",
    "bpmn.util.subworkflow": "5d30e3b8fdf281f0",
    "bpmn.util.task": "de167eda2118c02d",
    "bpmn.util.event": "258d56304f843504",
    "bpmn.specs.control": "3b9a1bee23f5aed8",
    "bpmn.specs.bpmn_task_spec": "276986105035760b",
    "bpmn.specs.bpmn_process_spec": "546761d4d1d4d3cd",
    "bpmn.specs.defaults": "9d00fa919ee17e98",
    "bpmn.specs.mixins.bpmn_spec_mixin": "20327cabcad6607a",
    "bpmn.specs.mixins.unstructured_join": "ba97f8623a813bb4",
    "bpmn.specs.mixins.inclusive_gateway": "960740e4d2acc20d",
    "bpmn.specs.mixins.parallel_gateway": "b55b4f6864880a60",
    "bpmn.specs.mixins.exclusive_gateway": "7a95885cd8a4cacb",
    "bpmn.specs.mixins.multiinstance_task": "bcdbcc805934fee5",
    "bpmn.specs.mixins.events.event_types": "5972f8568f8c1b96",
    "bpmn.specs.mixins.events.start_event": "4c7d00819d5f7ea2",
    "bpmn.specs.mixins.events.end_event": "9cb8e231159de5c2",
    "bpmn.specs.mixins.events.intermediate_event": "30235bf20e428f8e",
    "bpmn.specs.event_definitions.base": "a229ed658014d912",
    "bpmn.specs.event_definitions.simple": "eeb430238300d2a1",
    "bpmn.specs.event_definitions.timer": "e8b6d06b682a9d0f",
    "bpmn.parser.BpmnParser": "9aac96f2dd91fb9c",
    "bpmn.parser.ProcessParser": "b07cfa57d76274cb",
    "bpmn.parser.TaskParser": "23398c54d78b6885",
    "bpmn.parser.task_parsers": "bb3fb55245279629",
    "bpmn.parser.event_parsers": "ad744a058adbd32b",
    "bpmn.parser.node_parser": "a9f9ec1c7917e192",
    "bpmn.script_engine.python_engine": "ce727c9be6760e15",
    "spiff.parser.process": "e629fb889c92365b",
    "spiff.parser.task_spec": "840f7e25cebbe24a",
    "spiff.parser.event_parsers": "94ea658c35bad1ce",
    "spiff.specs.defaults": "7b95e9e97e84140c",
    "spiff.specs.spiff_task": "82f5f0ff81677d40",
    "spiff.specs.mixins.service_task": "7581dbea0155bd6d",
    "spiff.specs.mixins.user_task": "b7d8600b9162107b",
}
"""The first 16 digits of SHA-256 of each module we rest on, as released in 3.2.0."""


def test_the_library_is_the_pinned_one() -> None:
    assert version("SpiffWorkflow") == "3.2.0"


@pytest.mark.parametrize("name", SOURCES)
def test_the_internals_we_rest_on_have_not_changed(name: str) -> None:
    source = Path(importlib.import_module(f"SpiffWorkflow.{name}").__file__ or "").read_bytes()
    assert hashlib.sha256(source).hexdigest()[:16] == SOURCES[name]


def test_a_case_cannot_begin_outside_a_step() -> None:
    with pytest.raises(LookupError):
        BpmnWorkflow(diagram.load(RETURNS).spec)


def test_a_task_cannot_change_outside_a_step() -> None:
    loaded = diagram.load(RETURNS)
    case, _ = state.load(loaded, start(loaded, Start(None, {}), 1).state)
    task = case.live(spiff.TaskState.READY)[0]
    for change in (task.run, task.complete, task.cancel, lambda: task._add_child(task.task_spec)):
        with pytest.raises(LookupError):
            change()


def test_ids_count_up_within_a_step_and_steps_do_not_nest_into_each_other() -> None:
    with spiff.transition(7) as outer:
        assert [outer.new_id(), outer.new_id()] == [7 << 20 | 1, 7 << 20 | 2]
        with spiff.transition(8) as inner:
            assert inner.new_id() == 8 << 20 | 1
        assert spiff._new_id() == 7 << 20 | 3


def test_a_stock_timer_fails_loudly_instead_of_reading_the_clock() -> None:
    loaded = diagram.load(RETURNS)
    case, _ = state.load(loaded, start(loaded, Start(None, {}), 1).state)
    task = case.live(spiff.TaskState.READY)[0]
    with pytest.raises(AttributeError):
        DurationTimerEventDefinition("menit", "'PT1M'").has_fired(task)


def test_no_script_and_no_direct_service_can_run() -> None:
    with pytest.raises(EngineFault):
        spiff.EXPRESSIONS.execute(None, "x = 1")
    with pytest.raises(EngineFault):
        spiff.EXPRESSIONS.call_service(None, operation_name="catat")
