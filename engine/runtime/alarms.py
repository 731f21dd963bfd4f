"""Alarms of clocks: a threshold before, at or after a due date is journaled on its case and told to its posts, once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.clock import Clock, local, parse_stamp, stamp
from engine.documents.notices import render_notice
from engine.rules.deadlines import LEGAL, PROMISE
from engine.rules.language import moment
from engine.rules.people import SYSTEM
from engine.rules.process import STAFF, Alarm
from engine.runtime.action import Action
from engine.runtime.promises import GROUP
from engine.runtime.transitions import Transitions
from engine.settings import Settings
from engine.store import directory, messages
from engine.store.cases import DueRow, TaskRow
from engine.store.database import Connection
from engine.store.directory import AccountRow
from engine.store.messages import MessageRow

AT_ONCE = "segera"
"""An officer's choice to be told of a reminder at once; escalations always are."""


@dataclass(frozen=True)
class Alarms:
    """Rings due rows that are alarms."""

    settings: Settings
    clock: Clock
    transitions: Transitions

    def ring(self, due: DueRow) -> None:
        """Journal the alarm and queue its notices, in one transaction; nothing when its clock is over."""
        def decide(action: Action) -> Alarm | None:
            if not action.is_next(due):
                return None
            action.drop_dues([due])
            alarm = _alarm_of(action, due)
            action.note("escalated" if alarm.escalates else "reminder", SYSTEM, {
                "task": due.task, "activity": due.activity, "clock": due.kind.partition("!")[0], "threshold": due.kind,
                "due": _due_of(action, due), "posts": list(_posts(action, due, alarm))})
            return alarm

        def also(connection: Connection, action: Action) -> None:
            if action.change.entries:
                self._tell(connection, action, due)
        self.transitions.change(due.case, decide, also=also)

    def _tell(self, connection: Connection, action: Action, due: DueRow) -> None:
        alarm = _alarm_of(action, due)
        notice = action.edition.process.notices.get(alarm.notice or "")
        if notice is None:
            return
        source = action.edition.files[f"processes/{action.row.process}/notices/{notice.file}"].decode()
        for number, account in enumerate(self._people(connection, action, due, alarm)):
            subject, body = render_notice(source, self._values(action, due, account))
            messages.save(connection, MessageRow(
                self.clock.new_id(), f"{due.case}:{action.row.seq}:{due.kind}:{number}", due.case, notice.id,
                account.id, account.email, subject, body, stamp(self.clock.now())))

    def _people(self, connection: Connection, action: Action, due: DueRow, alarm: Alarm) -> list[AccountRow]:
        """Who is told: the holder of the task if it is taken, else the holders of the posts, each once."""
        found: dict[str, AccountRow] = {}
        today = local(self.clock.now()).date()
        task = _task_of(action, due)
        for post in _posts(action, due, alarm):
            held = [one.account for one in directory.appointments(connection, post=post) if one.holds_on(today)]
            if task is not None and task.claimed_by in held and post == task.post:
                held = [str(task.claimed_by)]
            rows = [directory.account(connection, one) for one in held]
            found |= {row.id: row for row in rows if row is not None and row.active
                      and (alarm.escalates or row.notify == AT_ONCE)}
        return list(found.values())

    def _values(self, action: Action, due: DueRow, account: AccountRow) -> dict[str, Any]:
        """What the notice may say: the activity, the number, the time; nothing about a person."""
        task, activities = _task_of(action, due), action.edition.diagram.activities
        waiting = [task] if task is not None else action.open_tasks   # a clock of the case: whatever waits now
        at, clock = _due_of(action, due), due.kind.partition("!")[0]
        return {"kantor": dict(action.edition.office), "proses": {"nama": action.edition.process.name},
                "permohonan": {"nomor": action.row.number or "", "id": action.row.id},
                "tugas": {"nama": ", ".join(activities[one.activity].name for one in waiting), "jam": clock,
                          "batas": moment(parse_stamp(at))},
                "pesan": {"nama": account.name, "kepada": account.email,
                          "tautan": f"{self.settings.address}/berkas/{action.row.id}"}}


def _alarm_of(action: Action, due: DueRow) -> Alarm:
    return action.edition.process.alarms[int(due.kind.rpartition("!")[2])]


def _task_of(action: Action, due: DueRow) -> TaskRow | None:
    return next((one for one in action.open_tasks if one.task == due.task), None)


def _posts(action: Action, due: DueRow, alarm: Alarm) -> Iterable[str]:
    """The posts of an alarm, each once; `petugas` stands for the posts whose tasks are open on this clock."""
    task = _task_of(action, due)
    staff = [task.post] if task else [one.post for one in action.open_tasks]
    return dict.fromkeys(post for wanted in alarm.posts for post in (staff if wanted == STAFF else [wanted]))


def _due_of(action: Action, due: DueRow) -> str:
    """The due date that the alarm is about."""
    task, clock = _task_of(action, due), due.kind.partition("!")[0]
    if task is not None and task.due is not None:
        return task.due
    return next((one.at for one in action.running_dues() if one.kind == clock), due.at)


WORDS: Mapping[str, str] = {PROMISE: "janji kepada pemohon", LEGAL: "batas menurut undang-undang", GROUP: "batas bersama"}
"""How clocks of a case are called on screens."""
