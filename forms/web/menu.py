"""The way through the house: which rooms are offered to whom, in which order; only rooms that are there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import current_app, request, url_for

from engine.rules.people import ROLES as OFFICE_ROLES
from forms.web.ground import engine
from forms.web.visitor import Visitor, current_actor


@dataclass(frozen=True)
class Entry:
    """A room in the menu: its endpoint, its name, for which roles, and how many things wait in it."""

    endpoint: str
    label: str
    roles: frozenset[str]
    count: Callable[[], int] | None = None


@dataclass(frozen=True)
class Link:
    """An entry as the page shows it."""

    address: str
    label: str
    here: bool
    count: int


def _tasks_waiting() -> int:
    return engine().inbox.count(current_actor())


def _incidents_waiting() -> int:
    return len(engine().effects.incidents())


def _entry(endpoint: str, label: str, *roles: str, count: Callable[[], int] | None = None) -> Entry:
    return Entry(endpoint, label, frozenset(roles), count)


VISITOR = "tamu"
ENTRIES = (
    _entry("public.home", "Beranda", VISITOR, "pemohon"),
    _entry("applicant.mine", "Permohonan saya", "pemohon"),
    _entry("inbox.mine", "Kotak masuk", "petugas", count=_tasks_waiting),
    _entry("signing.waiting", "Tanda tangan", "penandatangan"),
    _entry("audit.cases", "Audit", "auditor"),
    _entry("analyst.processes", "Proses", "analis"),
    _entry("administration.incidents", "Insiden", "administrator", count=_incidents_waiting),
    _entry("administration.accounts", "Akun", "administrator"),
    _entry("calendar.year", "Kalender", "administrator"),
    _entry("administration.mail", "Surat keluar", "administrator"),
    _entry("cases.search", "Berkas", "petugas", *OFFICE_ROLES),
    _entry("service_level.show", "Tingkat layanan", "petugas", "auditor", "administrator"),
    _entry("public.track", "Lacak", VISITOR),
    _entry("public.check", "Periksa izin", VISITOR),
    _entry("sign_in.page", "Masuk", VISITOR),
)


def links(visitor: Visitor) -> Iterator[Link]:
    """The menu of who is asking."""
    roles = visitor.roles if visitor.signed_in else visitor.roles | {VISITOR}
    for entry in ENTRIES:
        if entry.roles & roles and entry.endpoint in current_app.view_functions:
            address = url_for(entry.endpoint)   # the same address takes what a page of it sends
            yield Link(address, entry.label, request.path == address, entry.count() if entry.count else 0)


def first_room(visitor: Visitor) -> str | None:
    """The address of the first room that is this person's own and not everybody's."""
    for entry in ENTRIES:
        if VISITOR not in entry.roles and entry.roles & visitor.roles and entry.endpoint in current_app.view_functions:
            return url_for(entry.endpoint)
    return None
