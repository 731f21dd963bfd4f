"""The journal: append-only, hash-chained. INSERT is all there is; triggers refuse the rest."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, bindparam, insert, select

from engine.digest import canonical_trusted, parse_trusted
from engine.rules.events import GENESIS, KINDS, Event, canonical_fields, fields_digest, joined
from engine.rules.people import Actor
from engine.store import tables

SELECTED = select(tables.event, tables.payload.c.body, tables.payload.c.salt).join(
    tables.payload, and_(tables.payload.c.chain == tables.event.c.chain, tables.payload.c.seq == tables.event.c.seq),
    isouter=True)


EVENT = tables.event.c
OF_CHAIN = SELECTED.where(EVENT.chain == bindparam("of_chain"), EVENT.seq > bindparam("after")).order_by(EVENT.seq)
OF_KIND = SELECTED.where(EVENT.chain == bindparam("of_chain"), EVENT.kind.in_(bindparam("kinds", expanding=True))).order_by(
    EVENT.seq)
LAST = SELECTED.where(EVENT.chain == bindparam("of_chain")).order_by(EVENT.seq.desc()).limit(1)
HEAD = select(EVENT.seq, EVENT.hash, EVENT.at).where(EVENT.chain == bindparam("of_chain")).order_by(EVENT.seq.desc()).limit(1)
WORDS = (b'"recipients":"notice":"register":"nomor":"document":"kind":"version":"sha256":"draft":false"number":null'
         b'{"name":"type":"application/pdf"{"bytes":"isian."form":"waiting":[["variables":{}'
         b'"operation":"render_document","result":{"task":{"activity":"effects":[[],')
"""What most payloads share: the preset dictionary with which they are stored deflated (hashed, they are not)."""

INSERT_EVENT, INSERT_PAYLOAD = insert(tables.event), insert(tables.payload)


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
        """The payload, or {} when it was erased. Whether its bytes are canonical is for whoever verifies to ask."""
        return parse_trusted(self.raw) if self.raw is not None else {}

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
    fields = canonical_fields(body)
    made = Event(seq=head.seq + 1, previous=head.hash, payload_digest=fields_digest(fields, salt), **event)
    return Entry(made, joined(fields), salt)


def append(connection: Connection, entries: list[Entry]) -> None:
    """Write links of one or several chains."""
    if not entries:
        return
    connection.execute(INSERT_EVENT, [_event_row(one.event) for one in entries])
    connection.execute(INSERT_PAYLOAD, [
        {"chain": one.event.chain, "seq": one.event.seq, "body": packed(one.body), "salt": one.salt} for one in entries])


def packed(body: bytes) -> bytes:
    """A payload as stored: zlib with the preset dictionary."""
    press = zlib.compressobj(zdict=WORDS)
    return press.compress(body) + press.flush()


def unpacked(stored: bytes | None) -> bytes | None:
    """The payload out of its stored form; bytes that are no such form come back as they are, to fail their digest."""
    if stored is None:
        return None
    press = zlib.decompressobj(zdict=WORDS)
    try:
        return press.decompress(stored) + press.flush()
    except zlib.error:
        return stored


def body_of(stored: bytes | None) -> dict[str, Any]:
    """The payload of stored bytes; {} when it was erased."""
    raw = unpacked(stored)
    return parse_trusted(raw) if raw is not None else {}


def _event_row(event: Event) -> dict[str, Any]:
    return {
        "chain": event.chain, "seq": event.seq, "kind": event.kind, "at": event.at,
        "actor": canonical_trusted(dict(event.actor)).decode(), "payload_digest": bytes.fromhex(event.payload_digest),
        "state_digest": bytes.fromhex(event.state_digest) if event.state_digest else None,
        "previous": bytes.fromhex(event.previous), "hash": bytes.fromhex(event.hash)}


def head(connection: Connection, chain: str) -> Head:
    """The last link of a chain as stored."""
    row = connection.execute(HEAD, {"of_chain": chain}).first()
    return Head(row.seq, row.hash.hex(), row.at) if row else head_of_nothing()


def last(connection: Connection, chain: str) -> Recorded | None:
    """The last event of a chain."""
    row = connection.execute(LAST, {"of_chain": chain}).first()
    return _recorded(row) if row else None


def read(connection: Connection, chain: str, *, after: int = 0) -> list[Recorded]:
    """The events of a chain in order."""
    return [_recorded(row) for row in connection.execute(OF_CHAIN, {"of_chain": chain, "after": after})]


def read_kinds(connection: Connection, chain: str, kinds: tuple[str, ...]) -> list[Recorded]:
    """The events of some kinds of a chain, in order."""
    return [_recorded(row) for row in connection.execute(OF_KIND, {"of_chain": chain, "kinds": kinds})]


def chains(connection: Connection) -> Iterator[str]:
    """Every chain, by name."""
    for row in connection.execute(select(tables.event.c.chain).distinct().order_by(tables.event.c.chain)):
        yield row.chain


def _actor(text: str) -> dict[str, Any]:
    """Who acted, as recorded; {} where the stored text is no record of an actor: its hash then differs, as it must."""
    try:
        found = parse_trusted(text.encode())
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _recorded(row: Any) -> Recorded:
    event = Event(row.chain, row.seq, row.kind, row.at, _actor(row.actor), row.payload_digest.hex(),
                  row.state_digest.hex() if row.state_digest is not None else None, row.previous.hex())
    return Recorded(event, row.hash.hex(), unpacked(row.body), row.salt, row.actor)
