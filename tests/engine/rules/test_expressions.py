"""The analysts' language: what it accepts, what it refuses, and that it always answers."""

from __future__ import annotations

import random

import pytest

from engine.errors import ExpressionRefused
from engine.rules.expressions import compile_expression

VARIABLES = {"cukup": True, "arah": "dua-duanya", "jumlah": 3, "regu": ["a", "b"], "nol": 0, "kosong": "",
             "kotak": {"isi": 1}, "besar": 2 ** 53 - 1}


@pytest.mark.parametrize(("source", "answer"), [
    ("cukup == True", True),
    ("cukup", True),
    ("not cukup", False),
    ("arah in ('satu', 'dua-duanya')", True),
    ("arah not in ['satu']", True),
    ("len(regu) > 1 and jumlah <= 3", True),
    ("1 < jumlah < 3", False),
    ("max(jumlah, 7) - 1", 6),
    ("min([4, 2, 3])", 2),
    ("regu[0] + '/' + regu[1]", "a/b"),
    ("'ya' if ada(regu) else 'tidak'", "ya"),
    ("kotak['isi']", 1),
    ("regu is None", False),
    ("-jumlah", -3),
    ("regu + ['c']", ["a", "b", "c"]),
    ("'dua' in arah", True),
    ("cukup or belum_ada", True),
    ("'P30D'", "P30D"),
])
def test_says_what_the_analyst_means(source: str, answer: object) -> None:
    assert compile_expression(source).evaluate(VARIABLES) == answer


@pytest.mark.parametrize(("source", "answer"), [
    ("belum_ada", None),
    ("belum_ada == None", True),
    ("belum_ada < 3", False),
    ("3 > belum_ada", False),
    ("arah < 3", False),
    ("cukup < 3", False),
    ("cukup == 1", False),
    ("nol == False", False),
    ("[cukup] == [1]", False),
    ("1 in arah", False),
    ("'x' in belum_ada", False),
    ("jumlah + arah", None),
    ("arah - 1", None),
    ("-arah", None),
    ("besar + 1", None),
    ("regu[9]", None),
    ("regu['x']", None),
    ("jumlah[0]", None),
    ("len(belum_ada)", 0),
    ("len(jumlah)", None),
    ("max(jumlah, arah)", None),
    ("min(belum_ada)", None),
    ("max([])", None),
    ("ada(kosong)", False),
    ("ada(nol)", True),
])
def test_always_answers_even_when_variables_are_unset_or_of_the_wrong_kind(source: str, answer: object) -> None:
    given = compile_expression(source).evaluate(VARIABLES)
    assert given == answer and type(given) is type(answer)


@pytest.mark.parametrize("source", [
    "", "   ", "a ==", "a = 1", "a == 1 2", "(" * 300, "1.5", "a == 2.0", "1e3", "b'x'", "f'{a}'", "...", "1j",
    "__import__('os')", "_a", "a.b", "().__class__", "open('x')", "len", "len()", "len(a, b)", "len(a)(b)",
    "max(key=a)", "lambda: 1", "[x for x in a]", "{x for x in a}", "{'a': 1}", "a * 2", "a ** 2", "a % 2", "a / 2",
    "a // 2", "a @ b", "a | b", "~a", "+a", "a[b]", "a[1:2]", "(a := 1)", "await a", "*a", "'\\x41'", "a\0b",
    "9" * 20, "'" + "x" * 201 + "'", "a + " * 120 + "a", " or ".join(["a"] * 60 + ["b == 1"] * 10), "a[-1]",
    "\N{GREEK SMALL LETTER ALPHA} == 1",
])
def test_refuses_everything_outside_the_language(source: str) -> None:
    with pytest.raises(ExpressionRefused) as refused:
        compile_expression(source)
    assert refused.value.advice.startswith("Ungkapan ditolak:")


def test_names_are_told_and_unknown_ones_refused_by_name() -> None:
    expression = compile_expression("ada(arah) and jumlah > len(regu)")
    assert expression.names == {"arah", "jumlah", "regu"}
    assert expression.source == "ada(arah) and jumlah > len(regu)"
    assert compile_expression(expression.source, known={"arah", "jumlah", "regu"}) is expression
    with pytest.raises(ExpressionRefused) as refused:
        compile_expression(expression.source, known=["arah", "regu"])
    assert "jumlah" in refused.value.advice


def test_constants_are_told_so_that_overlaps_can_be_searched() -> None:
    assert compile_expression("a == 'x' or b in (1, None)").constants == ("x", 1, None)


def test_text_in_an_expression_is_composed_like_stored_text() -> None:
    decomposed, composed = "e\N{COMBINING ACUTE ACCENT}", "\N{LATIN SMALL LETTER E WITH ACUTE}"
    assert compile_expression(f"a == '{decomposed}'").evaluate({"a": composed})


def _random_source(chance: random.Random, depth: int) -> str:
    if depth == 0:
        return chance.choice(["a", "b", "c", "1", "'x'", "None", "True", "[1, 'x']", "-2", "9007199254740991"])
    left, right = _random_source(chance, depth - 1), _random_source(chance, depth - 1)
    return chance.choice([
        f"({left} + {right})", f"({left} - {right})", f"({left} < {right})", f"({left} == {right})",
        f"({left} in {right})", f"({left} and {right})", f"(not {left})", f"len({left})", f"max({left}, {right})",
        f"min({left})", f"ada({left})", f"({left} if {right} else {left})", f"({left})[0]", f"({left})['k']"])


def test_no_mixture_of_values_makes_it_raise() -> None:
    chance = random.Random(11)
    values = [None, True, False, 0, -7, 2 ** 53 - 1, "", "x", "2026-06-09", [], ["x", 1], [[1], None], {}, {"k": [1]}]
    for _ in range(3000):
        expression = compile_expression(_random_source(chance, chance.randint(1, 3)))
        expression.evaluate({name: chance.choice(values) for name in chance.sample(["a", "b", "c"], 2)})
