"""What handlers/README.md tells a newcomer to do works: its example is a handler, its test passes, its commands run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.assembly import load_handlers
from engine.cli import main
from engine.runtime.effects import BACK_OFF
from tests.builders import HOME

README = (HOME / "handlers" / "README.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"<!-- example: (\S+) -->\n```python\n(.*?)```", README, re.DOTALL))
COMMANDS = [line.split() for line in re.findall(r"^ {7}(\S.*)$", README, re.MULTILINE)]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The house as a newcomer has it after the first two steps."""
    for room in ("engine", "handlers", "tests/handlers"):
        shutil.copytree(HOME / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tests" / "__init__.py").touch()
    for place, source in EXAMPLES.items():
        (tmp_path / place).write_text(source, encoding="utf-8")
    return tmp_path


def test_the_example_passes_its_own_test(copy: Path) -> None:
    words = next(words for words in COMMANDS if "pytest" in words)
    assert words[0] == ".venv/bin/python"
    ran = subprocess.run([sys.executable, *words[1:], "-p", "no:cacheprovider"], cwd=copy, capture_output=True, text=True,
                         env=os.environ | {"PYTHONPATH": str(copy)})
    assert ran.returncode == 0 and "2 passed" in ran.stdout, ran.stdout + ran.stderr


def test_the_folder_with_the_example_offers_it_to_diagrams(copy: Path) -> None:
    asked = "import pathlib, engine.assembly as one; print(sorted(one.load_handlers(pathlib.Path('handlers'))))"
    ran = subprocess.run([sys.executable, "-c", asked], cwd=copy, capture_output=True, text=True, check=True)
    assert "'check_street'" in ran.stdout


def test_the_check_that_it_ends_with_runs(capsys: pytest.CaptureFixture[str]) -> None:
    words = next(words for words in COMMANDS if words[0] == "./izin")
    assert main(words[1:]) == 0, capsys.readouterr()


@pytest.mark.parametrize("name", sorted(load_handlers(HOME / "handlers")))
def test_the_table_tells_each_handler_with_its_parameters(name: str) -> None:
    row, promise = re.findall(rf"^\| `{name}` \|.*$", README, re.MULTILINE)
    handler = load_handlers(HOME / "handlers")[name]
    assert set(re.findall(r"`(\w+)`", row.split("|")[3])) == set(handler.options)
    assert bool(row.split("|")[4].strip()) is (handler.compensate is not None)
    assert all(cell.strip() for cell in promise.split("|")[2:5]), "what it promises, overtaken, and late"


def test_the_times_between_tries_are_those_of_the_engine() -> None:
    from_text = re.search(r"tried again after ([\d, and]+) seconds", README)
    assert from_text is not None
    told = [int(one.replace(",", "")) for one in re.findall(r"\d[\d,]*\d|\d", from_text[1])]
    assert told == list(BACK_OFF)
