"""Where an office lets applicants repair what a field visit found: what each of them then sees."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.assembly import scenarios
from engine.authoring.scenarios import otherwise
from engine.rules.people import Actor
from tests.builders import HOME, Office, open_office, settings_of
from tests.web_builders import Browser
from tests.web_cases import address, played

REPAIRED, TOML = "09-perbaikan-hasil-peninjauan", "processes/izin-optikal/process.toml"
FOUND = "Papan nama belum terpasang."


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The house with the choice made as that case wants it."""
    house = tmp_path_factory.mktemp("rumah")
    for room in ("processes", "forms"):
        shutil.copytree(HOME / room, house / room, ignore=shutil.ignore_patterns("*.py", "web"))
    scenario = scenarios(settings_of(house, house)).read("izin-optikal", REPAIRED)
    (house / TOML).write_bytes(otherwise({TOML: (house / TOML).read_bytes()}, TOML, scenario)[TOML])
    return house


@pytest.fixture
def office(house: Path, tmp_path: Path) -> Iterator[Office]:
    opened = open_office(tmp_path, house)
    yield opened
    opened.engine.close()


def applicant_of(office: Office, case: str) -> Browser:
    return Browser(office, Actor(office.row(case).applicant, None, "pemohon"))


def test_the_applicant_reads_what_was_found_and_that_time_stands_still(office: Office) -> None:
    case = played(office, REPAIRED, "perbaiki_temuan")
    browser = applicant_of(office, case)
    browser.get(f"/permohonan/{case}")
    for words in ("Perbaikan temuan oleh pemohon", "Berhenti dihitung sejak Jumat, 12 Juni 2026, 14.00 WIB",
                  "Memperbaiki temuan peninjauan: baca catatan petugas", "1 dari 30 butir: Papan nama"):
        assert words in browser.text
    browser.get(address(office.task(case, "perbaiki_temuan")))
    assert FOUND in browser.text and "Papan nama" in browser.text and "Belum terpasang." in browser.text
    assert "Trial lens set" not in browser.text, "only what was found wanting is asked for"


def test_the_team_decides_at_the_second_visit(office: Office) -> None:
    case = played(office, REPAIRED, "perbaiki_temuan")
    known = next(one for one in office.scenario(REPAIRED).steps if one.name == "perbaiki_temuan")
    office.clock.move_to(known.at)
    values = {**known.values, "butir": [{**one, "foto": []} for one in known.values["butir"]]}
    office.complete(case, "perbaiki_temuan", values)
    browser = Browser(office, office.actor("tim_teknis"))
    browser.get(address(office.task(case, "hasil_peninjauan")))
    assert "Rekomendasi teknis" in browser.text
    browser.get(f"/berkas/{case}")
    assert "Papan nama sudah dipasang di depan toko." in browser.text


def test_as_shipped_nobody_is_told_of_repairs(tmp_path: Path) -> None:
    shipped = open_office(tmp_path)
    browser = Browser(shipped)
    browser.get("/layanan/izin-optikal")
    assert "emperbaiki temuan" not in browser.text
    shipped.engine.close()
