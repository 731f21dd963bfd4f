"""Outgoing messages: queued once per key, delivered at least once with the same Message-ID."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from engine.store import tables


@dataclass(frozen=True)
class MessageRow:
    """A message. `status`: queued, sent or failed."""

    id: str
    key: str
    case: str | None
    notice: str
    recipient: str | None
    address: str
    subject: str
    body: str
    queued_at: str
    status: str = "queued"
    next_try: str | None = None
    attempts: int = 0
    answer: str | None = None
    sent_at: str | None = None


def _row(row: Any) -> MessageRow:
    return MessageRow(**row._mapping)


def by_key(connection: Connection, key: str) -> list[MessageRow]:
    """The messages an effect queued (one per recipient)."""
    table = tables.message
    return [_row(row) for row in connection.execute(
        select(table).where(or_(table.c.key == key, table.c.key.like(f"{key}:%"))).order_by(table.c.key))]


def save(connection: Connection, row: MessageRow) -> None:
    """Queue a message."""
    connection.execute(insert(tables.message).values(**row.__dict__))


def waiting(connection: Connection, now: str, limit: int) -> list[MessageRow]:
    """Messages to deliver now, oldest first."""
    table = tables.message
    return [_row(row) for row in connection.execute(select(table).where(
        table.c.status == "queued", or_(table.c.next_try.is_(None), table.c.next_try <= now)
    ).order_by(table.c.queued_at, table.c.id).limit(limit))]


def claim(connection: Connection, wanted: MessageRow, until: str) -> bool:
    """Take a message for delivery until a moment; False when another worker was first."""
    table = tables.message
    same = table.c.next_try.is_(None) if wanted.next_try is None else table.c.next_try == wanted.next_try
    done = connection.execute(update(table).where(table.c.id == wanted.id, table.c.status == "queued", same).values(
        next_try=until, attempts=table.c.attempts + 1))
    return done.rowcount == 1


def change(connection: Connection, message: str, **values: Any) -> None:
    """Note the answer of the mail server."""
    connection.execute(update(tables.message).where(tables.message.c.id == message).values(**values))


def listed(connection: Connection, limit: int = 200) -> list[MessageRow]:
    """The newest messages first."""
    table = tables.message
    return [_row(row) for row in connection.execute(select(table).order_by(table.c.queued_at.desc(), table.c.id).limit(limit))]


def of_case(connection: Connection, case: str) -> list[MessageRow]:
    """The messages of a case, oldest first."""
    table = tables.message
    return [_row(row) for row in connection.execute(
        select(table).where(table.c.case == case).order_by(table.c.queued_at, table.c.key))]
