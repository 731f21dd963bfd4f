"""What processes/README.md tells a newcomer to type works, and the scenario it shows comes out as shown."""

from __future__ import annotations

import re
import shutil

from engine.assembly import scenarios
from engine.cli import main
from engine.settings import Settings
from tests.processes.houses import HOME

README = (HOME / "processes" / "README.md").read_text(encoding="utf-8")
INDENTED = re.compile(r"^ {7}\./izin (.+)$", re.MULTILINE)


def test_each_command_of_the_six_steps_runs(capsys):
    commands = INDENTED.findall(README)
    assert [words.split()[0] for words in commands] == ["check", "scenario"]
    for words in commands:
        assert main(words.split()) == 0, capsys.readouterr()


def test_the_scenario_it_shows_comes_out_as_shown(tmp_path):
    shown, = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    shutil.copytree(HOME / "processes", tmp_path / "processes")
    (tmp_path / "processes" / "izin-optikal" / "scenarios" / "contoh-baca.toml").write_text(shown)
    found = scenarios(Settings(processes=tmp_path / "processes"))
    assert found.play("izin-optikal", "contoh-baca").findings == ()
