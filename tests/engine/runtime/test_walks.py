"""Random walks, few of each kind: engine and token game agree, another run comes out the same, faults are noticed.

The long version is `./izin prove replay`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.generated_diagrams import diagram as generated
from tests.generated_diagrams import diagrams, tangle
from tests.planted_faults import FAULTS
from tests.proofs import replay
from tests.small_diagrams import flows, line, node, person, sets
from tests.walks import Divergence, Pace, again, walk

DRAWN = sorted(Path(__file__).parents[3].glob("processes/*/*.bpmn"))


@pytest.mark.parametrize("seed", range(10))
def test_walks_through_generated_diagrams_agree_with_the_token_game(seed: int) -> None:
    source = generated(seed)
    walked = walk(source, seed, Pace(cold=.2))
    assert walked.log and list(again(source, walked.log, cold=True)) == []


def test_walks_through_tangles_that_nobody_would_draw_agree_too() -> None:
    steps = [len(walk(tangle(seed), seed, Pace(most_steps=30, cold=0)).log) for seed in range(80)]
    assert sum(steps) > 500


ROUND_IN_A_BRANCH = line(
    node("inclusiveGateway", "pilih"), person("rapat"), person("tinjau", sets("hasil")), person("perbaiki"),
    node("exclusiveGateway", "cek", default="f_cek_gabung"), node("inclusiveGateway", "gabung"), person("nilai"),
    flows("mulai > pilih", "pilih > rapat if True", "pilih > tinjau if True", "rapat > gabung", "tinjau > cek",
          "cek > perbaiki if hasil == 'kurang'", "cek > gabung", "perbaiki > tinjau", "gabung > nilai", "nilai > selesai"))
"""Work in one branch goes back as often as is found wanting, while the other branch is open or done."""


def test_a_join_waits_for_a_branch_that_goes_round_within_itself() -> None:
    positions: set[frozenset[str]] = set()
    for seed in range(40):
        walked = walk(ROUND_IN_A_BRANCH, seed, Pace(most_steps=40, cold=.2))
        positions |= {frozenset(one["activity"] for one in logged.waiting[0]) for logged in walked.log}
        assert list(again(ROUND_IN_A_BRANCH, walked.log, cold=True)) == []
    assert positions == {frozenset(one.split()) for one in (
        "rapat tinjau", "rapat perbaiki", "rapat", "tinjau", "perbaiki", "nilai", "")}


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.stem)
@pytest.mark.parametrize("seed", range(15))
def test_walks_through_our_processes_agree_with_the_token_game(path: Path, seed: int) -> None:
    source = path.read_bytes()
    walked = walk(source, seed)
    assert walked.log and list(again(source, walked.log, cold=False)) == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_noticed_by_a_walk(name: str) -> None:
    fault, sources = FAULTS[name], diagrams(2)
    with fault.plant(), pytest.raises(Divergence):
        for number in range(60):
            walk(sources[number % len(sources)], number, Pace(fault.most_steps, fault.cold))


def test_a_log_with_one_changed_value_does_not_come_out_the_same() -> None:
    source = generated(5)
    log = walk(source, 1).log
    log[0] = replace(log[0], event={**log[0].event, "variables": {"cukup": "diubah"}})
    assert next(again(source, log, cold=False)).startswith("step 1: digest")


def test_the_proof_ends_with_one_line_of_figures_and_status_0(capfd: pytest.CaptureFixture[str]) -> None:
    assert replay.main(["--walks", "3", "--seed", "7"]) == 0
    told = capfd.readouterr().out.splitlines()
    assert told[0] == "seed 7" and "divergences=0 faults_caught=3/3" in told[-1]
