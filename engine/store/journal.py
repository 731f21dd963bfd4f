"""The journal: append-only, hash-chained. INSERT is all there is; triggers refuse the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, insert, select

from engine.digest import canonical, canonical_trusted, parse_canonical
from engine.rules.events import GENESIS, KINDS, Event, payload_digest
from engine.rules.people import Actor
from engine.store import tables

SELECTED = select(tables.event, tables.payload.c.body, tables.payload.c.salt).join(
    tables.payload, and_(tables.payload.c.chain == tables.event.c.chain, tables.payload.c.seq == tables.event.c.seq),
    isouter=True)


@dataclass(frozen=True)
class Head:
    """The last link of a chain."""

    seq: int
    hash: str
    at: str


@dataclass(frozen=True)
class Entry:
    """An event with its payload, ready to be written."""

    event: Event
    body: bytes
    salt: bytes


@dataclass(frozen=True)
class Recorded:
    """An event as read back: `body` is None once erased; `hash` is the stored one."""

    event: Event
    stored_hash: str
    raw: bytes | None
    salt: bytes | None
    raw_actor: str = ""

    @property
    def body(self) -> dict[str, Any]:
        """The payload, or {} when it was erased."""
        return parse_canonical(self.raw) if self.raw is not None else {}

    @property
    def actor(self) -> Actor:
        """Who acted."""
        return Actor.of(self.event.actor)


def head_of_nothing() -> Head:
    """Before the first event of a chain."""
    return Head(0, GENESIS, "")


def entry(head: Head, event: Mapping[str, Any], body: Mapping[str, Any], salt: bytes) -> Entry:
    """The next link: `event` gives chain, kind, at, actor (record), state_digest."""
    if event["kind"] not in KINDS:
        raise ValueError(f"unknown kind {event['kind']}")
    made = Event(seq=head.seq + 1, previous=head.hash, payload_digest=payload_digest(body, salt), **event)
    return Entry(made, canonical(body), salt)


def append(connection: Connection, entries: list[Entry]) -> None:
    """Write links of one or several chains."""
    connection.execute(insert(tables.event), [_event_row(one.event) for one in entries])
    connection.execute(insert(tables.payload), [
        {"chain": one.event.chain, "seq": one.event.seq, "body": one.body, "salt": one.salt} for one in entries])


def _event_row(event: Event) -> dict[str, Any]:
    return {
        "chain": event.chain, "seq": event.seq, "kind": event.kind, "at": event.at,
        "actor": canonical_trusted(dict(event.actor)).decode(), "payload_digest": bytes.fromhex(event.payload_digest),
        "state_digest": bytes.fromhex(event.state_digest) if event.state_digest else None,
        "previous": bytes.fromhex(event.previous), "hash": bytes.fromhex(event.hash)}


def head(connection: Connection, chain: str) -> Head:
    """The last link of a chain as stored."""
    table = tables.event.c
    row = connection.execute(select(table.seq, table.hash, table.at).where(table.chain == chain)
                             .order_by(table.seq.desc()).limit(1)).first()
    return Head(row.seq, row.hash.hex(), row.at) if row else head_of_nothing()


def last(connection: Connection, chain: str) -> Recorded | None:
    """The last event of a chain."""
    row = connection.execute(SELECTED.where(tables.event.c.chain == chain).order_by(tables.event.c.seq.desc()).limit(1)).first()
    return _recorded(row) if row else None


def read(connection: Connection, chain: str, *, after: int = 0) -> list[Recorded]:
    """The events of a chain in order."""
    rows = connection.execute(SELECTED.where(tables.event.c.chain == chain, tables.event.c.seq > after)
                              .order_by(tables.event.c.seq))
    return [_recorded(row) for row in rows]


def read_kinds(connection: Connection, chain: str, kinds: tuple[str, ...]) -> list[Recorded]:
    """The events of some kinds of a chain, in order."""
    rows = connection.execute(SELECTED.where(tables.event.c.chain == chain, tables.event.c.kind.in_(kinds))
                              .order_by(tables.event.c.seq))
    return [_recorded(row) for row in rows]


def chains(connection: Connection) -> Iterator[str]:
    """Every chain, by name."""
    for row in connection.execute(select(tables.event.c.chain).distinct().order_by(tables.event.c.chain)):
        yield row.chain


def _recorded(row: Any) -> Recorded:
    event = Event(row.chain, row.seq, row.kind, row.at, parse_canonical(row.actor.encode()), row.payload_digest.hex(),
                  row.state_digest.hex() if row.state_digest is not None else None, row.previous.hex())
    return Recorded(event, row.hash.hex(), row.body, row.salt, row.actor)
