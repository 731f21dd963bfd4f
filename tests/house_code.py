"""What the house rules ask of the code, read from the syntax tree: rooms, files, functions, imports, strings."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
PRODUCT = ("engine", "handlers", "forms")
AWAY = {"node_modules", "built", "__pycache__", ".venv"}


@dataclass(frozen=True)
class Source:
    """One file of Python."""

    path: Path
    text: str

    @property
    def name(self) -> str:
        return self.path.relative_to(HOME).as_posix()

    @property
    def module(self) -> str:
        return self.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    @property
    def tree(self) -> ast.Module:
        return _parsed(self.text)


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


@dataclass(frozen=True)
class Function:
    """One function and where it stands; its length leaves the docstring and comments out of account, as readers do."""

    source: Source
    node: ast.FunctionDef | ast.AsyncFunctionDef

    @property
    def place(self) -> str:
        return f"{self.source.name}:{self.node.lineno} {self.node.name}"

    @property
    def lines(self) -> int:
        return (self.node.end_lineno or self.node.lineno) - self.node.lineno + 1

    @property
    def parameters(self) -> int:
        given = self.node.args
        names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
        return len([name for name in names if name not in ("self", "cls")])


def files(*suffixes: str, rooms: tuple[str, ...] = PRODUCT) -> Iterator[Path]:
    for room in rooms:
        for path in sorted((HOME / room).rglob("*")):
            if path.suffix in suffixes and not AWAY.intersection(path.parts):
                yield path


@cache
def product() -> tuple[Source, ...]:
    """Everything that runs in an office, the launcher included."""
    paths = [HOME / "izin", *files(".py")]
    return tuple(Source(path, path.read_text(encoding="utf-8")) for path in paths)


@cache
def tests() -> tuple[Source, ...]:
    return tuple(Source(path, path.read_text(encoding="utf-8")) for path in files(".py", rooms=("tests",)))


def functions(sources: tuple[Source, ...]) -> Iterator[Function]:
    for source in sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield Function(source, node)


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and full name of every module imported, wherever the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.lineno, node.module or ""


def strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and text of every string that is not a docstring."""
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.lineno, node.value
