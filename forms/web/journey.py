"""Where is my application, who has it, what comes next: the way of one case in public words, posts instead of names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.assembly import CaseRow, Diagram, TaskRow
from engine.clock import stamp
from engine.rules.process import Process
from forms.web import words
from forms.web.pictures import Step, plain_name, states, steps_of
from forms.web.promise import Promise

SIGNS = {"terbit": "ok", "ditolak": "cross", "dibatalkan": "cross", "ditutup": "cross"}
BUSY = "Sedang diproses sistem"
BUSY_WORDS = "Nomor atau surat sedang dibuat; biasanya selesai dalam satu menit. Berkas Anda aman."


@dataclass(frozen=True)
class Stop:
    """One station: `state` is done, back, now or next."""

    state: str
    title: str
    who: str = ""
    at: str | None = None
    sign: str = ""
    number: str = ""
    words: str = ""


@dataclass(frozen=True)
class Journey:
    """The whole way, ready to be shown."""

    number: str
    service: str
    title: str
    headline: str
    lead: str
    marks: list[str]
    place: str
    stops: list[Stop]
    asks: str
    ended: bool
    outcome: str
    waiting: str
    promise: Promise | None = None


@dataclass(frozen=True)
class _Way:
    """A case with its process, its diagram and its tasks in order."""

    process: Process
    diagram: Diagram
    case: CaseRow
    tasks: Sequence[TaskRow]

    @property
    def open(self) -> list[TaskRow]:
        return [task for task in self.tasks if task.closed_at is None and self.case.ended_at is None]

    @property
    def passed(self) -> list[TaskRow]:
        return [task for task in self.tasks if task.closed_at is not None and not self.dropped(task)]

    def ours(self, task: TaskRow) -> bool:
        """True when the applicant has to do this task."""
        lane = self.process.applicant_lane
        return lane is not None and task.post == lane.post

    def dropped(self, task: TaskRow) -> bool:
        """Closed without being done: taken away by a withdrawal or by the clock."""
        if self.ours(task):
            return task.closed_by is None and task is not self.tasks[0]
        return task.closed_by is None or task.closed_by == self.case.applicant

    def returned(self, task: TaskRow) -> bool:
        """The office had it before, and the applicant has it again."""
        return self.ours(task) and any(not self.ours(one) and one.task < task.task for one in self.tasks)

    def lane(self, task: TaskRow) -> str:
        return self.diagram.activities[task.activity].lane or ""

    def status(self, task: TaskRow) -> str:
        row = self.process.rows.get(task.activity)
        return row.status if row and row.status else self.name(task)

    def name(self, task: TaskRow) -> str:
        return plain_name(self.diagram.activities[task.activity].name)


def journey(process: Process, diagram: Diagram, case: CaseRow, tasks: Sequence[TaskRow],
            promise: Promise = Promise()) -> Journey:
    """The way of a case and what its applicant was promised."""
    way = _Way(process, diagram, case, sorted(tasks, key=lambda task: task.task))
    steps = steps_of(process, diagram)
    marks = states(steps, {task.activity for task in way.passed}, {task.activity for task in way.open})
    headline, lead = _headline(way)
    return Journey(
        case.number or "", process.name, case.title, headline, lead, _whole(marks, case), _place(steps, marks, case),
        _stops(way, steps, marks, promise), _asks(way), case.ended_at is not None, _outcome(way), _waiting(way, promise),
        None if case.ended_at or promise.at is None else promise)


def _whole(marks: list[str], case: CaseRow) -> list[str]:
    """A case that ended has no step before it."""
    return ["done" if mark == "now" else mark for mark in marks] if case.ended_at else marks


def _place(steps: Sequence[Step], marks: Sequence[str], case: CaseRow) -> str:
    here = [step.number for step, mark in zip(steps, marks) if mark == "now"]
    if case.ended_at or not here:
        return ""
    return f"Langkah {' dan '.join(here)} dari {len(steps)}"


def _headline(way: _Way) -> tuple[str, str]:
    case = way.case
    if case.ended_at is not None:
        end = way.process.ends.get(case.end or "")
        return end.status if end else "Selesai", f"Selesai {words.moment(case.ended_at)}."
    if not way.open:
        return _busy(way), BUSY_WORDS
    first = way.open[0]
    if way.ours(first):
        return way.status(first), f"Menunggu Anda sejak {words.moment(first.opened_at)}."
    places = " dan ".join(dict.fromkeys(way.lane(task) for task in way.open))
    return (" dan ".join(dict.fromkeys(way.status(task) for task in way.open)),
            f"Berkas ada pada {places} sejak {words.moment(first.opened_at)}.")


def _busy(way: _Way) -> str:
    """While letters, numbers and signatures are made the case stands where the office left it."""
    last = next((task for task in reversed(way.passed) if not way.ours(task)), None)
    return way.status(last) if last is not None and last is way.passed[-1] else BUSY


def _asks(way: _Way) -> str:
    """What the applicant is asked to do, in one sentence; empty = nothing."""
    mine = [task for task in way.open if way.ours(task)]
    if not mine:
        return ""
    if way.returned(mine[0]) and way.case.received_at is not None:
        return f"{way.name(mine[0])}: baca catatan petugas, perbaiki, lalu kirim."
    if way.returned(mine[0]):
        return "Berkas dikembalikan untuk dilengkapi. Baca catatan petugas, perbaiki bagian itu, lalu kirim lagi."
    return f"{way.name(mine[0])}: lanjutkan isian Anda, lalu kirim."


def _outcome(way: _Way) -> str:
    end = way.process.ends.get(way.case.end or "")
    return end.outcome if end else ""


def _waiting(way: _Way, made: Promise) -> str:
    """Why there is no promised day now."""
    promise = way.process.promise
    if promise is None or way.case.ended_at is not None:
        return ""
    if way.case.received_at is None:
        return f"{promise.limit} sejak berkas dinyatakan lengkap. Tanggalnya tampil di sini setelah ada tanda terima."
    since = f" sejak {words.moment(made.paused_since)}" if made.paused_since else ""
    return f"Berhenti dihitung{since} karena berkas ada pada Anda. Tanggal baru tampil setelah Anda mengirimkannya kembali."


def _stops(way: _Way, steps: Sequence[Step], marks: Sequence[str], promise: Promise) -> list[Stop]:
    moved = [Stop("done", "Janji bergeser", "", stamp(one.at), "clock", words=one.text) for one in promise.shifts]
    stops = sorted([*(_passed(way, task) for task in way.passed), *moved], key=lambda one: one.at or "")
    stops += [_standing(way, task) for task in way.open]
    if way.case.ended_at is not None:
        return [*stops, _end(way)]
    last = max((place for place, mark in enumerate(marks) if mark != "next"), default=-1)
    return stops + [Stop("next", step.name, step.lane, number=step.number) for step in list(steps)[last + 1:]]


def _passed(way: _Way, task: TaskRow) -> Stop:
    who = "Anda" if way.ours(task) else way.lane(task)
    if way.returned(task):
        return Stop("back", f"{way.status(task)}, lalu dilengkapi", who, task.closed_at, "back")
    return Stop("done", way.name(task), who, task.closed_at, "check")


def _standing(way: _Way, task: TaskRow) -> Stop:
    who = "Anda" if way.ours(task) else way.lane(task)
    sign = "back" if way.returned(task) else "clock"
    return Stop("now", way.name(task), who, task.opened_at, sign)


def _end(way: _Way) -> Stop:
    end = way.process.ends.get(way.case.end or "")
    sign = SIGNS.get(end.outcome if end else "", "ok")
    return Stop("done", end.status if end else "Selesai", "", way.case.ended_at, sign)
