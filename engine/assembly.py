"""Wires the house once: assemble(settings) -> Engine. Nothing below this floor names the Engine."""

from __future__ import annotations

import importlib.util
import logging
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine import handling, marks
from engine.administration import Administration, NewAccount, NewAppointment
from engine.audit.replay import Replays
from engine.audit.verify import Verification
from engine.authoring.examination import Examination
from engine.authoring.outside import SIGNING, World
from engine.authoring.scenarios import Scenarios
from engine.authoring.stage import Stage
from engine.calendar_desk import MOST_DECREE, CalendarDesk, MovePreview, WrongDay
from engine.clock import Clock, FixedClock
from engine.documents.judging import Judgement
from engine.errors import CannotRun
from engine.handling import Handler
from engine.identity import Identity, SignedIn
from engine.logs import keep_log
from engine.reports.berkas import CaseFile, CaseFiles, Moment
from engine.reports.deadlines import Deadline, Deadlines
from engine.reports.health import Health
from engine.reports.inbox import GROUPS, Inbox, InboxLine, InboxPage, InboxQuery
from engine.reports.papers import Entry, Papers
from engine.reports.service_level import Drill, MonthLine, Overview, Period, ServiceLevel, Spread, StepLine
from engine.rules.calendar_tables import Difference
from engine.rules.calendars import NewDay
from engine.rules.scenario import Scenario
from engine.runtime.action import Lease
from engine.runtime.alarms import Alarms
from engine.runtime.cases import CannotWithdraw, Cases
from engine.runtime.catalog import Catalog, Edition
from engine.runtime.channels import Channel
from engine.runtime.daily import Daily
from engine.runtime.desks import Desks, Opening
from engine.runtime.diagram import Activity, Diagram
from engine.runtime.effects import Effects
from engine.runtime.files import Files
from engine.runtime.mail import Mail, channels
from engine.runtime.office_calendar import Offer, OfficeCalendar
from engine.runtime.orphans import Orphans
from engine.runtime.promises import Promises
from engine.runtime.reckoning import Reckoning
from engine.runtime.refused_mail import RefusedMail
from engine.runtime.services.contexts import Contexts
from engine.runtime.services.order import House
from engine.runtime.signatories import Signatories
from engine.runtime.tasks import Tasks
from engine.runtime.timers import Timers
from engine.runtime.transitions import Transitions
from engine.settings import Settings, read_settings
from engine.store import schema
from engine.store.calendars import DayChange, TablesChange
from engine.store.cases import CaseQuery, CaseRow, TaskRow
from engine.store.database import Database
from engine.store.directory import AccountRow
from engine.store.files import FileStore
from engine.store.messages import CHAT, MessageRow
from engine.store.papers import DocumentRow
from engine.store.receipts import EffectRow
from engine.store.tally import Tally

__all__ = [
    "GROUPS", "MOST_DECREE", "AccountRow", "Activity", "CannotWithdraw", "CaseFile", "CaseQuery", "CaseRow", "DayChange",
    "Deadline", "Deadlines", "Diagram", "Difference", "DocumentRow", "Drill", "Edition", "EffectRow", "Engine", "Entry",
    "InboxLine", "InboxPage", "InboxQuery", "Judgement", "Lease", "MessageRow", "Moment", "MonthLine", "MovePreview",
    "NewAccount", "NewAppointment", "NewDay", "Offer", "Opening", "Overview", "Period", "Settings", "SignedIn", "Spread",
    "StepLine", "TablesChange", "TaskRow", "WrongDay", "assemble", "keep_log", "read_settings", "scenarios", "stage_over"]


log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Engine:
    """One office, ready to work."""

    settings: Settings
    clock: Clock
    database: Database
    handlers: Mapping[str, Handler]
    catalog: Catalog
    promises: Promises
    files: Files
    cases: Cases
    tasks: Tasks
    effects: Effects
    timers: Timers
    mail: Mail
    identity: Identity
    administration: Administration
    signatories: Signatories
    inbox: Inbox
    case_files: CaseFiles
    papers: Papers
    replays: Replays
    verification: Verification
    desks: Desks
    examination: Examination
    health: Health
    orphans: Orphans
    calendar: CalendarDesk
    daily: Daily
    service_level: ServiceLevel

    def work_once(self) -> int:
        """One round of the worker: due rows, effects, calendar, notices, mail, orphans; how much there was to do.

        A part that fails keeps none of the others from its work; the round then fails with the first fault, the others are
        in the log.
        """
        done, faults = 0, list[Exception]()
        for part in (self.timers.fire_due, self.effects.work_once, self.calendar.follow, self.calendar.check_when_due,
                     self.daily.tell_new_tasks, self.daily.digest_when_due, self.mail.deliver_waiting,
                     self.orphans.sweep_when_due):
            try:
                done += part()
            except Exception as fault:
                if faults:
                    log.exception("part of a round failed", extra={"action": "work"})
                faults.append(fault)
        if faults:
            raise faults[0]
        return done

    def close(self) -> None:
        """Give the database's connections back."""
        self.database.close()


