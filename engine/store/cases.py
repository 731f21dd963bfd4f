"""Cases, their open tasks and drafts. One change is written by compare-and-swap on the case's seq."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, insert, select, text, update

from engine.digest import canonical, parse_canonical
from engine.store import journal, service_level, statements, tables
from engine.store.inbox import NEVER, words_in
from engine.store.journal import Entry, Head
from engine.store.leases import Span, over
from engine.store.service_level import Counted


@dataclass(frozen=True)
class CaseRow:
    """A case as stored; moments are stamps. `promised` and `office_minutes` are known once it has ended: until when an
    answer was promised (None: it ended without one), and its working time at the office."""

    id: str
    process: str
    edition: str
    seq: int
    state: bytes = field(repr=False)
    head: str = ""
    head_at: str = ""
    applicant: str | None = None
    number: str | None = None
    title: str = ""
    place: str = ""
    kind: str = ""
    started_at: str = ""
    submitted_at: str | None = None
    received_at: str | None = None
    withdrawn_at: str | None = None
    ended_at: str | None = None
    end: str | None = None
    promised: str | None = None
    office_minutes: int | None = None
    applicant_minutes: int = 0

    @property
    def last(self) -> Head:
        """The head of the case's chain."""
        return Head(self.seq, self.head, self.head_at)


@dataclass(frozen=True)
class TaskRow:
    """A task: waits for a person while `closed_at` is None. `office_minutes`: working time it took; None when it was taken
    away undone."""

    case: str
    task: int
    activity: str
    post: str
    opened_at: str
    due: str | None = None
    claimed_by: str | None = None
    closed_at: str | None = None
    closed_by: str | None = None
    closed_seq: int | None = None
    office_minutes: int | None = None

    @property
    def urgency(self) -> str:
        """What inboxes are ordered by: the due date, after every date when there is none."""
        return self.due or NEVER


@dataclass(frozen=True)
class DueRow:
    """A moment that matters to a case; task 0 = the case as a whole. `fires`: the worker acts when it comes."""

    case: str
    task: int
    kind: str
    activity: str
    at: str
    fires: bool = True


@dataclass
class CaseChange:
    """Everything one action writes about one case, computed before the write lock is taken."""

    before: CaseRow | None
    after: CaseRow
    entries: list[Entry] = field(default_factory=list)
    opened: list[TaskRow] = field(default_factory=list)
    closed: list[TaskRow] = field(default_factory=list)
    claims: list[tuple[int, str | None]] = field(default_factory=list)
    effects: list[Mapping[str, Any]] = field(default_factory=list)
    effect_updates: list[tuple[int, Mapping[str, Any]]] = field(default_factory=list)
    dues: list[DueRow] = field(default_factory=list)
    dues_gone: list[tuple[int, str]] = field(default_factory=list)
    task_dues: list[tuple[int, str | None]] = field(default_factory=list)
    answers: list[tuple[str, str, int]] = field(default_factory=list)
    drafts_dropped: list[tuple[int, str]] = field(default_factory=list)
    running: frozenset[int] | None = None
    counted: list[Counted] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """True when the action turned out to change nothing."""
        return not (self.entries or self.dues or self.dues_gone or self.effect_updates or self.claims)


INSERT_CASE, INSERT_TASK = insert(tables.cases), insert(tables.task)
INSERT_EFFECT, INSERT_DUE = insert(tables.effect), insert(tables.due)
DROP_REST = update(tables.effect).where(
    tables.effect.c.case == bindparam("of_case"), tables.effect.c.status.in_(("ordered", "incident")),
    tables.effect.c.task.not_in(bindparam("running", expanding=True))).values(status="dropped")
BY_NUMBER = select(tables.cases).where(func.upper(tables.cases.c.number) == bindparam("number"))


def write(connection: Connection, change: CaseChange) -> bool:
    """Write a change; False (and nothing written) when the case moved on since it was read."""
    if change.before is None:
        connection.execute(INSERT_CASE, _columns(change.after))
    elif not _swap(connection, change.before, change.after):
        return False
    journal.append(connection, change.entries)
    _write_tasks(connection, change)
    _write_effects(connection, change)
    _write_dues(connection, change)
    service_level.add(connection, change.counted)
    return True


def _columns(row: CaseRow) -> dict[str, Any]:
    return row.__dict__ | {"head": bytes.fromhex(row.head)}


def _swap(connection: Connection, before: CaseRow, after: CaseRow) -> bool:
    old, new = _columns(before), _columns(after)
    changed = {name: value for name, value in new.items() if value != old[name]} or {"seq": before.seq}
    return statements.change(connection, tables.cases, {"id": before.id, "seq": before.seq}, changed) == 1


