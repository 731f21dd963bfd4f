"""Timers drawn in diagrams: what fell due is fired as an event, one transaction each; APScheduler only rings the bell."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from apscheduler.schedulers.background import BackgroundScheduler

from engine.clock import Clock, stamp
from engine.rules.people import SYSTEM
from engine.runtime.action import TIMER, Action
from engine.runtime.advance import TimerFired, apply
from engine.runtime.transitions import Transitions
from engine.store import cases
from engine.store.cases import DueRow
from engine.store.database import Database

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Timers:
    """Fires due rows of kind `timer`."""

    database: Database
    clock: Clock
    transitions: Transitions

    def fire_due(self, limit: int = 50) -> int:
        """Fire what is due, in the order (due, case, task); how many were fired."""
        with self.database.reading() as connection:
            rows = cases.fallen_due(connection, stamp(self.clock.now()), TIMER, limit)
        for row in rows:
            self._fire(row)
        return len(rows)

    def next_at(self) -> str | None:
        """When the next timer falls due."""
        with self.database.reading() as connection:
            rows = cases.fallen_due(connection, "9999", TIMER, 1)
        return rows[0].at if rows else None

    def _fire(self, due: DueRow) -> None:
        def decide(action: Action) -> None:
            if action.row.ended_at is not None or due.task not in action.timers:
                action.change.dues_gone.append((due.task, TIMER))
                return
            step = apply(action.edition.diagram, action.row.state, TimerFired(due.task), action.row.seq + 1)
            action.change.dues_gone.append((due.task, TIMER))
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
