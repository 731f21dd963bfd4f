"""The demo office, served by the real web process for browser walks: cases at every step, one person for each desk."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import BrowserContext

from engine.assembly import CaseFile, CaseQuery, Engine, TablesChange, TaskRow, assemble, load_calendar
from engine.clock import stamp
from engine.commands.parts import samples
from engine.commands.parts.office import made_ready
from engine.digest import canonical, sha256
from engine.errors import NotFound
from engine.rules.people import ROLES
from engine.runtime.office_calendar import plain
from engine.settings import Settings
from engine.store import calendars, directory
from engine.store.directory import SessionRow
from forms.web.__main__ import WebServer
from forms.web.app import create_app
from forms.web.visitor import SESSION
from tests.forms.web.test_main import free_port


@dataclass
class House:
    """A served office. People are named by their part: tamu, pemohon, a post, or an office role."""

    engine: Engine
    app: Flask
    base: str
    cases: list[CaseFile] = field(default_factory=list)

    def look_again(self) -> None:
        """Read every case as it stands now."""
        rows, _ = self.engine.case_files.search(CaseQuery(size=200))
        self.cases = [self.engine.case_files.read(row.id) for row, *_ in rows]

    def waiting_for_applicant(self, *, returned: bool) -> tuple[CaseFile, TaskRow]:
        """A case whose form is with the applicant: a draft, or one that came back."""
        for case in self.cases:
            lane = case.edition.process.applicant_lane
            for task in case.open_tasks:
                was_sent = case.row.number is not None
                if lane and case.row.applicant and task.post == lane.post and was_sent == returned:
                    return case, task
        raise NotFound("no such case in the demo")

    def ended(self, outcome: str) -> CaseFile:
        """A case with this outcome and an applicant."""
        return next(case for case in self.cases if case.outcome == outcome and case.row.applicant and case.row.number)

    def in_office(self) -> CaseFile:
        """A case that an officer has to work on."""
        return next(case for case in self.cases if case.row.number and case.open_tasks and not case.applicant_turn)

    def promised(self) -> CaseFile:
        """A case whose applicant was promised a day and that an officer has to work on."""
        return next(case for case in self.cases if case.promised and case.open_tasks and not case.applicant_turn)

    def office_tasks(self) -> list[TaskRow]:
        """One waiting task of every activity that is not the applicant's."""
        found = {}
        for case in self.cases:
            lane = case.edition.process.applicant_lane
            for task in case.open_tasks:
                if lane is None or task.post != lane.post:
                    found.setdefault(task.activity, task)
        return list(found.values())

    def account_of(self, who: str) -> str | None:
        """The account behind a part; an applicant is named by the case's applicant id."""
        if who == "tamu":
            return None
        held = [one.account for one in self.engine.administration.appointments() if one.post == who]
        return held[0] if held else who

    def posts(self) -> list[str]:
        """Every post and office role, in order."""
        process = self.engine.catalog.in_force()[0].process
        return [*process.posts, *ROLES]

    def signing_post(self) -> str:
        """The post that signs."""
        process = self.engine.catalog.in_force()[0].process
        return next(post.id for post in process.posts.values() if post.signs)

    def enter(self, context: BrowserContext, who: str) -> None:
        """Sign a browser in as somebody, without the form."""
        account = self.account_of(who)
        context.clear_cookies()
        if account is not None:
            context.add_cookies([{"name": SESSION, "value": self._session(account), "url": self.base}])

    def _session(self, account: str) -> str:
        clock = self.engine.clock
        token, now = clock.new_token(), clock.now()
        row = SessionRow(sha256(token.encode()), account, None, clock.new_token(), stamp(now), stamp(now + timedelta(hours=9)))
        with self.engine.database.transaction() as connection:
            directory.save_session(connection, row)
        return token

    def views(self, address: str) -> set[str]:
        """Which views an address belongs to, to look at it or to send to it."""
        routes, found = self.app.url_map.bind("127.0.0.1"), set()
        for method in ("GET", "POST"):
            if routes.test(urlsplit(address).path, method):
                found.add(str(routes.match(urlsplit(address).path, method)[0]))
        return found


def began_long_ago(house: House, decree: str = "SKB 3 Menteri 7/2036 (rekaan)") -> None:
    """Tables of years that nobody waits for came after this office was opened: one is taken over, the last is on offer."""
    engine = house.engine
    known = load_calendar(engine.settings.processes)
    kept = [plain({**known, "tahun": known["tahun"][:-missing]}) for missing in (2, 1)]
    with engine.database.transaction() as connection:
        calendars.seed(connection, kept[0], stamp(engine.clock.now()))
        calendars.take_over(connection, TablesChange(decree=decree, set_at=stamp(engine.clock.now())), canonical(kept[1]))


@contextmanager
def served(engine: Engine) -> Iterator[House]:
    """Serve an office by the real web server until the walks are done."""
    port, app = free_port(), create_app(engine)
    server = WebServer(app, "127.0.0.1", port)
    serving = threading.Thread(target=server.serve)
    serving.start()
    try:
        yield House(engine, app, f"http://127.0.0.1:{port}")
    finally:
        server.stop()
        serving.join()


def filled(folder: Path) -> None:
    """Fill an empty folder with the demo."""
    engine = engine_of(folder)
    in_a_thread(lambda: samples.fill(engine))
    engine.close()


def engine_of(folder: Path) -> Engine:
    """The engine of a folder of its own."""
    settings = Settings(data=folder)
    return assemble(settings, database=made_ready(settings))


def in_a_thread(deed: Callable[[], object]) -> None:
    """Apart from the browser's loop, which runs in this thread: the signer starts a loop for each signature."""
    with ThreadPoolExecutor(1) as apart:
        apart.submit(deed).result()


@contextmanager
def opened(folder: Path) -> Iterator[House]:
    """Serve a filled folder."""
    engine = engine_of(folder)
    try:
        with served(engine) as house:
            house.look_again()
            yield house
    finally:
        engine.close()
