"""Chains that several writers append to: one at a time until its transaction ends.

On SQLite the single writer's transaction is lock enough; on PostgreSQL an advisory lock of the transaction is taken (never
one of the session: a pooler in transaction mode would lose it).
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Connection, bindparam, func, select

from engine.digest import sha256

LOCK = select(func.pg_advisory_xact_lock(bindparam("number", type_=BigInteger)))


def hold(connection: Connection, name: str) -> None:
    """Wait for and hold the lock of this name until the caller's transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(LOCK, {"number": int(sha256(name.encode())[:15], 16)})
