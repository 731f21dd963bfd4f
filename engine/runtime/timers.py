"""What falls due: timers drawn in diagrams move a token, alarms of clocks are journaled and told; one transaction each.

Rows are claimed with a lease in the order (due, case, task, kind), by as many workers as there are. A worker that dies
leaves its rows to the next one when the lease ends, and the later rows of the same case wait for it. The row itself goes
with the transaction that acts on it, so that each fires once whatever clocks and workers do.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from apscheduler.schedulers.background import BackgroundScheduler

from engine.clock import Clock
from engine.marks import mark
from engine.rules.people import SYSTEM
from engine.runtime.action import TIMER, Action
from engine.runtime.advance import TimerFired, apply
from engine.runtime.alarms import Alarms
from engine.runtime.transitions import Transitions
from engine.store import cases
from engine.store.cases import DueRow
from engine.store.database import Database, StoreUnavailable
from engine.store.leases import span

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Timers:
    """Fires due rows."""

    database: Database
    clock: Clock
    transitions: Transitions
    alarms: Alarms
    lease_seconds: int

    def fire_due(self, limit: int = 50) -> int:
        """Fire what is due; how many rows were acted upon."""
        held = span(self.clock.now(), self.lease_seconds)
        with self.database.transaction() as connection:
            rows = cases.claim_due(connection, self.clock.new_id(), held, limit)
        troubled = set[str]()
        for row in rows:
            mark("due_claimed")
            if row.case not in troubled and not self._fired(row):
                troubled.add(row.case)
        return len(rows)

    def _fired(self, row: DueRow) -> bool:
        """False for a row that cannot be acted upon now: it is tried again when its lease ends, and holds up no other case."""
        try:
            self.fire(row)
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("not fired", extra={"action": "due", "case": row.case})
            return False
        return True

    def next_at(self) -> str | None:
        """When the next row falls due."""
        with self.database.reading() as connection:
            row = cases.next_due(connection)
        return row.at if row else None

    def fire(self, due: DueRow) -> None:
        """Act on a row that the caller holds; nothing when somebody else was first or what it is about is over."""
        if due.kind != TIMER:
            self.alarms.ring(due)
            return

        def decide(action: Action) -> None:
            if not action.is_next(due):
                return
            action.drop_dues([due])
            step = apply(action.edition.diagram, action.row.state, TimerFired(due.task), action.row.seq + 1)
            if step.applied:
                action.move("timer_fired", SYSTEM, {"task": due.task, "activity": due.activity, "due": due.at}, step)
        self.transitions.change(due.case, decide)


class Bell:
    """Calls a round every so many seconds in the background, never two at once, until it is stopped."""

    def __init__(self, round_of_work: Callable[[], int], seconds: float) -> None:
        self._work, self._quiet = round_of_work, threading.Event()
        self._scheduler = BackgroundScheduler(timezone="UTC")
        self._scheduler.add_job(self._ring, "interval", seconds=seconds, max_instances=1, coalesce=True,
                                misfire_grace_time=None)

    def _ring(self) -> None:
        while not self._quiet.is_set():
            try:
                if self._work() == 0:
                    return
            except Exception:   # a round that fails must not end the worker; the next one tries again
                log.exception("round failed", extra={"action": "work"})
                return

    def start(self) -> None:
        """Begin to ring."""
        self._scheduler.start()

    def stop(self) -> None:
        """Finish the round that runs, then end."""
        self._quiet.set()
        self._scheduler.shutdown(wait=True)
