"""For balancers and monitors: alive without asking anybody, ready or not, figures for those who may know them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from engine.settings import Settings
from forms.web.app import create_app
from forms.web.wsgi import behind
from tests.builders import Office


def client(office: Office, **options: object) -> FlaskClient:
    return create_app(replace(office.engine, settings=replace(office.engine.settings, **options))).test_client()


def away(office: Office) -> None:
    """The database no longer takes anybody in."""
    with office.engine.database.transaction() as connection:
        connection.execute(text("DROP TABLE edition_file"))
        connection.execute(text("DROP TABLE edition"))
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))


def test_alive_asks_nobody(second_office: Office) -> None:
    away(second_office)
    answer = client(second_office).get("/healthz")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "hidup\n", "text/plain")


def test_ready_while_the_database_is(second_office: Office) -> None:
    assert client(second_office).get("/readyz").status_code == 200
    away(second_office)
    answer = client(second_office).get("/readyz")
    assert answer.status_code == 503 and "lebih baru" in answer.text


def test_an_outsider_is_not_told_why(second_office: Office) -> None:
    away(second_office)
    answer = client(second_office).get("/readyz", environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert (answer.status_code, answer.text) == (503, "belum siap\n")


def test_figures_for_this_machine(second_office: Office) -> None:
    answer = client(second_office).get("/metrics")
    assert answer.status_code == 200 and "izin_cases" in answer.text and answer.content_type.startswith("text/plain")


@pytest.mark.parametrize("asked", [
    {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}, {"headers": {"X-Forwarded-For": "127.0.0.1"}},
    {"headers": {"Forwarded": "for=127.0.0.1"}}, {"environ_base": {"REMOTE_ADDR": ""}}])
def test_no_figures_for_others_and_none_through_a_proxy(second_office: Office, asked: dict[str, object]) -> None:
    assert client(second_office).get("/metrics", **asked).status_code == 403


def test_with_a_token_set_only_the_token_counts(second_office: Office) -> None:
    browser = client(second_office, metrics_token="rahasia pemantau")
    afar = {"REMOTE_ADDR": "203.0.113.9"}
    assert browser.get("/metrics").status_code == 403
    assert browser.get("/metrics", headers={"Authorization": "Bearer salah"}).status_code == 403
    given = {"Authorization": "Bearer rahasia pemantau"}
    assert browser.get("/metrics", headers=given, environ_base=afar).status_code == 200


@pytest.mark.parametrize("address", ["/lacak?nomor=a%00b", "/permohonan/%00", "/?%00=1"])
def test_an_address_with_a_hidden_sign_is_refused(second_office: Office, address: str) -> None:
    assert client(second_office).get(address).status_code in (400, 404)


@pytest.mark.parametrize(("proxies", "sent", "seen"), [
    (0, "198.51.100.7", "127.0.0.1 http"), (1, "198.51.100.7", "198.51.100.7 https"),
    (1, "127.0.0.1, 198.51.100.7", "198.51.100.7 https"), (2, "198.51.100.7", "127.0.0.1 https")])
def test_as_many_proxies_are_believed_as_there_are(proxies: int, sent: str, seen: str) -> None:
    @Request.application
    def who(request: Request) -> Response:
        return Response(f"{request.remote_addr} {request.scheme}")
    headers = {"X-Forwarded-For": sent, "X-Forwarded-Proto": "https" + ",https" * (proxies - 1)}
    answer = Client(behind(who, proxies)).get("/", headers=headers, environ_base={"REMOTE_ADDR": "127.0.0.1"})
    assert answer.text == seen


def test_a_folder_behind_a_proxy_is_not_local() -> None:
    assert Settings().is_local and not Settings(proxy=1).is_local
