"""A case as forms and letters see it: variables, the last answer to each form, who did what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.clock import local
from engine.rules.events import form_values
from engine.rules.expressions import compile_expression
from engine.rules.form import FormContext
from engine.rules.people import Actor
from engine.rules.process import REQUIREMENTS, Process
from engine.runtime.catalog import Edition
from engine.store import cases, journal
from engine.store.database import Connection
from engine.store.journal import Recorded


@dataclass(frozen=True)
class Done:
    """One completion of a task."""

    seq: int
    task: int
    activity: str
    actor: Actor
    at: str
    values: Mapping[str, Any] = field(repr=False)
    variables: Mapping[str, Any] = field(repr=False, default_factory=dict)


def completions(connection: Connection, case: str) -> list[Done]:
    """Every completion of a case's tasks, in order."""
    return [done_of(one) for one in journal.read_kinds(connection, case, ("completed",))]


def done_of(recorded: Recorded) -> Done:
    """A completion out of its event; after an erasure its values are empty."""
    body = recorded.body
    return Done(recorded.event.seq, body.get("task", 0), body.get("activity", ""), recorded.actor, recorded.event.at,
                form_values(body), body.get("variables", {}))


@dataclass(frozen=True)
class Past:
    """What a form may know of a case's past: the last answers, and who did what."""

    answers: Mapping[str, Mapping[str, Any]]
    doers: Mapping[str, frozenset[str]]


NO_PAST = Past({}, {})


def past(connection: Connection, case: str) -> Past:
    """The past of a case; its cost does not grow with the rounds the case went."""
    rows = cases.answers(connection, case)
    doers: dict[str, frozenset[str]] = {}
    for one in rows:
        doers[one.activity] = doers.get(one.activity, frozenset()) | {one.account}
    newest = {one.activity: one for one in rows}
    return Past({activity: form_values(journal.body_of(one.body)) for activity, one in newest.items()}, doers)


def last_answers(done: Iterable[Done]) -> dict[str, Mapping[str, Any]]:
    """activity -> values of its last completion."""
    return {one.activity: one.values for one in done}


def requirement_rows(process: Process, variables: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The documents that this application needs, in order, as rows for forms and letters."""
    return [{"dokumen": one.code, "nama": one.name, "keterangan": one.hint} for one in process.requirements
            if compile_expression(one.condition).evaluate(variables)]


@dataclass(frozen=True)
class Page:
    """A task's form over a case: the variables and the earlier answers it stands on, and the moment it is read."""

    edition: Edition
    activity: str
    variables: Mapping[str, Any] = field(repr=False)
    earlier: Mapping[str, Mapping[str, Any]] = field(repr=False)
    at: datetime


def form_context(page: Page, *, typed: Mapping[str, Any] | None = None,
                 files: Mapping[str, Mapping[str, Any]] | None = None) -> FormContext:
    """What a task's form may know. `typed` = what stands in the form now: its variables decide which rows are needed."""
    process = page.edition.process
    variables = dict(page.variables) | declared(page.edition, page.activity, typed or {})
    sources: dict[str, Any] = {name: list(rows) for name, rows in process.lists.items()}
    # All of them, with their conditions: the form itself asks for the rows that its answers call for.
    sources[REQUIREMENTS] = [{"dokumen": one.code, "nama": one.name, "keterangan": one.hint, "bila": one.condition}
                             for one in process.requirements]
    return FormContext(variables, page.earlier, sources, local(page.at).date(), files)


def declared(edition: Edition, activity: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The declared variables that a task or handler sets (property `variabel`), out of its values."""
    names = edition.diagram.activities[activity].properties.get("variabel", "")
    return {name: values[name] for name in (one.strip() for one in names.split(",")) if name and name in values}
