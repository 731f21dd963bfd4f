"""The calendar in force: tables seeded once and days changed by decree, read again when a day was changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.clock import Clock, stamp
from engine.rules.calendars import Calendar, Override, calendar_from, parse_spans
from engine.store import calendars
from engine.store.calendars import DayChange
from engine.store.database import Connection, Database


class OfficeCalendar:
    """Gives the calendar of one office; every process of the office sees a change at its next question."""

    def __init__(self, database: Database, clock: Clock, shipped: Mapping[str, Any]) -> None:
        self._database, self._clock, self._shipped = database, clock, shipped
        self._known: tuple[int, Calendar] | None = None

    def current(self) -> Calendar:
        """The calendar in force now."""
        with self._database.reading() as connection:
            return self.read(connection)

    def read(self, connection: Connection) -> Calendar:
        """current() inside the caller's transaction."""
        number = calendars.version(connection)
        if self._known is None or self._known[0] != number:
            rows = calendars.seeded(connection)
            base = calendar_from(self._shipped) if rows is None else calendar_from(revived(rows))
            self._known = (number, base.with_overrides(override_of(one) for one in calendars.changes(connection)))
        return self._known[1]

    def seed(self) -> bool:
        """Keep the shipped tables as the office's own, once."""
        with self._database.transaction() as connection:
            return calendars.seed(connection, plain(self._shipped), stamp(self._clock.now()))


def override_of(change: DayChange) -> Override:
    """A changed day as the rules know it."""
    spans = parse_spans(change.hours) if change.hours else None
    return Override(date.fromisoformat(change.day), change.works, spans if change.works else None, change.decree)


def plain(value: Any) -> Any:
    """TOML as JSON: a date becomes {"@": ISO text}, so that it is found again."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return {"@": value.isoformat()} if isinstance(value, date) else value


def revived(value: Any) -> Any:
    """plain() back."""
    if isinstance(value, Mapping):
        return date.fromisoformat(value["@"]) if set(value) == {"@"} else {key: revived(one) for key, one in value.items()}
    return [revived(one) for one in value] if isinstance(value, list) else value
