"""The gate itself: it counts what ran, fails what was passed over, and its last line can be read by a machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import gate


@pytest.fixture
def room(tmp_path: Path) -> Path:
    (tmp_path / "test_a.py").write_text("def test_one():\n    pass\n\n\ndef test_two():\n    pass\n")
    return tmp_path


def run(room: Path, alone: bool = True) -> gate.Outcome:
    return gate.run_stage(gate.Stage("coba", tests=(str(room),), alone=alone))


def test_a_stage_counts_its_tests(room: Path) -> None:
    outcome = run(room)
    assert (outcome.good, outcome.passed, outcome.failed) == (True, 2, 0)


def test_a_module_runs_in_one_process_and_two_modules_at_the_same_time(room: Path) -> None:
    """Each test waits until the other module's has begun as well."""
    waits = ("import pathlib, time\n\n\ndef test_both():\n    here = pathlib.Path(__file__).parent\n"
             "    (here / '{mine}').touch()\n    last = time.monotonic() + 60\n"
             "    while not (here / '{other}').exists():\n        assert time.monotonic() < last\n        time.sleep(.01)\n")
    (room / "test_b.py").write_text(waits.format(mine="b", other="c"))
    (room / "test_c.py").write_text(waits.format(mine="c", other="b"))
    outcome = run(room, alone=False)
    assert (outcome.good, outcome.passed) == (True, 4)


def test_a_failed_test_fails_its_stage_and_is_counted(room: Path) -> None:
    (room / "test_b.py").write_text("def test_three():\n    assert False\n")
    outcome = run(room)
    assert (outcome.good, outcome.passed, outcome.failed) == (False, 2, 1)


def test_a_test_that_passes_itself_over_fails_its_stage(room: Path) -> None:
    word = "sk" + "ip"
    (room / "test_b.py").write_text(f"import pytest\n\n\ndef test_three():\n    pytest.{word}('no tool')\n")
    outcome = run(room)
    assert (outcome.good, outcome.skipped) == (False, 1)


def test_a_stage_without_tests_fails(tmp_path: Path) -> None:
    assert not run(tmp_path).good and not run(tmp_path, alone=False).good


def test_a_tool_that_complains_fails_its_stage_and_is_counted() -> None:
    outcome = gate.run_stage(gate.Stage("coba", commands=(("-c", "raise SystemExit(1)"),)))
    assert (outcome.good, outcome.failed) == (False, 1)


def test_the_last_line_says_how_many_passed_and_failed() -> None:
    outcomes = [gate.Outcome("a", passed=2), gate.Outcome("b", good=False, passed=3, failed=1)]
    assert gate.closing(outcomes)[-1] == "5 passed, 1 failed"


def test_every_room_of_the_tests_belongs_to_a_stage() -> None:
    named = {test for stage in gate.STAGES for test in stage.tests}
    assert {room for room in gate.OTHER_ROOMS if room not in named} == set()


def test_the_fast_gate_leaves_out_walks_and_proofs_only() -> None:
    assert [stage.name for stage in gate.STAGES if stage.slow] == ["bukti", "peramban"]


def test_what_starts_many_processes_has_the_machine_for_itself() -> None:
    assert [stage.name for stage in gate.STAGES if stage.alone] == ["bukti", "peramban"]
