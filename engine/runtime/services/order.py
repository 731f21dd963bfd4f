"""An ordered effect with everything its services need to know about the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from engine.clock import Clock, local, parse_stamp
from engine.rules.calendars import Calendar
from engine.rules.people import Actor
from engine.runtime import dossier
from engine.runtime.advance import inspect
from engine.runtime.catalog import Edition
from engine.runtime.dossier import Done
from engine.runtime.files import Files
from engine.runtime.promises import Promises
from engine.settings import Settings
from engine.store import receipts
from engine.store.cases import CaseRow
from engine.store.database import Connection, Database
from engine.store.receipts import EffectRow


class Overtaken(Exception):
    """The effect was settled while its handler worked: somebody else wrote the receipt, or the case is over."""


@dataclass(frozen=True)
class House:
    """What every service shares."""

    settings: Settings
    clock: Clock
    database: Database
    files: Files
    promises: Promises

    @property
    def calendar(self) -> Calendar:
        """The office's calendar."""
        return self.promises.calendar


@dataclass(frozen=True)
class Order:
    """One effect to carry out. The case is read once; `at` is the recorded time of the event that ordered it."""

    house: House
    effect: EffectRow
    row: CaseRow
    edition: Edition

    @property
    def key(self) -> str:
        """The idempotency key."""
        return self.effect.key

    @property
    def at(self) -> datetime:
        """The recorded time: the same at every retry."""
        return parse_stamp(self.effect.ordered_at)

    def claim(self, connection: Connection) -> None:
        """Before anything is written for this effect: Overtaken when it is settled. Until the caller's transaction ends
        nobody can settle it, so that what is written is found by whoever undoes it."""
        if not receipts.hold(connection, self.effect.case, self.effect.task):
            raise Overtaken(self.key)

    @property
    def today(self) -> date:
        """The office's date at the recorded time."""
        return local(self.at).date()

    @cached_property
    def done(self) -> list[Done]:
        """Every completion up to the event that ordered the effect."""
        with self.house.database.reading() as connection:
            return [one for one in dossier.completions(connection, self.row.id) if one.at <= self.effect.ordered_at]

    @cached_property
    def answers(self) -> Mapping[str, Mapping[str, Any]]:
        """The last answer to each form."""
        return dossier.last_answers(self.done)

    @cached_property
    def variables(self) -> Mapping[str, Any]:
        """The case variables as they are."""
        return inspect(self.edition.diagram, self.row.state).variables

    @property
    def last_actor(self) -> Actor | None:
        """The person whose completion led to this effect."""
        return self.done[-1].actor if self.done else None
