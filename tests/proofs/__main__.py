"""Which proof is to run: `python -m tests.proofs NAME [--seed N] …`, behind `./izin prove` and `./izin bench`.

A proof is a module of this folder with `main(argv) -> int`; its first docstring line says what it proves.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

ROOM = Path(__file__).parent


def proofs() -> dict[str, str]:
    """Name -> what it proves, read without running anything."""
    found = {}
    for path in sorted(ROOM.glob("[a-z]*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        runs = any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body)
        if runs and not path.stem.startswith("test_"):
            found[path.stem] = (ast.get_docstring(tree) or "").split("\n")[0]
    return found


def main(arguments: Sequence[str]) -> int:
    known = proofs()
    if not arguments or arguments[0] not in known:
        asked = f"Tidak ada pembuktian bernama {arguments[0]}." if arguments else "Sebutkan nama pembuktian."
        print(f"izin: {asked} Yang ada: {', '.join(known) or 'belum ada'}.", file=sys.stderr)
        return 2
    status: int = import_module(f"tests.proofs.{arguments[0]}").main(list(arguments[1:]))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
