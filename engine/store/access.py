"""The access log: who read masked data, downloaded or exported; hash-chained per day, apart from the journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from engine.digest import canonical, canonical_trusted, parse_canonical, sha256
from engine.errors import NotCanonical
from engine.rules.events import GENESIS
from engine.rules.people import Actor
from engine.store import locks, tables

UNREADABLE = Actor(None, None, "tidak terbaca")
"""Stands for a stored actor that is none."""


@dataclass(frozen=True)
class AccessRow:
    """One reading. `subject` names a case, document or list by id."""

    day: str
    seq: int
    at: str
    actor: Actor
    action: str
    subject: str
    previous: str

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical record."""
        return sha256(canonical({"day": self.day, "seq": self.seq, "at": self.at, "actor": self.actor.record(),
                                 "action": self.action, "subject": self.subject, "previous": self.previous}))


def note(connection: Connection, at: str, actor: Actor, action: str, subject: str) -> None:
    """Write one reading to the chain of its day."""
    locks.hold(connection, "access")
    table, day = tables.access, at[:10]
    last = connection.execute(select(table.c.seq, table.c.hash).where(table.c.day == day)
                              .order_by(table.c.seq.desc()).limit(1)).first()
    row = AccessRow(day, last.seq + 1 if last else 1, at, actor, action, subject, last.hash.hex() if last else GENESIS)
    connection.execute(insert(table).values(
        day=day, seq=row.seq, at=at, actor=canonical_trusted(actor.record()).decode(), action=action, subject=subject,
        previous=bytes.fromhex(row.previous), hash=bytes.fromhex(row.hash)))


def read(connection: Connection) -> list[tuple[AccessRow, str]]:
    """Every reading with its stored hash, in order."""
    table = tables.access
    return [(_row(row), row.hash.hex()) for row in connection.execute(select(table).order_by(table.c.day, table.c.seq))]


def _actor(text: str) -> Actor:
    """Who read; UNREADABLE where the stored text is not what was written: the hash then differs, as it must."""
    try:
        return Actor.of(parse_canonical(text.encode()))
    except (NotCanonical, KeyError, TypeError, AttributeError):
        return UNREADABLE


def _row(row: Any) -> AccessRow:
    return AccessRow(row.day, row.seq, row.at, _actor(row.actor), row.action, row.subject,
                     row.previous.hex())
