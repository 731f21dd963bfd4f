"""Is this office well? For those who keep it running: may it be sent requests, and what its figures are."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from engine.clock import Clock, parse_stamp, stamp
from engine.errors import CannotRun, Refusal
from engine.runtime.cases import VERSION
from engine.store import figures, schema
from engine.store.database import Database
from engine.store.figures import Figures
from engine.store.files import FileStore
from engine.store.tally import Tally

FRESH = timedelta(seconds=10)
"""For so long a count is told again: counting every event costs more than a scrape is worth."""


@dataclass
class Health:
    """The health of one office."""

    database: Database
    clock: Clock
    store: FileStore
    tally: Tally
    _kept: tuple[datetime, Figures] | None = field(default=None, repr=False)

    @property
    def content_type(self) -> str:
        """Of metrics()."""
        return CONTENT_TYPE_LATEST

    def complaints(self) -> list[str]:
        """Why this process should not be sent requests, in Indonesian; empty when it may be."""
        return [*self._database_complaints(), *self._file_complaints()]

    def must_be_ready(self) -> None:
        """CannotRun with the first complaint."""
        for complaint in self.complaints():
            raise CannotRun("not ready", advice=complaint)

    def _database_complaints(self) -> Iterator[str]:
        try:
            schema.must_be_current(self.database)
        except Refusal as refusal:
            yield refusal.advice

    def _file_complaints(self) -> Iterator[str]:
        try:
            self.store.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.store.folder) as file:
                file.write(b"siap")
        except OSError as fault:
            yield f"Folder berkas {self.store.folder} tidak dapat ditulisi ({fault.strerror})."

    def note_check(self, name: str, good: bool) -> None:
        """Keep that everything was replayed or verified just now."""
        with self.database.transaction() as connection:
            figures.note_check(connection, name, stamp(self.clock.now()), good)

    def metrics(self) -> bytes:
        """Every figure in the text format of Prometheus."""
        registry = CollectorRegistry()
        registry.register(_Told(list(self._families())))
        return generate_latest(registry)

    def _counted(self) -> Figures:
        now = self.clock.now()
        if self._kept is None or now - self._kept[0] >= FRESH:
            with self.database.reading() as connection:
                self._kept = now, figures.figures(connection, stamp(now))
        return self._kept[1]

    def _families(self) -> Iterator[Metric]:
        known, now = self._counted(), self.clock.now()
        with self.database.reading() as connection:
            checks = figures.checks(connection)
        yield _family("izin_release", "The release that answers.", "release", {VERSION: 1})
        yield _counter("izin_events", "Journal events by kind.", "kind", known.events)
        yield _counter("izin_races", "Transitions computed again, and given up, because somebody else was first.", "outcome",
                       {"lost": 0, "given_up": 0} | self.tally.counts())
        yield _family("izin_cases", "Cases by state.", "state", {"open": known.open_cases, "ended": known.ended_cases})
        yield _family("izin_tasks_open", "Tasks that wait, by post.", "post", known.open_tasks)
        yield _family("izin_tasks_late", "Tasks past their due moment, by post.", "post", known.late_tasks)
        yield _family("izin_effects", "Automatic steps by status.", "status", known.effects)
        yield _family("izin_messages", "Messages by status.", "status", known.messages)
        yield from _plain(known, now)
        yield _family("izin_check_age_seconds", "Since the whole office was last checked.", "check",
                      {name: _age(at, now) for name, (at, _) in checks.items()})
        yield _family("izin_check_good", "1 when that check found nothing.", "check",
                      {name: int(good) for name, (_, good) in checks.items()})


def _plain(known: Figures, now: datetime) -> Iterator[Metric]:
    """Figures without a label."""
    for name, told, value in (
            ("incidents", "Automatic steps that wait for an administrator.", known.effects.get("incident", 0)),
            ("effect_queue_age_seconds", "Since the oldest waiting step was ordered.", _age(known.oldest_effect, now)),
            ("message_queue_age_seconds", "Since the oldest waiting message was queued.", _age(known.oldest_message, now)),
            ("timers_fallen", "Timers that fell due and have not fired.", known.fallen_timers),
            ("timer_delay_seconds", "Since the oldest of them fell due.", _age(known.oldest_timer, now)),
            ("database_bytes", "Bytes of the database.", known.database_bytes),
            ("process_id", "The process that answers.", os.getpid())):
        yield GaugeMetricFamily(f"izin_{name}", told, value=value)


@dataclass(frozen=True, eq=False)
class _Told(Collector):
    families: list[Metric]

    def collect(self) -> list[Metric]:
        return self.families


def _family(name: str, told: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, told, labels=[label])
    for value in sorted(values):
        family.add_metric([value], values[value])
    return family


def _counter(name: str, told: str, label: str, values: Mapping[str, float]) -> Metric:
    family = CounterMetricFamily(name, told, labels=[label])
    for value in sorted(values):
        family.add_metric([value], values[value])
    return family


def _age(since: str | None, now: datetime) -> float:
    return max(0.0, (now - parse_stamp(since)).total_seconds()) if since else 0.0
