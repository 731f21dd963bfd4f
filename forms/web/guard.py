"""Which route is for whom: every endpoint declares it, and one table holds all declarations.

    public         anyone, signed in or not          masuk          anyone signed in
    pemohon        an applicant                      petugas        an officer in a post of a process
    penandatangan  an officer in a signing post      auditor, analis, administrator   posts of every office
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from flask import Flask, current_app

from engine.errors import EngineFault
from engine.rules.people import ROLES as OFFICE_ROLES
from engine.rules.people import Actor

ROLES = ("public", "pemohon", "petugas", "penandatangan", *OFFICE_ROLES, "masuk")
STATIC = {"static": frozenset({"public"})}
MARK = "_opens_to"

View = TypeVar("View", bound=Callable[..., object])


def opens_to(*roles: str) -> Callable[[View], View]:
    """Declare for whom a view is."""
    unknown = set(roles) - set(ROLES)
    if unknown or not roles:
        raise EngineFault(f"no such role: {sorted(unknown)}")

    def declare(view: View) -> View:
        setattr(view, MARK, frozenset(roles))
        return view
    return declare


def table(app: Flask) -> Mapping[str, frozenset[str]]:
    """Endpoint -> roles, of every route of the application; EngineFault for one that declares nothing."""
    declared = {name: getattr(view, MARK, STATIC.get(name, frozenset())) for name, view in app.view_functions.items()}
    forgotten = sorted(name for name, roles in declared.items() if not roles)
    if forgotten:
        raise EngineFault(f"these routes do not say whom they open to: {', '.join(forgotten)}")
    return declared


def is_public(endpoint: str) -> bool:
    """True for a route that needs nobody to be known: it also answers while the database does not."""
    return "public" in current_app.extensions["opens_to"].get(endpoint, frozenset())


def opens(endpoint: str, roles: frozenset[str]) -> bool:
    """True when one of these roles opens the route."""
    return bool(current_app.extensions["opens_to"].get(endpoint, frozenset()) & roles)


def roles_of(actor: Actor | None, signing_posts: frozenset[str]) -> frozenset[str]:
    """The roles of who is asking; nobody = a visitor without account."""
    if actor is None:
        return frozenset({"public"})
    held = {"public", "masuk"}
    if actor.capacity == "pemohon":
        return frozenset(held | {"pemohon"})
    if actor.post in OFFICE_ROLES:
        return frozenset(held | {actor.post})
    if actor.post is not None:
        held |= {"petugas", "penandatangan"} if actor.post in signing_posts else {"petugas"}
    return frozenset(held)
