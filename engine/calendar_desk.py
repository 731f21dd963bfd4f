"""The calendar on the administrator's desk: a year at a glance; a day changed, or whole tables taken over, by decree.

Whatever is changed is first seen: which due dates it would move. The worker then lets every open due date follow.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from engine.clock import Clock, local, parse_stamp, stamp
from engine.digest import sha256
from engine.documents.notices import render_notice
from engine.errors import NotAllowed, NotFound, Refusal, TimeRefused
from engine.rules.calendar_tables import Difference, first_day
from engine.rules.calendars import Calendar, Day, NewDay, parse_spans
from engine.rules.deadlines import PROMISE
from engine.rules.form.values import printable
from engine.rules.language import moment
from engine.rules.people import Actor
from engine.runtime.action import Action
from engine.runtime.office_calendar import Offer, OfficeCalendar, override_of
from engine.runtime.reckoning import Move, Reckoning
from engine.runtime.transitions import note_office
from engine.settings import Settings
from engine.store import calendars, directory, jobs, messages
from engine.store.calendars import DayChange, TablesChange
from engine.store.database import Connection, Database
from engine.store.messages import MessageRow

CHECK = "periksa_batas"
"""The day's job that looks at every open due date."""
MOST_DECREE = 500
"""Letters of the decrees behind a change."""


class WrongDay(Refusal):
    """A change of the calendar is not whole."""

    code = "hari_salah"
    advice = "Isi tanggal, jenis hari, dan dasar keputusannya; jam ditulis seperti 07.30-12.00, 13.00-16.00."


class OtherTables(Refusal):
    """The tables are no longer those that were looked at."""

    code = "tabel_berubah"
    advice = ("Tabel di folder kerja atau tabel kantor berubah sejak halaman ini dibuka, jadi belum ada yang diambil alih. "
              "Baca lagi bedanya, lalu tekan lagi.")


@dataclass(frozen=True)
class MovePreview:
    """What a change would move."""

    dues: int
    earlier: int
    cases: int


