"""The service level of a process: promises kept, where work waits, how long it takes; each number leads to its cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.assembly import Edition, MonthLine, Overview, Period, Spread, StepLine
from engine.clock import stamp
from engine.rules.explanation import PROVISIONAL
from engine.rules.language import grouped, month_name
from forms.web import charts, pictures, words
from forms.web.cases import own_editions
from forms.web.ground import engine, post_name
from forms.web.guard import opens_to
from forms.web.listing import csv_answer
from forms.web.workbook import Table, xlsx_answer

bp = Blueprint("service_level", __name__)

READERS = ("petugas", "administrator", "auditor")
WORKDAY = 450
"""Minutes of an ordinary working day, in which long times are told."""

PERIODS = {"3": 3, "12": 12}
"""What the address says -> how many months back from this one."""

FIRST_MONTH = "2000-01"
"""Before it no office kept its cases here, and the calendar's arithmetic would end."""

HEATS = {"beban": "Beban", "telat": "Keterlambatan"}
"""What the diagram is coloured by."""


@dataclass(frozen=True)
class Asked:
    """Which process, which months, in the words of the address."""

    edition: Edition
    period: Period
    chosen: str

    @property
    def filters(self) -> dict[str, Any]:
        """What a link carries along."""
        return {"p": self.edition.process.id, **({"m": self.chosen} if self.chosen else {})}

    @property
    def words(self) -> str:
        """Juni 2026; April sampai Juni 2026"""
        first, last = month_words(self.period.first), month_words(self.period.last)
        return last if first == last else f"{first} sampai {last}"


@dataclass(frozen=True)
class Row:
    """A step of the table with what is told of it and where its numbers lead."""

    line: StepLine
    number: str
    name: str
    post: str
    lane: str
    wait: str
    load: int
    lateness: int
    links: Mapping[str, str]
    applicant: bool = False

    @property
    def share(self) -> str:
        """The part in time."""
        return percent(self.line.done)


def asked() -> Asked:
    """What the address asks for: a process of this person's post, this month unless it says otherwise."""
    offered = own_editions()
    wanted = request.args.get("p", "")
    found = next((one for one in offered if one.process.id == wanted), offered[0] if offered and not wanted else None)
    if found is None:
        abort(404)
    chosen, this = request.args.get("m", ""), engine().service_level.this_month()
    if chosen in PERIODS:
        return Asked(found, Period(months_back(this, PERIODS[chosen] - 1), this), chosen)
    if is_month(chosen) and FIRST_MONTH <= chosen < this:
        return Asked(found, Period(chosen, chosen), chosen)
    return Asked(found, Period(this, this), "")


def is_month(text: str) -> bool:
    """True for 2026-06."""
    return len(text) == 7 and text[4] == "-" and (text[:4] + text[5:]).isdecimal() and 1 <= int(text[5:]) <= 12


def months_back(month: str, count: int) -> str:
    """So many months earlier."""
    number = int(month[:4]) * 12 + int(month[5:]) - 1 - count
    return f"{number // 12:04}-{number % 12 + 1:02}"


def month_words(month: str) -> str:
    """Juni 2026"""
    return f"{month_name(int(month[5:]))} {month[:4]}"


# --- how times and shares are told --------------------------------------------------------------------------------


def duration(minutes: float | None) -> str:
    """38 menit; 3 jam 10 menit; 2,5 hari kerja"""
    if minutes is None:
        return "–"
    if minutes >= WORKDAY:
        return f"{grouped(f'{minutes / WORKDAY:.1f}'.removesuffix('.0'))} hari kerja"
    hours, left = divmod(round(minutes), 60)
    parts = [f"{hours} jam" if hours else "", f"{left} menit" if left or not hours else ""]
    return " ".join(filter(None, parts))


def percent(done: Spread) -> str:
    """89,5%"""
    if done.share is None:
        return "–"
    return f"{grouped(f'{done.share * 100:.1f}'.removesuffix('.0'))}%"


# --- the page -----------------------------------------------------------------------------------------------------


