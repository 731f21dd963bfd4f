"""README's page "Production" is what the proof starts, and the proof holds for a few cases."""

from __future__ import annotations

import pytest

from tests.proofs import production


def test_the_page_names_a_command_for_each_unit() -> None:
    page = (production.HOME / "README.md").read_text("utf-8")
    known = production.commands(page, 8123)
    assert known.keys() == {"izin-web", "izin-worker", "izin-backup"}
    assert known["izin-web"][-1] == "forms.web.wsgi:create()" and "127.0.0.1:8123" in known["izin-web"]
    assert known["izin-worker"][1:] == ["-m", "engine", "work"] and " backup " in known["izin-backup"][-1]


def test_the_set_up_of_the_page_carries_cases_to_their_end(capsys: pytest.CaptureFixture[str]) -> None:
    assert production.main(["--cases", "3"]) == 0
    figures = capsys.readouterr().out.splitlines()[-1]
    assert "web_processes=2 workers=2" in figures and "troubles=0" in figures
