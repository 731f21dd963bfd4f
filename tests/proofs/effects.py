"""Proof: whatever dies, is cut off, jumps or is overtaken, each effect happens once and every case comes to its end.

`crash` in bad weather: leases shorter than the job, so that two workers run it at once; a clock that jumps forward and
back; connections cut (PostgreSQL) or the database held by somebody else (SQLite); applicants who take back what somebody
goes on with in the same moment; a mail server that counts what it is given. Every marked point between commit, handler
and receipt is died at.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import make_url

from engine.assembly import Engine
from engine.clock import parse_stamp
from engine.rules.deadlines import Limits
from engine.store import cases, journal, messages
from engine.store.cases import CaseRow, TaskRow
from engine.store.database import Connection
from engine.store.messages import MessageRow
from tests.proofs import ordeal
from tests.proofs.mortal import EVERY_POINT, SIGNING
from tests.proofs.moving import MovingClock
from tests.proofs.walkers import Town
from tests.proofs.weather import OURS, Cuts, Jumps, Locks
from tests.tools import mail_server, postgres
from tests.tools.mail_server import MailDesk

LEASES = (1, 2, 4)
"""Seconds; letters and signatures of a loaded machine take longer than the shortest."""

WHOLE = 100
"""From so many deaths on somebody must have died at every point."""

FICKLE = .06
"""How often an applicant takes an application back while somebody goes on with it."""

SLOW, AT_ONCE = .08, 6
"""How often a task is left lying, so that alarms ring; and how many cases are under way meanwhile."""

SLACK = timedelta(seconds=45)
"""How long, in time that clocks really ran, an alarm may come after its moment while workers keep dying."""

OWN = "postgresql"
HEAD = re.compile(rb"^Message-ID: <([^@>]+)@", re.MULTILINE | re.IGNORECASE)


def main(argv: Sequence[str]) -> int:
    """Exit status 1 when anything is lost, doubled, stuck or strange; the last line is one line of figures."""
    parser = ordeal.arguments("effects", __doc__, 300)
    parser.add_argument("--database", default="", help=f"address of an empty PostgreSQL database, or “{OWN}” for a server "
                                                       "that is started and thrown away; SQLite without it")
    args = parser.parse_args(argv)
    print(f"seed {args.seed}", flush=True)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="izin-akibat-") as folder, ExitStack() as opened:
        storm = Storm.over(Path(folder), args, opened)
        outcome = ordeal.live_through(storm.engine, storm.ordeal, args, storm.town)
        found = [*outcome.troubles, *storm.losses()]
        figures = storm.figures()
    print("\n".join([*found[:40], outcome.deaths_told()]))
    print(f"effects seed={args.seed} database={storm.engine.database.url.get_backend_name()} kills={outcome.killed} "
          f"inside={outcome.share_inside:.0%} turned_away={outcome.turned_away} cases={outcome.cases} "
          f"events={outcome.events} {figures} "
          f"{sorted_out(found)} seconds={time.monotonic() - begun:.0f}")
    return 1 if found else 0


def sorted_out(found: Sequence[str]) -> str:
    """Troubles by what they are: lost, doubled, diverging, anything else."""
    kinds = Counter("divergences" if one.startswith("replay:") else "doubled" if "doubled" in one else
                    "lost" if "lost" in one or "never" in one else "other" for one in found)
    return " ".join(f"{kind}={kinds[kind]}" for kind in ("lost", "doubled", "divergences", "other"))


@dataclass
class LetterTown(Town):
    """People who get their mail by SMTP. Days pass and applicants change their minds between a page and its answer: who is
    refused then looks again; a case that nobody may take further is found in the end."""

    desk: MailDesk = field(default_factory=MailDesk)
    overtaken: Collection[int] = (404, 409, 422)

    def letters_of(self, row: MessageRow) -> list[str]:
        wanted = row.id.encode()
        return [raw.decode() for raw in list(self.desk.raw) if name_of(raw) == wanted]


def name_of(raw: bytes) -> bytes:
    """What stands before the @ of a letter's Message-ID."""
    found = HEAD.search(raw)
    return found[1] if found else b""


