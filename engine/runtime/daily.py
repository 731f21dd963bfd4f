"""What an officer is told of the inbox: new tasks at once, or everything once a morning, as each of them chose.

Nothing personal stands in these messages: how many tasks, which activities, which numbers, until when.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from engine.clock import Clock, local, parse_stamp, stamp
from engine.rules.calendars import Calendar
from engine.rules.language import moment
from engine.settings import Settings
from engine.store import directory, jobs, locks, messages
from engine.store.database import Connection, Database
from engine.store.directory import AccountRow
from engine.store.jobs import OpenTask
from engine.store.messages import MessageRow

DIGEST, NEW_TASKS = "ringkasan_harian", "tugas_baru"
AT_ONCE, DAILY = "segera", "harian"
MARK = "tugas_baru_sampai"
"""The setting that holds which new tasks were told."""

LOOK_BACK, MOST_KNOWN = timedelta(minutes=5), 1000

MORNING = timedelta(hours=7, minutes=15)
"""When the digest goes out, by the office's clock."""


@dataclass(frozen=True)
class Told:
    """Until when new tasks were told, and which were told last.

    Clocks of machines differ and jump, and a task is seen some time after it opened: so each look goes back a while, and
    what was told is known by its name.
    """

    until: str
    tasks: tuple[str, ...] = ()

    @classmethod
    def read(cls, connection: Connection) -> Told | None:
        """None in an office that was never told anything."""
        known = directory.setting(connection, MARK)
        until, *tasks = known.split() if known else ("",)
        return cls(until, tuple(tasks)) if known else None

    def text(self) -> str:
        """As the setting holds it."""
        return " ".join((self.until, *self.tasks))

    def new(self, connection: Connection, now: str) -> list[OpenTask]:
        """Open tasks that nobody was told of yet."""
        since = stamp(parse_stamp(min(self.until, now)) - LOOK_BACK)
        known = set(self.tasks)
        return [one for one in jobs.opened_between(connection, since, now) if _name(one) not in known]

    def and_then(self, opened: Sequence[OpenTask], now: str) -> Told:
        """After these were told as well."""
        return Told(now, (*map(_name, opened), *self.tasks)[:MOST_KNOWN])


def _name(task: OpenTask) -> str:
    return f"{task.case}:{task.task}"


@dataclass(frozen=True)
class Daily:
    """Notices about inboxes."""

    settings: Settings
    clock: Clock
    database: Database
    calendar: Callable[[], Calendar]
    names: Callable[[], Mapping[str, str]]

    def tell_new_tasks(self) -> int:
        """One message per officer and round for what opened since the last one; how many messages."""
        now = stamp(self.clock.now())
        with self.database.reading() as connection:
            told = Told.read(connection)
            if told is not None and not told.new(connection, now):
                return 0
        with self.database.transaction() as connection:
            locks.hold(connection, MARK)
            told = Told.read(connection)
            opened = (told or Told(now)).new(connection, now)
            directory.save_setting(connection, MARK, (told or Told(now)).and_then(opened, now).text())
            if told is None:   # an office that begins now is not told of what was there before
                return 0
            return sum(self._new(connection, account, mine)
                       for account, mine in self._by_officer(connection, opened, AT_ONCE))

    def digest_when_due(self) -> int:
        """The morning's digest, once per working day over all workers; how many messages."""
        now = local(self.clock.now())
        today = now.date()
        morning = now.replace(hour=0, minute=0, second=0, microsecond=0) + MORNING
        if now < morning or not self.calendar().on(today).spans or self._told(today.isoformat()):
            return 0
        with self.database.transaction() as connection:
            if not jobs.first(connection, DIGEST, today.isoformat(), stamp(self.clock.now())):
                return 0
            waiting = jobs.open_tasks(connection)
            return sum(self._digest(connection, account, mine, today.isoformat())
                       for account, mine in self._by_officer(connection, waiting, DAILY))

    def _told(self, day: str) -> bool:
        with self.database.reading() as connection:
            return jobs.done(connection, DIGEST, day)

    def _by_officer(self, connection: Connection, tasks: Sequence[OpenTask],
                    choice: str) -> list[tuple[AccountRow, list[OpenTask]]]:
        today, found = local(self.clock.now()).date(), []
        for account in directory.accounts(connection, staff=True):
            posts = {one.post for one in directory.appointments(connection, account=account.id) if one.holds_on(today)}
            mine = [one for one in tasks if one.post in posts and one.claimed_by in (None, account.id)]
            if account.active and account.notify == choice and mine:
                found.append((account, mine))
        return found

    def _new(self, connection: Connection, account: AccountRow, tasks: list[OpenTask]) -> bool:
        subject = f"{len(tasks)} tugas baru di kotak masuk"
        return self._queue(connection, account, (NEW_TASKS, f"{NEW_TASKS}:{account.id}:{_name(tasks[0])}", subject), tasks)

    def _digest(self, connection: Connection, account: AccountRow, tasks: list[OpenTask], day: str) -> bool:
        now = stamp(self.clock.now())
        late = sum(one.due is not None and one.due < now for one in tasks)
        subject = f"Ringkasan kotak masuk: {len(tasks)} tugas" + (f", {late} terlambat" if late else "")
        return self._queue(connection, account, (DIGEST, f"{DIGEST}:{account.id}:{day}", subject), tasks)

    def _queue(self, connection: Connection, account: AccountRow, named: tuple[str, str, str], tasks: list[OpenTask]) -> bool:
        notice, key, subject = named
        names = self.names()
        lines = [f"- {names.get(one.activity, one.activity)}, {one.number or 'belum bernomor'}"
                 + (f", batas {moment(parse_stamp(one.due))}" if one.due else "") for one in tasks]
        body = f"Yth. {account.name},\n\n" + "\n".join(lines) + f"\n\nBuka kotak masuk: {self.settings.address}/kotak-masuk\n"
        messages.save(connection, MessageRow(self.clock.new_id(), key[:100], None, notice, account.id, account.email, subject,
                                             body, stamp(self.clock.now())))
        return True
