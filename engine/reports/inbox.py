"""The inbox: open tasks of a post, most urgent first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine.clock import Clock, local, parse_stamp, stamp
from engine.rules.deadlines import LEGAL
from engine.rules.people import Actor
from engine.runtime.catalog import Catalog
from engine.runtime.promises import Promises
from engine.store import inbox
from engine.store.database import Database
from engine.store.inbox import GROUPS, Bounds, InboxQuery, Owner

__all__ = ["GROUPS", "Inbox", "InboxLine", "InboxPage", "InboxQuery"]


@dataclass(frozen=True)
class InboxLine:
    """One open task with what tells it apart; `danger` = the limit by law of its case, when that is near or past."""

    case: str
    task: int
    process: str
    activity: str
    activity_name: str
    number: str
    title: str
    place: str
    kind: str
    opened_at: datetime
    due: datetime | None
    group: str
    claimed_by: str | None
    claimed_name: str
    row: str
    danger: datetime | None = None


@dataclass(frozen=True)
class InboxPage:
    """One page; `counts` per group and `free` over everything the actor may work on, `total` after filters."""

    lines: tuple[InboxLine, ...]
    counts: Mapping[str, int]
    free: int
    total: int
    activities: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Inbox:
    """Reads open tasks."""

    database: Database
    clock: Clock
    catalog: Catalog
    promises: Promises

    def page(self, actor: Actor, query: InboxQuery = InboxQuery()) -> InboxPage:
        """The actor's inbox; a person without a post has an empty one."""
        owner, bounds = Owner(actor.post or "", actor.account), _bounds(self.clock.now())
        with self.database.reading() as connection:
            counts = inbox.counts(connection, owner, bounds)
            rows, total = inbox.page(connection, owner, query, bounds)
            legal = inbox.clocks(connection, {row.case for row in rows}, LEGAL)
        names = self._names()
        waiting = {key: counts[key] for key in GROUPS}
        lines = tuple(_line(row, names, self._danger(row.edition, legal.get(row.case))) for row in rows)
        return InboxPage(lines, waiting, counts["bebas"],
                         sum(waiting.values()) if total is None else total, self._activities(actor))

    def _danger(self, edition: str, limit: str | None) -> datetime | None:
        """A limit by law that is near or past; one that is far away is no matter of an inbox."""
        at = parse_stamp(limit) if limit else None
        return at if at and self.promises.warned_from(edition, at) <= self.clock.now() else None

    def count(self, actor: Actor) -> int:
        """How many tasks wait for the actor's post, for the head of the page."""
        if actor.post is None:
            return 0
        with self.database.reading() as connection:
            return inbox.count(connection, Owner(actor.post, actor.account))

    def _activities(self, actor: Actor) -> tuple[tuple[str, str], ...]:
        """The activities of the actor's post, over the processes in force."""
        return tuple(sorted((key, one.name) for edition in self.catalog.in_force()
                            for key, one in edition.diagram.activities.items()
                            if one.kind == "userTask" and edition.post_of(one.lane) == actor.post))

    def _names(self) -> dict[str, tuple[str, str]]:
        """activity -> (name, SOP row), over the processes in force."""
        found: dict[str, tuple[str, str]] = {}
        for edition in self.catalog.in_force():
            for key, one in edition.diagram.activities.items():
                row = edition.process.rows.get(key)
                found.setdefault(key, (one.name, row.number if row else ""))
        return found


def _bounds(now: datetime) -> Bounds:
    today = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return Bounds(stamp(now), stamp(today + timedelta(days=1)), stamp(today + timedelta(days=7 - today.weekday())))


def _line(row: Any, names: Mapping[str, tuple[str, str]], danger: datetime | None) -> InboxLine:
    name, number = names.get(row.activity, (row.activity, ""))
    return InboxLine(row.case, row.task, row.process, row.activity, name, row.number or "", row.title, row.place, row.kind,
                     parse_stamp(row.opened_at), parse_stamp(row.due) if row.due else None, row.group, row.claimed_by,
                     row.claimed_name or "", number, danger)
