"""Cases: started, withdrawn, noted upon."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from engine.clock import stamp
from engine.errors import NotAllowed, NotFound, Refusal
from engine.rules.events import GENESIS
from engine.rules.people import Actor
from engine.runtime.action import Action, Lease
from engine.runtime.advance import Message, Start, apply, start
from engine.runtime.tasks import Tasks
from engine.runtime.transitions import Transitions
from engine.store import cases
from engine.store.cases import CaseRow

WITHDRAW = "cabut"
"""The message by which an applicant withdraws, in every process that listens to it."""

VERSION = "1.0"
"""Of this engine; stands in every start event."""

LIBRARIES = ("SpiffWorkflow", "lxml", "orjson")
"""Libraries on which a state's bytes rest."""


BETWEEN = ("Permohonan ini sedang diproses sistem, biasanya hanya sebentar. Tunggu, lalu coba lagi; yang keputusannya sudah "
           "ditandatangani tidak dapat dicabut.")
"""Between two tasks: what the automatic steps do there may be the very last, so it is not torn apart."""


class CannotWithdraw(Refusal):
    """The case does not listen to a withdrawal (any more)."""

    code = "tidak_dapat_dicabut"
    advice = "Permohonan ini sudah selesai atau belum diajukan, jadi tidak dapat dicabut."


@cache
def versions() -> Mapping[str, str]:
    """Engine and library versions, as the start event names them."""
    return MappingProxyType({"izin": VERSION} | {name: importlib.metadata.version(name) for name in LIBRARIES})


@dataclass(frozen=True)
class Cases:
    """What people do to a case as a whole."""

    transitions: Transitions
    tasks: Tasks

    def start(self, process: str, message: str | None, by: Actor) -> CaseRow:
        """A new case at a message start; the first task waits."""
        action = self._started(process, message, by)
        self.transitions.begin(action)
        return action.row

    def start_with(self, process: str, message: str, values: Mapping[str, Any], by: Actor, *, holder: str = "") -> CaseRow:
        """A new case whose first task is completed in the same transaction; `holder` has the visitor's uploads."""
        action = self._started(process, message, by)
        assert action.step is not None
        if len(action.step.waiting) != 1:
            raise NotAllowed(f"{process}/{message} does not start at one task")
        case = action.row.id
        if holder:
            self.tasks.files.adopt(holder, case)
        self.tasks.complete_within(action, action.step.waiting[0].task, values, by, holder=holder)
        self.transitions.begin(
            action, also=lambda connection, _: self.tasks.files.hand_over(connection, holder, case) if holder else None)
        return action.row

    def _started(self, process: str, message: str | None, by: Actor) -> Action:
        transitions = self.transitions
        edition, clock = transitions.catalog.current(process), transitions.clock
        if message is not None and message not in edition.diagram.starts:
            raise NotFound(f"{process} has no start {message}")
        row = CaseRow(clock.new_id(), process, edition.hash, 0, b"", head=GENESIS, started_at=stamp(clock.now()),
                      applicant=by.account if by.capacity == "pemohon" else None)
        action = transitions.new_action(row)
        variables = edition.process.defaults()
        step = start(edition.diagram, Start(message, variables), seq=1)
        body = {"process": process, "edition": edition.hash, "meaning": edition.diagram.meaning, "message": message,
                "variables": variables, "versions": dict(versions())}
        action.move("started", by, body, step)
        action.set(started_at=action.at)
        return action

    def withdraw(self, case: str, reason: str, by: Actor, *, lease: Lease | None = None) -> CaseRow:
        """The applicant takes the application back; from then on nobody completes a task of it.

        CannotWithdraw when it is over or not yet listening. With a lease the caller runs the effects itself.
        """
        def decide(action: Action) -> CaseRow:
            if by.account is None or by.account != action.row.applicant:
                raise NotAllowed(f"{by.account} is not the applicant")
            if action.row.withdrawn_at is not None:
                raise CannotWithdraw(case, advice="Permohonan ini sudah dicabut.")
            if action.row.ended_at is not None or not _may_still_withdraw(action):
                between = action.row.ended_at is None and not action.open_tasks
                raise CannotWithdraw(case, advice=BETWEEN if between else None)
            step = apply(action.edition.diagram, action.row.state, Message(WITHDRAW, {}), action.row.seq + 1)
            if not step.applied:
                raise CannotWithdraw(case)
            action.move("message", by, {"name": WITHDRAW, "variables": {}, "isian.alasan": reason}, step)
            action.set(withdrawn_at=action.at)
            return action.row
        return self.transitions.change(case, decide, lease=lease)

    def note(self, case: str, text: str, by: Actor, *, public: bool = False) -> None:
        """A note by an officer or the applicant; internal unless `public`."""
        def decide(action: Action) -> None:
            action.note("note", by, {"text": text.strip(), "public": public})
        if not text.strip():
            raise Refusal("empty note", advice="Tulis catatannya dahulu, lalu simpan.")
        self.transitions.change(case, decide)

    def find(self, case: str) -> CaseRow:
        """The case; NotFound when there is none."""
        with self.transitions.database.reading() as connection:
            return _found(cases.find(connection, case), case)

    def find_by_number(self, number: str) -> CaseRow:
        """The case with this registration number."""
        with self.transitions.database.reading() as connection:
            return _found(cases.find_by_number(connection, number), number)


def _may_still_withdraw(action: Action) -> bool:
    """While one of the activities of [pencabutan] waits; a process that names none allows it as long as it listens."""
    return action.edition.process.may_withdraw(one.activity for one in action.open_tasks)


def _found(row: CaseRow | None, wanted: str) -> CaseRow:
    if row is None:
        raise NotFound(f"case {wanted}")
    return row
