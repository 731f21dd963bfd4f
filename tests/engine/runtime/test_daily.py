"""What officers are told of their inboxes: new tasks at once, or one digest a morning, over all workers once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.runtime.daily import DIGEST, NEW_TASKS
from engine.store import directory, messages
from tests.builders import Office, open_office
from tests.engine.runtime.test_promises import to_activity


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = open_office(tmp_path)
    opened.settle()
    yield opened
    opened.engine.close()


def sent(office: Office, notice: str) -> list[messages.MessageRow]:
    with office.engine.database.reading() as connection:
        return [one for one in messages.listed(connection) if one.notice == notice]


def choose(office: Office, post: str, choice: str) -> None:
    with office.engine.database.transaction() as connection:
        directory.change_account(connection, str(office.actor(post).account), notify=choice)


def test_a_new_task_is_told_at_once_to_who_wants_that(office: Office) -> None:
    to_activity(office, "periksa_berkas")
    office.clock.move_to(office.clock.now() + timedelta(seconds=5))
    office.settle()
    told = [one for one in sent(office, NEW_TASKS) if one.recipient == office.actor("front_office").account]
    assert told and "kelengkapan" in told[0].body.lower()


def test_a_digest_goes_out_once_a_working_day(office: Office) -> None:
    choose(office, "front_office", "harian")
    to_activity(office, "periksa_berkas")
    office.clock.move_to(office.clock.now() + timedelta(days=1))
    for _ in range(3):
        office.engine.daily.digest_when_due()
    assert len(sent(office, DIGEST)) == 1
    assert not [one for one in sent(office, NEW_TASKS) if one.recipient == office.actor("front_office").account]


def test_nobody_gets_a_digest_on_a_closed_day_or_before_the_morning(office: Office) -> None:
    choose(office, "front_office", "harian")
    to_activity(office, "periksa_berkas")
    today = office.clock.now()
    office.clock.move_to(today + timedelta(days=(5 - today.weekday()) % 7))
    assert office.engine.daily.digest_when_due() == 0
    assert not sent(office, DIGEST)


def test_who_wants_nothing_gets_nothing(office: Office) -> None:
    choose(office, "front_office", "tidak")
    to_activity(office, "periksa_berkas")
    office.clock.move_to(office.clock.now() + timedelta(days=1))
    office.settle()
    assert not [one for one in sent(office, NEW_TASKS) + sent(office, DIGEST)
                if one.recipient == office.actor("front_office").account]
