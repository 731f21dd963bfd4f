"""The gate: every check in stages, a time for each, and one closing line. Run by `./izin test [--fast]`.

Tests run in two processes at the same time, a module always in one: what it keeps for its tests is made once. Proofs and
walks start several processes themselves and look at the clock, so they have the machine for themselves.
A stage fails when a tool complains, when a test fails, when a test passes itself over, or when there was none to run.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

HOME = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Stage:
    """One part of the gate: commands of Python, then folders that are given to pytest."""

    name: str
    commands: tuple[tuple[str, ...], ...] = ()
    tests: tuple[str, ...] = ()
    slow: bool = False
    alone: bool = False


OTHER_ROOMS = ("tests/test_house.py", "tests/test_words.py", "tests/browser", "tests/proofs", "tests/processes")
AT_ONCE = ("-n", "2", "--dist", "loadfile")
IMPORT_RULES = "from importlinter.cli import lint_imports_command; lint_imports_command()"
STAGES = (
    Stage(
        "gaya",
        commands=(("-m", "flake8", ".", "izin"), ("-m", "isort", "--check-only", "--quiet", ".", "izin")),
        tests=("tests/test_house.py", "tests/test_words.py"),
    ),
    Stage("tipe", commands=(("-m", "mypy"),)),
    Stage("impor", commands=(("-c", IMPORT_RULES),)),
    Stage("satuan", tests=("tests", *(f"--ignore={room}" for room in OTHER_ROOMS))),
    Stage("skenario", tests=("tests/processes",)),
    Stage("bukti", tests=("tests/proofs",), slow=True, alone=True),
    Stage("peramban", tests=("tests/browser",), slow=True, alone=True),
)


@dataclass
class Outcome:
    """What one stage came to."""

    stage: str
    seconds: float = 0.0
    good: bool = True
    passed: int = 0
    failed: int = 0
    skipped: int = 0


def run_stage(stage: Stage) -> Outcome:
    print(f"\n== {stage.name}", flush=True)
    outcome, started = Outcome(stage.name), time.monotonic()
    for command in stage.commands:
        outcome.good &= python(*command) == 0
    if stage.tests:
        run_tests(stage, outcome)
    if not outcome.good and not outcome.failed:
        outcome.failed = 1  # a tool's complaint is a failure too, so that the closing line never looks clean
    outcome.seconds = time.monotonic() - started
    return outcome


def python(*arguments: str) -> int:
    return subprocess.run([sys.executable, *arguments], cwd=HOME, stdin=subprocess.DEVNULL).returncode


def run_tests(stage: Stage, outcome: Outcome) -> None:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        how = () if stage.alone else AT_ONCE
        outcome.good &= python("-m", "pytest", "-q", f"--junitxml={report}", *how, *stage.tests) == 0
        if report.exists():
            count(report, outcome)
    outcome.good &= outcome.skipped == 0 and outcome.passed > 0


def count(report: Path, outcome: Outcome) -> None:
    for suite in ElementTree.parse(report).iter("testsuite"):
        tests, failures, errors, skipped = (
            int(suite.get(kind, "0")) for kind in ("tests", "failures", "errors", "skipped")
        )
        outcome.failed += failures + errors
        outcome.skipped += skipped
        outcome.passed += tests - failures - errors - skipped


def closing(outcomes: Sequence[Outcome]) -> list[str]:
    lines = ["", "== ringkasan"]
    for outcome in outcomes:
        verdict = "baik" if outcome.good else "GAGAL"
        lines.append(f"{outcome.stage:<10} {verdict:<6} {outcome.seconds:8.1f} detik {outcome.passed:6} lulus")
    passed, failed, skipped = (sum(getattr(one, kind) for one in outcomes) for kind in ("passed", "failed", "skipped"))
    return [*lines, f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")]


def main(arguments: Sequence[str]) -> int:
    unknown = [argument for argument in arguments if argument != "--fast"]
    if unknown:
        print(f"izin: pilihan {unknown[0]} tidak dikenal; yang ada: ./izin test [--fast].", file=sys.stderr)
        return 2
    stages = [stage for stage in STAGES if not (arguments and stage.slow)]
    outcomes = [run_stage(stage) for stage in stages]
    print("\n".join(closing(outcomes)), flush=True)
    return 0 if all(outcome.good for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
