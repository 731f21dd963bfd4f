"""`replay`: in a process of its own, 0 when every step comes out as recorded, 1 with the first that does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from engine.audit.replay import Divergence, Replayed, Replays
from tests.builders import HOME, SECOND, Office, apply_for_sign, finished_sign
from tests.commands_called import Caller


@pytest.fixture(autouse=True)
def second_house(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IZIN_PROCESSES", str(SECOND / "processes"))
    monkeypatch.setenv("IZIN_FORMS", str(SECOND / "forms"))


def test_one_case_or_all(second_office: Office, izin: Caller) -> None:
    case = finished_sign(second_office)
    apply_for_sign(second_office)
    one, everything = izin("replay", case, "--json"), izin("replay", "--all", "--json")
    assert (one.status, everything.status) == (0, 0)
    assert (one.document["berkas"], everything.document["berkas"]) == (1, 2)
    assert "semua sama" in izin("replay", str(second_office.row(case).number)).out


@pytest.mark.parametrize("words", [(), ("x", "--all")])
def test_one_or_all_must_be_said(second_office: Office, izin: Caller, words: tuple[str, ...]) -> None:
    assert izin("replay", *words).status == 2


def test_the_first_divergence_is_told(second_office: Office, izin: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    case = finished_sign(second_office)
    found = Divergence(case, 4, "completed", "keadaan", "a" * 64, "b" * 64)
    monkeypatch.setattr(Replays, "case", lambda self, wanted: Replayed(wanted, 3, found))
    told = izin("replay", case)
    assert told.status == 1 and f"Berkas {case}, langkah 4" in told.out
    assert izin("replay", "--all", "--json").document["perbedaan"][0]["seq"] == 4


def test_another_process_in_another_zone_with_another_seed_agrees(second_office: Office) -> None:
    finished_sign(second_office)
    second_office.engine.close()
    folder = second_office.engine.settings.data
    environment = {**os.environ, "PYTHONPATH": str(HOME), "PYTHONHASHSEED": "77", "TZ": "Pacific/Kiritimati"}
    done = subprocess.run([sys.executable, "-m", "engine", "replay", "--all", "--json", "--data", folder], cwd=HOME,
                          env=environment, capture_output=True, check=True)
    assert json.loads(done.stdout)["sama"] is True