@dataclass(frozen=True)
class Outside:
    """Whom an office asks beyond this house: who signs, and the ways out for messages."""

    signatories: Signatories
    channels: Mapping[str, Channel]

    @classmethod
    def of(cls, settings: Settings) -> Outside:
        """As the settings say."""
        return cls(Signatories.at(settings), channels(settings))


def assemble(settings: Settings, clock: Clock | None = None, database: Database | None = None,
             outside: Outside | None = None) -> Engine:
    """The house of one installation. The database must be migrated already."""
    clock = clock or Clock()
    marks.arm(settings.crash_point)
    database = database or Database(settings.database, synchronous=settings.sqlite_synchronous)
    catalog = Catalog(database, clock)
    office = OfficeCalendar(database, clock, partial(load_calendar, settings.processes))
    promises = Promises(database, catalog, office)
    files = Files(database, clock, FileStore(settings.files))
    tally = Tally(settings.tallies)
    transitions = Transitions(database, clock, catalog, promises, tally)
    tasks = Tasks(database, clock, transitions, files)
    outside = outside or Outside.of(settings)
    signatories, identity = outside.signatories, Identity(settings, clock, database)
    house = House(settings, clock, database, files, promises)
    contexts = Contexts(house, catalog, signatories)
    handlers = load_handlers(settings.handlers)
    effects = Effects(database, clock, catalog, transitions, handlers, contexts, settings.lease_seconds)
    refused_mail = RefusedMail(house, catalog, transitions, identity.new_link, CHAT in outside.channels)
    administration = Administration(clock, database, identity, signatories)
    return Engine(
        settings, clock, database, handlers, catalog, promises, files, Cases(transitions, tasks), tasks, effects,
        Timers(database, clock, transitions, Alarms(settings, clock, transitions), settings.lease_seconds),
        Mail(house, outside.channels, refused_mail), identity, administration,
        signatories, Inbox(database, clock, catalog, promises), CaseFiles(database, clock, catalog, promises),
        Papers(database, clock, catalog, files, signatories), Replays(database, catalog),
        Verification(database, catalog, files, signatories), Desks(database, clock, catalog, files),
        Examination(catalog, handlers), Health(database, clock, files.store, tally),
        Orphans(database, clock, transitions, files.store, settings.lease_seconds),
        CalendarDesk(settings, clock, database, office, Reckoning(database, clock, transitions, promises)),
        Daily(settings, clock, database, office.current, partial(_names, catalog)),
        ServiceLevel(database, clock, catalog, office.current))


def _names(catalog: Catalog) -> dict[str, str]:
    """activity -> its name, over the processes in force."""
    return {key: one.name for edition in catalog.in_force() for key, one in edition.diagram.activities.items()}


def scenarios(settings: Settings) -> Scenarios:
    """The scenarios of the working folders; each is played on an engine of its own."""
    return Scenarios(settings.processes, settings.forms, partial(stage, settings))


@contextmanager
def stage(settings: Settings, scenario: Scenario) -> Iterator[Stage]:
    """A real engine over an empty folder for an office as the scenario's; afterwards nothing of it is left."""
    with TemporaryDirectory(prefix="skenario-") as folder:
        # What is played is thrown away: no need to wait for the disk, nobody outside is asked, no planted death.
        own = replace(settings, data=Path(folder), database_url="", smtp_url="", whatsapp_url="", signer="local-test",
                      crash_point="", sqlite_synchronous="OFF")
        clock, database = FixedClock(scenario.begins), Database(own.database, synchronous=own.sqlite_synchronous)
        schema.migrate(database)
        world = World(clock)
        signing = world.signatories(own.keys) if SIGNING in scenario.services else Signatories.at(own)
        made = assemble(own, clock, database, Outside(signing, world.channels(scenario.services)))
        try:
            yield stage_over(made, clock, world)
        finally:
            made.close()


def stage_over(engine: Engine, clock: FixedClock, world: World | None = None) -> Stage:
    """An engine as a stage for scenarios."""
    return Stage(clock, engine.database, engine.catalog, engine.cases, engine.tasks, engine.effects, engine.timers,
                 engine.promises, engine.files, engine.administration, engine.calendar, engine.mail, world)


def load_handlers(folder: Path) -> Mapping[str, Handler]:
    """Every handler of a folder, by operation; the file is named as its operation."""
    for path in sorted(folder.glob("*.py")):
        if path.name != "__init__.py":
            _load(path)
    return handling.registered()


def _load(path: Path) -> None:
    name = f"handlers.{path.stem}"
    if name in sys.modules:
        return
    specification = importlib.util.spec_from_file_location(name, path)
    if specification is None or specification.loader is None:
        raise CannotRun(str(path), advice=f"Handler {path.name} tidak dapat dimuat.")
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    specification.loader.exec_module(module)


def load_calendar(processes: Path) -> dict[str, Any]:
    """The calendar tables of the working folder: hours, Ramadan, holidays and joint leave with their decrees.

    A new office begins with them; one that runs is only offered them. CannotRun when they are missing or cannot be read.
    """
    path = processes / "_shared" / "kalender.toml"
    if not path.is_file():
        raise CannotRun(str(path), advice=f"Kalender kantor {path} belum ada.")
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except ValueError as fault:
        raise CannotRun(f"{path}: {fault}", advice=f"Kalender {path} tidak dapat dibaca ({fault}).") from fault
