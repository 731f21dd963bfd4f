"""`doctor`: what is missing is named with its remedy; looking changes nothing."""

from __future__ import annotations

import pytest

from engine.commands import doctor
from engine.commands.parts.office import made_ready
from engine.settings import Settings
from tests.builders import Office
from tests.commands_called import Caller


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine itself is another matter: what is looked at here is the office."""
    monkeypatch.setattr(doctor, "_machine", lambda: iter(()))


def test_an_office_in_order_is_ready(office: Office, izin: Caller) -> None:
    told = izin("doctor")
    assert (told.status, told.out.splitlines()[-1]) == (0, "Siap.")


def test_an_empty_place_is_not_and_stays_empty(izin: Caller) -> None:
    nowhere = Caller(izin.capsys, izin.folder / "kosong")
    told = nowhere("doctor", "--json")
    missing = {one["what"]: one["remedy"] for one in told.document["periksa"] if one["good"] is False}
    assert told.status == 1 and missing.keys() == {"Folder kantor", "Basis data"} and all(missing.values())
    assert list(izin.folder.iterdir()) == []


def test_an_office_without_administrator_is_told_how_to_get_one(izin: Caller) -> None:
    made_ready(Settings(data=izin.folder)).close()
    assert "./izin admin create" in izin("doctor").out


def test_a_package_in_another_version_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "version", lambda name: "0.0.1")
    assert all("0.0.1, seharusnya" in one for one in doctor._packages())


def test_the_packages_of_this_machine_are_looked_up_by_their_own_names() -> None:
    assert list(doctor._packages()) == []


def test_clocks_that_differ_are_found(postgres_url: str, izin: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IZIN_DATABASE_URL", postgres_url)
    made_ready(Settings(data=izin.folder, database_url=postgres_url)).close()
    checks = {one["what"]: one for one in izin("doctor", "--json").document["periksa"]}
    assert checks["Jam"]["good"] is True
    monkeypatch.setattr(doctor, "LARGEST_DRIFT", -1.0)
    assert "chrony" in izin("doctor").out
