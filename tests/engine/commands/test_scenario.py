"""`./izin scenario`: one line for each scenario, findings below, the exit status says whether all came out as written."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.authoring.scenarios import Scenarios
from engine.cli import main
from engine.rules.scenario import Scenario

SECOND = Path(__file__).resolve().parents[2] / "second_house"


@pytest.fixture(autouse=True)
def second_house(monkeypatch):
    monkeypatch.setenv("IZIN_PROCESSES", str(SECOND / "processes"))
    monkeypatch.setenv("IZIN_FORMS", str(SECOND / "forms"))


def test_all_scenarios_of_a_process_are_played(capsys):
    assert main(["scenario", "izin-reklame"]) == 0
    told = capsys.readouterr()
    assert "2 skenario dimainkan: semua sesuai." in told.out
    assert "besar" in told.out + told.err and "kecil" in told.out + told.err


def test_one_scenario_tells_its_path(capsys):
    assert main(["scenario", "izin-reklame", "besar"]) == 0
    assert "putuskan_reklame (camat) → menunggu -; akhir reklame_ditolak" in capsys.readouterr().out


def test_one_scenario_as_json(capsys):
    assert main(["scenario", "izin-reklame", "besar", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["sesuai"] is True and [one["skenario"] for one in told["skenario"]] == ["besar"]


def test_a_difference_is_told_with_its_step_and_ends_with_one(capsys, monkeypatch):
    misread = _read_from(Scenarios.read, "kecil")
    monkeypatch.setattr(Scenarios, "read", misread)
    assert main(["scenario", "izin-reklame", "besar", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)["skenario"][0]
    assert told["sesuai"] is False
    assert {"langkah": 4, "pesan": "pesan: “reklame_kembali” tidak ada"} in told["temuan"]


def _read_from(read, other: str):
    """Expects of every scenario what another one tells."""
    def misread(self: Scenarios, process: str, name: str) -> Scenario:
        found, strange = read(self, process, name), read(self, process, other)
        steps = [replace(one, then=two.then, refused=two.refused) for one, two in zip(found.steps, strange.steps)]
        return replace(found, steps=tuple(steps))
    return misread


@pytest.mark.parametrize("words", [["izin-khayal"], ["izin-reklame", "khayal"]])
def test_what_is_not_there_cannot_be_played(words):
    assert main(["scenario", *words]) == 2
