"""The office in which races are run: the small house, with a process in which everything that may meet does meet in one case.

Two checks, each with a timer drawn at it, and two forms of the applicant's wait side by side. A good check orders a number, a
bad one sends back to the applicant, a timer takes a check away, the applicant may take everything back. So any two deeds can
be done to one case at one moment, to one task or to two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.rules.people import SYSTEM, Actor
from engine.runtime.action import TIMER
from engine.runtime.catalog import gather
from engine.store import cases
from engine.store.cases import DueRow, TaskRow
from tests.builders import SECOND, Office, colleague
from tests.small_diagrams import MESSAGE, TERMINATE, boundary, drawn, flows, handler, lane, node, person, sets, timer

PROCESS, DESK = "izin-reklame", "petugas_loket"
CHECKS, ANSWERS = ("periksa_reklame", "periksa_ulang"), ("lengkapi_reklame", "lengkapi_lain")
SENT_BACK, TAKEN_AWAY = "lengkapi_lagi", "putuskan_reklame"
GOOD, BAD = {"baik": True}, {"baik": False, "catatan": "Gambar kurang jelas."}
AMENDED = {"tulisan": "Warung Melati", "luas": 4}


def _check(name: str) -> tuple[str, ...]:
    return (person(name, sets("baik")), boundary(f"lama_{name}", name, timer("'P2D'"), interrupting=True),
            node("exclusiveGateway", f"nilai_{name}", default=f"f_nilai_{name}_{SENT_BACK}"),
            handler(f"nomor_{name}", "reserve_number", "'reklame'", "register"),
            flows(f"belah > {name}", f"{name} > nilai_{name}", f"lama_{name} > {TAKEN_AWAY}",
                  f"nilai_{name} > {SENT_BACK}", f"nilai_{name} > nomor_{name} if baik == True", f"nomor_{name} > selesai"))


DIAGRAM = drawn(
    "<bpmn:laneSet id='lajur'>", lane("Warga", "mulai", *ANSWERS, SENT_BACK),
    lane("Loket Kecamatan", *CHECKS), lane("Camat", TAKEN_AWAY), "</bpmn:laneSet>",
    node("startEvent", "mulai", MESSAGE.format("m_ajukan")), node("parallelGateway", "belah"), flows("mulai > belah"),
    *_check(CHECKS[0]), *_check(CHECKS[1]),
    *(person(name) + flows(f"belah > {name}", f"{name} > selesai") for name in ANSWERS),
    person(SENT_BACK), flows(f"{SENT_BACK} > selesai"), person(TAKEN_AWAY), flows(f"{TAKEN_AWAY} > selesai"),
    node("intermediateCatchEvent", "cabut", MESSAGE.format("m_cabut")), handler("kabar", "send_notice", "'dicabut'", "pesan"),
    flows("belah > cabut", "cabut > kabar", "kabar > tutup"), node("endEvent", "tutup", TERMINATE),
    node("endEvent", "selesai"), process="izin_reklame")

MORE = """
[waktu.periksa_ulang]
batas = "2 jam"

[pesan.dicabut]
nama = "Permohonan dicabut"

