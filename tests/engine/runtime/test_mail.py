"""Mail: into the data folder or over SMTP, at least once, with its one-time link made only when it leaves."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from engine.runtime.mail import BACK_OFF
from tests.builders import SECOND, Office, apply_for_sign, finished_sign, open_office


class Post:
    """A mail server that answers as it is told."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.received: list[Message] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        self.received.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def post() -> Iterator[tuple[Post, str]]:
    handler = Post()
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, f"smtp://127.0.0.1:{port}"
    controller.stop()


@pytest.fixture
def posted(tmp_path: Path, post: tuple[Post, str]) -> Iterator[tuple[Office, Post]]:
    """A second house whose mail goes to the server."""
    office = open_office(tmp_path / "kantor", SECOND, smtp_url=post[1])
    yield office, post[0]
    office.engine.close()


def status(office: Office) -> list[tuple[str, int]]:
    return [(one.status, one.attempts) for one in office.engine.mail.listed()]


def test_without_a_server_a_message_lies_in_the_data_folder_for_its_owner_only(second_office: Office) -> None:
    finished_sign(second_office)
    files = list(second_office.engine.settings.outbox.glob("*.eml"))
    assert len(files) == 1 and files[0].stat().st_mode & 0o077 == 0
    letter = message_from_bytes(files[0].read_bytes(), policy=default)
    assert letter["To"] == "pemohon@rekaan.example" and "Pemohon Rekaan" in letter.get_content()
    assert status(second_office)[0][0] == "sent"


def test_a_message_goes_out_once_over_smtp(posted: tuple[Office, Post]) -> None:
    office, post = posted
    finished_sign(office)
    assert office.settle() == 0
    assert [one["To"] for one in post.received] == ["pemohon@rekaan.example"]
    assert not office.engine.settings.outbox.exists()


def test_a_server_that_is_busy_gets_the_same_message_again_later(posted: tuple[Office, Post]) -> None:
    office, post = posted
    post.answers = ["451 coba lagi", "451 coba lagi"]
    finished_sign(office)
    for wait in BACK_OFF[:2]:
        assert status(office)[0][0] == "queued" and office.engine.mail.deliver_waiting() == 0
        office.clock.move_to(office.clock.now() + timedelta(seconds=wait))
        office.settle()
    assert status(office)[0][0] == "sent" and len(post.received) == 1
    assert "451" not in str(office.engine.mail.listed()[0].answer)


def test_a_server_that_never_takes_it_makes_a_failed_message_that_can_be_sent_again(posted: tuple[Office, Post]) -> None:
    office, post = posted
    post.answers = ["451 coba lagi"] * (len(BACK_OFF) + 1)
    finished_sign(office)
    for wait in BACK_OFF:
        office.clock.move_to(office.clock.now() + timedelta(seconds=wait))
        office.settle()
    assert status(office)[0][0] == "failed" and "451" in str(office.engine.mail.listed()[0].answer)
    office.engine.mail.resend(office.engine.mail.listed()[0].id)
    office.settle()
    assert status(office)[0][0] == "sent" and len(post.received) == 1


def test_a_house_without_an_answer_does_not_hold_up_the_case(posted: tuple[Office, Post]) -> None:
    office, post = posted
    post.answers = ["554 tidak"] * 20
    case = finished_sign(office)
    assert office.row(case).end is not None


def test_a_link_is_made_when_the_message_leaves_and_lies_in_no_table(office: Office) -> None:
    office.play("01-rapat-dan-peninjauan", 2)
    office.engine.mail.deliver_waiting()
    written = next(text for text in (path.read_bytes() for path in office.engine.settings.outbox.glob("*.eml"))
                   if b"/aktifkan/" in text)
    found = re.search(r"/aktifkan/([\w-]+)", message_from_bytes(written, policy=default).get_content())
    assert found is not None
    assert office.engine.identity.link_of(found[1]).staff is False
    path = office.engine.database.path
    assert path is not None
    office.engine.close()
    assert all(found[1].encode() not in one.read_bytes() for one in path.parent.glob("izin.db*"))


def test_waiting_mail_is_bounded_by_a_round(second_office: Office) -> None:
    case = apply_for_sign(second_office)
    second_office.engine.tasks.complete(case, second_office.tasks(case)[0].task, {"baik": True},
                                        second_office.actor("petugas_loket"))
    second_office.engine.effects.work_once()
    assert second_office.engine.mail.deliver_waiting(limit=0) == 0
    assert second_office.engine.mail.deliver_waiting(limit=1) == 1
