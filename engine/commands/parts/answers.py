"""How a command answers: lines for a person, or one JSON document and nothing else."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterable, Mapping
from typing import Any


def answer(args: Namespace, document: Mapping[str, Any], lines: Iterable[str]) -> None:
    """Print the answer in the form that was asked for."""
    print(json.dumps(document, ensure_ascii=False, indent=2) if args.json else "\n".join(lines))


def tell(line: str) -> None:
    """A word on the way; standard output belongs to the answer."""
    print(line, file=sys.stderr, flush=True)
