"""`deploy`: a sound edition goes into force, a faulty one does not, and nothing changes without a change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.builders import SECOND, Office, apply_for_sign
from tests.commands_called import Caller

NAME = "izin-reklame"


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the second house that a test may change."""
    copy = tmp_path / "rumah"
    shutil.copytree(SECOND, copy)
    monkeypatch.setenv("IZIN_PROCESSES", str(copy / "processes"))
    monkeypatch.setenv("IZIN_FORMS", str(copy / "forms"))
    return copy


def change(house: Path, old: str, new: str, name: str = "process.toml") -> None:
    path = house / "processes" / NAME / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_the_edition_in_force_is_left_alone(house: Path, second_office: Office, izin: Caller) -> None:
    told = izin("deploy", NAME)
    assert told.status == 0 and told.out.startswith("0 hal berbeda")
    assert len(second_office.engine.catalog.listed()) == 1


def test_a_changed_edition_goes_into_force_for_new_cases_only(house: Path, second_office: Office, izin: Caller) -> None:
    old = apply_for_sign(second_office)
    change(house, "luas &gt; 8", "luas &gt; 9", f"{NAME}.bpmn")
    told = izin("deploy", NAME, "--json")
    new = apply_for_sign(second_office)
    assert told.status == 0 and told.document["nomor"] == 2
    assert any(f"{NAME}.bpmn" in one for one in told.document["perbedaan"])
    assert second_office.row(old).edition != second_office.row(new).edition == told.document["edisi"]


def test_a_look_changes_nothing(house: Path, second_office: Office, izin: Caller) -> None:
    change(house, "3 hari kerja sejak", "4 hari kerja sejak")
    told = izin("deploy", NAME, "--dry-run")
    assert told.status == 0 and "process.toml" in told.out and len(second_office.engine.catalog.listed()) == 1


def test_a_faulty_edition_is_refused_with_its_faults(house: Path, second_office: Office, izin: Caller) -> None:
    change(house, "'daftar_reklame'", "'tidak_ada'", f"{NAME}.bpmn")
    told = izin("deploy", NAME)
    assert told.status == 1 and "Belum layak" in told.out and "./izin check" in told.out
    assert len(second_office.engine.catalog.listed()) == 1


def test_an_edition_that_was_in_force_before_is_refused(house: Path, second_office: Office, izin: Caller) -> None:
    change(house, "3 hari kerja sejak", "4 hari kerja sejak")
    assert izin("deploy", NAME).status == 0
    change(house, "4 hari kerja sejak", "3 hari kerja sejak")
    told = izin("deploy", NAME)
    assert told.status == 2 and "pernah berlaku" in told.err


def test_a_process_that_is_not_there_ends_in_a_sentence(house: Path, second_office: Office, izin: Caller) -> None:
    assert izin("deploy", "izin-lain").status == 2
