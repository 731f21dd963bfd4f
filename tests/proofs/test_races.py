"""The proof of races notices what it is there for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from engine.errors import Refusal
from engine.runtime.transitions import Transitions
from engine.store import cases
from tests.builders import Office
from tests.proofs.race_track import Ready, Track
from tests.proofs.races import Pair, Race, refusal_of

TWICE = ("complete", "complete")


def troubles(office: Office, *pairs: tuple[str, str]) -> str:
    """What the rounds of these pairs have to say."""
    race = Race(Track.of(office), seed=1)
    with race.open():
        return "\n".join(trouble for names in pairs for trouble in Pair(race, names).run(4).troubles)


def test_a_sound_house_has_no_trouble(second_office: Office) -> None:
    assert troubles(second_office, TWICE) == ""


def test_a_loser_who_is_told_that_it_was_done_is_noticed(second_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    known: Callable[..., bool] = Transitions._won

    def always(transitions: Transitions, *given: Any) -> bool:
        known(transitions, *given)
        return True
    monkeypatch.setattr(Transitions, "_won", always)
    told = troubles(second_office, TWICE)
    assert "neither order" in told and "what was typed" in told


def test_a_draft_that_outlives_its_form_is_noticed(second_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "drop_draft", lambda *_: None)
    assert "what was typed" in troubles(second_office, TWICE)


def test_two_who_never_meet_prove_nothing(second_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def one_after_the_other(_race: Race, deeds: Sequence[Ready]) -> tuple[list[Refusal | None], bool]:
        return [refusal_of(one.act) for one in deeds], False
    monkeypatch.setattr(Race, "at_once", one_after_the_other)
    assert troubles(second_office, ("claim", "alarm")) == "claim+alarm -: the two never met at a write"
