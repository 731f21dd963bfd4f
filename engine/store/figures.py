"""What an operator watches, counted by the database: events, cases, tasks, effects, messages, timers, checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, case, func, literal_column, select

from engine.store import bulk, directory, tables
from engine.store.receipts import counts as effect_counts

CHECK = "periksa:"
"""Settings under which the last outcome of a check is kept."""


@dataclass(frozen=True)
class Figures:
    """Counts at one moment. Of queues, `oldest` is the stamp since when the first one waits."""

    events: dict[str, int]
    open_cases: int
    ended_cases: int
    open_tasks: dict[str, int]
    late_tasks: dict[str, int]
    effects: dict[str, int]
    oldest_effect: str | None
    messages: dict[str, int]
    oldest_message: str | None
    fallen_timers: int
    oldest_timer: str | None
    database_bytes: int


def figures(connection: Connection, now: str) -> Figures:
    """Everything, in one snapshot."""
    cases, effect, message, due = tables.cases.c, tables.effect.c, tables.message.c, tables.due.c
    waiting = effect.status == literal_column("'ordered'")
    queued, fallen = message.status == literal_column("'queued'"), (due.fires, due.at <= now)
    started, ended = connection.execute(select(func.count(), func.count(cases.ended_at)).select_from(tables.cases)).one()
    tasks = connection.execute(_tasks(now)).all()
    timers, oldest = connection.execute(select(func.count(), func.min(due.at)).where(*fallen)).one()
    return Figures(
        events=_by(connection, tables.event.c.kind, tables.event), open_cases=started - ended, ended_cases=ended,
        open_tasks={row.post: row.many for row in tasks}, late_tasks={row.post: row.late or 0 for row in tasks},
        effects=effect_counts(connection), oldest_effect=_oldest(connection, effect.ordered_at, waiting),
        messages=_by(connection, message.status, tables.message),
        oldest_message=_oldest(connection, message.queued_at, queued), fallen_timers=timers, oldest_timer=oldest,
        database_bytes=bulk.size(connection))


def _tasks(now: str) -> Select[Any]:
    task = tables.task.c
    late = func.sum(case((task.due < now, 1), else_=0)).label("late")
    return select(task.post, func.count().label("many"), late).where(task.closed_at.is_(None)).group_by(task.post)


def _by(connection: Connection, column: ColumnElement[str], table: Table) -> dict[str, int]:
    rows = connection.execute(select(column.label("name"), func.count().label("many")).select_from(table).group_by(column))
    return {row.name: row.many for row in rows}


def _oldest(connection: Connection, column: ColumnElement[str], wanted: ColumnElement[bool]) -> str | None:
    return connection.execute(select(func.min(column)).where(wanted)).scalar_one()


def note_check(connection: Connection, name: str, at: str, good: bool) -> None:
    """Keep when a check was last made and how it came out."""
    directory.save_setting(connection, CHECK + name, f"{at} {'baik' if good else 'buruk'}")


def checks(connection: Connection) -> dict[str, tuple[str, bool]]:
    """Name -> when the check was last made, and whether it was good."""
    table = tables.setting.c
    rows = connection.execute(select(table.name, table.value).where(table.name.startswith(CHECK, autoescape=True)))
    return {row.name[len(CHECK):]: (row.value.split()[0], row.value.endswith(" baik")) for row in rows}
