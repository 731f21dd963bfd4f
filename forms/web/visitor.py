"""Who is asking, and in which capacity: the session behind the cookie, and the token that every form must carry back.

A signed-in person's token is kept with the session in the database. A visitor gets a random cookie that no script and
no other site can read, and the token is derived from it: so looking at the front page writes nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from flask import g, request
from werkzeug.wrappers import Response

from engine.assembly import SignedIn
from engine.rules.people import VISITOR, Actor
from forms.web import guard
from forms.web.ground import engine, signing_posts

SESSION, GUEST = "izin_sesi", "izin_tamu"
FIELD, HEADER = "_token", "X-Izin-Token"


@dataclass(frozen=True)
class Visitor:
    """The person behind a request; `signed_in` None = somebody without account."""

    signed_in: SignedIn | None
    secret: str

    @property
    def actor(self) -> Actor | None:
        """In which capacity this person acts; None for a visitor, and for an officer without appointment."""
        if self.signed_in is None or self.signed_in.account is None:
            return None
        idle = self.signed_in.account.staff and not self.signed_in.appointments
        return None if idle else self.signed_in.actor

    @property
    def name(self) -> str:
        """The person's name."""
        account = self.signed_in.account if self.signed_in else None
        return account.name if account else ""

    @property
    def token(self) -> str:
        """What every form sent by this visitor carries."""
        if self.signed_in is not None:
            return self.signed_in.session.csrf
        return hashlib.sha256(b"izin form " + self.secret.encode()).hexdigest()

    @property
    def holder(self) -> str:
        """Under which name uploads are kept before there is a case."""
        return hashlib.sha256(b"izin files " + self.secret.encode()).hexdigest()

    @property
    def roles(self) -> frozenset[str]:
        """What this visitor may open, in the capacity chosen."""
        found = guard.roles_of(self.actor, signing_posts())
        return found | {"masuk"} if self.signed_in is not None else found


def visitor() -> Visitor:
    """Who is asking now; read once per request."""
    if "visitor" not in g:
        secret = request.cookies.get(SESSION, "")
        signed_in = engine().identity.resume(secret) if secret else None
        known = signed_in is not None and signed_in.account is not None
        g.visitor = Visitor(signed_in, secret) if known else Visitor(None, _guest_secret())
    return g.visitor


def current_actor() -> Actor:
    """The person in the capacity chosen; somebody unknown acts as a visitor."""
    return visitor().actor or VISITOR


def _guest_secret() -> str:
    known = request.cookies.get(GUEST, "")
    if not known:
        g.new_guest = engine().clock.new_token()
    return known or g.new_guest


def token_matches() -> bool:
    """True when the form (or the script's header) carries this visitor's token."""
    given = request.headers.get(HEADER) or request.form.get(FIELD, "")
    return hmac.compare_digest(given.encode(), visitor().token.encode())


def remember_guest(response: Response) -> Response:
    """Give a new visitor the cookie that its form's token is made of."""
    secret = g.get("new_guest")
    if secret and g.get("form_shown"):
        set_cookie(response, GUEST, secret)
    return response


def form_token() -> str:
    """The token for a form of this page."""
    g.form_shown = True
    return visitor().token


def set_cookie(response: Response, name: str, value: str) -> None:
    """A cookie that scripts and other sites do not get; only over https when the page came that way."""
    response.set_cookie(name, value, httponly=True, samesite="Lax", secure=request.is_secure, path="/")
