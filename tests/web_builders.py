"""A visitor's browser for tests: Flask's client that keeps cookies, reads pages, and sends forms as a browser would.

    browser = Browser(office)                       # somebody unknown
    browser = Browser(office, office.applicant)     # signed in, without paying for a password hash
    page = browser.get("/permohonan")
    page = browser.send("/ajukan/izin-reklame")     # POST with the token of the page seen last
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from io import BytesIO
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.test import TestResponse

from engine.clock import stamp
from engine.digest import sha256
from engine.rules.people import Actor
from engine.store import directory
from engine.store.directory import AccountRow, SessionRow
from forms.web.app import create_app
from forms.web.visitor import FIELD, SESSION
from tests.builders import Office

Answers = Mapping[str, str | Sequence[str] | tuple[str, bytes]]


class Browser:
    """One person before the screen."""

    def __init__(self, office: Office, actor: Actor | None = None, app: Flask | None = None) -> None:
        self.office = office
        self.app = app or create_app(office.engine)
        self.client = self.app.test_client()
        self.page: BeautifulSoup = BeautifulSoup("", "html.parser")
        if actor is not None:
            self.client.set_cookie(SESSION, open_session(office, actor))

    def get(self, address: str, *, follow: bool = True) -> TestResponse:
        """Open a page."""
        return self._seen(self.client.get(address, follow_redirects=follow, buffered=True))

    def send(self, address: str, answers: Answers | None = None, *, follow: bool = True) -> TestResponse:
        """Send a form to an address, with the token that this person's pages carry."""
        values: dict[str, Any] = {FIELD: self.token, **{name: _value(one) for name, one in (answers or {}).items()}}
        return self._seen(self.client.post(address, data=values, content_type="multipart/form-data",
                                           follow_redirects=follow, buffered=True))

    @property
    def token(self) -> str:
        """The token on the page seen last, else that of the sign-in or account page."""
        found = self.page.find("input", {"name": FIELD})
        if found is None:
            self.get("/kontak")
            self.get("/jabatan")
            found = self.page.find("input", {"name": FIELD})
        return str(found["value"]) if found else ""

    def form(self) -> dict[str, Any]:
        """What the task form on this page would send if nobody typed anything."""
        form = self.page.find("form", id="isian")
        assert form is not None, self.text
        sent: dict[str, Any] = {}
        for one in form.find_all(["input", "textarea", "select"]):
            _take(sent, one)
        return sent

    @property
    def text(self) -> str:
        """The words of the page, spaces and line breaks evened out."""
        return " ".join(self.page.get_text(" ").split())

    @property
    def heading(self) -> str:
        """The page's heading."""
        found = self.page.find("h1")
        return found.get_text(" ", strip=True) if found else ""

    def _seen(self, response: TestResponse) -> TestResponse:
        if response.mimetype == "text/html":
            self.page = BeautifulSoup(response.get_data(as_text=True), "html.parser")
        return response


def _value(one: Any) -> Any:
    return (BytesIO(one[1]), one[0]) if isinstance(one, tuple) and len(one) == 2 and isinstance(one[1], bytes) else one


def _take(sent: dict[str, Any], one: Any) -> None:
    name, kind = one.get("name"), one.get("type")
    if not name or kind in ("file", "password", "submit"):
        return
    if one.name == "select":
        chosen = one.find("option", selected=True)
        sent[name] = chosen["value"] if chosen else ""
    elif one.name == "textarea":
        sent[name] = one.get_text().removeprefix("\n")
    elif kind not in ("radio", "checkbox") or one.has_attr("checked"):
        value = one.get("value", "")
        sent[name] = [*([sent[name]] if isinstance(sent[name], str) else sent[name]), value] if name in sent else value


def open_session(office: Office, actor: Actor) -> str:
    """The cookie of a session that was signed in to."""
    engine = office.engine
    token, now = engine.clock.new_token(), engine.clock.now()
    row = SessionRow(sha256(token.encode()), actor.account, None, engine.clock.new_token(), stamp(now),
                     stamp(now + timedelta(hours=10)))
    with engine.database.transaction() as connection:
        directory.save_session(connection, row)
    return token


def new_applicant(office: Office, name: str, identity: str = "") -> Actor:
    """One more person with an applicant's account."""
    engine = office.engine
    row = AccountRow(engine.clock.new_id(), name.lower(), name, f"{name.lower()}@rekaan.example", False, True,
                     stamp(engine.clock.now()), identity=identity)
    with engine.database.transaction() as connection:
        directory.save_account(connection, row)
    return Actor(row.id, None, "pemohon")