@dataclass
class Storm:
    """An office in bad weather, and what is counted of it beside what every office is asked."""

    engine: Engine
    desk: MailDesk
    jumps: Jumps
    cuts: Cuts | Locks
    whole: bool
    port: int
    late: int = field(default=0)

    @classmethod
    def over(cls, folder: Path, args: Namespace, opened: ExitStack) -> Storm:
        """An office in this folder, on the database that was asked for."""
        chance, desk = random.Random(args.seed + 1), MailDesk()
        clock = MovingClock(folder / "jam")
        clock.set_ahead(timedelta())
        url = opened.enter_context(postgres.running()).database() if args.database == OWN else args.database
        url = _named(url, OURS)
        engine = opened.enter_context(ordeal.office(folder, clock, url))
        port = opened.enter_context(mail_server.listening(desk))
        path = engine.database.path
        cuts = Locks(path, chance, 15 if args.kills >= WHOLE else 1000) if path is not None else Cuts(url, chance)
        return cls(engine, desk, Jumps(clock, chance), cuts, args.kills >= WHOLE, port)

    @property
    def ordeal(self) -> ordeal.Ordeal:
        """What the processes are told, and what befalls them."""
        settings = {"IZIN_SMTP_URL": f"smtp://127.0.0.1:{self.port}", "IZIN_SESSION_HOURS": "100000",
                    "IZIN_DATABASE_URL": _named(self.engine.settings.database_url, "izin")}
        return ordeal.Ordeal(LEASES, (self.jumps, self.cuts), settings, str(self.jumps.clock.place), FICKLE, SLOW, True,
                             EVERY_POINT if self.whole else frozenset({SIGNING}), AT_ONCE)

    @property
    def town(self) -> Callable[..., Town]:
        """People whose letters lie at this office's mail server."""
        return partial(LetterTown, desk=self.desk)

    def losses(self) -> Iterator[str]:
        """Mail that never arrived, alarms that were skipped."""
        self.engine.mail.deliver_waiting()
        with self.engine.database.reading() as connection:
            yield from self._mail(connection)
            for case in cases.all_ids(connection):
                row = cases.find(connection, case)
                if row is not None:
                    yield from self._skipped(connection, row)

    def _mail(self, connection: Connection) -> Iterator[str]:
        arrived = self._arrived()
        known = {one.id: one for one in messages.listed(connection, 10 ** 6)}
        for one in known.values():
            if one.status == "sent" and not arrived[one.id]:
                yield f"message {one.notice} of case {one.case} is lost"
        yield from (f"a letter {name} arrived that nobody queued" for name in arrived if name not in known)

    def _arrived(self) -> Counter[str]:
        return Counter(name_of(raw).decode() for raw in self.desk.raw)

    def _skipped(self, connection: Connection, row: CaseRow) -> Iterator[str]:
        """Alarms of tasks with a limit of their own that fell due well before the task was over."""
        events = journal.read_kinds(connection, row.id, ("reminder", "escalated"))
        rung = {(one.body["task"], one.body["threshold"]) for one in events}
        self.late += len(events)
        limits = self.engine.promises.limits(row)
        for task in cases.tasks(connection, row.id):
            for due in self._alarms(task, row, limits):
                heard = (due.task, due.kind) in rung
                over = parse_stamp(str(task.closed_at or row.head_at))
                if not heard and parse_stamp(due.at) < over and self.jumps.ran(parse_stamp(due.at), over) > SLACK:
                    yield f"case {row.id}: alarm {due.kind} of {task.activity} at {due.at} is lost"

    def _alarms(self, task: TaskRow, row: CaseRow, limits: Limits) -> list[cases.DueRow]:
        if task.activity not in limits.tasks:
            return []
        return list(self.engine.promises.due_of(replace(task, due=None), row, ()).rows)

    def figures(self) -> str:
        """What befell, and how often mail came twice."""
        arrived = self._arrived()
        steps_back = sum(after < before for before, after in self.jumps.jumps)
        with self.engine.database.reading() as connection:
            fired = sum(len(journal.read_kinds(connection, one, ("timer_fired",))) for one in cases.all_ids(connection))
            undone = sum(len(journal.read_kinds(connection, one, ("late_result",))) for one in cases.all_ids(connection))
        return (f"jumps={len(self.jumps.jumps)} steps_back={steps_back} cuts={self.cuts.count} alarms={self.late} "
                f"timers={fired} late_results={undone} letters={len(arrived)} "
                f"letters_again={arrived.total() - len(arrived)}")


def _named(url: str, name: str) -> str:
    """The address of a database server under a name of the caller's."""
    if not url:
        return ""
    return make_url(url).update_query_dict({"application_name": name}).render_as_string(hide_password=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
