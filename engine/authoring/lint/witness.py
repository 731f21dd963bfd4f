"""Can two conditions hold at once? Proven by trying: every combination of the values their constants tell apart."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.authoring.lint.findings import Known
from engine.rules.expressions import Expression
from engine.rules.process import Variable

MOST_WORLDS = 4_000
"""Combinations tried for one pair; more are not tried, and nothing is said."""
BUDGET = 300_000
"""Combinations tried for one diagram."""
PAIR = 20
"""What looking at a pair costs, whatever it holds."""
OTHER = "lainnya"
NOT_PLAIN = re.compile(r"[-+\[]|\b(len|min|max)\b")
"""Arithmetic, parts and lengths have more values than the constants tell apart."""


@dataclass
class Worlds:
    """Values that variables may have. `spent` counts what was tried for this diagram."""

    variables: Mapping[str, Variable] = field(default_factory=dict)
    choices: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    spent: int = 0

    @classmethod
    def of(cls, known: Known, elsewhere: Collection[str] = ()) -> Worlds:
        """The worlds of a process: declared kinds, and the options of forms where only these can be chosen.

        `elsewhere` names the variables that something else than a form may set.
        """
        if known.process is None:
            return cls()
        found: dict[str, list[object]] = {}
        for keys in (known.forms or {}).values():
            for key, options in keys.choices.items():
                found.setdefault(key, []).extend(options)
        free = {key for keys in (known.forms or {}).values() for key in keys.kinds
                if key not in keys.choices} | set(elsewhere)
        return cls(known.process.variables, {key: tuple(_unique(options)) for key,
                                             options in found.items() if key not in free})

    @property
    def exhausted(self) -> bool:
        """Was so much tried that the rest is left alone?"""
        return self.spent > BUDGET

    def never(self, condition: Expression) -> bool:
        """Is it false whatever the variables hold? Said only of conditions plain enough to be tried completely."""
        if len(condition.names) > 2 or NOT_PLAIN.search(condition.source):
            return False
        worlds = self._tried([condition])
        return worlds is not None and not any(condition.evaluate(world | unset) for world in worlds
                                              for unset in ({}, dict.fromkeys(condition.names)))

    def both(self, one: Expression, other: Expression) -> str | None:
        """Words for a world in which both hold; None when there is none or it cannot be tried."""
        worlds = self._tried([one, other])
        for world in worlds or ():
            if one.evaluate(world) and other.evaluate(world):
                return _told(world)
        return None

    def uncovered(self, conditions: list[Expression]) -> tuple[str | None, bool]:
        """Words for a world of set variables in which none holds, and whether all that variables may hold was tried."""
        names = frozenset().union(*(condition.names for condition in conditions))
        closed = all(name in self.choices or self._kind(name) == "ya_tidak" for name in names)
        worlds = self._tried(conditions)
        for world in worlds or ():
            if None not in world.values() and not any(condition.evaluate(world) for condition in conditions):
                return _told(world), closed
        return None, closed and worlds is not None

    def _kind(self, name: str) -> str:
        return self.variables[name].kind if name in self.variables else ""

    def results(self, expression: Expression) -> list[str]:
        """Texts that the expression itself writes out, or that a form offers, and that come out of it in some world."""
        written = {value for value in expression.constants if isinstance(value, str)}
        offered = {value for name in expression.names for value in self.choices.get(name, ()) if isinstance(value, str)}
        out = {expression.evaluate(world) for world in self._tried([expression]) or ()
               if isinstance(expression.evaluate(world), str)}
        return sorted(out & (written | offered))

    def _tried(self, conditions: list[Expression]) -> Iterable[dict[str, Any]] | None:
        constants = list(itertools.chain.from_iterable(condition.constants for condition in conditions))
        names = sorted(frozenset().union(*(condition.names for condition in conditions)))
        domains = [self._domain(name, constants) for name in names]
        size = 1
        for domain in domains:
            size *= len(domain)
        self.spent += min(size, MOST_WORLDS) + PAIR
        if size > MOST_WORLDS or self.exhausted:
            return None
        return (dict(zip(names, values)) for values in itertools.product(*domains))

    def _domain(self, name: str, constants: list[Any]) -> list[Any]:
        """Values worth trying, the usual before the odd, nothing at all last."""
        variable = self.variables.get(name)
        kind = variable.kind if variable else _guessed(constants)
        values = [*self.choices.get(name, ())] or BY_KIND[kind](constants)
        nothing = [] if variable is not None and variable.default is not None else [None]
        return [*_unique(values), *nothing]


def _guessed(constants: list[Any]) -> str:
    """The kind of a variable nobody declared, from what it is compared with."""
    if any(isinstance(value, str) for value in constants):
        return "campuran" if any(isinstance(value, (bool, int)) for value in constants) else "teks"
    return "bilangan_atau_ya" if any(isinstance(value, int) for value in constants) else "ya_tidak"


def _unique(values: Iterable[Any]) -> list[Any]:
    return list({(type(value), str(value)): value for value in values}.values())


def _truths(constants: list[Any]) -> list[Any]:
    return [True, False]


def _texts(constants: list[Any]) -> list[Any]:
    said = [value for value in constants if isinstance(value, str)]
    return [*said, OTHER, "", "".join(said)]


def _numbers(constants: list[Any]) -> list[Any]:
    whole = [value for value in constants if isinstance(value, int) and not isinstance(value, bool)]
    return [*whole, *(value + step for value in whole for step in (1, -1)), 0, 1]


def _days(constants: list[Any]) -> list[Any]:
    return [*(value for value in constants if isinstance(value, str)), "1900-01-01", "2199-12-31"]


def _lists(constants: list[Any]) -> list[Any]:
    longest = [value for value in constants if isinstance(value, int) and not isinstance(value,
                                                                                         bool) and 0 <= value < 50]
    sized = [[OTHER] * count for value in [*longest, 0] for count in (value, value + 1)]
    told = [value for value in constants if value is not None]
    return [*([value] for value in told), told, *sized]


BY_KIND = {
    "ya_tidak": _truths, "teks": _texts, "bilangan": _numbers, "tanggal": _days, "daftar": _lists,
    "bilangan_atau_ya": lambda constants: [*_numbers(constants), True, False],
    "campuran": lambda constants: [*_texts(constants), *_numbers(constants), True, False],
}


def _told(world: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {_said(value)}" for name, value in sorted(world.items())) or "selalu"


def _said(value: object) -> str:
    if value is None:
        return "kosong"
    if isinstance(value, bool):
        return "True" if value else "False"
    return f"“{value}”" if isinstance(value, str) else str(value)
