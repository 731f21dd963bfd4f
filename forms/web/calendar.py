"""The office's calendar for its administrator: a year at a glance, one day changed by decree after seeing what that moves."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.assembly import DayChange, MovePreview, NewDay, TablesChange, WrongDay
from engine.errors import Refusal
from engine.rules.calendar_tables import validity
from engine.rules.calendars import Calendar, Day, Ramadan
from engine.rules.explanation import PROVISIONAL, hours_of, spans_of
from engine.rules.language import DAYS, month_name
from forms.web import refusals, words
from forms.web.calendar_tables import waiting
from forms.web.ground import engine
from forms.web.guard import opens_to
from forms.web.listing import csv_answer, number_of
from forms.web.visitor import current_actor

bp = Blueprint("calendar", __name__)

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Years that the page shows."""

SATURDAY = 5
KINDS = ("libur", "kerja")
"""What a day may be made into."""
CLOSED, CHANGED, WEEKEND, OPEN = "closed", "changed", "weekend", "open"
SIGNS = {CLOSED: "dash", CHANGED: "edit"}
MOST_DECREE = 200


@dataclass(frozen=True)
class Cell:
    """A day of a small month: how it is kept, in one word for the eye and in a sentence for everybody."""

    on: date
    state: str
    ramadan: bool
    text: str
    reason: str
    today: bool = False

    @property
    def label(self) -> str:
        """The day in a sentence; the usual hours of a usual day are told below the year."""
        told = ", ".join(filter(None, (self.text, self.reason))) if self.told else self.text.partition(",")[0]
        return f"{words.long_day(self.on)}: {told}" + (", hari ini" if self.today else "")

    @property
    def told(self) -> bool:
        """True for a day that is not as its weekday would be."""
        return self.state in SIGNS

    @property
    def sign(self) -> str:
        """The sign beside the word."""
        return SIGNS.get(self.state, "")


@dataclass(frozen=True)
class Kept:
    """Office hours as they are kept for a time, by which decree."""

    name: str
    valid: tuple[str, ...]
    usual: str
    friday: str
    decree: str


@dataclass(frozen=True)
class Month:
    """A month in weeks from Monday; None = a day of its neighbour."""

    name: str
    weeks: tuple[tuple[Cell | None, ...], ...]

    @property
    def told(self) -> list[Cell]:
        """The closed and changed days."""
        return [one for week in self.weeks for one in week if one is not None and one.told]


@dataclass(frozen=True)
class Typed:
    """What stands in the form."""

    day: str = ""
    kind: str = "libur"
    hours: str = ""
    decree: str = ""


@dataclass(frozen=True)
class Changed:
    """A line of what was changed: what, by which decree, who, when, and since when open dates follow it."""

    change: DayChange | TablesChange
    by: str

    @property
    def day(self) -> str | None:
        """The changed day; None for whole tables."""
        return self.change.day if isinstance(self.change, DayChange) else None

    @property
    def text(self) -> str:
        """Libur, or a working day with its hours; nothing for whole tables."""
        if isinstance(self.change, TablesChange):
            return ""
        if not self.change.works:
            return "libur"
        spans = ", ".join(f"{opens.replace(':', '.')}–{closes.replace(':', '.')}" for opens, closes in self.change.hours or ())
        return f"hari kerja, pukul {spans}" if spans else "hari kerja, jam biasa"


@bp.get("/kalender")
@opens_to("administrator")
def year() -> ResponseReturnValue:
    """The year that the address asks for; a day of it may be chosen for the form, to become what it is not."""
    day = _chosen()
    closed = day is not None and not engine().calendar.calendar().on(day).spans
    return _page(Typed(day.isoformat() if day else "", "kerja" if closed else "libur"))


@bp.post("/kalender")
@opens_to("administrator")
def change() -> ResponseReturnValue:
    """Show what a change would move; save it when it was seen."""
    typed = Typed(*(request.form.get(name, "").strip()[:MOST_DECREE] for name in ("hari", "jenis", "jam", "dasar")))
    try:
        wanted = wish(typed)
        if request.form.get("_aksi") != "simpan":
            return _page(typed, preview=engine().calendar.preview(wanted))
        engine().calendar.change(wanted, current_actor())
    except Refusal as refusal:
        return _page(typed, advice=refusal.advice), refusals.status_of(refusal)
    return redirect(url_for("calendar.year", tahun=wanted.day.year, pesan="kalender", _anchor="perubahan"))


@bp.get("/kalender.csv")
@opens_to("administrator")
def export() -> ResponseReturnValue:
    """The closed and changed days of a year for a spreadsheet."""
    shown = _year()
    return csv_answer(f"kalender-{shown}", ("Tanggal", "Hari", "Keadaan", "Dasar"), (
        (one.on.isoformat(), DAYS[one.on.weekday()], one.text, one.reason) for month in months(shown) for one in month.told))


def wish(typed: Typed) -> NewDay:
    """What was typed, as the desk takes it; a refusal says what is missing."""
    day = _day(typed.day)
    if day is None:
        raise WrongDay(f"day {typed.day!r}", advice=f"Pilih tanggal yang diubah dari kalender, tahun {FIRST_YEAR} sampai "
                                                    f"{LAST_YEAR}.")
    if typed.kind not in KINDS:
        raise WrongDay(f"kind {typed.kind!r}", advice="Pilih hari itu menjadi libur atau hari kerja.")
    return NewDay(day, typed.kind == "kerja", parse_hours(typed.hours), typed.decree)


