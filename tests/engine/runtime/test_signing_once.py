"""One registered signature per case and kind, whenever the request that signs dies, hangs, or is given up for dead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.handling import INTERRUPTED
from engine.runtime.services import letters
from engine.store import journal, papers, register
from engine.store.papers import DocumentRow
from tests.builders import PASSPHRASE, Office

SCENARIO, BEFORE = "02-rapat-saja", 8


class Died(BaseException):
    """The process ended here."""


@pytest.fixture
def at_the_signer(office: Office) -> tuple[Office, str]:
    """A case that waits for the one who signs."""
    return office, office.play(SCENARIO, BEFORE)


def sign(office: Office, case: str) -> None:
    values = dict(office.scenario(SCENARIO).steps[BEFORE].values)
    office.complete(case, office.waiting(case)[0], values, secret=PASSPHRASE)


def dying_at(monkeypatch: pytest.MonkeyPatch, point: str, then: Callable[[], None]) -> None:
    """At this mark something happens, once."""
    left = [then]

    def mark(name: str) -> None:
        if name == point and left:
            left.pop()()
    monkeypatch.setattr(letters, "mark", mark)


def die() -> None:
    raise Died


def signed(office: Office, case: str) -> list[DocumentRow]:
    with office.engine.database.reading() as connection:
        return [one for one in papers.of_case(connection, case) if one.signed is not None]


def kinds(office: Office, case: str) -> list[str]:
    with office.engine.database.reading() as connection:
        return [one.event.kind for one in journal.read(connection, case)]


def let_the_lease_end(office: Office) -> None:
    office.clock.move_to(office.clock.now() + timedelta(seconds=office.engine.settings.lease_seconds + 1))
    office.settle()


def must_be_whole(office: Office, case: str) -> None:
    """Ended, one signature, one number for each register, and everything verifies."""
    assert office.row(case).ended_at is not None
    assert len(signed(office, case)) == 1
    with office.engine.database.reading() as connection:
        numbers = register.of_case(connection, case)
    assert len({one.register for one in numbers}) == len(numbers) and not any(one.voided_at for one in numbers)
    assert list(office.engine.verification.flaws()) == [] and office.engine.replays.case(case).good


@pytest.mark.parametrize("point", ["rendered_not_registered", "rendering_in_commit", "claimed_not_signed",
                                   "signed_not_registered", "signature_in_commit"])
def test_a_death_before_the_signature_is_registered_asks_the_signer_again(at_the_signer, monkeypatch, point):
    office, case = at_the_signer
    dying_at(monkeypatch, point, die)
    with pytest.raises(Died):
        sign(office, case)
    let_the_lease_end(office)
    assert office.waiting(case) == ["penetapan"] and signed(office, case) == []
    sign(office, case)
    must_be_whole(office, case)


def test_a_death_after_the_signature_is_registered_needs_no_second_one(at_the_signer, monkeypatch):
    office, case = at_the_signer
    dying_at(monkeypatch, "signature_registered", die)
    with pytest.raises(Died):
        sign(office, case)
    (made,) = signed(office, case)
    let_the_lease_end(office)
    assert "effect_failed" not in kinds(office, case)
    assert [one.signed for one in signed(office, case)] == [made.signed]
    must_be_whole(office, case)


def test_who_looked_before_the_signature_was_registered_looks_again_when_it_is_their_turn(at_the_signer, monkeypatch):
    """A worker had read the letter unsigned and waited for the effect while the request registered its signature and died."""
    office, case = at_the_signer
    with monkeypatch.context() as patched, pytest.raises(Died):
        dying_at(patched, "signature_registered", die)
        sign(office, case)
    newest, stale = papers.newest, [True]

    def as_it_was(connection, of_case, kind):
        row = newest(connection, of_case, kind)
        return replace(row, signed=None, receipt=None) if stale and stale.pop() else row
    monkeypatch.setattr(papers, "newest", as_it_was)
    let_the_lease_end(office)
    assert not stale and "effect_failed" not in kinds(office, case)
    must_be_whole(office, case)


def test_a_request_given_up_for_dead_cannot_register_what_it_signs(at_the_signer, monkeypatch):
    office, case = at_the_signer
    dying_at(monkeypatch, "signed_not_registered", lambda: let_the_lease_end(office))
    sign(office, case)
    assert office.waiting(case) == ["penetapan"] and signed(office, case) == []
    failed = [one for one in kinds(office, case) if one == "effect_failed"]
    assert len(failed) == 1
    sign(office, case)
    must_be_whole(office, case)


def test_the_older_request_loses_against_the_one_that_signed_after_it(at_the_signer, monkeypatch):
    office, case = at_the_signer

    def meanwhile() -> None:
        let_the_lease_end(office)
        sign(office, case)
    dying_at(monkeypatch, "signed_not_registered", meanwhile)
    sign(office, case)
    must_be_whole(office, case)


def test_a_signature_that_does_not_pass_is_taken_back_and_the_letter_signed_again(at_the_signer, monkeypatch):
    office, case = at_the_signer

    def spoil() -> None:
        (row,) = signed(office, case)
        path = office.engine.files.store.path(case, str(row.signed))
        path.write_bytes(path.read_bytes() + b"x")
    dying_at(monkeypatch, "signature_registered", spoil)
    sign(office, case)
    assert office.waiting(case) == ["penetapan"] and signed(office, case) == []
    sign(office, case)
    let_the_lease_end(office)
    assert len(signed(office, case)) == 1 and office.row(case).end is not None


def test_the_failure_says_that_it_was_interrupted(at_the_signer, monkeypatch):
    office, case = at_the_signer
    dying_at(monkeypatch, "claimed_not_signed", die)
    with pytest.raises(Died):
        sign(office, case)
    let_the_lease_end(office)
    with office.engine.database.reading() as connection:
        (failed,) = journal.read_kinds(connection, case, ("effect_failed",))
    assert failed.body["code"] == INTERRUPTED and "frasa sandi" in failed.body["advice"]
