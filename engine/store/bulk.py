"""Many rows at once, for figures and proofs: sizes, newest cases, copies of an open case for full inboxes."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, text

from engine.store import tables


def newest_cases(connection: Connection, count: int) -> list[str]:
    """The ids of the newest cases that have ended."""
    table = tables.cases.c
    return list(connection.execute(select(table.id).where(table.ended_at.is_not(None))
                                   .order_by(table.started_at.desc(), table.id.desc()).limit(count)).scalars())


def size(connection: Connection) -> int:
    """Bytes that the database's pages hold."""
    if connection.dialect.name == "sqlite":
        pages, free, page = (connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                             for name in ("page_count", "freelist_count", "page_size"))
        return int((pages - free) * page)
    return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def copy_open_case(connection: Connection, case: str, count: int) -> None:
    """So many more cases that wait where this one waits: rows of the lists only, without a journal of their own."""
    row = dict(connection.execute(select(tables.cases).where(tables.cases.c.id == case)).one()._mapping)
    tasks = [dict(one._mapping) for one in connection.execute(select(tables.task).where(
        tables.task.c.case == case, tables.task.c.closed_at.is_(None)))]
    names = [f"{number:026d}" for number in range(newest_copy(connection) + 1, newest_copy(connection) + 1 + count)]
    connection.execute(insert(tables.cases), [row | {"id": name, "number": None} for name in names])
    connection.execute(insert(tables.task), [one | {"case": name} for name in names for one in tasks])


def newest_copy(connection: Connection) -> int:
    """The number of the last copy."""
    table = tables.cases.c
    last = connection.execute(select(table.id).where(table.id < "1").order_by(table.id.desc()).limit(1)).scalar_one_or_none()
    return int(last or 0)
