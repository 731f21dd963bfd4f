"""Playing a scenario: what differs is named with its step, what cannot be played is refused, nothing is left behind."""

from __future__ import annotations

import shutil
import tempfile
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from engine.assembly import scenarios
from engine.authoring.scenarios import Scenarios, otherwise
from engine.errors import NotFound
from engine.rules.scenario import ScenarioRefused
from engine.settings import Settings

SECOND = Path(__file__).resolve().parents[2] / "second_house"
PROCESS = "izin-reklame"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    shutil.copytree(SECOND, tmp_path / "rumah")
    return tmp_path / "rumah"


def found_in(house: Path) -> Scenarios:
    return scenarios(Settings(processes=house / "processes", forms=house / "forms"))


def rewritten(house: Path, name: str, old: str, new: str, times: int = -1) -> None:
    path = house / "processes" / PROCESS / "scenarios" / f"{name}.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, times))


def told(house: Path, name: str) -> list[tuple[int, str]]:
    return [(one.step, one.message) for one in found_in(house).play(PROCESS, name).findings]


def test_every_scenario_of_a_process_is_found_and_the_shared_values_are_none(house):
    (house / "processes" / PROCESS / "scenarios" / "_contoh.toml").write_text("[ajukan_reklame.kecil]\nluas = \"6\"\n")
    assert found_in(house).names(PROCESS) == ["besar", "kecil"]


def test_a_due_date_that_differs_is_told_with_both_dates(house):
    rewritten(house, "besar", "2026-06-11T15:00:00+07:00", "2026-06-12T11:00:00+07:00")
    assert told(house, "besar") == [(3, "batas putuskan_reklame: diharapkan 2026-06-12T11:00:00+07:00, "
                                        "nyatanya 2026-06-11T15:00:00+07:00")]


def test_a_refusal_that_was_not_expected_is_told_in_the_words_of_the_form(house):
    rewritten(house, "besar", 'alasan = "Papan menutupi rambu jalan."', 'alasan = ""')
    (step, message), = told(house, "besar")
    assert step == 4 and "diharapkan diterima, nyatanya isian_salah" in message and "Alasan penolakan" in message


def test_a_task_that_never_waited_is_told_and_the_rest_is_still_played(house):
    rewritten(house, "kecil", 'tugas = "lengkapi_reklame"', 'tugas = "putuskan_reklame"')
    assert [step for step, _ in told(house, "kecil")] == [5, 6]


def test_somebody_else_s_task_is_refused_by_the_engine_itself(house):
    rewritten(house, "besar", 'siapa = "camat"', 'siapa = "loket"')
    (step, message), = told(house, "besar")
    assert step == 4 and "tidak_berwenang" in message


def test_an_automatic_step_that_does_not_end_stops_the_scenario(house):
    diagram = house / "processes" / PROCESS / f"{PROCESS}.bpmn"
    diagram.write_text(diagram.read_text().replace("'surat_reklame'", "'surat_hilang'"))
    (step, message), = told(house, "kecil")
    assert step == 6 and "surat_reklame" in message


def test_a_choice_that_the_process_does_not_offer_is_refused(house):
    rewritten(house, "besar", "[[langkah]]", "pilihan = { mediasi = true }\n[[langkah]]", times=1)
    with pytest.raises(ScenarioRefused) as refusal:
        told(house, "besar")
    assert "mediasi" in refusal.value.advice


def test_a_choice_is_otherwise_only_for_the_scenario_that_says_so(house):
    settings = house / "processes" / PROCESS / "process.toml"
    settings.write_text(settings.read_text() + "\n[pilihan.mediasi]\nsumber = \"contoh\"\ndipakai = false\n")
    before = settings.read_bytes()
    known, files = found_in(house), {"processes/izin-reklame/process.toml": before}
    plain = known.read(PROCESS, "besar")
    asked = replace(plain, choices={"mediasi": True})
    for scenario, made in ((plain, False), (asked, True)):
        (text,) = otherwise(files, "processes/izin-reklame/process.toml", scenario).values()
        assert tomllib.loads(text.decode())["pilihan"]["mediasi"] == {"sumber": "contoh", "dipakai": made}
    assert settings.read_bytes() == before


def test_somebody_unknown_is_refused(house):
    rewritten(house, "besar", 'siapa = "camat"', 'siapa = "bupati"')
    with pytest.raises(ScenarioRefused) as refusal:
        told(house, "besar")
    assert "bupati" in refusal.value.advice


def test_a_scenario_that_is_not_there_is_not_found(house):
    for name in ("tidak-ada", "_contoh"):
        with pytest.raises(NotFound):
            found_in(house).play(PROCESS, name)


def test_nothing_is_left_behind(house, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = sorted(path.name for path in tmp_path.iterdir())
    assert found_in(house).play(PROCESS, "besar").good
    assert sorted(path.name for path in tmp_path.iterdir()) == before
