"""Random walks through a diagram: the engine and the token game play every transition, and must agree on what waits.

The state is taken from its bytes at each step; at some steps the diagram is parsed anew. Each walk leaves a log of
events and digests with which another process can do everything again.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from engine.errors import StepRefused
from engine.runtime import advance
from engine.runtime.advance import Step
from engine.runtime.diagram import Diagram, load, parse
from tests.token_game import Chart, NoWayOn, TokenGame

LARGEST_STATE = 8192
TRIES = 8
MOST_OPEN = 12
MANY_MOVES = 100
KINDS: Mapping[str, Callable[..., Any]] = {
    kind.__name__: kind for kind in (advance.Start, advance.Complete, advance.EffectDone, advance.EffectFailed,
                                     advance.TimerFired, advance.Message)}
PLENTY: tuple[Any, ...] = (True, True, True, False, None, "lain", 0, 2, 4, "a", "b", "c", ["x"], ["x", "y", "z"], [])


class Divergence(AssertionError):
    """Engine and token game, or two runs of the engine, disagree."""


@dataclass(frozen=True)
class Logged:
    """One transition, as another process needs it."""

    event: Mapping[str, Any]
    seq: int
    digest: str
    effects: list[Any]
    waiting: list[Any]


@dataclass
class Walked:
    """What a walk came to."""

    log: list[Logged] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    largest: int = 0
    ended: bool = False


@dataclass(frozen=True)
class Pace:
    """How long a walk may be and how often the diagram is parsed anew."""

    most_steps: int = 70
    cold: float = .1


def written(event: Any) -> dict[str, Any]:
    """An event as JSON."""
    return {"kind": type(event).__name__, **asdict(event)}


def read(stored: Mapping[str, Any]) -> Any:
    """An event from its JSON."""
    fields = dict(stored)
    return KINDS[fields.pop("kind")](**fields)


def seen(step: Step) -> list[list[Any]]:
    """What replay compares besides the digest, effects first."""
    return [[asdict(each) for each in each_kind] for each_kind in (step.effects, step.waiting, step.timers)]


class Walker:
    """One walk: chooses events at random, hands them to both players, compares."""

    def __init__(self, source: bytes, chance: random.Random, pace: Pace = Pace()) -> None:
        self.source, self.chance, self.pace = source, chance, pace
        self.chart = Chart(source)
        self.game = TokenGame(self.chart)
        self.candidates = self.chart.candidates()
        self.walked = Walked()
        self.gone: list[int] = []

    def diagram(self) -> Diagram:
        """From the cache, or parsed anew."""
        if self.chance.random() >= self.pace.cold:
            return load(self.source)
        self.walked.counts["parsed anew"] += 1
        return parse(self.source)

    def walk(self) -> Walked:
        """To the end of the case, or as far as the pace allows."""
        try:
            step = self.begin()
            while _goes_on(step) and len(self.walked.log) < self.pace.most_steps:
                step = self.one(step)
            self.walked.ended = step.ended
        except NoWayOn:
            self.walked.counts["given up"] += 1
        return self.walked

    def begin(self) -> Step:
        """Starts the case at one of its starts, with values that lead somewhere."""
        first = self.diagram()
        for _ in range(TRIES):
            event = advance.Start(self.chance.choice(first.starts or (None,)), self.values(list(self.candidates)))
            self.game = TokenGame(self.chart)
            if self.play(event, None) is not None:
                break
            self.refused(event, lambda: advance.start(first, event, 1))
        else:
            raise NoWayOn("from no start")
        step = self.stepped(lambda: advance.start(first, event, 1))
        self.note(event, step, 1)
        return step

    def one(self, step: Step) -> Step:
        """One event of any kind; a late one must change nothing."""
        event = self.choose(step)
        seq = len(self.walked.log) + 1
        before = self.game.copy()
        expected = self.play(event, step)
        if expected is None:
            self.refused(event, lambda: advance.apply(self.diagram(), step.state, event, seq))
            self.game = before
            return step
        after = self.stepped(lambda: advance.apply(self.diagram(), step.state, event, seq))
        if after.applied is not expected:
            raise Divergence(f"{event} at {seq}: applied={after.applied}, the token game says {expected}")
        if not after.applied and after.state != step.state:
            raise Divergence(f"{event} at {seq} was late and changed the state")
        self.gone += [each.task for each in (*step.waiting, *step.running) if each.task not in _tasks(after)]
        self.note(event, after, seq)
        return after

    def stepped(self, attempt: Callable[[], Step]) -> Step:
        """A transition; the engine may refuse one only where a great many nodes have to run."""
        try:
            return attempt()
        except StepRefused as refused:
            if self.game.moved < MANY_MOVES:
                raise Divergence(f"the engine refuses what the token game plays: {refused}") from refused
            raise NoWayOn("round and round") from refused

    def refused(self, event: Any, attempt: Callable[[], Step]) -> None:
        """Where the token game finds no way on, the engine must refuse."""
        try:
            attempt()
        except StepRefused:
            self.walked.counts["no way on"] += 1
            self.pace = replace(self.pace, most_steps=self.pace.most_steps - 1)
            return
        raise Divergence(f"{event}: the token game finds no way on, the engine does")

    # --- choosing ---

    def choose(self, step: Step) -> Any:
        """People and handlers mostly; now and then a failure, a timer, a message, something late."""
        options: list[tuple[int, Callable[[Step], Any]]] = []
        options += [(6, self.complete)] * bool(step.waiting) + [(10, self.done), (1, self.failed)] * bool(step.running)
        options += [(1, self.timer)] * bool(step.timers) + [(1, self.late)] * bool(self.gone)
        options += [(1, self.message)] if step.messages else []
        weights, makers = zip(*options)
        return self.chance.choices(makers, weights)[0](step)

    def values(self, names: list[str]) -> dict[str, Any]:
        """A value for each name: mostly one that a condition asks for, else any other."""
        asked = {name: self.candidates.get(name) or PLENTY for name in sorted(set(names))}
        return {name: self.chance.choice(values if self.chance.random() < .7 else PLENTY)
                for name, values in asked.items()}

    def complete(self, step: Step) -> Any:
        task = self.chance.choice(step.waiting)
        names = self.chart.nodes[task.activity].sets or tuple(self.candidates)
        return advance.Complete(task.task, self.values(list(names)))

    def done(self, step: Step) -> Any:
        task = self.chance.choice(step.running)
        return advance.EffectDone(task.task, self.values(list(self.chart.nodes[task.activity].sets)))

    def failed(self, step: Step) -> Any:
        return advance.EffectFailed(self.chance.choice(step.running).task,
                                    self.chance.choice(["ditolak", "gangguan", "terputus"]))

    def timer(self, step: Step) -> Any:
        return advance.TimerFired(self.chance.choice(step.timers).task)

    def late(self, step: Step) -> Any:
        task = self.chance.choice(self.gone)
        return self.chance.choice([advance.Complete(task, self.values(["cukup"])), advance.EffectDone(task, {}),
                                   advance.EffectFailed(task, "ditolak"), advance.TimerFired(task)])

    def message(self, step: Step) -> Any:
        name = self.chance.choice(step.messages)
        if self.chance.random() < (.9 if step.waiting or step.running else .1):
            name = "tidak_ditunggu"
        return advance.Message(name, self.values(["cukup"]))

    # --- playing along and comparing ---

    def play(self, event: Any, step: Step | None) -> bool | None:
        """Whether the token game could apply it; None where it finds no way on."""
        waiting = (*step.waiting, *step.running, *step.timers) if step else ()
        drawn = {each.task: each.activity for each in waiting}
        try:
            return _played(self.game, event, drawn.get(getattr(event, "task", 0)))
        except NoWayOn:
            return None

    def note(self, event: Any, step: Step, seq: int) -> None:
        """Compares what waits and writes the log."""
        game = self.game
        pairs = [("waiting", Counter(each.activity for each in step.waiting), game.waiting()),
                 ("running", Counter(each.activity for each in step.running), game.running()),
                 ("timers", Counter(each.activity for each in step.timers), game.timers()),
                 ("messages", set(step.messages), game.messages()), ("variables", step.variables, game.variables),
                 ("ended", step.ended, game.ended), ("end", step.end, game.end if game.ended else None),
                 ("effects", sorted(each.activity for each in step.effects), sorted(game.ordered))]
        game.ordered = []
        for name, ours, theirs in pairs:
            if ours != theirs:
                raise Divergence(f"step {seq} after {event}: {name} {ours}, the token game says {theirs}")
        if len(step.state) > LARGEST_STATE:
            raise Divergence(f"step {seq}: the state grew to {len(step.state)} bytes")
        self.walked.largest = max(self.walked.largest, len(step.state))
        self.walked.counts[type(event).__name__ if step.applied else "late"] += 1
        self.walked.log.append(Logged(written(event), seq, step.digest, *_told(step)))


def _goes_on(step: Step) -> bool:
    """Something waits, but no crowd; a diagram may also have come to a standstill at a join."""
    crowd = len(step.waiting) + len(step.running)
    return crowd <= MOST_OPEN and bool(crowd or step.timers or step.messages)


def _tasks(step: Step) -> set[int]:
    return {each.task for each in (*step.waiting, *step.running)}


def _told(step: Step) -> tuple[list[Any], list[Any]]:
    effects, *waiting = seen(step)
    return effects, waiting


def _played(game: TokenGame, event: Any, activity: str | None) -> bool:
    match event:
        case advance.Start():
            game.start(event.message, event.variables)
            return True
        case advance.Message():
            return game.message(event.name, event.variables)
        case _ if activity is None:
            return False
        case advance.Complete() | advance.EffectDone():
            game.finish(activity, event.variables)
            return True
        case advance.EffectFailed():
            return game.fail(activity, event.code)
        case _:
            game.timer(activity)
            return True


def walk(source: bytes, seed: int, pace: Pace = Pace()) -> Walked:
    """One walk of this seed."""
    return Walker(source, random.Random(seed), pace).walk()


def again(source: bytes, log: list[Logged], cold: bool) -> Iterator[str]:
    """Does a log again from its first event; yields each difference."""
    state = b""
    for logged in log:
        diagram = parse(source) if cold else load(source)
        event = read(logged.event)
        step = (advance.start(diagram, event, logged.seq) if isinstance(event, advance.Start)
                else advance.apply(diagram, state, event, logged.seq))
        state = step.state
        if step.digest != logged.digest:
            yield f"step {logged.seq}: digest {step.digest} instead of {logged.digest}"
        if (logged.effects, logged.waiting) != _told(step):
            yield f"step {logged.seq}: effects or waiting tasks differ"
