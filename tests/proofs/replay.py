"""Proof: every walk agrees with the token game and comes out the same in another process; planted faults are caught.

Walks go through each process of this house, through 20 generated diagrams with loops round the inclusive join, and
shorter ones through tangles that nobody would draw. The state is taken from its bytes at each step, the diagram is
parsed anew at more than every tenth. Then another process, with another hash seed and time zone, does everything again
from the logs. Last, faults are planted into the engine, and a walk must notice each.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TextIO

from tests.generated_diagrams import diagrams, tangle
from tests.planted_faults import FAULTS
from tests.walks import Divergence, Logged, Pace, Walked, again, walk

HOME = Path(__file__).parents[2]
GENERATED = 20
USUAL, SHORT = Pace(most_steps=70, cold=.13), Pace(most_steps=30, cold=.13)
ZONES = ("Asia/Jakarta", "America/New_York", "Pacific/Chatham")
SHOWN = 5
FAULTY_WALKS = 300


def main(argv: Sequence[str]) -> int:
    """Exit status 1 when anything diverges or a planted fault stays unnoticed; the last line is one line of figures."""
    args = _arguments(argv)
    if args.again is not None:
        return _do_again(args.again)
    print(f"seed {args.seed}")
    begun, figures = perf_counter(), Counter[str]()
    with TemporaryDirectory() as folder:
        logs = Path(folder) / "walks.jsonl"
        with logs.open("w", encoding="utf-8") as log:
            _walk_all(log, args.walks, args.seed, figures)
        figures["divergences"] += _another_process(logs, args.seed)
    caught = [name for name in FAULTS if _is_caught(name, args.seed)]
    print(_report(figures, len(caught), perf_counter() - begun))
    return 1 if figures["divergences"] or not figures["steps"] or len(caught) < len(FAULTS) else 0


def _arguments(argv: Sequence[str]) -> Namespace:
    parser = ArgumentParser(prog="replay", description=__doc__)
    parser.add_argument("--walks", type=int, default=1000, help="of each kind: this house, generated, tangles")
    parser.add_argument("--seed", type=int, default=20260609)
    parser.add_argument("--again", type=Path, help="do the logs of this file again (the proof starts this itself)")
    return parser.parse_args(argv)


def _report(figures: Counter[str], caught: int, seconds: float) -> str:
    names = ("walks", "steps", "ended", "late", "no way on", "EffectFailed", "TimerFired", "Message", "parsed anew",
             "largest state", "divergences")
    told = " ".join(f"{name.replace(' ', '_').lower()}={figures[name]}" for name in names)
    return f"{told} faults_caught={caught}/{len(FAULTS)} seconds={seconds:.0f}"


# --- walking ---------------------------------------------------------------------------------------------------------

def _walk_all(log: TextIO, walks: int, seed: int, figures: Counter[str]) -> None:
    ours = [path.read_bytes() for path in sorted(HOME.glob("processes/*/*.bpmn"))]
    tangles = [tangle(seed + number) for number in range(walks)]
    for sources, pace in ((ours, USUAL), (diagrams(seed, GENERATED), USUAL), (tangles, SHORT)):
        for number in range(walks if sources else 0):
            source, own_seed = sources[number % len(sources)], seed * 1_000_003 + number
            try:
                _note(walk(source, own_seed, pace), source, log, figures)
            except Divergence as found:
                figures["divergences"] += 1
                print(f"walk {own_seed}: {found}")


def _note(walked: Walked, source: bytes, log: TextIO, figures: Counter[str]) -> None:
    figures.update(walked.counts)
    figures.update({"walks": 1, "steps": len(walked.log), "ended": int(walked.ended)})
    figures["largest state"] = max(figures["largest state"], walked.largest)
    steps = [asdict(logged) for logged in walked.log]
    log.write(json.dumps({"source": source.decode(), "steps": steps}) + "\n")


# --- doing it again --------------------------------------------------------------------------------------------------

def _another_process(logs: Path, seed: int) -> int:
    """Starts it; 1 when it found a difference or did not come to its end."""
    chance = random.Random(seed)
    strange = {"PYTHONHASHSEED": str(chance.randrange(1, 2 ** 32)), "TZ": chance.choice(ZONES)}
    command = [sys.executable, "-m", "tests.proofs.replay", "--again", str(logs)]
    done = subprocess.run(command, cwd=HOME, env={**os.environ, **strange}, check=False)
    return 0 if done.returncode == 0 else 1


def _do_again(logs: Path) -> int:
    digests, differences = 0, list[str]()
    for number, (source, steps) in enumerate(_read(logs)):
        digests += len(steps)
        differences += [f"walk {number}: {found}" for found in again(source, steps, cold=number % 20 == 0)]
    for found in differences[:SHOWN]:
        print(found)
    print(f"another process (TZ={os.environ.get('TZ')}): digests={digests} different={len(differences)}")
    return 1 if differences else 0


def _read(logs: Path) -> Iterator[tuple[bytes, list[Logged]]]:
    with logs.open(encoding="utf-8") as lines:
        for line in lines:
            stored = json.loads(line)
            yield stored["source"].encode(), [Logged(**step) for step in stored["steps"]]


# --- planting faults -------------------------------------------------------------------------------------------------

def _is_caught(name: str, seed: int) -> bool:
    """Walks with the fault planted until a walk notices it; else the sound engine must notice it from the logs."""
    fault, sources, logs = FAULTS[name], diagrams(seed, GENERATED), []
    with fault.plant():
        for number in range(FAULTY_WALKS):
            source = sources[number % len(sources)]
            try:
                logs.append((source, walk(source, seed + number, Pace(fault.most_steps, fault.cold)).log))
            except Divergence as found:
                print(f"planted fault “{name}”: noticed at walk {number + 1}: {str(found)[:160]}")
                return True
    noticed = next((found for source, log in logs for found in again(source, log, cold=False)), None)
    print(f"planted fault “{name}”: " + (f"noticed by replay: {noticed[:160]}" if noticed else "NOT NOTICED"))
    return noticed is not None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
