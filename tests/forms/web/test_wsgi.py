"""The entry for servers of many processes: an application where there is a real, migrated office, else one sentence."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from werkzeug.test import Client

from engine.errors import CannotRun
from engine.store import directory
from forms.web.wsgi import create
from tests.builders import SECOND, Office


@pytest.fixture(autouse=True)
def environment(second_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IZIN_DATA", str(second_office.engine.settings.data))
    monkeypatch.setenv("IZIN_PROCESSES", str(SECOND / "processes"))
    monkeypatch.setenv("IZIN_FORMS", str(SECOND / "forms"))
    monkeypatch.setenv("IZIN_PROXY", "1")


def test_it_serves_the_office_behind_a_proxy() -> None:
    client = Client(create())
    answer = client.get("/masuk", headers={"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"})
    assert answer.status_code == 200 and "Strict-Transport-Security" in answer.headers
    assert client.get("/readyz").text == "siap\n"


def refused(capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(CannotRun):
        create()
    return capsys.readouterr().err


def test_a_demo_is_not_served(second_office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    with second_office.engine.database.transaction() as connection:
        directory.save_setting(connection, "demo", "ya")
    assert "berisi contoh" in refused(capsys)


def test_a_database_of_another_revision_is_not_served(second_office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    with second_office.engine.database.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "lebih baru" in refused(capsys)


def test_a_setting_nobody_knows_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("IZIN_PROXI", "1")
    assert "IZIN_PROXI" in refused(capsys)
