"""Proofs at a tenth of their size, in every run of the gate; their figures are read."""

from __future__ import annotations

import re
from importlib import import_module

import pytest

Held = pytest.CaptureFixture[str]


def figures(capsys: Held, name: str, *size: str) -> dict[str, str]:
    """name=value of the last line of a proof that held."""
    status = import_module(f"tests.proofs.{name}").main(list(size))
    told = capsys.readouterr().out
    assert status == 0, told
    return dict(re.findall(r"(\w+)=(\S+)", told.splitlines()[-1]))


def test_walks_agree_with_the_token_game_and_with_another_process(capsys: Held) -> None:
    told = figures(capsys, "replay", "--walks", "100")
    assert (told["walks"], told["divergences"], told["faults_caught"]) == ("300", "0", "3/3")


def test_the_service_clock_answers_as_brute_force_does(capsys: Held) -> None:
    told = figures(capsys, "worktime", "--cases", "2000")
    assert (told["cases"], told["differing"]) == ("2000", "0")


def test_a_case_costs_in_the_end_what_it_cost_at_first(capsys: Held) -> None:
    small = ("--cases", "6", "--rounds", "100", "--open", "1000", "--clients", "2", "--seconds", "1")
    told = figures(capsys, "bench", *small)
    assert int(told["state"]) < 8192 and int(told["bytes"]) > 0
    assert all(int(told[name].removesuffix("/s")) > 0 for name in ("sqlite2", "postgresql2"))
    first, last = (float(told[name].removesuffix("ms")) for name in ("round1", "round100"))
    assert last < 2 * first, "beside other work a median may sway, but a cost that grows doubles soon"


def test_one_command_opens_an_office_on_a_clean_clone_and_leaves_nothing_running(capsys: Held) -> None:
    """How fast it opens is asked of a machine that does nothing else; here it may take its time."""
    told = figures(capsys, "start", "--first", "360", "--again", "60")
    assert (told["left_running"], told["troubles"]) == ("0", "0")


def test_two_deeds_at_one_moment_end_as_if_one_had_come_after_the_other(capsys: Held) -> None:
    """On both databases; every pair meets at a write, or the proof itself says that it proved nothing."""
    told = figures(capsys, "races", "--rounds", "20")
    assert (told["databases"], told["pairs"], told["rounds"], told["violations"]) == ("2", "45", "1800", "0")
    assert int(told["conflicts"]) > 1000
