"""What a scenario is played on: a real engine whose clock can be moved, and the world outside of it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.administration import Administration
from engine.authoring.outside import World
from engine.calendar_desk import CalendarDesk
from engine.clock import FixedClock
from engine.runtime.cases import Cases
from engine.runtime.catalog import Catalog
from engine.runtime.effects import Effects
from engine.runtime.files import Files
from engine.runtime.mail import Mail
from engine.runtime.promises import Promises
from engine.runtime.tasks import Tasks
from engine.runtime.timers import Timers
from engine.store.database import Database


@dataclass(frozen=True)
class Stage:
    """The parts of an engine that a scenario needs. `world` None = the office asks whom it always asks."""

    clock: FixedClock
    database: Database
    catalog: Catalog
    cases: Cases
    tasks: Tasks
    effects: Effects
    timers: Timers
    promises: Promises
    files: Files
    administration: Administration
    calendar: CalendarDesk
    mail: Mail
    world: World | None = None
