"""The small part of FEEL that a form's conditions may use: when is a field hidden, when is an answer refused?

    or / and / not(…) ; = != < <= > >= ; x in ("a", "b") ; some r in rows satisfies … ; every … ; count(rows)
    "text", 12, true, false, null ; name, this.name, parent.name, r.name

Null is nobody's answer: a comparison of null with anything is null, except with the word null itself; and/or/not follow
three-valued logic; only a plain `true` hides. Decimals are strings and may not stand here (the lint sees to it).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

LONGEST = 1000
DEEPEST = 20
WORDS = frozenset({"and", "or", "not", "in", "some", "every", "satisfies", "count", "true", "false", "null"})
TOKEN = re.compile(r'\s*(?:(?P<text>"(?:[^"\\]|\\["\\])*")|(?P<number>-?\d+(?![\w.]))|(?P<name>[a-z_][a-z0-9_]*)'
                   r'|(?P<sign><=|>=|!=|[=<>().,]))', re.ASCII)
ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


class ConditionFault(ValueError):
    """The text is outside the subset; the argument says what is wrong, in Indonesian."""


class Scope(Protocol):
    """What a name means where the condition stands."""

    def look_up(self, path: tuple[str, ...]) -> object:
        """The value behind a dotted name; null where there is none."""


Evaluate = Callable[[Scope], object]


@dataclass(frozen=True)
class Condition:
    """A condition, read once. `names` are the dotted names it asks for (without those bound by some/every)."""

    source: str
    names: frozenset[tuple[str, ...]]
    evaluate: Evaluate = field(repr=False, compare=False)

    def holds(self, scope: Scope) -> bool:
        """Is it plainly true here?"""
        return self.evaluate(scope) is True


@dataclass(frozen=True)
class _Bound:
    """The scope inside `some r in rows satisfies …`: r is one row, everything else is as outside."""

    outer: Scope
    name: str
    row: object

    def look_up(self, path: tuple[str, ...]) -> object:
        if path[0] != self.name:
            return self.outer.look_up(path)
        found = self.row
        for step in path[1:]:
            found = found.get(step) if isinstance(found, Mapping) else None
        return found


@lru_cache(maxsize=2048)
def read_condition(source: str) -> Condition:
    """The condition behind `=…`; ConditionFault when it is outside the subset."""
    text = source.strip()
    if not text.startswith("="):
        raise ConditionFault("syarat harus diawali tanda =")
    if len(text) > LONGEST:
        raise ConditionFault(f"syarat lebih panjang dari {LONGEST} huruf")
    reader = _Reader(_tokens(text[1:]))
    evaluate = reader.whole()
    return Condition(source, frozenset(reader.names), evaluate)


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(text.rstrip()):
        match = TOKEN.match(text, at)
        if match is None:
            raise ConditionFault(f"“{text[at:at + 12].strip()}” tidak dikenal")
        kind = str(match.lastgroup)
        found.append((kind, match.group(kind)))
        at = match.end()
    return found


class _Reader:
    """Reads tokens from left to right; every method returns what it read as a function of the scope."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.at, self.depth = tokens, 0, 0
        self.names: set[tuple[str, ...]] = set()
        self.bound: list[str] = []

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, *wanted: str) -> str | None:
        if self.peek() in wanted and self.at < len(self.tokens):
            self.at += 1
            return self.tokens[self.at - 1][1]
        return None

    def need(self, wanted: str) -> None:
        if self.take(wanted) is None:
            raise ConditionFault(f"kurang “{wanted}” sebelum “{self.peek() or 'akhir'}”")

    def whole(self) -> Evaluate:
        found = self.either()
        if self.at < len(self.tokens):
            raise ConditionFault(f"“{self.peek()}” tidak pada tempatnya")
        return found

    def either(self) -> Evaluate:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ConditionFault("syarat terlalu bertingkat")
        parts = [self.both()]
        while self.take("or"):
            parts.append(self.both())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else _any_of(parts)

    def both(self) -> Evaluate:
        parts = [self.comparison()]
        while self.take("and"):
            parts.append(self.comparison())
        return parts[0] if len(parts) == 1 else _all_of(parts)

    def comparison(self) -> Evaluate:
        if self.peek() in ("some", "every"):
            return self.quantified()
        left = self.operand()
        sign = self.take("=", "!=", "<", "<=", ">", ">=", "in")
        if sign is None:
            return left
        return self.membership(left) if sign == "in" else _compared(sign, left, self.operand())

    def membership(self, left: Evaluate) -> Evaluate:
        self.need("(")
        parts = [self.operand()]
        while self.take(","):
            parts.append(self.operand())
        self.need(")")
        return _any_of([_compared("=", left, part) for part in parts])

    def quantified(self) -> Evaluate:
        word = self.take("some", "every")
        name = self.name()
        self.need("in")
        rows = self.path()
        self.need("satisfies")
        self.bound.append(name)
        test = self.either()
        self.bound.pop()
        return _some(name, rows, test) if word == "some" else _every(name, rows, test)

    def operand(self) -> Evaluate:
        if self.take("("):
            inner = self.either()
            self.need(")")
            return inner
        if self.peek() in ("not", "count") and self.following() == "(":
            return self.call()
        return self.literal() or self.path()

    def following(self) -> str:
        return self.tokens[self.at + 1][1] if self.at + 1 < len(self.tokens) else ""

    def call(self) -> Evaluate:
        word = self.take("not", "count")
        self.need("(")
        inner = self.either() if word == "not" else self.path()
        self.need(")")
        return _negated(inner) if word == "not" else _counted(inner)

    def literal(self) -> Evaluate | None:
        if self.at >= len(self.tokens):
            raise ConditionFault("syarat berhenti di tengah")
        kind, text = self.tokens[self.at]
        if kind == "name" and text not in ("true", "false", "null"):
            return None
        if kind == "sign":
            raise ConditionFault(f"“{text}” tidak pada tempatnya")
        self.at += 1
        return NULL if text == "null" and kind == "name" else _constant(_literal_value(kind, text))

    def name(self) -> str:
        kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("", "akhir")
        if kind != "name" or text in WORDS:
            raise ConditionFault(f"seharusnya nama isian, bukan “{text}”")
        self.at += 1
        return text

    def path(self) -> Evaluate:
        steps = [self.name()]
        while self.take("."):
            steps.append(self.name())
        path = tuple(steps)
        if path[0] not in self.bound:
            self.names.add(path)
        return lambda scope: scope.look_up(path)


