"""Every route says for whom it is, and refuses everybody else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from engine.errors import EngineFault
from engine.rules.people import ROLES, Actor
from forms.web import guard
from forms.web.app import create_app
from tests.builders import Office
from tests.web_builders import Browser

SIGNING = frozenset({"pimpinan"})


@pytest.mark.parametrize(("actor", "roles"), [
    (None, {"public"}),
    (Actor("a", None, "pemohon"), {"public", "masuk", "pemohon"}),
    (Actor("a", "loket", "definitif"), {"public", "masuk", "petugas"}),
    (Actor("a", "pimpinan", "plh"), {"public", "masuk", "petugas", "penandatangan"}),
    (Actor("a", "auditor", "definitif"), {"public", "masuk", "auditor"}),
    (Actor("a", "administrator", "definitif"), {"public", "masuk", "administrator"}),
])
def test_the_capacity_a_person_acts_in_decides_what_opens(actor: Actor | None, roles: set[str]) -> None:
    assert guard.roles_of(actor, SIGNING) == roles


def test_a_route_that_does_not_say_for_whom_it_is_stops_the_start(second_office: Office) -> None:
    app = create_app(second_office.engine)
    app.view_functions["forgotten"] = lambda: ""
    with pytest.raises(EngineFault, match="forgotten"):
        guard.table(app)


def test_a_role_that_nobody_holds_cannot_be_declared() -> None:
    with pytest.raises(EngineFault, match="tukang"):
        guard.opens_to("tukang")


PEOPLE = ("tamu", "pemohon", "petugas", "penandatangan", *ROLES)


def _browser(office: Office, who: str, app: Flask) -> Browser:
    posts = office.edition.process.posts
    signing = next(post.id for post in posts.values() if post.signs)
    plain = next(post.id for post in posts.values() if not post.signs)
    actor = {"tamu": None, "pemohon": office.applicant, "petugas": office.actor(plain),
             "penandatangan": office.actor(signing)}.get(who) if who not in ROLES else office.actor(who)
    return Browser(office, actor, app)


def _calls(app: Flask) -> Iterator[tuple[str, Rule, str]]:
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        values = {name: 1 if name == "number" else "tidak-ada" for name in rule.arguments}
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield method, rule, adapter.build(rule.endpoint, values, method=method)


def _refused(response_status: int, location: str) -> bool:
    return response_status in (401, 403) or (response_status == 302 and location.startswith("/masuk"))


@pytest.mark.parametrize("who", PEOPLE)
def test_every_route_refuses_the_wrong_role_and_lets_the_right_one_in(office: Office, who: str) -> None:
    app = create_app(office.engine)
    table = app.extensions["opens_to"]
    held = {"tamu": {"public"}, "pemohon": {"public", "masuk", "pemohon"}, "petugas": {"public", "masuk", "petugas"},
            "penandatangan": {"public", "masuk", "petugas", "penandatangan"}}.get(who, {"public", "masuk", who})
    wrong = []
    for method, rule, address in _calls(app):
        browser = _browser(office, who, app)
        token = browser.token if method == "POST" else ""
        response = browser.client.open(address, method=method, data={"_token": token} if token else None)
        may = bool(table[rule.endpoint] & held)
        refused = _refused(response.status_code, response.headers.get("Location", ""))
        leaves = rule.endpoint in ("sign_in.leave",)
        if response.status_code >= 500 or (refused == may and not leaves):
            wrong.append((method, address, who, response.status_code))
    assert wrong == []
