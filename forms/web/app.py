"""The web application: its rooms, what every page carries, who is let in, and which headers go out."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response

from engine.assembly import Engine
from forms.web import (
    administration,
    analyst,
    applicant,
    assets,
    audit,
    calendar,
    calendar_tables,
    casefile,
    cases,
    frame,
    guard,
    health,
    inbox,
    notices,
    public,
    refusals,
    service_cases,
    service_level,
    sign_in,
    signing,
    tasks,
    words,
)
from forms.web.ground import EXTENSION
from forms.web.visitor import remember_guest, token_matches, visitor

ROOMS = (assets.bp, public.bp, sign_in.bp, applicant.bp, tasks.bp, casefile.bp, inbox.bp, notices.bp, signing.bp,
         cases.bp, service_level.bp, service_cases.bp, administration.bp, calendar.bp, calendar_tables.bp, audit.bp,
         analyst.bp, health.bp)
"""Every room of the house, in the order of their addresses."""

MEGABYTE = 1 << 20
LARGEST = (1 << 63) - 1
FORM_BYTES = 2 * MEGABYTE
FORM_PARTS = 3000
POLICY = ("default-src 'self'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'; "
          "form-action 'self'; base-uri 'self'")
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(self), payment=()",
}
"""What every answer carries, unless the view said otherwise."""


class StorableNumber(IntegerConverter):
    """A number in an address that the database can hold; any other is no page."""

    def __init__(self, map: Map, fixed_digits: int = 0, min: int | None = None, max: int | None = None) -> None:
        super().__init__(map, fixed_digits, min, LARGEST if max is None else max)


def create_app(engine: Engine) -> Flask:
    """The application on an assembled engine."""
    app = Flask("forms.web", root_path=str(Path(__file__).parent), static_url_path="/statis")
    app.url_map.converters["int"] = StorableNumber
    app.extensions[EXTENSION] = engine
    app.config.update(MAX_CONTENT_LENGTH=engine.settings.upload_megabytes * MEGABYTE + FORM_BYTES,
                      MAX_FORM_MEMORY_SIZE=FORM_BYTES, MAX_FORM_PARTS=FORM_PARTS, TEMPLATES_AUTO_RELOAD=False)
    app.jinja_env.filters.update(words.FILTERS)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for room in ROOMS:
        app.register_blueprint(room)
    assets.install(app)
    frame.install(app)
    refusals.install(app)
    app.extensions["opens_to"] = guard.table(app)
    app.before_request(enter)
    app.after_request(dress)
    return app


def enter() -> ResponseReturnValue | None:
    """Let nobody into a room that is not theirs, and take no form that this visitor was not given."""
    if request.endpoint is None:
        return None
    if _hides_a_sign():
        return refusals.answer(400)
    if guard.is_public(request.endpoint) and request.method != "POST":
        return None
    if request.method == "POST" and not token_matches():
        return refusals.answer(400, refusals.FORGED)
    if guard.opens(request.endpoint, visitor().roles):
        return None
    if visitor().signed_in is not None:
        return refusals.answer(403)
    if request.method == "GET":
        return redirect(url_for("sign_in.page", lanjut=request.full_path.rstrip("?")))
    return refusals.answer(401)


def _hides_a_sign() -> bool:
    """True for an address with a NUL in it: no such thing was ever stored, and a database server does not even look."""
    given = [request.path, *(one for name, values in request.args.lists() for one in (name, *values))]
    return any("\0" in one for one in given)


def dress(response: Response) -> Response:
    """Security headers; pages of a person are not kept by any cache; a new visitor gets its cookie."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    known = g.get("visitor")
    if request.endpoint not in ("static", "assets.source") and (g.get("form_shown") or known and known.signed_in):
        response.headers.setdefault("Cache-Control", "no-store")
    return remember_guest(response)
