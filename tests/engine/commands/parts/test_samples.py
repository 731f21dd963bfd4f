"""A demo: cases at every step, one account for each post and role, marked for ever, whole and replayable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.assembly import Engine, Settings, assemble
from engine.commands.parts import samples
from engine.commands.parts.office import made_ready
from engine.commands.start import prepare
from engine.identity import Identity
from engine.rules.people import ROLES
from engine.store import cases
from tests.builders import open_office


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A demo is made once for all tests of this file."""
    settings = Settings(data=tmp_path_factory.mktemp("contoh") / "kantor")
    prepare(settings, None)
    engine = assemble(settings)
    yield engine
    engine.close()


def test_every_activity_waits_somewhere_and_ends_are_seen(demo: Engine) -> None:
    edition = demo.catalog.in_force()[0]
    with demo.database.reading() as connection:
        rows = [cases.find(connection, one) for one in cases.all_ids(connection)]
        waiting = {task.activity for row in rows if row for task in cases.tasks(connection, row.id, only_open=True)}
    activities = edition.diagram.activities.items()
    drawn = {name for name, one in activities if one.kind == "userTask" and edition.process.does(name)}
    assert drawn - waiting <= {"registrasi"}, "the first form is filled in before there is a case"
    outcomes = {edition.process.ends[row.end].outcome for row in rows if row is not None and row.end}
    assert {"terbit", "ditolak"} <= outcomes


def test_nothing_lies_in_the_future_or_hangs(demo: Engine) -> None:
    assert demo.effects.incidents() == []
    assert demo.effects.work_once() == 0
    with demo.database.reading() as connection:
        heads = [row.head_at for one in cases.all_ids(connection) if (row := cases.find(connection, one))]
    assert max(heads) <= demo.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def test_the_demo_is_whole_and_comes_out_the_same_again(demo: Engine) -> None:
    assert list(demo.verification.flaws()) == []
    assert all(one.good for one in demo.replays.all())


def test_every_post_and_role_has_an_account_that_signs_in(demo: Engine) -> None:
    posts = {one.post for _, held in demo.identity.demo_accounts() for one in held}
    assert posts == {*demo.catalog.in_force()[0].process.posts, *ROLES}
    words = demo.identity.demo_words()
    for row, held in demo.identity.demo_accounts()[:3]:
        token, _ = demo.identity.sign_in(row.username, words["kata_sandi"], from_=row.id)
        signed_in = demo.identity.resume(token)
        assert signed_in is not None and (bool(held) == (signed_in.actor.post is not None))
    applicants = [row for row, held in demo.identity.demo_accounts() if not held]
    assert len(applicants) > 5 and len({row.name for row in applicants}) == len(applicants)


def test_the_signer_of_a_demo_can_sign_with_the_words_shown(demo: Engine) -> None:
    signing = {post.id for post in demo.catalog.in_force()[0].process.posts.values() if post.signs}
    signer = next(one.account for one in demo.administration.appointments() if one.post in signing)
    assert demo.administration.signer_status(signer).ready and demo.identity.demo_words()["frasa_sandi"]


def test_a_second_start_leaves_a_demo_as_it_is(demo: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    before = demo.verification.counted()
    prepare(demo.settings, None)
    assert demo.verification.counted() == before and demo.identity.is_demo
    assert "contoh" not in capsys.readouterr().err.replace(str(demo.settings.data), "")


class Terminal:
    """A person at the keyboard, or none."""

    def __init__(self, there: bool) -> None:
        self.there = there

    def isatty(self) -> bool:
        return self.there


@pytest.mark.parametrize(("asked", "terminal", "typed", "wanted"), [
    (None, False, "", True), (True, False, "", True), (False, True, "", False), (None, True, "", True),
    (None, True, "y", True), (None, True, "t", False), (None, True, "Tidak", False), (None, True, "n", False)])
def test_who_is_asked_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: bool | None, terminal: bool, typed: str,
                              wanted: bool) -> None:
    monkeypatch.setattr(samples.sys, "stdin", Terminal(terminal))
    monkeypatch.setattr("builtins.input", lambda question: typed)
    settings = Settings(data=tmp_path)
    engine = assemble(settings, database=made_ready(settings))
    assert samples.wanted(engine, asked) is wanted
    engine.close()


@pytest.mark.parametrize("asked", [None, True])
def test_no_demo_beyond_loopback_and_none_in_an_office(tmp_path: Path, asked: bool | None) -> None:
    settings = Settings(data=tmp_path / "kosong", host="0.0.0.0")
    engine = assemble(settings, database=made_ready(settings))
    assert samples.wanted(engine, asked) is False
    engine.close()
    office = open_office(tmp_path / "kantor")
    assert samples.wanted(office.engine, asked) is False
    assert Identity.demo_words(office.engine.identity) == {} and not office.engine.identity.is_demo
    office.engine.close()
