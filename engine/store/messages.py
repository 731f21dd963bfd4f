"""Outgoing messages: queued once per key, delivered at least once with the same Message-ID; every try is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from engine.store import tables

MAIL, CHAT = "surel", "whatsapp"
"""The channels a message can take."""


@dataclass(frozen=True)
class MessageRow:
    """A message. `status`: queued, sent, failed (tried too often) or refused (the address does not take it)."""

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
    channel: str = MAIL


@dataclass(frozen=True)
class DeliveryRow:
    """One try. `outcome`: started (nobody lived to tell more), accepted, later, failed or refused."""

    id: str
    message: str
    at: str
    channel: str
    outcome: str
    answer: str | None = None


def _row(row: Any) -> MessageRow:
    return MessageRow(**row._mapping)


def by_key(connection: Connection, case: str, key: str) -> list[MessageRow]:
    """The messages an effect of a case queued (one per recipient)."""
    table = tables.message
    return [_row(row) for row in connection.execute(select(table).where(
        table.c.case == case, or_(table.c.key == key, table.c.key.like(f"{key}:%"))).order_by(table.c.key))]


def find(connection: Connection, message: str) -> MessageRow | None:
    """A message by id."""
    row = connection.execute(select(tables.message).where(tables.message.c.id == message)).first()
    return _row(row) if row else None


def keyed(connection: Connection, key: str) -> bool:
    """True when there is a message under exactly this key."""
    return connection.execute(select(tables.message.c.id).where(tables.message.c.key == key)).first() is not None


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


def take_back(connection: Connection, message: str) -> None:
    """Forget a message that no delivery was begun for; one that may be out stays."""
    table = tables.message
    connection.execute(delete(table).where(table.c.id == message, table.c.status == "queued", table.c.attempts == 0))


def change(connection: Connection, message: str, **values: Any) -> None:
    """Note the answer of the mail server."""
    connection.execute(update(tables.message).where(tables.message.c.id == message).values(**values))


def begin(connection: Connection, row: DeliveryRow) -> None:
    """Keep that a try began."""
    connection.execute(insert(tables.delivery).values(**row.__dict__))


def finish(connection: Connection, delivery: str, outcome: str, answer: str) -> None:
    """Keep what came of a try."""
    table = tables.delivery
    connection.execute(update(table).where(table.c.id == delivery).values(outcome=outcome, answer=answer))


def tries(connection: Connection, message: str) -> list[DeliveryRow]:
    """Every try of a message, oldest first."""
    table = tables.delivery
    return [DeliveryRow(**row._mapping) for row in connection.execute(
        select(table).where(table.c.message == message).order_by(table.c.at, table.c.id))]


def listed(connection: Connection, limit: int = 200) -> list[MessageRow]:
    """The newest messages first."""
    table = tables.message
    return [_row(row) for row in connection.execute(select(table).order_by(table.c.queued_at.desc(), table.c.id).limit(limit))]


def of_case(connection: Connection, case: str) -> list[MessageRow]:
    """The messages of a case, oldest first."""
    table = tables.message
    return [_row(row) for row in connection.execute(
        select(table).where(table.c.case == case).order_by(table.c.queued_at, table.c.key))]


def refused(connection: Connection) -> list[MessageRow]:
    """Messages about running cases whose address is still refused, oldest first."""
    table, case, account = tables.message, tables.cases.c, tables.account.c
    still = or_(table.c.recipient.is_(None), account.email_trouble.is_not(None))
    found = select(table).join(tables.cases, case.id == table.c.case).outerjoin(
        tables.account, account.id == table.c.recipient).where(
        table.c.status == "refused", table.c.channel == MAIL, case.ended_at.is_(None), still)
    return [_row(row) for row in connection.execute(found.order_by(table.c.queued_at, table.c.key))]