def _write_tasks(connection: Connection, change: CaseChange) -> None:
    case = change.after.id
    if change.opened:
        connection.execute(INSERT_TASK, [one.__dict__ | {"urgency": one.urgency} for one in change.opened])
    for one in change.closed:
        statements.change(connection, tables.task, {"case": case, "task": one.task}, {
            "closed_at": one.closed_at, "closed_by": one.closed_by, "closed_seq": one.closed_seq,
            "office_minutes": one.office_minutes})
    for task, claimer in change.claims:
        statements.change(connection, tables.task, {"case": case, "task": task}, {"claimed_by": claimer})
    for task, account in change.drafts_dropped:
        drop_draft(connection, case, task, account)
    if change.answers:
        connection.execute(_noting(connection.dialect.name), [
            {"case": case, "activity": activity, "account": account, "seq": seq} for activity, account, seq in change.answers])


@lru_cache(4)
def _noting(dialect: str) -> Any:
    """Remembers the last completion of an activity by a person: forms and four eyes need no more of the past than that."""
    new = statements.INSERTS[dialect](tables.answer)
    return new.on_conflict_do_update(index_elements=[tables.answer.c[name] for name in ("case", "activity", "account")],
                                     set_={"seq": new.excluded.seq})


def _write_effects(connection: Connection, change: CaseChange) -> None:
    case = change.after.id
    if change.effects:
        connection.execute(INSERT_EFFECT, list(change.effects))
    for task, values in change.effect_updates:
        statements.change(connection, tables.effect, {"case": case, "task": task}, values)
    if change.running is not None:
        connection.execute(DROP_REST, {"of_case": case, "running": sorted(change.running)})


def _write_dues(connection: Connection, change: CaseChange) -> None:
    case = change.after.id
    statements.remove_all(connection, tables.due, [{"case": case, "task": task, "kind": kind}
                                                   for task, kind in change.dues_gone])
    if change.dues:
        connection.execute(INSERT_DUE, [one.__dict__ for one in change.dues])
    for task, at in change.task_dues:
        statements.change(connection, tables.task, {"case": case, "task": task},
                          {"due": at, "urgency": at or NEVER})


def find(connection: Connection, case: str) -> CaseRow | None:
    """The case, or None."""
    row = connection.execute(statements.by(tables.cases, ("id",)), {"id": case}).first()
    return _case(row) if row else None


def find_by_number(connection: Connection, number: str) -> CaseRow | None:
    """The case with this registration number, or None."""
    row = connection.execute(BY_NUMBER, {"number": number.strip().upper()}).first()
    return _case(row) if row else None


def _case(row: Any) -> CaseRow:
    return CaseRow(**(dict(row._mapping) | {"head": row.head.hex()}))


def of_applicant(connection: Connection, account: str) -> list[CaseRow]:
    """The cases of an applicant, newest first."""
    rows = connection.execute(select(tables.cases).where(tables.cases.c.applicant == account)
                              .order_by(tables.cases.c.started_at.desc()))
    return [_case(row) for row in rows]


def open_ids(connection: Connection) -> list[str]:
    """The ids of cases that have not ended, oldest first."""
    table = tables.cases.c
    return list(connection.execute(select(table.id).where(table.ended_at.is_(None)).order_by(table.started_at, table.id)
                                   ).scalars())


def open_ids_due_from(connection: Connection, at: str) -> list[str]:
    """The ids of cases that have not ended and of which something is due at this stamp or later, oldest first."""
    table, task, due = tables.cases.c, tables.task.c, tables.due.c
    later = select(due.case).where(due.at >= at).union(
        select(task.case).where(task.closed_at.is_(None), task.due >= at))
    return list(connection.execute(select(table.id).where(table.ended_at.is_(None), table.id.in_(later)).order_by(
        table.started_at, table.id)).scalars())


def all_ids(connection: Connection) -> list[str]:
    """Every case id, oldest first."""
    table = tables.cases.c
    return [row.id for row in connection.execute(select(table.id).order_by(table.started_at, table.id))]


@dataclass(frozen=True)
class CaseQuery:
    """A search over cases: words in number, title or place; open or ended; process; page of `size`."""

    words: str = ""
    process: str = ""
    ended: bool | None = None
    page: int = 1
    size: int = 25


def search(connection: Connection, query: CaseQuery) -> tuple[list[CaseRow], int]:
    """One page of the found cases, newest first, and how many there are in all."""
    wanted = _searched(select(tables.cases), query)
    total = connection.execute(select(func.count()).select_from(wanted.subquery())).scalar_one()
    rows = connection.execute(wanted.order_by(tables.cases.c.started_at.desc(), tables.cases.c.id)
                              .limit(query.size).offset((query.page - 1) * query.size))
    return [_case(row) for row in rows], total


