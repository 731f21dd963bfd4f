"""The bytes of a case: canonical, small, readable by another process, refused on a diagram they do not fit."""

from __future__ import annotations

import json
import random
import time

import pytest

from engine.digest import canonical, parse_canonical
from engine.errors import DiagramRefused, StateDamaged
from engine.runtime.advance import Complete, Start, Step, apply, inspect, start
from engine.runtime.diagram import load
from tests.generated_diagrams import diagram as generated
from tests.small_diagrams import RETURNS, flows, line, person
from tests.walks import Walker, walk


def test_stored_bytes_are_exactly_the_canonical_form() -> None:
    diagram = load(RETURNS)
    step = start(diagram, Start(None, {"z": "\N{LATIN SMALL LETTER E WITH ACUTE}", "a": [True, None, 2 ** 53 - 1]}), 1)
    assert canonical(json.loads(step.state)) == step.state
    assert parse_canonical(step.state)["variables"] == step.variables


def test_every_state_of_a_walk_is_canonical() -> None:
    walkers = [_Collecting(generated(seed), random.Random(seed)) for seed in range(4)]
    steps = sum(len(walker.walk().log) for walker in walkers)
    states = [stored for walker in walkers for stored in walker.states]
    assert len(states) == steps > 40
    for stored in states:
        assert canonical(parse_canonical(stored)) == stored


class _Collecting(Walker):
    """Keeps the state of each step."""

    def __init__(self, source: bytes, chance: random.Random) -> None:
        super().__init__(source, chance)
        self.states: list[bytes] = []

    def note(self, event: object, step: Step, seq: int) -> None:
        super().note(event, step, seq)
        self.states.append(step.state)


def test_text_is_stored_composed() -> None:
    step = start(load(RETURNS), Start(None, {"a": "e\N{COMBINING ACUTE ACCENT}"}), 1)
    assert step.variables == {"a": "\N{LATIN SMALL LETTER E WITH ACUTE}"}


def test_an_ended_case_keeps_its_variables_and_no_tokens() -> None:
    diagram = load(line(person("isi"), flows("mulai > isi", "isi > selesai")))
    begun = start(diagram, Start(None, {"a": 1}), 1)
    ended = apply(diagram, begun.state, Complete(begun.waiting[0].task, {}), 2)
    assert json.loads(ended.state) == {"v": 1, "process": "kecil", "end": "selesai", "rows": [], "variables": {"a": 1}}
    assert inspect(diagram, ended.state).ended


def test_a_state_is_refused_on_a_diagram_it_does_not_fit() -> None:
    state = start(load(RETURNS), Start(None, {}), 1).state
    without_the_task = load(line(person("lain"), flows("mulai > lain", "lain > selesai")))
    for wrong, bytes_ in ((without_the_task, state), (load(generated(1)), state),
                          (load(RETURNS), state.replace(b'"v":1', b'"v":2'))):
        with pytest.raises(DiagramRefused):
            inspect(wrong, bytes_)


def test_a_state_goes_on_where_only_other_parts_of_the_diagram_changed() -> None:
    before = start(load(RETURNS), Start(None, {}), 1)
    renamed = load(RETURNS.replace(b'"periksa"', b'"telaah"').replace(b"_periksa", b"_telaah"))
    step = apply(renamed, before.state, Complete(before.waiting[0].task, {}), 2)
    assert step.waiting[0].activity == "telaah"


def _returns(times: int) -> tuple[list[float], int, Step]:
    diagram, spent, largest, seq = load(RETURNS), [], 0, 1
    step = start(diagram, Start(None, {"catatan": "x" * 1700}), 1)
    for _ in range(times):
        begun = time.perf_counter()
        for values in ({}, {"cukup": False}):
            seq += 1
            step = apply(diagram, step.state, Complete(step.waiting[0].task, values), seq)
        spent.append(time.perf_counter() - begun)
        largest = max(largest, len(step.state))
    return spent, largest, step


def test_the_thousandth_return_costs_as_the_first_and_the_state_stays_small() -> None:
    spent, largest, step = _returns(1000)
    first, last = sorted(spent[50:150])[20], sorted(spent[-100:])[20]  # low quantiles: other work on this machine
    assert last < first * 1.5, f"{first * 1e6:.0f} µs at first, {last * 1e6:.0f} µs at last"
    assert largest < 8192
    assert (step.waiting[0].activity, step.ended) == ("isi", False)


def test_transitions_in_memory_are_fast_enough() -> None:
    begun = time.process_time()
    _returns(500)
    assert 1000 / (time.process_time() - begun) > 2500


def test_walks_come_out_the_same_twice_in_one_process() -> None:
    first, second = walk(generated(9), 3), walk(generated(9), 3)
    assert [logged.digest for logged in first.log] == [logged.digest for logged in second.log]


@pytest.mark.parametrize("damaged", [
    b"", b"{}", b"[1]", b'{"v":1}', b"\xff", b'{"end":null,"process":"x","rows":[[1]],"v":1}'])
def test_damaged_bytes_are_a_refusal_and_not_a_crash(damaged: bytes) -> None:
    with pytest.raises((StateDamaged, DiagramRefused)):
        inspect(load(RETURNS), damaged)
