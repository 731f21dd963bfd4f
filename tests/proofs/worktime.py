"""Proof: the service clock answers as brute force does, on many random cases with pauses and changed days."""

from __future__ import annotations

import tomllib
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from time import process_time

from engine.rules.calendars import calendar_from
from tests.engine.rules.random_cases import answer, brute_force, questions

TABLES = Path(__file__).parents[2] / "processes" / "_shared" / "kalender.toml"


def main(argv: Sequence[str]) -> int:
    """Exit status 1 when one answer differs; the last line is one line of figures."""
    parser = ArgumentParser(prog="worktime", description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=20260609)
    args = parser.parse_args(argv)
    print(f"seed {args.seed}")
    tables = tomllib.loads(TABLES.read_text(encoding="utf-8"))
    asked = questions(args.seed, args.cases)
    calendar = calendar_from(tables)
    begun = process_time()
    found = [answer(calendar, question) for question in asked]
    spent = process_time() - begun
    wrong = [question for question, ours in zip(asked, found, strict=True) if brute_force(tables, question) != ours]
    for question in wrong[:10]:
        print(f"differs: {question}")
    kinds = Counter(question.kind for question in asked)
    print(f"cases={len(asked)} hari={kinds['hari']} jam={kinds['jam']} lama={kinds['lama']} differing={len(wrong)} "
          f"answers_per_second={len(asked) / spent:.0f}")
    return 1 if wrong or not asked else 0
