"""`./izin scenario`: one line for each scenario, findings below, the exit status says whether all came out as written."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import pytest

from engine.commands import scenario
from engine.errors import CannotRun
from engine.rules.scenario import Expected

SECOND = Path(__file__).resolve().parents[2] / "second_house"


@pytest.fixture(autouse=True)
def second_house(monkeypatch):
    monkeypatch.setenv("IZIN_PROCESSES", str(SECOND / "processes"))
    monkeypatch.setenv("IZIN_FORMS", str(SECOND / "forms"))


def run(process: str, name: str | None = None, *, as_json: bool = False) -> int:
    return scenario.run(Namespace(proses=process, nama=name, json=as_json))


def test_all_scenarios_of_a_process_are_played(capsys):
    assert run("izin-reklame") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines[:2]] == ["sesuai   besar", "sesuai   kecil"]
    assert lines[-1] == "2 dari 2 skenario sesuai."


def test_one_scenario_as_json(capsys):
    assert run("izin-reklame", "besar", as_json=True) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["sesuai"] is True and [one["skenario"] for one in told["skenario"]] == ["besar"]


def test_a_difference_is_told_and_ends_with_one(capsys, monkeypatch):
    read = scenario.Scenarios.read

    def misread(self, process, name):
        found = read(self, process, name)
        return replace(found, steps=(*found.steps[:-1], replace(found.steps[-1], then=Expected())))

    monkeypatch.setattr(scenario.Scenarios, "read", misread)
    assert run("izin-reklame", "besar") == 1
    told = capsys.readouterr().out
    assert "BERBEDA" in told and "langkah 4: pesan: “reklame_ditolak” tidak disebut" in told


def test_a_process_that_is_not_there_cannot_be_played():
    with pytest.raises(CannotRun):
        run("izin-khayal")