@bp.get("/kinerja")
@opens_to(*READERS)
def show() -> ResponseReturnValue:
    """One process in some months."""
    want = asked()
    process = want.edition.process
    found, trend = engine().service_level.overview(process.id, want.period), engine().service_level.trend(process.id)
    rows = rows_of(want, found)
    ours = [one for one in rows if not one.applicant]
    heat = request.args.get("panas", "") if request.args.get("panas") in HEATS else "beban"
    return render_template(
        "service_level.html", proses_ini=process, edisi=want.edition, diminta=want, hasil=found, baris=ours,
        pemohon=rows[len(ours):],
        saringan=periods(want), proses_ada=own_editions(), panas=heat, panas_ada=HEATS, tanda=marks(rows, heat),
        bulanan=trend, kolom=columns(trend), batang=charts.bars(by_post(ours)), jabatan_batang=by_post(ours),
        kalimat=sentence(want, found, ours), angka=links(want), durasi=duration, persen=percent, nama_bulan=month_words,
        catatan=notes(want.period),
        terlambat=sum(one.late for one in found.steps), hari_ini=sum(one.today for one in found.steps))


def rows_of(want: Asked, found: Overview) -> list[Row]:
    """The steps of the office, then those of the applicant: these are no work of the office and have no heat."""
    lane = want.edition.process.applicant_lane
    ours = [one for one in found.steps if lane is None or one.post != lane.post]
    most, latest = max((one.open for one in ours), default=0), max((one.late for one in ours), default=0)
    rows = [_row(want, one, (charts.level(one.open, most), charts.level(one.late, latest))) for one in ours]
    return rows + [_row(want, one, (0, 0), applicant=True) for one in found.steps if one not in ours]


def _row(want: Asked, one: StepLine, heat: tuple[int, int], applicant: bool = False) -> Row:
    activity = want.edition.diagram.activities.get(one.activity)
    lane = activity.lane or "" if activity else ""
    post = lane if applicant and lane else post_name(one.post)
    row = want.edition.process.rows.get(one.activity)
    waited = engine().promises.minutes(one.oldest, stamp(engine().clock.now())) if one.oldest else None
    kept: dict[str, Any] = {**want.filters, "k": one.activity, "j": one.post}
    kinds = ("terbuka", "hari_ini", "terlambat", "selesai", "tepat", "lewat")
    addresses = {kind: url_for("service_cases.behind", w=kind, **kept) for kind in kinds}
    return Row(one, row.number if row else "", pictures.plain_name(activity.name) if activity else one.activity,
               post, lane or post, duration(waited) if one.oldest else "–", *heat, addresses | {
                   "langkah": url_for("service_level.step", activity=one.activity, **want.filters)}, applicant)


def links(want: Asked) -> dict[str, str]:
    """Where the large numbers lead."""
    kinds = ("berjalan", "berakhir", "ditepati", "dilanggar", "lewat_janji", "dekat_batas", "terlambat", "hari_ini")
    return {kind: url_for("service_cases.behind", w=kind, **want.filters) for kind in kinds}


def periods(want: Asked) -> list[tuple[str, str, bool]]:
    """(address, label, chosen) of the months that one press leads to."""
    this = engine().service_level.this_month()
    before = months_back(this, 1)
    offered = [("", month_words(this)), (before, month_words(before)), ("3", "3 bulan"), ("12", "12 bulan")]
    known = [(url_for("service_level.show", p=want.edition.process.id, m=key or None), label, key == want.chosen)
             for key, label in offered]
    if not any(here for *_, here in known):
        known.append((url_for("service_level.show", **want.filters), want.words, True))
    return known


def sentence(want: Asked, found: Overview, rows: Sequence[Row]) -> str:
    """The whole page in a sentence or two."""
    judged = found.cases.in_time + found.cases.late
    kept = f"{want.words}: {grouped(found.cases.in_time)} dari {grouped(judged)} keputusan sesuai janji." if judged else \
        f"{want.words}: belum ada keputusan."
    worst = max(rows, key=lambda one: one.line.done.late, default=None)
    if worst is None or not worst.line.done.late:
        return kept
    return f"{kept} Paling sering lewat batas: langkah {worst.number}, {words.lower_first(worst.name)}."


def notes(period: Period) -> str:
    """Said when the working days of a year in the period are not known yet."""
    years = dict.fromkeys(int(month[:4]) for month in (period.first, period.last))
    unknown = [str(year) for year in years if engine().promises.calendar.is_provisional(year)]
    return f"Tahun {' dan '.join(unknown)}: {PROVISIONAL}; waktu kerja dapat berubah." if unknown else ""


def columns(trend: Sequence[MonthLine]) -> list[charts.Column]:
    """The share in time, month by month."""
    return charts.columns([(month_name(int(one.month[5:]))[:3], one.done.share,
                            "" if one.done.share is None else f"{one.done.share * 100:.0f}") for one in trend])


