"""One action = one transaction. The action is computed before the write lock and written by compare-and-swap on `seq`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from engine.clock import Clock, stamp
from engine.errors import Conflict, LostRace, NotFound
from engine.marks import mark
from engine.rules.events import OFFICE
from engine.rules.people import Actor
from engine.runtime.action import Action, Clocks, Lease, Standing
from engine.runtime.catalog import Catalog
from engine.store import cases, journal, locks
from engine.store.cases import CaseRow
from engine.store.database import Connection, Database
from engine.store.tally import Tally

Answer = TypeVar("Answer")
Decide = Callable[[Action], Answer]
Also = Callable[[Connection, Action], None]
Read = Callable[[Connection], Any]

TRIES = 12
"""How often a lost race is computed again before the person is told."""


@dataclass(frozen=True)
class Transitions:
    """Reads a case, lets the caller decide, writes the change or tries again."""

    database: Database
    clock: Clock
    catalog: Catalog
    clocks: Clocks
    tally: Tally = field(default_factory=Tally)

    def standing(self, connection: Connection, case: str) -> Standing:
        """A case as it stands now; NotFound when there is none."""
        row = cases.find(connection, case)
        if row is None:
            raise NotFound(f"case {case}")
        if row.ended_at is not None:
            return Standing(self.catalog.edition(row.edition), row)
        return Standing(self.catalog.edition(row.edition), row, cases.tasks(connection, case, only_open=True),
                        cases.dues(connection, case))

    def change(self, case: str, decide: Callable[[Action], Answer], *, lease: Lease | None = None,
               read: Read | None = None, also: Also | None = None) -> Answer:
        """Run one action on a case. `decide` may be called again after a lost race and must have no effect outside.

        What `read` finds beside the case is handed to `decide` as `action.found`; `also` writes beside the case in its
        transaction.
        """
        for _ in range(TRIES):
            action = self._action(self._read(case, read), lease)
            answer = decide(action)
            if action.change.is_empty or self._won(action, also):
                return answer
        self.tally.add("given_up")
        raise Conflict("lost every race", who="proses lain")

    def go_on(self, known: Standing, decide: Callable[[Action], Answer], lease: Lease, read: Read) -> Answer:
        """change() of a case as this request left it, first tried without reading: nothing is written when it moved on."""
        action = self._action(known, lease)
        answer = decide(action)
        if not action.change.is_empty and self._won(action, None):
            return answer
        return self.change(action.row.id, decide, lease=lease, read=read)

    def _action(self, standing: Standing, lease: Lease | None) -> Action:
        assert standing.row is not None
        return Action(standing, standing.row, self.clock, self.clocks, lease)

    def _read(self, case: str, read: Read | None) -> Standing:
        with self.database.reading() as connection:
            standing = self.standing(connection, case)
            return standing if read is None else replace(standing, found=read(connection))

    def _won(self, action: Action, also: Also | None) -> bool:
        """False when the case moved on, or another writer was at the same rows."""
        try:
            won = self._written(action, also)
        except LostRace:
            won = False
        if won:
            action.leave()
        else:
            self.tally.add("lost")
        return won

    def begin(self, action: Action, *, also: Also | None = None) -> None:
        """Write the first action of a new case."""
        self._written(action, also)

    def _written(self, action: Action, also: Also | None = None) -> bool:
        mark("before_commit")
        with self.database.transaction() as connection:
            if not cases.write(connection, action.change):
                return False
            if also is not None:
                also(connection, action)
            mark("in_commit")
        mark("after_commit")
        return True

    def new_action(self, row: CaseRow, lease: Lease | None = None) -> Action:
        """The first action of a case that is not stored yet."""
        return Action(Standing(self.catalog.edition(row.edition), None), row, self.clock, self.clocks, lease)


def note_office(connection: Connection, clock: Clock, kind: str, actor: Actor, body: dict[str, object]) -> None:
    """An event on the office's chain, inside the caller's transaction."""
    locks.hold(connection, OFFICE)
    last = journal.head(connection, OFFICE)
    happened = {"chain": OFFICE, "kind": kind, "at": max(stamp(clock.now()), last.at), "actor": actor.record(),
                "state_digest": None}
    journal.append(connection, [journal.entry(last, happened, body, clock.new_salt())])
