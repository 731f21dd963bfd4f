"""The language of form conditions: what it takes, what null does, what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from engine.rules.form.feel import ConditionFault, read_condition


class Names:
    """A scope of plain values; rows are lists of mappings."""

    def __init__(self, **found: Any) -> None:
        self.found = found

    def look_up(self, path: tuple[str, ...]) -> object:
        value: Any = self.found
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        return value


def answer(source: str, **names: Any) -> object:
    return read_condition(source).evaluate(Names(**names))


@pytest.mark.parametrize(("source", "names", "expected"), [
    ('=a = "x"', {"a": "x"}, True),
    ('=a = "x"', {"a": "y"}, False),
    ('=a != "x"', {"a": "y"}, True),
    ("=n >= 3 and n < 5", {"n": 4}, True),
    ("=n > -2", {"n": -1}, True),
    ("=a or b", {"a": False, "b": True}, True),
    ("=not(a)", {"a": True}, False),
    ('=a in ("x", "y")', {"a": "y"}, True),
    ('=a in ("x", "y")', {"a": "z"}, False),
    ('=(a = "x" or a = "y") and n = 1', {"a": "y", "n": 1}, True),
    ('=a = "he said \\"no\\""', {"a": 'he said "no"'}, True),
    ('=some r in rows satisfies r.x = "bad"', {"rows": [{"x": "ok"}, {"x": "bad"}]}, True),
    ('=some r in rows satisfies r.x = "bad"', {"rows": []}, False),
    ('=every r in rows satisfies r.x = "ok"', {"rows": [{"x": "ok"}]}, True),
    ('=every r in rows satisfies r.x = "ok"', {"rows": []}, True),
    ("=count(rows) > 1", {"rows": [{}, {}]}, True),
    ("=count(rows) = 0", {"rows": None}, True),
    ("=this.x = 1", {"this": {"x": 1}}, True),
    ('="2026-01-02" > day', {"day": "2026-01-01"}, True),
])
def test_a_condition_means_what_it_says(source, names, expected):
    assert answer(source, **names) is expected


@pytest.mark.parametrize(("source", "names", "expected"), [
    ('=a = "x"', {}, None),
    ('=a != "x"', {}, None),
    ("=a < 3", {}, None),
    ("=not(a)", {}, None),
    ("=a = null", {}, True),
    ("=a != null", {}, False),
    ("=a = null", {"a": "x"}, False),
    ("=a != null", {"a": False}, True),
    ("=a = null or a = true", {}, True),
    ("=a = true or b = true", {"b": True}, True),
    ("=a = true and b = true", {"b": False}, False),
    ("=a = true and b = true", {"b": True}, None),
    ('=a in ("x", "y")', {}, None),
    ('=some r in rows satisfies r.x = "bad"', {"rows": [{}, {"x": "bad"}]}, True),
    ('=some r in rows satisfies r.x = "bad"', {"rows": [{}, {"x": "ok"}]}, None),
    ("=a = b", {}, None),
])
def test_null_is_nobodys_answer(source, names, expected):
    assert answer(source, **names) is expected


@pytest.mark.parametrize(("source", "names"), [
    ('=a = "1"', {"a": 1}), ("=a = 1", {"a": True}), ("=a < 3", {"a": "2"}), ("=a < true", {"a": False}),
    ("=a and b", {"a": "x", "b": True}), ("=a.b.c = 1", {"a": 5})])
def test_unlike_things_are_never_compared(source, names):
    assert answer(source, **names) is None


def test_only_a_plain_true_holds():
    condition = read_condition("=a")
    assert condition.holds(Names(a=True))
    assert not any(condition.holds(Names(a=value)) for value in (False, None, "true", 1, [1]))


def test_the_names_a_condition_asks_for_leave_out_those_it_binds_itself():
    condition = read_condition('=lengkap = true and some r in catatan satisfies r.status = "x" and this.y = 1')
    assert condition.names == {("lengkap",), ("catatan",), ("this", "y")}


@pytest.mark.parametrize("source", [
    "lengkap = true", "=", "=a =", "=a = = b", "=(a", "=a)", '=a = "x', "=a = 2.5", "=a + 1", "=a[1]", "=f(a)", "=a.0",
    "=some r in rows", "=some 1 in rows satisfies a", "=not a", "=a in b", "=and", "=a b", "=a = 'x'", "=import os",
    "=a.__class__.x()", "=" + "(" * 30 + "a" + ")" * 30, "=" + "a or " * 400 + "a", "=Ä = 1", "=date(\"2026-01-01\")"])
def test_everything_outside_the_subset_is_refused_with_a_sentence(source):
    with pytest.raises(ConditionFault) as refused:
        read_condition(source)
    assert refused.value.args[0]
