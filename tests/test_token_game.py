"""The token game itself, against positions worked out by hand."""

from __future__ import annotations

import pytest

from tests.small_diagrams import TERMINATE, boundary, flows, line, node, person, several, timer
from tests.token_game import Chart, NoWayOn, TokenGame, evaluate


def playing(source: bytes, **variables: object) -> TokenGame:
    game = TokenGame(Chart(source))
    game.start(None, variables)
    return game


def test_a_parallel_join_waits_for_each_branch() -> None:
    game = playing(line(node("parallelGateway", "p"), person("a"), person("b"), person("c"),
                        node("parallelGateway", "g"), flows(
                            "mulai > p", "p > a", "p > b", "a > g", "b > g", "g > c", "c > selesai")))
    assert game.waiting() == {"a": 1, "b": 1}
    game.finish("b", {})
    assert game.waiting() == {"a": 1}
    game.finish("a", {})
    assert game.waiting() == {"c": 1} and not game.ended


ROUND = line(node("exclusiveGateway", "t"), node("inclusiveGateway", "p"), person("a"), person("b"),
             node("inclusiveGateway", "g"), person("c"), node("exclusiveGateway", "x", default="f_x_selesai"),
             flows("mulai > t", "t > p", "p > a if i > 0", "p > b if i > 1", "a > g", "b > g", "g > c", "c > x",
                   "x > t if i > 0", "x > selesai"))


def test_an_inclusive_join_waits_for_the_open_branches_of_this_round_only() -> None:
    game = playing(ROUND, i=2)
    game.finish("a", {})
    assert game.waiting() == {"b": 1}
    game.finish("b", {})
    game.finish("c", {"i": 1})
    assert game.waiting() == {"a": 1}
    game.finish("a", {})
    assert game.waiting() == {"c": 1}
    game.finish("c", {"i": 0})
    assert (game.ended, game.end) == (True, "selesai")


def test_a_split_without_a_way_on_says_so() -> None:
    with pytest.raises(NoWayOn):
        playing(ROUND, i=0)


def test_boundary_events_take_tasks_away_or_stand_beside_them() -> None:
    game = playing(line(person("a", several("2")), boundary("s", "a", timer("'P1D'"), interrupting=False), person("b"),
                        boundary("l", "a", timer("'P2D'"), interrupting=True), node("endEvent", "h", TERMINATE),
                        flows("mulai > a", "a > selesai", "s > b", "b > selesai", "l > h")))
    assert (game.waiting(), game.timers()) == ({"a": 2}, {"s": 1, "l": 1})
    game.timer("s")
    game.finish("a", {})
    assert (game.waiting(), game.timers()) == ({"a": 1, "b": 1}, {"l": 1})
    twin = game.copy()
    game.timer("l")
    assert (game.ended, game.end, twin.ended) == (True, "h", False)
    twin.finish("a", {})
    assert (twin.waiting(), twin.timers(), twin.ended) == ({"b": 1}, {}, False)


@pytest.mark.parametrize(("text", "value"), [
    ("a > 1", False), ("b > 1", True), ("c in ('x', 'y')", True), ("not a", True), ("b == True", False),
    ("len(d)", 2), ("a is None and c == 'x'", True), ("'p' if b > 5 else 'q'", "q"), ("c not in ['x']", False),
])
def test_conditions_have_the_value_a_person_would_give(text: str, value: object) -> None:
    assert evaluate(text, {"b": 2, "c": "x", "d": [1, 2]}) == value
