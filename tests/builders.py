"""An office for a test: a real engine over a temporary folder, people appointed, a clock that stands still.

    office = open_office(tmp_path)                      # the process of the house
    office = open_office(tmp_path, SECOND)              # the small second house
    case = office.start("ajukan", {...})                # first task completed in the same transaction
    office.complete(case, "periksa_reklame", {"baik": True})
    office.waiting(case) == ["putuskan_reklame"]

The folder is made once per run and copied for each test: migrating, deploying and appointing cost most of a second.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from engine.administration import NewAccount, NewAppointment
from engine.assembly import Engine, assemble, scenarios, stage_over
from engine.authoring.props import content_of
from engine.authoring.rehearsal import PASSPHRASE
from engine.authoring.samples import Playing
from engine.clock import FixedClock, stamp
from engine.rules.people import ROLES, SYSTEM, VISITOR, Actor
from engine.rules.scenario import Scenario
from engine.runtime.catalog import Edition, available, gather
from engine.settings import Settings
from engine.store import cases, directory, receipts, schema
from engine.store.cases import CaseRow, TaskRow
from engine.store.database import Database
from engine.store.directory import AccountRow
from engine.store.receipts import EffectRow

HOME = Path(__file__).resolve().parents[1]
SECOND = HOME / "tests" / "second_house"

MORNING = datetime(2026, 6, 9, 1, 15, tzinfo=UTC)
"""A Tuesday, 08.15 at the office: just after its doors open."""

PASSWORD = "kata sandi uji coba"
SINCE = date(2020, 1, 2)


@dataclass
class Office:
    """One office with its people, and the deeds that most tests begin with."""

    engine: Engine
    clock: FixedClock
    process: str
    people: Mapping[str, Actor] = field(default_factory=dict)

    @property
    def edition(self) -> Edition:
        """The edition in force."""
        return self.engine.catalog.current(self.process)

    @property
    def applicant(self) -> Actor:
        """Somebody with an applicant's account."""
        return self.people["pemohon"]

    def actor(self, post: str) -> Actor:
        """The holder of a post, or of a role of the platform."""
        return self.people[post]

    def start(self, message: str, values: Mapping[str, Any] | None = None, by: Actor | None = None) -> str:
        """A new case; with values its first task is completed at once. Nothing automatic has run yet."""
        by = by or self.applicant
        if values is None:
            return self.engine.cases.start(self.process, message, by).id
        return self.engine.cases.start_with(self.process, message, values, by).id

    def complete(self, case: str, activity: str, values: Mapping[str, Any], by: Actor | None = None, *,
                 secret: str | None = None) -> CaseRow:
        """The person whose task it is completes it; then all that is automatic runs, as in an office."""
        task = self.task(case, activity)
        lease = self.engine.effects.lease() if secret is not None else None
        row = self.engine.tasks.complete(case, task.task, values, by or self.doer(case, task), lease=lease)
        if lease is not None:
            self.engine.effects.run_case(case, lease, secret=secret)
        self.settle()
        return row

    def settle(self) -> int:
        """Let the worker run until nothing is left to do now; how much there was."""
        done = 0
        while (count := self.engine.work_once()):
            done += count
        return done

    def doer(self, case: str, task: TaskRow) -> Actor:
        """Who may complete a task: the holder of its post, or the applicant of the case."""
        lane = self.edition.process.applicant_lane
        if lane is not None and task.post == lane.post:
            return Actor(self.row(case).applicant, None, "pemohon")
        return self.actor(task.post)

    def row(self, case: str) -> CaseRow:
        """The case as stored."""
        return self.engine.cases.find(case)

    def cases(self) -> list[str]:
        """Every case, oldest first."""
        with self.engine.database.reading() as connection:
            return cases.all_ids(connection)

    def tasks(self, case: str) -> list[TaskRow]:
        """The tasks that wait."""
        with self.engine.database.reading() as connection:
            return list(cases.tasks(connection, case, only_open=True))

    def task(self, case: str, activity: str) -> TaskRow:
        """The waiting task of an activity."""
        return next(one for one in self.tasks(case) if one.activity == activity)

    def waiting(self, case: str) -> list[str]:
        """The activities that wait for somebody."""
        return [one.activity for one in self.tasks(case)]

    def effects(self, case: str) -> list[EffectRow]:
        """Every effect that was ordered."""
        with self.engine.database.reading() as connection:
            return receipts.of_case(connection, case)

    def scenario(self, name: str) -> Scenario:
        """A scenario of the process, with the values its people type."""
        return scenarios(self.engine.settings).read(self.process, name)

    def play(self, scenario: str | Scenario, steps: int | None = None) -> str:
        """A scenario of the process, played in this office up to a step, by its own people; the case."""
        known, engine = self.scenario(scenario) if isinstance(scenario, str) else scenario, self.engine
        stage = stage_over(engine, self.clock)
        accounts = {post: str(actor.account) for post, actor in self.people.items()}
        playing = Playing(stage, self.edition, replace(known, steps=known.steps[:steps]), accounts)
        last = playing.play()[-1]
        assert not last.stuck, last
        return playing.case

    def upload(self, holder: str, name: str, by: Actor = VISITOR) -> dict[str, Any]:
        """A small real file, uploaded; the form value of it."""
        return self.engine.files.save_upload(holder, name, content_of(name), by).value()


