"""The calendar in force: the office's tables and the days changed by decree, read again when either was changed.

The working folder's tables seed an office once. Later they are only an offer: somebody takes them over, or they move nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.clock import Clock, stamp
from engine.digest import canonical, parse_trusted, sha256
from engine.rules.calendar_tables import Difference, differences
from engine.rules.calendars import Calendar, Override, calendar_from, parse_spans
from engine.store import calendars
from engine.store.calendars import DayChange
from engine.store.database import Connection, Database


@dataclass(frozen=True)
class Offer:
    """Tables of the working folder that differ from the office's own. `body` = as the office would keep them."""

    body: bytes
    differences: tuple[Difference, ...]

    @property
    def digest(self) -> str:
        """By which the tables that were looked at are known again."""
        return sha256(self.body)


class OfficeCalendar:
    """Gives the calendar of one office; every process of the office sees a change at its next question."""

    def __init__(self, database: Database, clock: Clock, working: Callable[[], Mapping[str, Any]]) -> None:
        self._database, self._clock, self._working = database, clock, working
        self._known: tuple[int, Calendar] | None = None

    def current(self) -> Calendar:
        """The calendar in force now."""
        with self._database.reading() as connection:
            return self.read(connection)

    def read(self, connection: Connection) -> Calendar:
        """current() inside the caller's transaction."""
        number = calendars.version(connection)
        if self._known is None or self._known[0] != number:
            self._known = (number, _with_days(connection, self._tables(connection)))
        return self._known[1]

    def seed(self) -> bool:
        """Keep the working folder's tables as the office's own, once."""
        with self._database.transaction() as connection:
            if calendars.tables_before(connection) is not None:
                return False   # a folder that cannot be read must not keep an office closed that has tables of its own
            return calendars.seed(connection, plain(self._working()), stamp(self._clock.now()))

    def offer(self) -> Offer | None:
        """The working folder's tables when they differ from the office's own; a refusal when they cannot be used."""
        working = self._working()
        with self._database.reading() as connection:
            found = differences(self._tables(connection), working)
        return Offer(canonical(plain(working)), tuple(found)) if found else None

    def under(self, offer: Offer) -> Calendar:
        """The calendar as it would be with other tables; days changed by decree keep winning."""
        with self._database.reading() as connection:
            return _with_days(connection, _rows(offer.body))

    def replaced(self, number: int) -> list[Difference]:
        """What the tables taken over under this number said otherwise than those before."""
        with self._database.reading() as connection:
            return differences(self._tables(connection, number), self._tables(connection, number + 1))

    def _tables(self, connection: Connection, before: int | None = None) -> Mapping[str, Any]:
        body = calendars.tables_before(connection, before)
        return self._working() if body is None else _rows(body)


def _rows(body: bytes) -> Mapping[str, Any]:
    rows: Mapping[str, Any] = revived(parse_trusted(body))
    return rows


def _with_days(connection: Connection, tables: Mapping[str, Any]) -> Calendar:
    return calendar_from(tables).with_overrides(
        override_of(one) for one in calendars.changes(connection) if isinstance(one, DayChange))


def override_of(change: DayChange) -> Override:
    """A changed day as the rules know it."""
    spans = parse_spans(change.hours) if change.hours else None
    return Override(date.fromisoformat(change.day), change.works, spans if change.works else None, change.decree)


def plain(value: Any) -> Any:
    """TOML as JSON: a date becomes {"@": ISO text}, so that it is found again. A moment stays, and has no canonical form."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return {"@": value.isoformat()} if type(value) is date else value


def revived(value: Any) -> Any:
    """plain() back."""
    if isinstance(value, Mapping):
        return date.fromisoformat(value["@"]) if set(value) == {"@"} else {key: revived(one) for key, one in value.items()}
    return [revived(one) for one in value] if isinstance(value, list) else value
