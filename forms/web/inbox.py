"""The inbox of a post: what waits, most urgent first; found, counted, claimed in one press, handed over as CSV."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.assembly import GROUPS, InboxLine, InboxPage, InboxQuery
from engine.errors import Conflict
from forms.web import pictures, tasks, words
from forms.web.ground import engine
from forms.web.guard import opens_to
from forms.web.listing import EVERYTHING, csv_answer, kept, number_of, pages
from forms.web.meter import step_of
from forms.web.time_left import MOODS, TimeLeft, time_left
from forms.web.visitor import current_actor

bp = Blueprint("inbox", __name__)

SIZE = 50
FILTERS = ("w", "q", "k", "u")
FREE, MINE, OLDEST = "bebas", "saya", "lama"
HEADINGS = {"terlambat": "Terlambat", "hari_ini": "Jatuh tempo hari ini", "pekan_ini": "Pekan ini", "nanti": "Nanti",
            "tanpa_batas": "Tanpa batas waktu"}
SHORT = HEADINGS | {"hari_ini": "Hari ini"}
"""The same on the filters."""


@dataclass(frozen=True)
class Row:
    """A line of the inbox with what its page shows beside it."""

    line: InboxLine
    left: TimeLeft
    marks: tuple[str, ...]
    place: str
    mine: bool

    @property
    def name(self) -> str:
        """The activity without its number."""
        return pictures.plain_name(self.line.activity_name)

    @property
    def address(self) -> str:
        """Where the task is done."""
        return url_for("tasks.show", case=self.line.case, number=self.line.task)

    @property
    def what(self) -> str:
        """The application in a few words, to tell two buttons apart."""
        return self.line.number or self.line.title or "permohonan baru"


@dataclass(frozen=True)
class Filter:
    """A filter over the list: its address, its words, how many it finds, and whether it is the one shown."""

    address: str
    label: str
    count: int | None
    here: bool


def asked(size: int = SIZE) -> InboxQuery:
    """What the address asks for."""
    chosen = request.args.get("w", "")
    return InboxQuery(
        group=chosen if chosen in GROUPS else "", free_only=chosen == FREE, mine_only=chosen == MINE,
        activity=request.args.get("k", "")[:80], words=request.args.get("q", "")[:80],
        oldest_first=request.args.get("u") == OLDEST, page=number_of("h") if size == SIZE else 1, size=size)


@bp.get("/kotak-masuk")
@opens_to("petugas")
def mine() -> ResponseReturnValue:
    """Everything that waits for the post, in groups by urgency."""
    query = asked()
    found = engine().inbox.page(current_actor(), query)
    rows = [row_of(line) for line in found.lines]
    return render_template(
        "inbox.html", kelompok=grouped(rows, query.oldest_first), saringan=filters(found), kotak=found, sari=sentence(found),
        halaman=pages(found.total, SIZE, "inbox.mine", kept(*FILTERS)), tanda=mark(found), cari=bool(kept("q", "k", "u")),
        tak_sampai=engine().mail.troubles(current_actor().post or ""),
        unduh=url_for("inbox.export", **kept(*FILTERS)), disaring=kept("w", "q", "k"))


def row_of(line: InboxLine) -> Row:
    """A line with its time and its step."""
    marks, place = step_of(line.process, line.activity)
    return Row(line, time_left(line.due), marks, place, line.claimed_by == current_actor().account)


def grouped(rows: list[Row], as_one: bool) -> list[tuple[str, str, list[Row]]]:
    """(heading, mood, rows) per group of urgency; one group when the list is in another order."""
    if as_one:
        return [("Paling lama menunggu", "", rows)] if rows else []
    groups = ((key, [row for row in rows if row.line.group == key]) for key in GROUPS)
    return [(HEADINGS[key], MOODS.get(key, ""), found) for key, found in groups if found]


def filters(found: InboxPage) -> list[Filter]:
    """One filter per group that has something, and those for what is free and what is mine."""
    chosen, others = request.args.get("w", ""), kept("q", "k", "u")
    everything = sum(found.counts.values())
    offered: list[tuple[str, str, int | None]] = [("", "Semua", everything)]
    offered += [(key, SHORT[key], found.counts[key]) for key in GROUPS if found.counts[key] or key == chosen]
    offered += [(FREE, "Belum diambil", found.free), (MINE, "Saya ambil", None)]
    return [Filter(url_for("inbox.mine", **{**others, **({"w": key} if key else {})}), label, count, key == chosen)
            for key, label, count in offered]


def sentence(found: InboxPage) -> str:
    """The whole inbox in one sentence."""
    late, today = found.counts["terlambat"], found.counts["hari_ini"]
    day = words.long_day(engine().clock.now())
    if not sum(found.counts.values()):
        return ""
    told = [f"{late} tugas terlambat" if late else "", f"{today} tugas jatuh tempo hari ini" if today else ""]
    said = " dan ".join(filter(None, told))
    return f"{said}, {day}." if said else f"Tidak ada yang terlambat atau jatuh tempo hari ini, {day}."


def mark(found: InboxPage) -> str:
    """Changes when something comes in, goes, or is claimed: what the page's script asks for."""
    return "-".join(str(one) for one in (*found.counts.values(), found.free))


@bp.get("/kotak-masuk/keadaan")
@opens_to("petugas")
def state() -> ResponseReturnValue:
    """For the script of an open inbox: has anything changed since?"""
    found = engine().inbox.page(current_actor(), InboxQuery(size=1))
    return jsonify(tanda=mark(found), jumlah=sum(found.counts.values()))


@bp.get("/kotak-masuk.csv")
@opens_to("petugas")
def export() -> ResponseReturnValue:
    """The same list, whole, for a spreadsheet."""
    found = engine().inbox.page(current_actor(), asked(EVERYTHING))
    return csv_answer("kotak-masuk", (
        "Nomor", "Kegiatan", "Nama", "Tempat", "Jenis", "Masuk", "Batas", "Kelompok", "Dikerjakan oleh"), (
        (line.number, pictures.plain_name(line.activity_name), line.title, line.place, line.kind, words.moment(line.opened_at),
         words.moment(line.due) if line.due else "", HEADINGS[line.group], line.claimed_name) for line in found.lines))


@bp.post("/tugas/<case>/<int:number>/ambil")
@opens_to("petugas")
def claim(case: str, number: int) -> ResponseReturnValue:
    """Take a task and go on to it."""
    try:
        engine().tasks.claim(case, number, current_actor())
    except Conflict as refusal:
        return tasks.gone(refusal, case)
    return redirect(url_for("tasks.show", case=case, number=number))


@bp.post("/tugas/<case>/<int:number>/lepas")
@opens_to("petugas")
def release(case: str, number: int) -> ResponseReturnValue:
    """Put a task back for somebody else."""
    try:
        engine().tasks.release(case, number, current_actor())
    except Conflict as refusal:
        return tasks.gone(refusal, case)
    return redirect(url_for("inbox.mine", pesan="dilepas"))