def _searched(statement: Select[Any], query: CaseQuery) -> Select[Any]:
    table = tables.cases.c
    statement = words_in(statement, query.words)
    if query.process:
        statement = statement.where(table.process == query.process)
    if query.ended is not None:
        statement = statement.where(table.ended_at.is_not(None) if query.ended else table.ended_at.is_(None))
    return statement


def tasks(connection: Connection, case: str, *, only_open: bool = False) -> list[TaskRow]:
    """The tasks of a case in the order they opened."""
    wanted = statements.by(tables.task, ("case",), ("task",), "closed_at" if only_open else "")
    return [_task(row) for row in connection.execute(wanted, {"case": case})]


def task(connection: Connection, case: str, number: int) -> TaskRow | None:
    """One task, open or closed."""
    row = connection.execute(statements.by(tables.task, ("case", "task")), {"case": case, "task": number}).first()
    return _task(row) if row else None


def _task(row: Any) -> TaskRow:
    return TaskRow(**{name: value for name, value in row._mapping.items() if name != "urgency"})


@dataclass(frozen=True)
class Draft:
    """What a person typed into a task and has not sent."""

    account: str
    revision: int
    values: Mapping[str, Any]
    saved_at: str


def draft(connection: Connection, case: str, number: int, account: str) -> Draft | None:
    """A person's draft of a task."""
    row = connection.execute(statements.by(tables.draft, ("case", "task", "account")),
                             {"case": case, "task": number, "account": account}).first()
    return Draft(account, row.revision, parse_canonical(row.body), row.saved_at) if row else None


def save_draft(connection: Connection, case: str, number: int, made: Draft) -> bool:
    """Keep a draft; `made.revision` is the new revision. False when another device saved first."""
    key = {"case": case, "task": number, "account": made.account}
    kept = {"revision": made.revision, "body": canonical(made.values), "saved_at": made.saved_at}
    if made.revision == 1:
        return statements.add_new(connection, tables.draft, key | kept)
    return statements.change(connection, tables.draft, key | {"revision": made.revision - 1}, kept) == 1


def drop_draft(connection: Connection, case: str, number: int, account: str) -> None:
    """Throw a person's draft away."""
    statements.remove(connection, tables.draft, case=case, task=number, account=account)


DUE = (tables.due.c.case, tables.due.c.task, tables.due.c.kind, tables.due.c.activity, tables.due.c.at, tables.due.c.fires)
OF_CASE = select(*DUE).where(tables.due.c.case == bindparam("of_case")).order_by(tables.due.c.at)
IN_ORDER = (tables.due.c.at, tables.due.c.case, tables.due.c.task, tables.due.c.kind)
NEXT = select(*DUE).where(text("due.fires")).order_by(*IN_ORDER).limit(1)
FREE = select(*DUE).where(
    text("due.fires"), tables.due.c.at <= bindparam("now"),
    over(tables.due.c.lease_until, bindparam("now"), bindparam("beyond"))
).order_by(*IN_ORDER).limit(bindparam("most")).with_for_update(skip_locked=True)


def dues(connection: Connection, case: str) -> list[DueRow]:
    """What is due for a case and not done."""
    return [DueRow(**row._mapping) for row in connection.execute(OF_CASE, {"of_case": case})]


def next_due(connection: Connection) -> DueRow | None:
    """What fires next."""
    row = connection.execute(NEXT).first()
    return DueRow(**row._mapping) if row else None


def claim_due(connection: Connection, owner: str, at: Span, limit: int) -> Sequence[DueRow]:
    """What fell due by now and nobody holds, in the order (due, case, task), leased to `owner`.

    On PostgreSQL rows that another worker is just claiming are passed over; on SQLite there is one writer anyway.
    """
    rows = [DueRow(**row._mapping) for row in connection.execute(FREE, {"now": at.now, "beyond": at.beyond, "most": limit})]
    held = {"owner": owner, "lease_until": at.until}
    for one in rows:
        statements.change(connection, tables.due, {"case": one.case, "task": one.task, "kind": one.kind}, held)
    return rows


@dataclass(frozen=True)
class Answer:
    """The last completion of an activity by one person, with its stored payload."""

    activity: str
    account: str
    seq: int
    body: bytes | None


ANSWERS = select(tables.answer.c.activity, tables.answer.c.account, tables.answer.c.seq, tables.payload.c.body).join(
    tables.payload, and_(tables.payload.c.chain == tables.answer.c.case, tables.payload.c.seq == tables.answer.c.seq)
).where(tables.answer.c.case == bindparam("of_case")).order_by(tables.answer.c.seq)


def answers(connection: Connection, case: str) -> list[Answer]:
    """The last completions of a case, oldest first; as many as there are activities and people, however often it returned."""
    return [Answer(row.activity, row.account, row.seq, row.body) for row in connection.execute(ANSWERS, {"of_case": case})]
