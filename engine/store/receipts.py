"""Effects ordered and their receipts: who holds which lease, what failed and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, literal_column, or_, select, update

from engine.digest import parse_trusted
from engine.store import statements, tables
from engine.store.leases import Span, over


@dataclass(frozen=True)
class EffectRow:
    """An ordered effect. `status`: ordered, done, failed, late, dropped or incident."""

    case: str
    task: int
    position: int
    activity: str
    operation: str
    arguments: Mapping[str, Any] = field(repr=False)
    ordered_at: str = ""
    status: str = "ordered"
    owner: str | None = None
    lease_until: str | None = None
    next_try: str | None = None
    attempts: int = 0
    cause: str | None = None

    @property
    def key(self) -> str:
        """The idempotency key: the same at every retry and at replay."""
        return f"{self.case}:{self.task}"


def _row(row: Any) -> EffectRow:
    return EffectRow(**(dict(row._mapping) | {"arguments": parse_trusted(row.arguments)}))


def born(ordered: Iterable[Mapping[str, Any]]) -> list[EffectRow]:
    """Effects as their transition wrote them, without reading them again."""
    return [EffectRow(**{**one, "arguments": parse_trusted(one["arguments"])}) for one in ordered]


# The status stands in the statement itself, so that the small index of ordered effects serves it.
ORDERED = select(tables.effect).where(tables.effect.c.case == bindparam("case"),
                                      tables.effect.c.status == literal_column("'ordered'")).order_by(
    tables.effect.c.task, tables.effect.c.position)


HELD = select(tables.effect.c.task).where(
    tables.effect.c.case == bindparam("case"), tables.effect.c.task == bindparam("task"),
    tables.effect.c.status == literal_column("'ordered'")).with_for_update()


def of_case(connection: Connection, case: str, *, status: str | None = None) -> list[EffectRow]:
    """The effects of a case in the order they were ordered."""
    wanted = ORDERED if status == "ordered" else statements.by(tables.effect, ("case",), ("task", "position"))
    return [one for one in (_row(row) for row in connection.execute(wanted, {"case": case}))
            if status is None or one.status == status]


def one(connection: Connection, case: str, task: int) -> EffectRow | None:
    """One effect."""
    row = connection.execute(statements.by(tables.effect, ("case", "task")), {"case": case, "task": task}).first()
    return _row(row) if row else None


def hold(connection: Connection, case: str, task: int) -> bool:
    """True while an effect is still to be settled; it stays so until the caller's transaction ends."""
    return connection.execute(HELD, {"case": case, "task": task}).first() is not None


def free(connection: Connection, at: Span, limit: int) -> list[EffectRow]:
    """Ordered effects nobody holds and whose next try has come, oldest first."""
    table = tables.effect.c
    rows = connection.execute(select(tables.effect).where(
        table.status == literal_column("'ordered'"), over(table.lease_until, at.now, at.beyond),
        or_(table.next_try.is_(None), table.next_try <= at.now)
    ).order_by(table.ordered_at, table.case, table.task).limit(limit))
    return [_row(row) for row in rows]


def dropped(connection: Connection, at: Span, limit: int) -> list[EffectRow]:
    """Effects whose case ended while a handler may have been at work, and whose lease is over."""
    table = tables.effect.c
    rows = connection.execute(select(tables.effect).where(
        table.status == literal_column("'dropped'"), table.attempts > 0,
        over(table.lease_until, at.now, at.beyond)).limit(limit))
    return [_row(row) for row in rows]


def claim(connection: Connection, wanted: EffectRow, owner: str, at: Span) -> bool:
    """Take a lease; False when somebody else holds it or it was settled. A lease already ours is renewed."""
    table = tables.effect
    is_free = or_(over(table.c.lease_until, at.now, at.beyond), table.c.owner == owner)
    done = connection.execute(update(table).where(
        and_(table.c.case == wanted.case, table.c.task == wanted.task, table.c.status == wanted.status, is_free)
    ).values(owner=owner, lease_until=at.until, attempts=table.c.attempts + 1))
    return done.rowcount == 1


def release(connection: Connection, wanted: EffectRow, **values: Any) -> None:
    """Give a lease back with what was learned (next_try, cause, status)."""
    table = tables.effect
    connection.execute(update(table).where(
        table.c.case == wanted.case, table.c.task == wanted.task, table.c.status == "ordered",
        table.c.owner == wanted.owner).values(owner=None, lease_until=None, **values))


def incidents(connection: Connection) -> list[EffectRow]:
    """Effects that wait for an administrator, oldest first."""
    table = tables.effect
    return [_row(row) for row in connection.execute(
        select(table).where(table.c.status == literal_column("'incident'")).order_by(table.c.ordered_at, table.c.case))]


def counts(connection: Connection) -> dict[str, int]:
    """How many effects are in which status."""
    table = tables.effect.c
    rows = connection.execute(select(table.status, func.count().label("many")).group_by(table.status))
    return {row.status: row.many for row in rows}
