"""What stands behind every page: the engine, the editions in force, the office; read once per request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from flask import abort, current_app, g

from engine.assembly import Edition, Engine
from engine.rules.people import ROLES

EXTENSION = "izin"
NAMELESS = {"nama": "Pelayanan perizinan"}
"""The office while no process is deployed yet."""


def engine() -> Engine:
    """The engine this application was made for."""
    return cast(Engine, current_app.extensions[EXTENSION])


def editions() -> list[Edition]:
    """The edition in force of every process, by name."""
    if "editions" not in g:
        g.editions = sorted(engine().catalog.in_force(), key=lambda edition: edition.process.name)
    return cast("list[Edition]", g.editions)


def edition_of(process: str) -> Edition:
    """The edition in force of one process; the page does not exist when there is none."""
    found = next((edition for edition in editions() if edition.process.id == process), None)
    return found or abort(404)


def office() -> Mapping[str, Any]:
    """The letterhead and contacts of the office, as the newest deployed edition says them."""
    return next((edition.office for edition in editions() if edition.office), NAMELESS)


def signing_posts() -> frozenset[str]:
    """Posts that sign letters, of every process in force."""
    return frozenset(post.id for edition in editions() for post in edition.process.posts.values() if post.signs)


def post_name(post: str | None) -> str:
    """The name of a post for people: from the processes in force, else that of an office role."""
    wanted = post or ""
    for edition in editions():
        if wanted in edition.process.posts:
            return edition.process.posts[wanted].name
    return ROLES.get(wanted, wanted)


def is_demo() -> bool:
    """True on a data folder with demo data; once marked it stays so, so the answer is kept after the first yes."""
    if not current_app.config.get("DEMO"):
        current_app.config["DEMO"] = engine().identity.is_demo
    return bool(current_app.config["DEMO"])