def median_columns(trend: Sequence[MonthLine]) -> list[charts.Column]:
    """The middle working time in hours, month by month; the longest stands highest."""
    most = max((one.done.median or 0 for one in trend), default=0) or 1
    return charts.columns([(month_name(int(one.month[5:]))[:3], None if one.done.median is None else one.done.median / most,
                            "" if one.done.median is None else hours(one.done.median)) for one in trend])


def hours(minutes: int) -> str:
    """0,7; 6,5; 19"""
    return grouped(f"{minutes / 60:.1f}".removesuffix(".0") if minutes < 600 else f"{minutes / 60:.0f}")


def by_post(rows: Sequence[Row]) -> list[tuple[str, int, int]]:
    """(post as the diagram names it, open tasks, of these late), in the order of the way."""
    load: dict[str, list[int]] = {}
    for one in rows:
        mine = load.setdefault(one.lane, [0, 0])
        mine[0], mine[1] = mine[0] + one.line.open, mine[1] + one.line.late
    return [(post, many, late) for post, (many, late) in load.items()]


def marks(rows: Sequence[Row], heat: str) -> dict[str, Any]:
    """What the drawn diagram marks: each step in its heat, with its number."""
    found: dict[str, Any] = {"heat1": [], "heat2": [], "heat3": [], "labels": {}}
    for one in rows:
        hot, number = (one.load, one.line.open) if heat == "beban" else (one.lateness, one.line.late)
        if hot:
            found[f"heat{hot}"].append(one.line.activity)
            found["labels"][one.line.activity] = grouped(number)
    return found


# --- one step -----------------------------------------------------------------------------------------------------


@bp.get("/kinerja/langkah/<activity>")
@opens_to(*READERS)
def step(activity: str) -> ResponseReturnValue:
    """One step: what waits, what was done, and a year of it."""
    want = asked()
    known = want.edition.diagram.activities.get(activity) or abort(404)
    found = engine().service_level.overview(want.edition.process.id, want.period)
    trend = engine().service_level.trend(want.edition.process.id, activity)
    return render_template(
        "service_step.html", diminta=want, proses_ini=want.edition.process, nama=pictures.plain_name(known.name),
        baris=[one for one in rows_of(want, found) if one.line.activity == activity],
        batas=pictures.limit_words(want.edition.process, activity), bulanan=trend, kolom=columns(trend),
        kolom_median=median_columns(trend), durasi=duration, persen=percent, nama_bulan=month_words,
        catatan=notes(want.period))


# --- for spreadsheets ---------------------------------------------------------------------------------------------


STEP_HEADINGS = ("Langkah", "Kegiatan", "Jabatan", "Terbuka", "Jatuh tempo hari ini", "Terlambat", "Terlama menunggu",
                 "Selesai", "Tepat waktu", "Lewat batas", "Bagian tepat waktu (%)", "Median (menit kerja)",
                 "Persentil 90 (menit kerja)")
MONTH_HEADINGS = ("Bulan", "Selesai", "Janji ditepati", "Lewat janji", "Bagian sesuai janji (%)", "Median (menit kerja)",
                  "Persentil 90 (menit kerja)")


def step_rows(rows: Sequence[Row]) -> Iterator[Sequence[object]]:
    """The table of steps, numbers as numbers."""
    for one in rows:
        yield (one.number, one.name, one.post, one.line.open, one.line.today, one.line.late, one.wait,
               *_numbers(one.line.done))


def _numbers(done: Spread) -> tuple[object, ...]:
    share = None if done.share is None else round(done.share * 100, 1)
    return done.count, done.in_time, done.late, share, done.median, done.ninetieth


@bp.get("/kinerja.csv")
@opens_to(*READERS)
def export() -> ResponseReturnValue:
    """The table of steps for a spreadsheet."""
    want = asked()
    found = engine().service_level.overview(want.edition.process.id, want.period)
    return csv_answer(_name(want), STEP_HEADINGS, step_rows(rows_of(want, found)))


@bp.get("/kinerja.xlsx")
@opens_to(*READERS)
def workbook() -> ResponseReturnValue:
    """Steps and months as a workbook."""
    want = asked()
    found = engine().service_level.overview(want.edition.process.id, want.period)
    trend = engine().service_level.trend(want.edition.process.id)
    return xlsx_answer(_name(want), {
        "Langkah": Table(STEP_HEADINGS, step_rows(rows_of(want, found))),
        "Bulan": Table(MONTH_HEADINGS, ((one.month, *_numbers(one.done)) for one in trend))})


def _name(want: Asked) -> str:
    return f"tingkat-layanan-{want.edition.process.id}-{want.period.first}-{want.period.last}"
