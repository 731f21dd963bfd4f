"""`scenario`: the path of a case step by step; 1 as soon as something differs; no office is touched."""

from __future__ import annotations

import shutil

import pytest

from tests.builders import HOME
from tests.commands_called import Caller

PROCESS, SCENARIO = "izin-optikal", "04-akun-ditolak"


def test_one_scenario_is_told_step_by_step(izin: Caller) -> None:
    told = izin("scenario", PROCESS, SCENARIO)
    assert told.status == 0 and "1. daftar (pemohon)" in told.out and "semua sesuai" in told.out
    assert list(izin.folder.iterdir()) == []


def test_a_scenario_that_differs_is_found_with_its_step(izin: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = izin.folder / "processes"
    shutil.copytree(HOME / "processes", folder)
    monkeypatch.setenv("IZIN_PROCESSES", str(folder))
    path = folder / PROCESS / "scenarios" / f"{SCENARIO}.toml"
    path.write_text(path.read_text().replace('menunggu = ["periksa_akun@front_office"]', "menunggu = []", 1))
    told = izin("scenario", PROCESS, SCENARIO, "--json")
    found = told.document["skenario"][0]["temuan"]
    assert told.status == 1 and told.document["sesuai"] is False
    assert [one["langkah"] for one in found] == [1] and "periksa_akun" in found[0]["pesan"]


@pytest.mark.parametrize("words", [(PROCESS, "tidak-ada"), ("izin-lain",), (PROCESS, "_contoh")])
def test_what_is_not_there_ends_in_a_sentence(izin: Caller, words: tuple[str, ...]) -> None:
    told = izin("scenario", *words)
    assert told.status == 2 and told.err.startswith("izin: ")