def parse_hours(typed: str) -> list[list[str]] | None:
    """"07.30-12.00, 13.00-16.00" as pairs; None for nothing. What is no time is left for the rules to refuse."""
    spans = [part.replace("–", "-").replace(".", ":").split("-") for part in typed.split(",") if part.strip()]
    return [[one.strip().zfill(5) for one in span] for span in spans] or None


def _page(typed: Typed, preview: MovePreview | None = None, advice: str | None = None) -> str:
    shown, calendar = _year(typed.day), engine().calendar.calendar()
    found, (offer, unusable) = months(shown), waiting()
    return render_template(
        "calendar.html", tahun=shown, bulan=found, nama_hari=DAYS, isian=typed, pratinjau=preview, advice=advice,
        tawaran=offer, tawaran_rusak=unusable,
        catatan=list(notes(calendar, shown)), perubahan=changes(), terpilih=_now(calendar, typed.day),
        masa=list(kept_hours(calendar, shown)), ketetapan=calendar.years.get(shown), hari_ini=_today(),
        ada_ramadan=any(one and one.ramadan for month in found for week in month.weeks for one in week),
        sebelum=shown - 1 if shown > FIRST_YEAR else None, sesudah=shown + 1 if shown < LAST_YEAR else None)


def _chosen() -> date | None:
    """The day that was pressed."""
    return _day(request.args.get("hari", ""))


def _day(written: str) -> date | None:
    """A day of the years that the page shows; None for anything else."""
    try:
        # fromisoformat would take 20260622 and 2026-W26-1 too.
        day = datetime.strptime(written, "%Y-%m-%d").date()
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _today() -> date:
    return words.office_time(engine().clock.now()).date()


def _year(day: str = "") -> int:
    """The year to show: that of the address, else that of the chosen day, else this one."""
    wanted = number_of("tahun", int(day[:4]) if day[:4].isdecimal() else _today().year)
    return min(max(wanted, FIRST_YEAR), LAST_YEAR)


def _now(calendar: Calendar, day: str) -> str:
    """The day in the form, and how it is kept now: a browser of another country writes dates in its own order."""
    on = _day(day)
    return "" if on is None else f"{words.long_day(on)}; sekarang {cell(calendar, calendar.on(on)).text}"


def notes(calendar: Calendar, shown: int) -> Iterator[str]:
    """What is not known about a year."""
    if calendar.is_provisional(shown):
        yield (f"Tahun {shown}: {PROVISIONAL}. Hari libur dan cuti bersama belum ditetapkan seluruhnya; batas waktu yang "
               "jatuh di tahun ini masih dapat bergeser.")
    if not calendar.has_ramadan(shown):
        yield f"Tahun {shown}: tanpa jam Ramadan, karena tanggal Ramadan tahun ini belum ada di tabel."


def kept_hours(calendar: Calendar, shown: int) -> Iterator[Kept]:
    """The office hours that hold on some day of a year, each with when, and by which decree."""
    fasting = [one for one in calendar.ramadan if one.first.year <= shown <= one.last.year]
    for one in calendar.hours:
        if (one.first is None or one.first.year <= shown) and (one.last is None or one.last.year >= shown):
            valid = tuple(map(_fasting, fasting)) if one.ramadan else (validity(one) or "selalu",)
            yield Kept("Ramadan" if one.ramadan else "Biasa", valid, spans_of(one.usual), spans_of(one.friday), one.decree)


def _fasting(one: Ramadan) -> str:
    return f"{words.day(one.first)} sampai {words.day(one.last)}" + (f" ({one.decree})" if one.decree else "")


def months(shown: int) -> list[Month]:
    """The twelve months of a year."""
    calendar = engine().calendar.calendar()
    cells = {day.on: cell(calendar, day) for day in engine().calendar.year(shown)}
    return [_month(shown, number, cells) for number in range(1, 13)]


def _month(shown: int, number: int, cells: Mapping[date, Cell]) -> Month:
    weeks = Weeks().monthdatescalendar(shown, number)
    return Month(month_name(number), tuple(
        tuple(cells[day] if day.month == number else None for day in week) for week in weeks))


def cell(calendar: Calendar, day: Day) -> Cell:
    """A day in words."""
    changed = day.on in calendar.overrides
    if day.spans:
        state, text = CHANGED if changed else OPEN, f"hari kerja, {hours_of(day)}"
    else:
        weekend = day.on.weekday() >= SATURDAY and not changed
        state, text = CHANGED if changed else WEEKEND if weekend else CLOSED, "akhir pekan" if weekend else "libur"
    return Cell(day.on, state, day.ramadan, text, day.reason, day.on == _today())


def changes() -> list[Changed]:
    """Every changed day and every taking over of tables, the newest first, with the name of whose deed it was."""
    made = engine().calendar.changes()
    names = {row.id: row.name for row in engine().administration.accounts()} if made else {}
    return [Changed(one, names.get(one.set_by or "", "Sistem")) for one in reversed(made)]
