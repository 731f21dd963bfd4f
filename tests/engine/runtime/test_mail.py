"""Mail: into the data folder or over SMTP, at least once, with its one-time link and its documents fetched as it leaves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from engine.errors import NotFound
from engine.runtime import mail
from engine.runtime.channels import Outgoing
from engine.runtime.mail import BACK_OFF, CLAIM
from engine.store import messages
from engine.store.messages import CHAT, MAIL
from tests.builders import SECOND, Office, apply_for_sign, finished_sign, open_office
from tests.tools.mail_server import MailDesk, listening


@pytest.fixture
def desk() -> MailDesk:
    return MailDesk()


@pytest.fixture
def posted(tmp_path: Path, desk: MailDesk) -> Iterator[Office]:
    """A second house whose mail goes to the server."""
    with listening(desk) as port:
        office = open_office(tmp_path / "kantor", SECOND, smtp_url=f"smtp://127.0.0.1:{port}")
        yield office
        office.engine.close()


def status(office: Office) -> list[tuple[str, int]]:
    return [(one.status, one.attempts) for one in office.engine.mail.listed()]


def outcomes(office: Office) -> list[str]:
    return [one.outcome for one in office.engine.mail.tries(office.engine.mail.listed()[0].id)]


def words(letter: EmailMessage) -> str:
    body = letter.get_body()
    assert body is not None
    return str(body.get_content())


def written(office: Office) -> list[EmailMessage]:
    places = sorted(office.engine.settings.outbox.glob("*.eml"))
    return [message_from_bytes(one.read_bytes(), policy=default) for one in places]


def queued(office: Office) -> str:
    """A case whose last message waits; nothing of it has left."""
    case = apply_for_sign(office)
    office.engine.tasks.complete(case, office.tasks(case)[0].task, {"baik": True}, office.actor("petugas_loket"))
    office.engine.effects.work_once()
    return case


def test_without_a_server_a_message_lies_in_the_data_folder_for_its_owner_only(second_office: Office) -> None:
    finished_sign(second_office)
    files = list(second_office.engine.settings.outbox.glob("*.eml"))
    assert len(files) == 1 and files[0].stat().st_mode & 0o077 == 0
    [letter] = written(second_office)
    assert letter["To"] == "pemohon@rekaan.example" and "Pemohon Rekaan" in words(letter)
    assert status(second_office)[0][0] == "sent"
    assert second_office.engine.mail.written(second_office.engine.mail.listed()[0]) == files[0]


def test_a_message_goes_out_once_over_smtp(posted: Office, desk: MailDesk) -> None:
    finished_sign(posted)
    assert posted.settle() == 0
    assert [one["To"] for one in desk.received] == ["pemohon@rekaan.example"]
    assert not posted.engine.settings.outbox.exists()
    assert outcomes(posted) == ["accepted"] and posted.engine.mail.listed()[0].answer == "250 2.0.0 antre sebagai A1"


def test_the_documents_that_the_process_names_go_along(posted: Office, desk: MailDesk) -> None:
    case = finished_sign(posted)
    [found] = list(desk.received[0].iter_attachments())
    [paper] = [one for one in posted.engine.case_files.read(case).documents if one.kind == "surat_reklame"]
    assert found.get_filename() == f"{posted.edition.process.documents['surat_reklame'].name}.pdf"
    assert found.get_content() == posted.engine.files.read(case, paper.sha256)


def test_a_document_made_after_the_message_does_not_go_along(second_office: Office) -> None:
    queued(second_office)
    with second_office.engine.database.transaction() as connection:
        row = messages.listed(connection)[0]
        messages.change(connection, row.id, queued_at="2026-06-09T01:14:59.000000Z")
    second_office.settle()
    assert list(written(second_office)[0].iter_attachments()) == []


def test_what_would_make_a_letter_too_large_stays_on_the_page(second_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "LARGEST_LETTER", 1000)
    finished_sign(second_office)
    [letter] = written(second_office)
    assert list(letter.iter_attachments()) == [] and "Pemohon Rekaan" in words(letter)


def test_a_server_that_is_busy_gets_the_same_message_again_later(posted: Office, desk: MailDesk) -> None:
    desk.at_letter = ["451 coba lagi", "451 coba lagi"]
    finished_sign(posted)
    for wait in BACK_OFF[:2]:
        assert status(posted)[0][0] == "queued" and posted.engine.mail.deliver_waiting() == 0
        posted.clock.move_to(posted.clock.now() + timedelta(seconds=wait))
        posted.settle()
    assert status(posted)[0][0] == "sent" and len(desk.received) == 1
    assert outcomes(posted) == ["later", "later", "accepted"]


def test_a_server_that_dies_after_the_letter_gets_it_again_under_the_same_name(posted: Office, desk: MailDesk) -> None:
    """At least once: nobody can know whether it was taken, so the reader is given the means to see that it is the same."""
    desk.at_letter = [MailDesk.DIE]
    finished_sign(posted)
    posted.clock.move_to(posted.clock.now() + timedelta(seconds=BACK_OFF[0]))
    posted.settle()
    assert len(desk.received) == 2 and len({one["Message-ID"] for one in desk.received}) == 1
    assert status(posted)[0][0] == "sent"


def test_a_worker_that_dies_while_sending_leaves_a_try_without_an_answer(posted: Office, desk: MailDesk) -> None:
    queued(posted)

    class Dying:
        def send(self, message: Outgoing) -> str:
            raise KeyboardInterrupt
    with pytest.raises(KeyboardInterrupt):
        replace(posted.engine.mail, channels={MAIL: Dying()}).deliver_waiting()
    assert posted.engine.mail.deliver_waiting() == 0, "its claim still runs"
    posted.clock.move_to(posted.clock.now() + CLAIM)
    posted.settle()
    assert outcomes(posted) == ["started", "accepted"] and len(desk.received) == 1


def test_a_server_that_never_takes_it_makes_a_failed_message_that_can_be_sent_again(posted: Office, desk: MailDesk) -> None:
    desk.at_letter = ["451 coba lagi"] * (len(BACK_OFF) + 1)
    finished_sign(posted)
    for wait in BACK_OFF:
        posted.clock.move_to(posted.clock.now() + timedelta(seconds=wait))
        posted.settle()
    assert status(posted)[0][0] == "failed" and "451" in str(posted.engine.mail.listed()[0].answer)
    posted.clock.move_to(posted.clock.now() + timedelta(seconds=1))
    posted.engine.mail.resend(posted.engine.mail.listed()[0].id)
    posted.settle()
    assert status(posted)[0][0] == "sent" and len(desk.received) == 1
    assert outcomes(posted) == ["later"] * len(BACK_OFF) + ["failed", "accepted"]


def test_a_message_that_is_not_there_cannot_be_sent_again(second_office: Office) -> None:
    with pytest.raises(NotFound):
        second_office.engine.mail.resend("tidak ada")


def test_a_message_that_cannot_be_made_does_not_hold_up_those_behind_it(second_office: Office) -> None:
    queued(second_office)
    way_out = second_office.engine.mail.channels[MAIL]

    class Stumbling:
        def __init__(self) -> None:
            self.count = 0

        def send(self, message: Outgoing) -> str:
            self.count += 1
            if self.count == 1:
                raise ZeroDivisionError
            return way_out.send(message)
    with second_office.engine.database.transaction() as connection:
        row = messages.listed(connection)[0]
        messages.save(connection, replace(row, id="b" * 26, key="lain", queued_at="2026-06-09T01:00:00.000000Z"))
    replace(second_office.engine.mail, channels={MAIL: Stumbling()}).deliver_waiting()
    assert sorted(one.status for one in second_office.engine.mail.listed()) == ["queued", "sent"]


def test_a_message_for_a_channel_that_was_switched_off_fails(second_office: Office) -> None:
    queued(second_office)
    with second_office.engine.database.transaction() as connection:
        messages.change(connection, messages.listed(connection)[0].id, channel=CHAT)
    second_office.settle()
    assert status(second_office)[0][0] == "failed" and "tidak aktif" in str(second_office.engine.mail.listed()[0].answer)


def test_a_house_without_an_answer_does_not_hold_up_the_case(posted: Office, desk: MailDesk) -> None:
    desk.at_letter = ["554 tidak"] * 20
    case = finished_sign(posted)
    assert posted.row(case).end is not None


def test_a_link_is_made_when_the_message_leaves_and_lies_in_no_table(office: Office) -> None:
    office.play("01-rapat-dan-peninjauan", 2)
    office.engine.mail.deliver_waiting()
    text = next(words(one) for one in written(office) if "/aktifkan/" in words(one))
    found = re.search(r"/aktifkan/([\w-]+)", text)
    assert found is not None
    assert office.engine.identity.link_of(found[1]).staff is False
    path = office.engine.database.path
    assert path is not None
    office.engine.close()
    assert all(found[1].encode() not in one.read_bytes() for one in path.parent.glob("izin.db*"))


def test_waiting_mail_is_bounded_by_a_round(second_office: Office) -> None:
    queued(second_office)
    assert second_office.engine.mail.deliver_waiting(limit=0) == 0
    assert second_office.engine.mail.deliver_waiting(limit=1) == 1


def test_two_workers_deliver_a_message_once(posted: Office, desk: MailDesk) -> None:
    queued(posted)
    with posted.engine.database.reading() as connection:
        [row] = messages.waiting(connection, "9", 5)
    assert posted.engine.mail._deliver(row) is True
    assert posted.engine.mail._deliver(row) is False
    assert len(desk.received) == 1
