"""Replay: a case executed again from its journal, and the first step at which it differs from what was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.digest import sha256
from engine.errors import Refusal
from engine.rules.events import STEPS
from engine.runtime.action import expected
from engine.runtime.advance import Complete, EffectDone, EffectFailed, Message, Start, Step, TimerFired, apply, start
from engine.runtime.catalog import Catalog
from engine.runtime.diagram import Diagram
from engine.store import cases, journal
from engine.store.database import Database
from engine.store.journal import Recorded


@dataclass(frozen=True)
class Divergence:
    """Where a replay differs: the step, what was recorded, what came out now."""

    case: str
    seq: int
    kind: str
    what: str
    recorded: str
    replayed: str

    @property
    def sentence(self) -> str:
        """For people."""
        return (f"Berkas {self.case}, langkah {self.seq} ({self.kind}): {self.what} berbeda. "
                f"Tercatat {self.recorded[:60]}, hasil ulang {self.replayed[:60]}.")


@dataclass(frozen=True)
class Replayed:
    """The outcome for one case."""

    case: str
    steps: int
    divergence: Divergence | None

    @property
    def good(self) -> bool:
        """True when every step came out as recorded."""
        return self.divergence is None


@dataclass(frozen=True)
class Replays:
    """Replays cases of one office."""

    database: Database
    catalog: Catalog

    def case(self, case: str) -> Replayed:
        """Replay one case and compare the stored state too."""
        with self.database.reading() as connection:
            row = cases.find(connection, case)
            events = journal.read(connection, case)
        outcome = replay(case, events, lambda edition: self.catalog.edition(edition).diagram)
        if outcome.good and row is not None and events and sha256(row.state) != events[-1].event.state_digest:
            last = events[-1].event
            return Replayed(case, outcome.steps, Divergence(case, last.seq, last.kind, "keadaan tersimpan",
                                                            str(last.state_digest), sha256(row.state)))
        return outcome

    def all(self) -> Iterator[Replayed]:
        """Replay every case, oldest first."""
        with self.database.reading() as connection:
            wanted = cases.all_ids(connection)
        for one in wanted:
            yield self.case(one)

    def sample(self, count: int) -> Iterator[Replayed]:
        """Replay so many cases, spread over the years; the oldest and the newest are among them."""
        with self.database.reading() as connection:
            known = cases.all_ids(connection)
        last, steps = len(known) - 1, max(1, min(count, len(known)) - 1)
        for one in dict.fromkeys(known[place * last // steps] for place in range(min(count, len(known)))):
            yield self.case(one)


def replay(case: str, events: list[Recorded], diagram_of: Any) -> Replayed:
    """Fold the events of one case; `diagram_of(edition hash)` gives the diagram."""
    state, diagram, steps = b"", None, 0
    for one in events:
        if one.event.kind in STEPS:
            try:
                diagram = diagram_of(one.body["edition"]) if "edition" in one.body else diagram
                step = again(diagram, state, one)
            except (KeyError, Refusal, AttributeError) as fault:
                found = _different(case, one, "langkah tidak dapat dijalankan", "ya", type(fault).__name__)
                return Replayed(case, steps, found)
            different = _compare(case, one, step)
            if different is not None:
                return Replayed(case, steps, different)
            state, steps = step.state, steps + 1
        elif state and one.event.state_digest != sha256(state):
            return Replayed(case, steps, _different(case, one, "keadaan", str(one.event.state_digest), sha256(state)))
    return Replayed(case, steps, None)


def again(diagram: Diagram | None, state: bytes, one: Recorded) -> Step:
    """Execute one recorded event."""
    body, seq = one.body, one.event.seq
    if diagram is None:
        raise KeyError("edition")
    if one.event.kind == "started":
        return start(diagram, Start(body["message"], body["variables"]), seq)
    return apply(diagram, state, event_of(one.event.kind, body), seq)


def event_of(kind: str, body: Mapping[str, Any]) -> Any:
    """The transition event that a payload records."""
    match kind:
        case "completed":
            return Complete(body["task"], body["variables"])
        case "effect_done":
            return EffectDone(body["task"], body["variables"])
        case "effect_failed":
            return EffectFailed(body["task"], body["code"])
        case "timer_fired":
            return TimerFired(body["task"])
        case "message":
            return Message(body["name"], body["variables"])
    raise KeyError(kind)


def _compare(case: str, one: Recorded, step: Step) -> Divergence | None:
    if not step.applied:
        return _different(case, one, "langkah", "berlaku", "tidak berlaku")
    for field, now in expected(case, step).items():
        if one.body.get(field) != now:
            what = {"effects": "perintah ke langkah otomatis", "waiting": "tugas yang menunggu"}[field]
            return _different(case, one, what, str(one.body.get(field)), str(now))
    if step.digest != one.event.state_digest:
        return _different(case, one, "keadaan", str(one.event.state_digest), step.digest)
    return None


def _different(case: str, one: Recorded, what: str, recorded: str, replayed: str) -> Divergence:
    return Divergence(case, one.event.seq, one.event.kind, what, recorded, replayed)
