"""What was lost or doubled? Numbers, signatures, documents, cases and files of an office, after whatever happened to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from sqlalchemy import select

from engine.assembly import Engine
from engine.rules.events import OFFICE
from engine.runtime import counting
from engine.store import cases, directory, files, journal, papers, receipts, register, service_level, tables
from engine.store.cases import CaseRow
from engine.store.database import Connection
from engine.store.journal import Recorded
from engine.store.papers import DocumentRow
from engine.store.register import NumberRow
from engine.store.service_level import Counted


def losses(engine: Engine) -> list[str]:
    """Every loss and doubling, one sentence each."""
    with engine.database.reading() as connection:
        rows = [cases.find(connection, one) for one in cases.all_ids(connection)]
        found = [*_registers(engine, connection), *_accounts(connection), *_counts(engine, connection)]
        for row in rows:
            if row is not None:
                found += _case(engine, connection, row)
    found += _files(engine)
    found += [f"replay: {one.divergence.sentence}" for one in engine.replays.all() if one.divergence is not None]
    return found + [f"verify: {one.sentence}" for one in engine.verification.flaws()]


def every_number(connection: Connection) -> dict[tuple[str, int], list[NumberRow]]:
    """(register, year) -> its numbers in order."""
    found: dict[tuple[str, int], list[NumberRow]] = {}
    for case in cases.all_ids(connection):
        for one in register.of_case(connection, case):
            found.setdefault((one.register, one.year), []).append(one)
    return {key: sorted(rows, key=lambda one: one.sequence) for key, rows in found.items()}


def _registers(engine: Engine, connection: Connection) -> Iterator[str]:
    reserved = Counter(one.body["number"] for one in journal.read_kinds(connection, OFFICE, ("number_reserved",)))
    for (name, year), rows in every_number(connection).items():
        if [one.sequence for one in rows] != list(range(1, len(rows) + 1)):
            yield f"register {name} {year} has gaps or doubles: {[one.sequence for one in rows]}"
        for one in rows:
            if reserved.pop(one.text, 0) != 1:
                yield f"number {one.text} is not journaled exactly once"
            if one.voided_at is not None and not one.reason:
                yield f"number {one.text} was voided without a reason"
    yield from (f"number {text} was journaled and is lost" for text in reserved)


def _accounts(connection: Connection) -> Iterator[str]:
    """Each account that an effect made is journaled once, and stands."""
    noted = [one.body for one in journal.read_kinds(connection, OFFICE, ("account_created",))]
    told = Counter(one["key"] for one in noted if one.get("key"))
    yield from (f"the account of {key} was doubled: made {count} times" for key, count in told.items() if count > 1)
    yield from (f"the account of {key} is lost" for key in told if directory.account_by_key(connection, key) is None)


def _counts(engine: Engine, connection: Connection) -> Iterator[str]:
    """The service level counts what was done, and nothing twice: a recount over tasks and cases comes out the same."""
    again = Counter[Counted]()
    for case in cases.all_ids(connection):
        row = cases.find(connection, case)
        if row is not None:
            again.update(counting.task(row.process, one) for one in cases.tasks(connection, case)
                         if one.office_minutes is not None)
        if row is not None and row.ended_at is not None and row.received_at is not None:
            again.update(counting.whole_case(row, engine.promises.pauses(row)))
    columns = [tables.service_count.c[name] for name in (*service_level.KEY, "count")]
    kept = {Counted(*one[:-1]): one[-1] for one in connection.execute(select(*columns))}
    for one in sorted(again.keys() | kept.keys()):
        if kept.get(one, 0) != again[one]:
            what = "lost" if kept.get(one, 0) < again[one] else "doubled"
            yield f"service level of {one.activity or 'cases'}: {kept.get(one, 0)} counted, {again[one]} done, {what}"


def _case(engine: Engine, connection: Connection, row: CaseRow) -> Iterator[str]:
    events, documents = journal.read(connection, row.id), papers.of_case(connection, row.id)
    if row.ended_at is None:
        yield f"case {row.id} never ended: {[one.activity for one in cases.tasks(connection, row.id, only_open=True)]}"
    yield from _effects(connection, row, events)
    yield from _fired(connection, row, events)
    yield from _numbers(connection, row, events)
    yield from _documents(row, events, documents)


def _effects(connection: Connection, row: CaseRow, events: Sequence[Recorded]) -> Iterator[str]:
    """Each effect has one receipt in the journal, and none is left over."""
    left = [one for one in receipts.of_case(connection, row.id) if one.status not in ("done", "failed", "late", "dropped")]
    yield from (f"case {row.id}: effect {one.operation} is left {one.status}: {one.cause}" for one in left)
    told = Counter(one.body["task"] for one in events if one.event.kind in ("effect_done", "effect_failed", "late_result"))
    yield from (f"case {row.id}: receipt of {task} was doubled" for task, count in told.items() if count > 1)


def _fired(connection: Connection, row: CaseRow, events: Sequence[Recorded]) -> Iterator[str]:
    """Each alarm and each drawn timer once, in the order in which they fell due; none is left of a case that is over."""
    rung = Counter((one.body["task"], one.body["threshold"], one.body["due"]) for one in events
                   if one.event.kind in ("reminder", "escalated"))
    fired = [one.body for one in events if one.event.kind == "timer_fired"]
    yield from (f"case {row.id}: alarm {key} was doubled" for key, count in rung.items() if count > 1)
    yield from (f"case {row.id}: timer {task} was doubled"
                for task, count in Counter(one["task"] for one in fired).items() if count > 1)
    if [one["due"] for one in fired] != sorted(one["due"] for one in fired):
        yield f"case {row.id}: timers fired out of their order: {[one['activity'] for one in fired]}"
    if row.ended_at is not None and cases.dues(connection, row.id):
        yield f"case {row.id} is over and something is still due"


def _numbers(connection: Connection, row: CaseRow, events: Sequence[Recorded]) -> Iterator[str]:
    numbers = register.of_case(connection, row.id)
    taken = Counter((one.register, one.key) for one in numbers)
    yield from (f"case {row.id}: a number of {name} was doubled" for (name, _), count in taken.items() if count > 1)
    live = Counter(one.register for one in numbers if one.voided_at is None)
    yield from (f"case {row.id} has {count} live numbers of {name} (doubled)" for name, count in live.items() if count > 1)
    known = {one.text for one in numbers}
    told = {str(one.body["result"]["nomor"]) for one in _done(events, "reserve_number")}
    yield from (f"case {row.id} was told number {text}, which is lost" for text in told - known)
    if row.ended_at is not None:
        idle = [one.text for one in numbers if one.voided_at is None and one.text not in told]
        yield from (f"case {row.id} holds number {text}, which it was never told" for text in idle)


def _documents(row: CaseRow, events: Sequence[Recorded], documents: Sequence[DocumentRow]) -> Iterator[str]:
    """What the journal says was made and signed is there, once for each kind."""
    known = {one.id for one in documents}
    made = {str(one.body["result"]["document"]) for one in _done(events, "render_document")}
    yield from (f"case {row.id} was told document {one}, which is lost" for one in made - known)
    signed = {one.signed: one.kind for one in documents if one.signed is not None}
    told = {str(one.body["result"]["signed_sha256"]) for one in _done(events, "sign_document")}
    yield from (f"case {row.id} was told signature {one[:12]}, which is not registered" for one in told - signed.keys())
    yield from (f"case {row.id} has {count} signed documents of kind {kind} (doubled)"
                for kind, count in Counter(signed.values()).items() if count > 1)
    published = [one for one in documents if one.published_at is not None and one.sign_key is not None]
    if told and row.ended_at is not None and len(published) != 1:
        yield f"case {row.id} signed and published {len(published)} decisions"


def _done(events: Sequence[Recorded], operation: str) -> Iterator[Recorded]:
    return (one for one in events if one.event.kind == "effect_done" and one.body["operation"] == operation)


def _files(engine: Engine) -> Iterator[str]:
    """No file without a row, and no letter without a document."""
    with engine.database.reading() as connection:
        rows = {(one.holder, one.sha256): one for one in files.everything(connection)}
        named = {(case, digest) for case in cases.all_ids(connection) for one in papers.of_case(connection, case)
                 for digest in (one.rendered, one.signed)}
    for holder, name, _ in engine.files.store.all():
        if (holder, name) not in rows:
            yield f"file {name[:12]} of {holder} belongs to nobody"
    for key, row in rows.items():
        if row.original is None and key not in named:
            yield f"letter {row.name} of {row.holder} belongs to no document"