[[ambang]]
untuk = "tugas"
jenis = "eskalasi"
kapan = "sesudah"
jarak = "1 jam"
kepada = ["camat"]
pesan = "dicabut"
"""
"""What the process says beside what the small house says."""

NOTICE = b"Perihal: Kabar\n\nYth. {{ pesan.nama }},\n\nAda perubahan pada permohonan {{ permohonan.id }}.\n"


def lay_out(office: Office) -> None:
    """Put the process of the races into force in an office of the small house."""
    files = gather(SECOND / "processes", SECOND / "forms", PROCESS)
    forms, own = f"forms/{PROCESS}", f"processes/{PROCESS}"
    files |= {f"{own}/{PROCESS}.bpmn": DIAGRAM, f"{own}/notices/dicabut.txt": NOTICE,
              f"{own}/process.toml": files[f"{own}/process.toml"] + MORE.encode(),
              f"{forms}/{CHECKS[1]}.json": files[f"{forms}/{CHECKS[0]}.json"],
              **{f"{forms}/{name}.json": files[f"{forms}/{ANSWERS[0]}.json"] for name in (ANSWERS[1], SENT_BACK)}}
    office.engine.catalog.deploy(PROCESS, files, SYSTEM)


@dataclass(frozen=True)
class Side:
    """One of the two who race: which person, and which of the two tasks of a kind."""

    by: Actor
    other: Actor
    place: int


@dataclass(frozen=True)
class Ready:
    """A deed on the line: what is to be done, and the draft that lies on the table of who does it."""

    act: Callable[[], Any]
    by: Actor | None = None
    task: int = 0
    typed: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Track:
    """Makes cases on which everything waits, and lines deeds up."""

    office: Office
    people: tuple[Actor, Actor]

    @classmethod
    def of(cls, office: Office) -> Track:
        """A track in an office of the small house."""
        lay_out(office)
        return cls(office, (office.actor(DESK), colleague(office, DESK)))

    def case(self) -> str:
        """A new case: both checks, both answers, the timers, the alarms and the withdrawal wait."""
        return self.office.engine.cases.start(PROCESS, "ajukan", self.office.applicant).id

    def side(self, number: int, place: int) -> Side:
        """The first or the second of the two, at the first or the second task."""
        return Side(self.people[number], self.people[1 - number], place)

    def ready(self, deed: str, case: str, side: Side) -> Ready:
        """Line a deed up; what it needs beforehand is done."""
        return DEEDS[deed](self, case, side)

    def complete(self, case: str, side: Side) -> Ready:
        return self._form(case, CHECKS[side.place], GOOD, side.by)

    def send_back(self, case: str, side: Side) -> Ready:
        return self._form(case, CHECKS[side.place], BAD, side.by)

    def answer(self, case: str, side: Side) -> Ready:
        return self._form(case, ANSWERS[side.place], AMENDED, self.office.applicant)

    def _form(self, case: str, activity: str, values: Mapping[str, Any], by: Actor) -> Ready:
        tasks, task = self.office.engine.tasks, self.office.task(case, activity).task
        if tasks.draft(case, task, by) is None:
            tasks.save_draft(case, task, values, by, revision=0)
        return Ready(lambda: tasks.complete(case, task, values, by), by, task, values)

    def claim(self, case: str, side: Side) -> Ready:
        task = self._check(case, side)
        return Ready(lambda: self.office.engine.tasks.claim(case, task.task, side.by))

    def release(self, case: str, side: Side) -> Ready:
        task = self._check(case, side)
        if task.claimed_by is None:
            self.office.engine.tasks.claim(case, task.task, side.by)
        return Ready(lambda: self.office.engine.tasks.release(case, task.task, side.by))

    def reassign(self, case: str, side: Side) -> Ready:
        task, administrator = self._check(case, side), self.office.actor("administrator")
        return Ready(lambda: self.office.engine.tasks.reassign(case, task.task, str(side.by.account), administrator))

    def withdraw(self, case: str, _side: Side) -> Ready:
        return Ready(lambda: self.office.engine.cases.withdraw(case, "Tidak jadi", self.office.applicant))

    def timer(self, case: str, side: Side) -> Ready:
        return self._due(case, side, lambda row: row.kind == TIMER)

    def alarm(self, case: str, side: Side) -> Ready:
        return self._due(case, side, lambda row: row.kind != TIMER and row.fires)

    def _due(self, case: str, side: Side, wanted: Callable[[DueRow], bool]) -> Ready:
        """Two workers hold the same row, as when a lease is shorter than the work."""
        with self.office.engine.database.reading() as connection:
            known = [one for one in cases.dues(connection, case) if wanted(one)]
        row = sorted(known, key=lambda one: one.task)[side.place]
        return Ready(lambda: self.office.engine.timers.fire(row))

    def _check(self, case: str, side: Side) -> TaskRow:
        return self.office.task(case, CHECKS[side.place])


DEEDS: Mapping[str, Callable[[Track, str, Side], Ready]] = {
    "complete": Track.complete, "claim": Track.claim, "release": Track.release, "return": Track.send_back,
    "answer": Track.answer, "withdraw": Track.withdraw, "reassign": Track.reassign, "timer": Track.timer,
    "alarm": Track.alarm}
"""What may happen to a case. `answer` is the applicant's; `timer` is drawn and moves a token, `alarm` is one of the clock."""
