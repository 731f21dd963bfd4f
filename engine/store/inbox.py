"""Open tasks of a post, counted, filtered and ordered by the database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, or_, select

from engine.store import tables

NEVER = "9"
"""The urgency of a task without a limit: behind every stamp."""

GROUPS = ("terlambat", "hari_ini", "pekan_ini", "nanti", "tanpa_batas")
"""Urgency of a task: past due, due today, due this week, later, without a limit."""


@dataclass(frozen=True)
class InboxQuery:
    """What an officer looks for."""

    group: str = ""
    free_only: bool = False
    mine_only: bool = False
    activity: str = ""
    words: str = ""
    oldest_first: bool = False
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class Owner:
    """Whose inbox: the post, and the account for what is already taken."""

    post: str
    account: str | None


@dataclass(frozen=True)
class Bounds:
    """Stamps that part the groups: now, the end of today, the end of this week."""

    now: str
    tomorrow: str
    monday: str


def count(connection: Connection, owner: Owner) -> int:
    """How many tasks wait for a post."""
    return connection.execute(_counted().where(*_own(owner))).scalar_one()


def counts(connection: Connection, owner: Owner, bounds: Bounds) -> dict[str, int]:
    """How many wait per group; `bebas` = how many nobody has taken. Each is a range of the one index of open tasks."""
    task, edges = tables.task.c, ("", bounds.now, bounds.tomorrow, bounds.monday, NEVER, "~")
    ranges = [select(func.count()).select_from(tables.task).where(*_own(owner), task.urgency >= low, task.urgency < high)
              .scalar_subquery().label(group) for group, low, high in zip(GROUPS, edges, edges[1:], strict=False)]
    free = _counted().where(*_own(owner), task.claimed_by.is_(None)).scalar_subquery().label("bebas")
    return dict(connection.execute(select(*ranges, free)).one()._mapping)


def page(connection: Connection, owner: Owner, query: InboxQuery, bounds: Bounds) -> tuple[list[Any], int | None]:
    """One page of rows (task, case and claimer's name side by side, with their group), and how many a narrower query finds;
    None for a query that leaves nothing out.
    """
    task, row = tables.task.c, tables.cases.c
    wanted = select(tables.task, row.process, row.edition, row.number, row.title, row.place, row.kind,
                    _group(bounds).label("group"),
                    tables.account.c.name.label("claimed_name")).join(
        tables.cases, row.id == task.case).outerjoin(tables.account, tables.account.c.id == task.claimed_by)
    order = (task.opened_at, task.case) if query.oldest_first else (task.urgency, task.opened_at, task.case)
    found = connection.execute(_filtered(wanted, owner, query, bounds).order_by(*order)
                               .limit(query.size).offset((query.page - 1) * query.size)).all()
    if not _narrows(query):
        return list(found), None
    many = _counted().join(tables.cases, row.id == task.case) if query.words else _counted()
    return list(found), connection.execute(_filtered(many, owner, query, bounds)).scalar_one()


def clocks(connection: Connection, cases: Collection[str], kind: str) -> dict[str, str]:
    """case -> when its clock of this kind ends, for those in which it runs."""
    due = tables.due.c
    wanted = select(due.case, due.at).where(due.case.in_(cases), due.kind == kind, due.fires.is_(False))
    return {one.case: one.at for one in connection.execute(wanted)} if cases else {}


def _narrows(query: InboxQuery) -> bool:
    return bool(query.group or query.free_only or query.mine_only or query.activity or query.words)


def _counted() -> Select[Any]:
    return select(func.count()).select_from(tables.task)


def _own(owner: Owner) -> tuple[ColumnElement[bool], ...]:
    return tables.task.c.closed_at.is_(None), tables.task.c.post == owner.post


def _group(bounds: Bounds) -> ColumnElement[Any]:
    urgency = tables.task.c.urgency
    return case((urgency >= NEVER, "tanpa_batas"), (urgency < bounds.now, "terlambat"),
                (urgency < bounds.tomorrow, "hari_ini"), (urgency < bounds.monday, "pekan_ini"), else_="nanti")


def _filtered(statement: Select[Any], owner: Owner, query: InboxQuery, bounds: Bounds) -> Select[Any]:
    task = tables.task.c
    statement = statement.where(*_own(owner))
    if query.group in GROUPS:
        statement = statement.where(_group(bounds) == query.group)
    if query.free_only:
        statement = statement.where(task.claimed_by.is_(None))
    if query.mine_only:
        statement = statement.where(task.claimed_by == owner.account)
    if query.activity:
        statement = statement.where(task.activity == query.activity)
    return words_in(statement, query.words)


def words_in(statement: Select[Any], words: str) -> Select[Any]:
    """Keep the cases in whose number, title or place each of the words stands."""
    table = tables.cases.c
    for word in words.split()[:6]:
        like = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        statement = statement.where(or_(*(one.ilike(like, escape="\\") for one in (table.number, table.title, table.place))))
    return statement
