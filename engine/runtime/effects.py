"""Effects: each handler exactly once as far as the case is concerned, after the commit, outside of any transaction.

Lease, call, receipt: whoever holds the lease calls the handler with the effect's key; the result is committed together
with the next transition. A death in between is followed by another call with the same key, which finds what was done.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeVar

from engine.clock import Clock, stamp
from engine.errors import HandlerFailed, NotAllowed, NotFound, StepRefused
from engine.handling import Handler, Outcome, TaskContext
from engine.marks import mark
from engine.rules.people import SYSTEM, Actor
from engine.runtime import dossier
from engine.runtime.action import Action, Lease
from engine.runtime.advance import EffectDone, EffectFailed, apply
from engine.runtime.catalog import Catalog
from engine.runtime.services.order import Overtaken
from engine.runtime.transitions import Transitions
from engine.store import receipts
from engine.store.cases import CaseRow
from engine.store.database import Connection, Database
from engine.store.leases import span
from engine.store.receipts import EffectRow

log = logging.getLogger(__name__)

BACK_OFF = (5, 30, 120, 600, 1800)
"""Seconds before the next try after each failure; after the last one the effect becomes an incident."""

MOST_IN_A_ROW = 60
"""Effects one request runs for its case before it leaves the rest to the worker."""

Answer = TypeVar("Answer")
Contexts = Callable[[EffectRow, str | None, CaseRow | None], TaskContext]


@dataclass(frozen=True)
class Effects:
    """Runs what transitions ordered."""

    database: Database
    clock: Clock
    catalog: Catalog
    transitions: Transitions
    handlers: Mapping[str, Handler]
    contexts: Contexts
    lease_seconds: int

    def lease(self) -> Lease:
        """A lease for one request or one worker round."""
        return Lease(self.clock.new_id(), self.lease_seconds)

    def run_case(self, case: str, lease: Lease, *, secret: str | None = None) -> int:
        """Run a case's effects one after another under a lease until none is left that is ours; how many were run."""
        now = stamp(self.clock.now())
        with self.database.reading() as connection:
            ours = [one for one in receipts.of_case(connection, case, status="ordered")
                    if (one.lease_until is None or one.lease_until <= now or one.owner == lease.owner)
                    and (one.next_try is None or one.next_try <= now)]
        return self._run_all(ours, lease, secret)

    def _run_all(self, waiting: Sequence[EffectRow], lease: Lease, secret: str | None) -> int:
        """These effects and those that follow from them: they are born under this lease, nobody else may run them."""
        queue, count = deque(waiting), 0
        while queue and count < MOST_IN_A_ROW:
            followers = self._run(queue.popleft(), lease, secret)
            if followers is not None:
                queue.extend(followers)
                count += 1
        return count

    def work_once(self, limit: int = 20) -> int:
        """The worker's round: free effects of all cases, oldest first; how many were run."""
        lease = self.lease()
        held = span(self.clock.now(), lease.seconds)
        with self.database.reading() as connection:
            free, dropped = receipts.free(connection, held, limit), receipts.dropped(connection, held, limit)
        undone = sum(self._undo_dropped(one, lease) for one in dropped)
        return sum(self._run_all([one], lease, None) for one in free) + undone

    def _run(self, effect: EffectRow, lease: Lease, secret: str | None) -> Sequence[EffectRow] | None:
        """One effect from lease to receipt, and what its transition ordered; None when somebody else has it."""
        if not self._held(effect, lease):
            if not self._claimed(effect, lease):
                return None
            effect = replace(effect, owner=lease.owner, attempts=effect.attempts + 1)
        return self._call(effect, lease, secret)

    def _claimed(self, effect: EffectRow, lease: Lease) -> bool:
        """Take a lease in a transaction of its own."""
        with self.database.transaction() as connection:
            return receipts.claim(connection, effect, lease.owner, span(self.clock.now(), lease.seconds))

    def _held(self, effect: EffectRow, lease: Lease) -> bool:
        """True for an effect that was born under this lease and is still on its first try."""
        return (effect.owner == lease.owner and effect.attempts == 1 and effect.lease_until is not None
                and effect.lease_until > stamp(self.clock.now()))

    def _call(self, effect: EffectRow, lease: Lease, secret: str | None) -> Sequence[EffectRow]:
        handler = self.handlers.get(effect.operation)
        try:
            if handler is None:
                raise HandlerFailed("tanpa_handler", f"Operasi “{effect.operation}” tidak ada di folder handlers.")
            mark("before_handler")
            left = lease.left.get(effect.case)
            outcome = handler.work(self.contexts(effect, secret, left.row if left else None))
            mark("after_handler")
        except Overtaken:
            log.info("overtaken", extra={"action": "effect_overtaken", "case": effect.case, "operation": effect.operation})
            return ()
        except HandlerFailed as failure:
            return self._failed(effect, failure.code, failure.advice, lease)
        except Exception as fault:   # a handler's own fault: tried again, then an incident; the case never hangs in silence
            self._retry_later(effect, lease, fault)
            return ()
        return self._told(effect, outcome, lease)

    def _told(self, effect: EffectRow, outcome: Outcome, lease: Lease) -> Sequence[EffectRow]:
        """The receipt; a diagram that has no way on from here is a fault like one of the handler."""
        try:
            return self._finished(effect, outcome, lease)
        except StepRefused as fault:
            self._retry_later(effect, lease, fault)
            return ()

    def _finished(self, effect: EffectRow, outcome: Outcome, lease: Lease) -> Sequence[EffectRow]:
        def decide(action: Action) -> Sequence[EffectRow] | None:
            if _settled(action):
                return ()
            variables = dossier.declared(action.edition, effect.activity, outcome.values)
            body = {"task": effect.task, "activity": effect.activity, "operation": effect.operation,
                    "result": dict(outcome.values), "variables": variables}
            step = apply(action.edition.diagram, action.row.state, EffectDone(effect.task, variables), action.row.seq + 1)
            if not step.applied:
                return None
            action.move("effect_done", SYSTEM, body, step)
            self._close(action, effect, "done")
            _note_on_case(action, effect, outcome)
            return receipts.born(action.change.effects)
        followers = self._change(effect, decide, lease)
        if followers is None:
            self._undo(effect, outcome.values)
        return followers or ()

    def _failed(self, effect: EffectRow, code: str, advice: str, lease: Lease) -> Sequence[EffectRow]:
        """The handler failed for good: the drawn error boundary, or an incident where none is drawn."""
        def decide(action: Action) -> Sequence[EffectRow]:
            if not _awaited(action):
                return ()
            body = {"task": effect.task, "activity": effect.activity, "operation": effect.operation, "code": code,
                    "advice": advice}
            step = apply(action.edition.diagram, action.row.state, EffectFailed(effect.task, code), action.row.seq + 1)
            if step.applied:
                action.move("effect_failed", SYSTEM, body, step)
                self._close(action, effect, "failed", cause=code)
            else:
                self._incident(action, effect, f"{code}: {advice}")
            return receipts.born(action.change.effects)
        followers = self._change(effect, decide, lease)
        log.warning("effect failed", extra={"action": "effect_failed", "case": effect.case, "operation": effect.operation,
                                            "cause": code})
        return followers

    def _retry_later(self, effect: EffectRow, lease: Lease, fault: Exception) -> None:
        cause = f"{type(fault).__name__}"
        log.exception("handler raised", extra={"action": "effect_retry", "case": effect.case, "key": effect.key,
                                               "operation": effect.operation, "attempt": effect.attempts})
        if effect.attempts > len(BACK_OFF):
            self._change(effect, lambda action: self._incident(action, effect, cause) if _awaited(action) else None, lease)
            return
        with self.database.transaction() as connection:
            held = receipts.one(connection, effect.case, effect.task)
            if held is not None and held.owner == lease.owner:
                next_try = stamp(self.clock.now() + timedelta(seconds=BACK_OFF[effect.attempts - 1]))
                receipts.release(connection, held, next_try=next_try, cause=cause)

    def _incident(self, action: Action, effect: EffectRow, cause: str) -> None:
        action.note("incident_raised", SYSTEM, {"task": effect.task, "activity": effect.activity,
                                                "operation": effect.operation, "cause": cause})
        self._close(action, effect, "incident", cause=cause)

    def _close(self, action: Action, effect: EffectRow, status: str, *, cause: str | None = None) -> None:
        action.change.effect_updates.append((effect.task, {
            "status": status, "owner": None, "lease_until": None, "next_try": None, "cause": cause}))

    def _change(self, effect: EffectRow, decide: Callable[[Action], Answer], lease: Lease) -> Answer:
        """A transition that sees the effect as it stands beside the case (`action.found`).

        A case that stands as this request left it still waits for what it ordered: neither has to be read.
        """
        def read(connection: Connection) -> EffectRow | None:
            return receipts.one(connection, effect.case, effect.task)
        left = lease.left.get(effect.case)
        if left is not None:
            return self.transitions.go_on(replace(left, found=effect), decide, lease, read)
        return self.transitions.change(effect.case, decide, lease=lease, read=read)

    def _undo_dropped(self, effect: EffectRow, lease: Lease) -> bool:
        """An effect whose case ended while its handler may have acted: undone by its key; False when another worker does."""
        if not self._claimed(effect, lease):
            return False
        try:
            self._undo(effect, {})
        except Exception:   # tried again when the lease is over; it must not hold up the other cases
            log.exception("not undone", extra={"action": "effect_undo", "case": effect.case, "operation": effect.operation})
        return True

    def _undo(self, effect: EffectRow, values: Mapping[str, Any]) -> None:
        """A result that came too late: undone first and journaled then, so that a death in between undoes it again."""
        handler = self.handlers.get(effect.operation)
        if handler is not None and handler.compensate is not None:
            handler.compensate(self.contexts(effect, None, None), values)
            mark("undone")

        def decide(action: Action) -> None:
            if _settled(action):
                return
            action.note("late_result", SYSTEM, {"task": effect.task, "activity": effect.activity,
                                                "operation": effect.operation, "result": dict(values), "variables": {}})
            self._close(action, effect, "late")
        self._change(effect, decide, self.lease())

    def incidents(self) -> list[EffectRow]:
        """What waits for an administrator."""
        with self.database.reading() as connection:
            return receipts.incidents(connection)

    def retry(self, case: str, task: int, by: Actor) -> None:
        """An administrator sets an incident going again."""
        if by.post != "administrator":
            raise NotAllowed(f"{by.post} may not retry")

        def decide(action: Action) -> None:
            effect = action.found
            if effect is None or effect.status != "incident":
                raise NotFound(f"incident {case}:{task}", advice="Gangguan ini sudah ditangani.")
            action.note("incident_solved", by, {"task": task, "activity": effect.activity, "operation": effect.operation})
            action.change.effect_updates.append((task, {"status": "ordered", "attempts": 0, "next_try": None, "cause": None}))
        self.transitions.change(case, decide, read=lambda connection: receipts.one(connection, case, task))


def _settled(action: Action) -> bool:
    """True when another holder of the lease was first with the receipt."""
    return action.found is None or action.found.status not in ("ordered", "dropped")


def _awaited(action: Action) -> bool:
    """True while the case waits for the effect; of one whose case is over only the undoing is left, by its lease's end."""
    return action.found is not None and action.found.status == "ordered"


def _note_on_case(action: Action, effect: EffectRow, outcome: Outcome) -> None:
    """What a receipt says about the case itself."""
    if outcome.applicant is not None:
        action.set(applicant=outcome.applicant)
    if outcome.number is not None and action.row.number is None:
        action.set(number=outcome.number, submitted_at=effect.ordered_at)
    if outcome.received and action.row.received_at is None:
        action.set(received_at=effect.ordered_at)
        action.received()