@dataclass(frozen=True)
class CalendarDesk:
    """Reads and changes the calendar of one office."""

    settings: Settings
    clock: Clock
    database: Database
    office: OfficeCalendar
    reckoning: Reckoning

    def year(self, year: int) -> list[Day]:
        """Every day of a year with its plan and the reason of a closed one."""
        calendar, first = self.office.current(), date(year, 1, 1)
        return [calendar.on(first + timedelta(days=number)) for number in range((date(year + 1, 1, 1) - first).days)]

    def calendar(self) -> Calendar:
        """The calendar in force, for what is said about a year: provisional, without Ramadan."""
        return self.office.current()

    def changes(self) -> list[DayChange | TablesChange]:
        """Every changed day and every taking over of tables, newest last."""
        with self.database.reading() as connection:
            return calendars.changes(connection)

    def preview(self, wanted: NewDay) -> MovePreview:
        """How many open due dates would move, how many of them earlier, in how many cases."""
        trial = self.office.current().with_overrides([override_of(self._checked(wanted))])
        return self._moving(trial, wanted.day)

    def _moving(self, trial: Calendar, since: date) -> MovePreview:
        moves = list(self.reckoning.moves(trial, since))
        return MovePreview(len(moves), sum(one.earlier for _, one in moves), len({case for case, _ in moves}))

    def change(self, wanted: NewDay, by: Actor) -> DayChange:
        """Set a day by decree."""
        _must_keep_the_calendar(by)
        checked = replace(self._checked(wanted), set_at=stamp(self.clock.now()), set_by=by.account)
        with self.database.transaction() as connection:
            made = calendars.add(connection, checked)
            note_office(connection, self.clock, "calendar_changed", by, {
                "number": made.number, "day": made.day, "works": made.works, "hours": made.hours, "decree": made.decree})
        return made

    def _checked(self, wanted: NewDay) -> DayChange:
        decree = _decree(wanted.decree)
        if wanted.hours and not wanted.works:
            raise WrongDay("hours on a holiday", advice="Hari libur tidak mempunyai jam kerja. Kosongkan jamnya.")
        if wanted.hours:
            _read_hours(wanted.hours)
        return DayChange(day=wanted.day.isoformat(), works=wanted.works, hours=wanted.hours, decree=decree, set_at="")

    def offer(self) -> Offer | None:
        """The working folder's tables when they differ from the office's own; a refusal when they cannot be used."""
        return self.office.offer()

    def preview_tables(self, offer: Offer) -> MovePreview:
        """As preview(), for whole tables."""
        since = first_day(offer.differences)
        return MovePreview(0, 0, 0) if since is None else self._moving(self.office.under(offer), since)

    def take_over(self, seen: str, decree: str, by: Actor) -> TablesChange:
        """Make the working folder's tables the office's own by decree; `seen` = the digest of those that were looked at."""
        _must_keep_the_calendar(by)
        wanted = TablesChange(decree=_decree(decree), set_at=stamp(self.clock.now()), set_by=by.account)
        offer = self.office.offer()
        if offer is None or offer.digest != seen:
            raise OtherTables(f"seen {seen[:12]}")
        with self.database.transaction() as connection:
            made = calendars.take_over(connection, wanted, offer.body)
            if made is None:
                raise OtherTables("taken over meanwhile")
            note_office(connection, self.clock, "calendar_replaced", by, {
                "number": made.number, "decree": made.decree, "tables": sha256(offer.body)})
        return made

    def taken_over(self, number: int) -> tuple[TablesChange, list[Difference]]:
        """One taking over of tables, and what they said otherwise than those before; NotFound when there is none."""
        for one in self.changes():
            if one.number == number and isinstance(one, TablesChange):
                return one, self.office.replaced(number)
        raise NotFound(f"tables {number}")

    def follow(self) -> int:
        """The worker's part: open due dates follow what was changed since the last time; how many moved."""
        with self.database.reading() as connection:
            if calendars.unreckoned(connection) is None:
                return 0
            fresh = [one for one in calendars.changes(connection) if one.reckoned_at is None]
        return self.reckoning.follow(fresh, self._tell)

    def check_when_due(self) -> int:
        """Once a day, and after an upgrade: every open due date is looked at; how many were set right.

        The day is crossed off afterwards: a worker that dies meanwhile leaves it to the next one, and two find nothing more.
        """
        now = self.clock.now()
        today = local(now).date().isoformat()
        with self.database.reading() as connection:
            if jobs.done(connection, CHECK, today):
                return 0
            known = calendars.changes(connection)
        right = self.reckoning.check(known[-1:], self._tell)
        with self.database.transaction() as connection:
            jobs.first(connection, CHECK, today, stamp(now))
        return right

    def _tell(self, connection: Connection, action: Action, move: Move, decree: str) -> None:
        """The applicant is told where the promise moved."""
        promise = action.edition.process.promise
        notice = action.edition.process.notices.get(str(promise.moved)) if promise else None
        account = directory.account(connection, action.row.applicant or "")
        if move.clock != PROMISE or notice is None or account is None:
            return
        source = action.edition.files[f"processes/{action.row.process}/notices/{notice.file}"].decode()
        subject, body = render_notice(source, {
            "kantor": dict(action.edition.office), "proses": {"nama": action.edition.process.name},
            "permohonan": {"nomor": action.row.number or "", "id": action.row.id},
            "janji": {"lama": moment(parse_stamp(move.old)), "baru": moment(parse_stamp(move.new)),
                      "dasar": decree},
            "pesan": {"nama": account.name, "kepada": account.email,
                      "tautan": f"{self.settings.address}/permohonan/{action.row.id}"}})
        messages.save(connection, MessageRow(
            self.clock.new_id(), f"{action.row.id}:{action.row.seq}:{PROMISE}", action.row.id, notice.id, account.id,
            account.email, subject, body, stamp(self.clock.now())))


def _must_keep_the_calendar(by: Actor) -> None:
    if by.post != "administrator":
        raise NotAllowed(f"{by.post} may not change the calendar")


def _decree(typed: str) -> str:
    if not typed.strip():
        raise WrongDay("no decree", advice="Sebutkan dasar keputusannya, misalnya nomor surat keputusan.")
    if not printable(typed.strip(), lines=False):
        raise WrongDay("unprintable", advice="Dasar keputusan memuat tanda yang tidak dapat dicetak. Ketik ulang.")
    if len(typed.strip()) > MOST_DECREE:
        raise WrongDay("a long decree", advice=f"Persingkat dasar keputusannya menjadi paling banyak {MOST_DECREE} huruf.")
    return typed.strip()


def _read_hours(hours: list[list[str]]) -> None:
    """Refuse hours that cannot be kept, in the words of who typed them."""
    try:
        parse_spans(hours)
    except TimeRefused as fault:
        raise WrongDay(f"hours {hours!r}", advice="Jam kerja ditulis seperti 07.30-12.00, 13.00-16.00: buka sebelum tutup, "
                                                  "tidak bertumpang tindih.") from fault