def settings_of(folder: Path, house: Path = HOME, **options: Any) -> Settings:
    """The settings of a test's office."""
    return Settings(data=folder, processes=house / "processes", forms=house / "forms", public_url="http://izin.example",
                    **options)


def open_office(folder: Path, house: Path = HOME, process: str = "", **options: Any) -> Office:
    """An office of a house in an empty folder: migrated, one process deployed, a person in every post."""
    process = process or available(house / "processes")[0]
    shutil.copytree(_model(house, process), folder, dirs_exist_ok=True)
    clock = FixedClock(MORNING, seed=2)
    return _known(assemble(settings_of(folder, house, **options), clock), clock, process)


@cache
def _model(house: Path, process: str) -> Path:
    """The folder that every office of this house starts from."""
    folder = Path(tempfile.mkdtemp(prefix="izin-uji-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    settings, clock = settings_of(folder, house), FixedClock(MORNING)
    database = Database(settings.database, synchronous="NORMAL")
    schema.migrate(database)
    engine = assemble(settings, clock, database)
    furnish(engine, process)
    engine.close()
    return folder


def furnish(engine: Engine, process: str) -> None:
    """Deploy a process and appoint one invented person to every post and role, named as the post."""
    settings = engine.settings
    edition = engine.catalog.deploy(process, gather(settings.processes, settings.forms, process), SYSTEM)
    posts = dict.fromkeys([*edition.process.posts, *ROLES])
    for post in posts:
        account = engine.administration.create_account(
            NewAccount(post, f"Orang {post}", f"{post}@kantor.example", employee_number="198001012010011001"), SYSTEM).id
        engine.administration.appoint(NewAppointment(account, post, "definitif", SINCE, None, "SK 1/2020"), SYSTEM, posts)
        if post in edition.process.posts and edition.process.posts[post].signs:
            engine.administration.issue_certificate(account, PASSPHRASE, engine.clock.now(), Actor(account, post, "definitif"))
    row = AccountRow(engine.clock.new_id(), "pemohon", "Pemohon Rekaan", "pemohon@rekaan.example", False, True,
                     stamp(engine.clock.now()))
    with engine.database.transaction() as connection:
        directory.save_account(connection, row)


def _known(engine: Engine, clock: FixedClock, process: str) -> Office:
    people = {one.post: one.actor() for one in engine.administration.appointments()}
    applicant = next(one for one in engine.administration.accounts() if not one.staff)
    return Office(engine, clock, process, people | {"pemohon": Actor(applicant.id, None, "pemohon")})


def colleague(office: Office, *posts: str) -> Actor:
    """Another person who holds the posts; acts from the first."""
    account = office.engine.administration.create_account(NewAccount("rekan", "Rekan Rekaan", "r@kantor.example"), SYSTEM).id
    for post in posts:
        office.engine.administration.appoint(
            NewAppointment(account, post, "definitif", SINCE, None, "SK 2"), SYSTEM, office.edition.process.posts)
    return Actor(account, posts[0], "definitif")


# --- the small second house: a small case, whole or in part

SMALL, LARGE = 4, 12
"""Square metres of a sign that the desk decides alone, and of one that somebody else decides."""


def apply_for_sign(office: Office, area: int = SMALL, by: Actor | None = None) -> str:
    """An application in the second house, with its uploads; the desk waits."""
    by, holder = by or office.applicant, "unggahan-uji"
    papers = [{"dokumen": "gambar", "berkas": [office.upload(holder, "gambar.pdf", by)]}]
    if area > 8:
        papers.append({"dokumen": "izin_pemilik", "berkas": [office.upload(holder, "izin.pdf", by)]})
    values = {"nama": "Ratna Rekaan", "alamat": "Jalan Rekaan Nomor 5", "tulisan": "Warung Melati", "luas": area,
              "persyaratan": papers}
    case = office.engine.cases.start_with(office.process, "ajukan", values, by, holder=holder).id
    office.settle()
    return case


def finished_sign(office: Office) -> str:
    """A small case from the application to its end."""
    case = apply_for_sign(office)
    office.complete(case, "periksa_reklame", {"baik": True})
    return case
