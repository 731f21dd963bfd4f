"""The cases behind a number of the service level: one list for each, with an address that can be passed on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.assembly import Drill
from engine.rules import privacy
from engine.rules.people import ROLES
from forms.web import pictures, words
from forms.web.ground import engine, post_name
from forms.web.guard import opens_to
from forms.web.listing import EVERYTHING, csv_answer, kept, number_of, pages
from forms.web.service_level import READERS, Asked, asked, duration
from forms.web.time_left import TimeLeft, time_left
from forms.web.visitor import current_actor
from forms.web.workbook import Table, xlsx_answer

bp = Blueprint("service_cases", __name__)

SIZE = 25
FILTERS = ("p", "m", "w", "k", "j")
HEADINGS = {
    "terbuka": "Tugas terbuka", "hari_ini": "Tugas jatuh tempo hari ini", "terlambat": "Tugas terlambat",
    "selesai": "Tugas selesai", "tepat": "Tugas selesai tepat waktu", "lewat": "Tugas selesai lewat batas",
    "berjalan": "Berkas berjalan", "berakhir": "Berkas selesai", "ditepati": "Berkas yang janjinya ditepati",
    "dilanggar": "Berkas yang lewat dari janji", "lewat_janji": "Berkas berjalan yang lewat dari janji",
    "dekat_batas": "Berkas yang dekat atau lewat batas undang-undang"}
"""Kind of number -> the heading of its list."""

OPEN = frozenset({"terbuka", "hari_ini", "terlambat", "berjalan", "lewat_janji", "dekat_batas"})
"""Lists of what has not ended: they do not depend on the months."""

DONE = frozenset({"selesai", "tepat", "lewat"})
"""Lists of done tasks: always of one step."""

COLUMNS = ("Nomor", "Permohonan", "Tempat", "Kegiatan", "Jabatan", "Masuk", "Batas", "Selesai", "Waktu kerja (menit)")


@dataclass(frozen=True)
class Line:
    """A task or a case of the list."""

    row: Any
    title: str
    what: str
    post: str
    left: TimeLeft | None
    took: str


@dataclass(frozen=True)
class Listed:
    """What a list is of, in words."""

    want: Asked
    kind: str
    activity: str
    post: str

    @property
    def heading(self) -> str:
        """The kind of number."""
        return HEADINGS[self.kind]

    @property
    def counted(self) -> str:
        """What the list counts."""
        return "tugas" if HEADINGS[self.kind].startswith("Tugas") else "berkas"

    @property
    def what(self) -> str:
        """The step, the post and the months, as far as they matter."""
        parts = [self.activity, self.post, "" if self.kind in OPEN else self.want.words]
        return ", ".join(filter(None, parts))


def _asked(size: int = SIZE) -> tuple[Listed, Drill]:
    want, kind = asked(), request.args.get("w", "")
    activity, post = request.args.get("k", "")[:60], request.args.get("j", "")[:60]
    if kind not in HEADINGS or kind in DONE and not activity:
        abort(404)
    known = want.edition.diagram.activities.get(activity)
    name = pictures.plain_name(known.name) if known else activity
    drill = Drill(want.edition.process.id, kind, activity, post, page=number_of("h") if size == SIZE else 1, size=size)
    return Listed(want, kind, name, post_name(post) if post else ""), drill


@bp.get("/kinerja/berkas")
@opens_to(*READERS)
def behind() -> ResponseReturnValue:
    """The cases behind a number, a page of them."""
    listed, drill = _asked()
    found = engine().service_level.behind(drill, listed.want.period)
    return render_template(
        "service_cases.html", daftar=listed, diminta=listed.want, baris=[line(listed, one) for one in found.lines],
        halaman=pages(found.total, SIZE, "service_cases.behind", kept(*FILTERS)), selesai=drill.kind not in OPEN,
        unduh={kind: url_for(f"service_cases.{kind}", **kept(*FILTERS)) for kind in ("export", "workbook")})


def line(listed: Listed, row: Any) -> Line:
    """A row in words; before it has a number, the title is the name of a person: masked for office roles."""
    values: Mapping[str, Any] = row._mapping
    activity = listed.want.edition.diagram.activities.get(values.get("activity", ""))
    masked = row.number is None and current_actor().post in ROLES
    running = row.ended_at is None and values.get("closed_at") is None
    post = post_name(values["post"]) if values.get("post") else ""
    return Line(row, privacy.mask_text(row.title) if masked else row.title,
                pictures.plain_name(activity.name) if activity else values.get("activity", ""), post,
                time_left(values.get("due")) if running and values.get("due") else None, duration(values.get("minutes")))


def _rows(listed: Listed, drill: Drill) -> list[Sequence[object]]:
    found = engine().service_level.behind(drill, listed.want.period)
    return [_cells(line(listed, one)) for one in found.lines]


def _cells(one: Line) -> Sequence[object]:
    values = one.row._mapping
    moments = (_moment(values.get(name)) for name in ("opened_at", "due", "closed_at"))
    return (one.row.number, one.title, one.row.place, one.what, one.post, *moments, values.get("minutes"))


def _moment(stamp: str | None) -> str:
    return words.office_time(stamp).strftime("%Y-%m-%d %H:%M") if stamp else ""


@bp.get("/kinerja/berkas.csv")
@opens_to(*READERS)
def export() -> ResponseReturnValue:
    """The same list, whole, for a spreadsheet."""
    listed, drill = _asked(EVERYTHING)
    return csv_answer(f"berkas-{drill.kind}", COLUMNS, _rows(listed, drill))


@bp.get("/kinerja/berkas.xlsx")
@opens_to(*READERS)
def workbook() -> ResponseReturnValue:
    """The same list as a workbook."""
    listed, drill = _asked(EVERYTHING)
    return xlsx_answer(f"berkas-{drill.kind}", {"Berkas": Table(COLUMNS, _rows(listed, drill))})
