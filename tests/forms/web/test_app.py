"""What every answer carries, which forms are taken, and how a no and a fault are said."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from engine.errors import StoreUnavailable
from forms.web import app as application
from forms.web.app import create_app
from forms.web.guard import opens_to
from tests.builders import Office
from tests.web_builders import Browser

TEMPLATES = Path(application.__file__).parent / "templates"


@pytest.fixture
def someone(second_office: Office) -> Browser:
    return Browser(second_office)


@pytest.mark.parametrize("address", ["/", "/masuk", "/tidak-ada", "/aset/look.css"])
def test_every_answer_carries_the_security_headers(someone: Browser, address: str) -> None:
    headers = someone.get(address).headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'self'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'; form-action 'self'; "
        "base-uri 'self'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


def test_over_https_the_cookies_are_secure_and_the_browser_is_told_to_stay_there(someone: Browser) -> None:
    response = someone.client.get("/masuk", base_url="https://izin.example")
    assert "Secure" in response.headers["Set-Cookie"] and "HttpOnly" in response.headers["Set-Cookie"]
    assert "SameSite=Lax" in response.headers["Set-Cookie"]
    assert response.headers["Strict-Transport-Security"].startswith("max-age=")


def test_a_page_of_a_person_is_kept_by_no_cache(second_office: Office) -> None:
    signed_in = Browser(second_office, second_office.applicant)
    assert signed_in.get("/permohonan").headers["Cache-Control"] == "no-store"


def test_no_template_holds_what_the_policy_forbids() -> None:
    forbidden = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*(\ssrc=|application/json))")
    found = [f"{path.name}: {match[0]}" for path in TEMPLATES.rglob("*.html")
             for match in forbidden.finditer(path.read_text("utf-8"))]
    assert found == []


def test_no_form_is_taken_without_the_token_of_its_visitor(second_office: Office) -> None:
    browser = Browser(second_office, second_office.applicant)
    other = Browser(second_office, second_office.actor("auditor"), browser.app)
    taken = []
    for rule in browser.app.url_map.iter_rules():
        if "POST" in (rule.methods or set()):
            values = {name: 1 if name == "number" else "x" for name in rule.arguments}
            address = browser.app.url_map.bind("localhost").build(rule.endpoint, values, method="POST")
            for token in ("", "keliru", other.token):
                if browser.client.post(address, data={"_token": token}).status_code != 400:
                    taken.append((address, token))
    assert taken == []


def test_the_token_may_come_in_a_header_for_scripts(second_office: Office) -> None:
    browser = Browser(second_office, second_office.applicant)
    response = browser.client.post("/ajukan/izin-reklame", headers={"X-Izin-Token": browser.token})
    assert response.status_code == 302


def test_a_page_that_is_not_there_says_so_in_plain_words(someone: Browser) -> None:
    assert someone.get("/tidak-ada").status_code == 404
    assert someone.heading == "Halaman tidak ditemukan"


def _with_a_fault(office: Office) -> Flask:
    app = create_app(office.engine)

    @opens_to("public")
    def broken() -> str:
        raise RuntimeError("3214012345670001 must not be seen")
    app.add_url_rule("/rusak", "broken", broken)
    app.extensions["opens_to"] = app.extensions["opens_to"] | {"broken": frozenset({"public"})}
    return app


def test_a_fault_becomes_an_incident_with_a_number_and_no_trace(
        second_office: Office, caplog: pytest.LogCaptureFixture) -> None:
    browser = Browser(second_office, app=_with_a_fault(second_office))
    with caplog.at_level(logging.ERROR, logger="izin.web"):
        response = browser.get("/rusak")
    assert response.status_code == 500
    number = browser.page.find("strong", class_="mono").get_text()
    assert re.fullmatch(r"[A-Z0-9]{8}", number)
    assert caplog.records[0].__dict__["incident"] == number
    for secret in ("RuntimeError", "Traceback", "3214012345670001"):
        assert secret not in response.get_data(as_text=True)


def test_when_the_store_cannot_be_reached_a_page_still_says_so(
        someone: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    @contextmanager
    def gone() -> Iterator[None]:
        raise StoreUnavailable("disk full")
        yield
    monkeypatch.setattr(someone.office.engine.database, "reading", gone)
    someone.app.config["DEMO"] = False
    response = someone.get("/")
    assert response.status_code == 503
    assert someone.heading == "Layanan sedang tidak dapat menyimpan"
    assert "disk full" not in response.get_data(as_text=True)


def test_more_than_an_upload_may_weigh_is_refused_in_words(someone: Browser) -> None:
    assert someone.app.config["MAX_CONTENT_LENGTH"] >= someone.office.engine.settings.upload_megabytes << 20
    someone.app.config["MAX_CONTENT_LENGTH"] = 10_000
    response = someone.send("/periksa", {"berkas": ("besar.pdf", b"x" * 10_001)})
    assert response.status_code == 413
    assert someone.heading == "Berkas terlalu besar"


def test_the_head_shows_office_and_process_from_their_files(someone: Browser) -> None:
    someone.get("/")
    head = someone.page.find("header").get_text(" ", strip=True)
    assert "Izin Reklame Kecil" in head and "Pemerintah Kabupaten Rekaan" in head


def test_only_a_demo_carries_the_banner_on_every_page(office: Office, someone: Browser) -> None:
    someone.get("/")
    assert someone.page.find(class_="demo-banner") is None