def _literal_value(kind: str, text: str) -> object:
    if kind == "text":
        return text[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    if kind == "number":
        return int(text)
    return text == "true"


def _constant(value: object) -> Evaluate:
    return lambda scope: value


NULL: Evaluate = _constant(None)


def _any_of(parts: list[Evaluate]) -> Evaluate:
    return lambda scope: _three_valued((part(scope) for part in parts), stops=True)


def _all_of(parts: list[Evaluate]) -> Evaluate:
    return lambda scope: _three_valued((part(scope) for part in parts), stops=False)


def _three_valued(answers: Any, *, stops: bool) -> object:
    """`or` stops at the first true, `and` at the first false; an answer that is no truth value counts as null."""
    unknown = False
    for answer in answers:
        if answer is stops:
            return stops
        unknown = unknown or not isinstance(answer, bool)
    return None if unknown else not stops


def _negated(inner: Evaluate) -> Evaluate:
    def answer(scope: Scope) -> object:
        value = inner(scope)
        return not value if isinstance(value, bool) else None
    return answer


def _counted(inner: Evaluate) -> Evaluate:
    def answer(scope: Scope) -> object:
        value = inner(scope)
        return len(value) if isinstance(value, list) else 0
    return answer


def _some(name: str, rows: Evaluate, test: Evaluate) -> Evaluate:
    return lambda scope: _three_valued((test(_Bound(scope, name, row)) for row in _rows(rows(scope))), stops=True)


def _every(name: str, rows: Evaluate, test: Evaluate) -> Evaluate:
    return lambda scope: _three_valued((test(_Bound(scope, name, row)) for row in _rows(rows(scope))), stops=False)


def _rows(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _compared(sign: str, left: Evaluate, right: Evaluate) -> Evaluate:
    if left is NULL or right is NULL:
        return lambda scope: (left(scope) is right(scope)) is (sign == "=") if sign in ("=", "!=") else None
    return lambda scope: compare(sign, left(scope), right(scope))


def compare(sign: str, left: object, right: object) -> object:
    """FEEL's comparison of two answers: null when one is missing or when they are of different kinds."""
    if left is None or type(left) is not type(right):
        return None
    if sign in ("=", "!="):
        return (left == right) is (sign == "=")
    return ORDER[sign](left, right) if isinstance(left, (int, str)) and not isinstance(left, bool) else None
