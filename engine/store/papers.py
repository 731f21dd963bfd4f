"""Documents of cases: rendered, signed, published; each once per effect key, one registered signature per document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from engine.digest import canonical, parse_canonical
from engine.store import tables


@dataclass(frozen=True)
class DocumentRow:
    """A document. `rendered` and `signed` are SHA-256 of stored files; `standing` is that of a licence in the register.

    `sign_reference` = a signing service's name for a try that was not answered and may have been carried out.
    """

    id: str
    case: str
    kind: str
    version: int
    key: str
    code: str
    number: str | None
    made_at: str
    source_digest: bytes
    rendered: str
    draft: bool
    sign_key: str | None = None
    sign_reference: str | None = None
    signer: str | None = None
    signed: str | None = None
    receipt: Mapping[str, Any] | None = None
    published_at: str | None = None
    valid_until: str | None = None
    standing: str | None = None

    @property
    def sha256(self) -> str:
        """The file people get: the signed one once there is one."""
        return self.signed or self.rendered


def _row(row: Any) -> DocumentRow:
    found = dict(row._mapping)
    return DocumentRow(**(found | {"receipt": parse_canonical(row.receipt) if row.receipt else None}))


def save(connection: Connection, row: DocumentRow) -> None:
    """Keep a new document."""
    receipt = canonical(row.receipt) if row.receipt else None
    connection.execute(insert(tables.document).values(**(row.__dict__ | {"receipt": receipt})))


def _first(connection: Connection, *wanted: Any) -> DocumentRow | None:
    table = tables.document
    row = connection.execute(select(table).where(*wanted).order_by(table.c.version.desc()).limit(1)).first()
    return _row(row) if row else None


def by_key(connection: Connection, key: str) -> DocumentRow | None:
    """The document an effect made."""
    return _first(connection, tables.document.c.key == key)


def by_id(connection: Connection, document: str) -> DocumentRow | None:
    """A document."""
    return _first(connection, tables.document.c.id == document)


def by_code(connection: Connection, code: str) -> DocumentRow | None:
    """The document behind a QR code."""
    return _first(connection, tables.document.c.code == code.strip().upper())


def by_file(connection: Connection, sha256: str) -> DocumentRow | None:
    """The document whose signed or rendered file has these bytes."""
    table = tables.document.c
    return _first(connection, or_(table.signed == sha256, table.rendered == sha256))


def by_number(connection: Connection, number: str) -> DocumentRow | None:
    """The published document with a number."""
    return _first(connection, tables.document.c.number == number.strip(), tables.document.c.published_at.is_not(None))


def newest(connection: Connection, case: str, kind: str) -> DocumentRow | None:
    """The newest version of a kind of document of a case."""
    return _first(connection, tables.document.c.case == case, tables.document.c.kind == kind)


def next_version(connection: Connection, case: str, kind: str) -> int:
    """The number of the next version."""
    table = tables.document.c
    wanted = select(func.max(table.version)).where(table.case == case, table.kind == kind)
    return (connection.execute(wanted).scalar_one_or_none() or 0) + 1


def of_case(connection: Connection, case: str) -> list[DocumentRow]:
    """Every document of a case in the order they were made."""
    table = tables.document.c
    return [_row(row) for row in connection.execute(
        select(tables.document).where(table.case == case).order_by(table.made_at, table.kind, table.version))]


def all_signed(connection: Connection) -> list[DocumentRow]:
    """Every document with a registered signature."""
    table = tables.document.c
    return [_row(row) for row in connection.execute(
        select(tables.document).where(table.signed.is_not(None)).order_by(table.made_at, table.id))]


def claim_signature(connection: Connection, document: str, key: str | None) -> None:
    """Let this effect, and no other, register a signature of a document that has none; None: nobody may."""
    table = tables.document
    connection.execute(update(table).where(table.c.id == document, table.c.signed.is_(None)).values(sign_key=key))


def register_signature(connection: Connection, row: DocumentRow) -> bool:
    """Register the one signed file; False when the claim of its effect is gone or another one was registered first."""
    table = tables.document
    done = connection.execute(update(table).where(
        table.c.id == row.id, table.c.signed.is_(None), table.c.sign_key == row.sign_key).values(
        signed=row.signed, signer=row.signer, receipt=canonical(row.receipt or {})))
    return done.rowcount == 1


def unregister_signature(connection: Connection, document: str, signed: str) -> bool:
    """Take a signature out of the register: the document may be signed again. False when it is not there any more."""
    table = tables.document
    done = connection.execute(update(table).where(table.c.id == document, table.c.signed == signed).values(
        sign_key=None, sign_reference=None, signer=None, signed=None, receipt=None))
    return done.rowcount == 1


def is_published(connection: Connection, document: str) -> bool:
    """True for a document that was given out; until the caller's transaction ends nobody else gives it out."""
    table = tables.document.c
    row = connection.execute(select(table.published_at).where(table.id == document).with_for_update()).first()
    return row is not None and row.published_at is not None


def forget(connection: Connection, document: str) -> None:
    """Forget a document that nobody was told of."""
    connection.execute(delete(tables.document).where(tables.document.c.id == document))


def change(connection: Connection, document: str, **values: Any) -> None:
    """Publish a document or change its standing."""
    connection.execute(update(tables.document).where(tables.document.c.id == document).values(**values))
