"""An address that refuses mail is marked, said on the case, told to a post, and got round over the second channel."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.runtime.mail import BACK_OFF
from engine.runtime.refused_mail import SENTENCE
from engine.store import directory, journal
from engine.store.directory import AccountRow
from engine.store.messages import CHAT, MAIL, MessageRow
from tests.builders import HOME, Office, open_office
from tests.tools import chat_gateway, mail_server
from tests.tools.chat_gateway import TOKEN, Gateway
from tests.tools.mail_server import MailDesk

NOT_THERE = "550 5.1.1 <ratna@rekaan.example> tidak ada"


@pytest.fixture
def desk() -> MailDesk:
    return MailDesk()


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def posted(tmp_path: Path, desk: MailDesk) -> Iterator[Office]:
    """The office, with a mail server and no second channel."""
    with mail_server.listening(desk) as port:
        office = open_office(tmp_path, HOME, smtp_url=f"smtp://127.0.0.1:{port}")
        yield office
        office.engine.close()


@pytest.fixture
def both(tmp_path: Path, desk: MailDesk, gateway: Gateway) -> Iterator[Office]:
    """The office, with a mail server and a gateway."""
    with mail_server.listening(desk) as port, chat_gateway.running(gateway) as url:
        office = open_office(tmp_path, HOME, smtp_url=f"smtp://127.0.0.1:{port}", whatsapp_url=url, whatsapp_token=TOKEN)
        yield office
        office.engine.close()


def registered(office: Office, desk: MailDesk, said: str = NOT_THERE) -> str:
    """A new applicant whose first letter is refused."""
    case = office.play("01-rapat-dan-peninjauan", 2)
    desk.at_recipient = [said]
    office.settle()
    return case


def applicant(office: Office, case: str) -> AccountRow:
    return office.engine.administration.account(str(office.row(case).applicant))


def of_channel(office: Office, channel: str) -> list[MessageRow]:
    return [one for one in office.engine.mail.listed() if one.channel == channel]


def test_the_address_is_marked_and_the_case_says_so(posted: Office, desk: MailDesk) -> None:
    case = registered(posted, desk)
    assert applicant(posted, case).email_trouble is not None
    with posted.engine.database.reading() as connection:
        [note] = journal.read_kinds(connection, case, ("note",))
    assert (note.body["text"], note.body["public"]) == (SENTENCE, False)
    refused = next(one for one in posted.engine.mail.listed() if one.recipient == posted.row(case).applicant)
    assert (refused.status, refused.attempts) == ("refused", 1)
    assert list(posted.engine.verification.flaws()) == [] and posted.engine.replays.case(case).good


def test_the_post_that_the_process_names_is_alerted_without_the_applicants_name(posted: Office, desk: MailDesk) -> None:
    case = registered(posted, desk)
    post = str(posted.edition.process.section("surel_gagal")["beri_tahu"])
    name, address = applicant(posted, case).name, applicant(posted, case).email
    [alert] = [one for one in desk.received if one["To"] == f"{post}@kantor.example"]
    text = alert["Subject"] + alert.get_content()
    assert f"/berkas/{case}" in text and name not in text and address not in text
    assert [one.case for one in posted.engine.mail.troubles(post)] == [case]
    other = next(one for one in posted.edition.process.posts if one != post)
    assert posted.engine.mail.troubles(other) == []


def test_sending_again_goes_to_the_mended_address_and_ends_the_alert(posted: Office, desk: MailDesk) -> None:
    case = registered(posted, desk)
    post = str(posted.edition.process.section("surel_gagal")["beri_tahu"])
    with posted.engine.database.transaction() as connection:
        directory.change_account(connection, applicant(posted, case).id, email="ratna.baru@rekaan.example")
    [trouble] = posted.engine.mail.troubles(post)
    posted.engine.mail.resend(trouble.message.id)
    posted.settle()
    assert "ratna.baru@rekaan.example" in [one["To"] for one in desk.received]
    assert posted.engine.mail.troubles(post) == [] and applicant(posted, case).email_trouble is None
    assert [one.outcome for one in posted.engine.mail.tries(trouble.message.id)] == ["refused", "accepted"]


def test_every_try_is_kept_with_its_answer(posted: Office, desk: MailDesk) -> None:
    case = posted.play("01-rapat-dan-peninjauan", 2)
    desk.at_recipient = ["450 4.2.0 greylist", "451 4.3.0 sibuk"]
    posted.settle()
    for wait in BACK_OFF[:2]:
        posted.clock.move_to(posted.clock.now() + timedelta(seconds=wait))
        posted.settle()
    [letter] = [one for one in posted.engine.mail.listed() if one.case == case]
    kept = [(one.outcome, str(one.answer)[:3]) for one in posted.engine.mail.tries(letter.id)]
    assert kept == [("later", "450"), ("later", "451"), ("accepted", "250")]
    assert [one.channel for one in posted.engine.mail.tries(letter.id)] == [MAIL] * 3


def test_the_second_channel_takes_over_when_it_is_on(both: Office, desk: MailDesk, gateway: Gateway) -> None:
    """Scenario 32: the letter is refused, the same words go to the telephone, with a link that works."""
    case = registered(both, desk)
    [chat] = of_channel(both, CHAT)
    assert (chat.status, chat.recipient, len(gateway.sent)) == ("sent", both.row(case).applicant, 1)
    text = gateway.sent[chat.id]["text"]
    found = re.search(r"/aktifkan/([\w-]+)", text)
    assert found is not None and both.engine.identity.link_of(found[1]).id == both.row(case).applicant
    assert found[1] not in chat.body and gateway.sent[chat.id]["to"].startswith("+62")


def test_a_number_that_nobody_has_ends_there(both: Office, desk: MailDesk, gateway: Gateway) -> None:
    gateway.next.append((404, {"error": "unknown_number"}, {}))
    case = registered(both, desk)
    assert [one.status for one in of_channel(both, CHAT)] == ["refused"]
    assert len([one for one in both.engine.mail.listed() if one.recipient == both.row(case).applicant]) == 2


def test_a_gateway_that_is_closed_is_left_alone_for_a_while(both: Office, desk: MailDesk, gateway: Gateway) -> None:
    gateway.next.append((503, {}, {"Retry-After": "300"}))
    registered(both, desk)
    asked = gateway.asked
    both.clock.move_to(both.clock.now() + timedelta(seconds=200))
    both.settle()
    assert gateway.asked == asked
    both.clock.move_to(both.clock.now() + timedelta(seconds=101))
    both.settle()
    assert [one.status for one in of_channel(both, CHAT)] == ["sent"]


def test_without_a_second_channel_nothing_is_queued_for_it(posted: Office, desk: MailDesk) -> None:
    registered(posted, desk)
    assert of_channel(posted, CHAT) == []


def test_a_refusal_for_another_reason_marks_nobody(posted: Office, desk: MailDesk) -> None:
    case = registered(posted, desk, "554 5.7.1 kebijakan")
    assert applicant(posted, case).email_trouble is None
    assert {one.status for one in posted.engine.mail.listed()} == {"failed"}


def test_a_letter_that_comes_back_later_is_as_good_as_refused(posted: Office, desk: MailDesk) -> None:
    case = posted.play("01-rapat-dan-peninjauan", 2)
    posted.settle()
    [letter] = posted.engine.mail.listed()
    posted.clock.move_to(posted.clock.now() + timedelta(hours=2))
    posted.engine.mail.bounced(letter.id, "kembali: <ratna@rekaan.example> tidak ada")
    posted.settle()
    post = str(posted.edition.process.section("surel_gagal")["beri_tahu"])
    assert applicant(posted, case).email_trouble is not None
    assert [one.message.id for one in posted.engine.mail.troubles(post)] == [letter.id]
    assert [(one.outcome, "@" in str(one.answer)) for one in posted.engine.mail.tries(letter.id)] == [
        ("accepted", False), ("refused", False)]


def test_an_officers_own_refused_address_alerts_nobody(posted: Office, desk: MailDesk) -> None:
    desk.at_recipient = [NOT_THERE, NOT_THERE]
    case = posted.play("01-rapat-dan-peninjauan", 2)
    posted.settle()
    post = str(posted.edition.process.section("surel_gagal")["beri_tahu"])
    officer = posted.engine.administration.account(str(posted.actor(post).account))
    assert officer.email_trouble is not None
    with posted.engine.database.reading() as connection:
        assert len(journal.read_kinds(connection, case, ("note",))) == 1
    assert posted.settle() == 0, "no alert about an alert"


def test_a_death_between_the_note_and_the_mark_notes_once(posted: Office, desk: MailDesk,
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    case = posted.play("01-rapat-dan-peninjauan", 2)
    desk.at_recipient = [NOT_THERE, NOT_THERE]
    with monkeypatch.context() as patch:
        patch.setattr("engine.runtime.refused_mail.messages.finish", _die)
        with pytest.raises(KeyboardInterrupt):
            posted.engine.mail.deliver_waiting()
    posted.clock.move_to(posted.clock.now() + timedelta(minutes=3))
    posted.settle()
    assert applicant(posted, case).email_trouble is not None
    with posted.engine.database.reading() as connection:
        assert len(journal.read_kinds(connection, case, ("note",))) == 1


def _die(*_given: object) -> None:
    raise KeyboardInterrupt


def test_a_server_that_is_away_is_asked_once_a_minute_not_once_a_message(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as place:
        away = f"smtp://127.0.0.1:{place.getsockname()[1]}"
    office = open_office(tmp_path, HOME, smtp_url=away)
    office.play("01-rapat-dan-peninjauan", 5)
    mail, waiting = office.engine.mail, len(office.engine.mail.listed())
    assert waiting > 2 and mail.deliver_waiting() == 1 and mail.deliver_waiting() == 0
    office.clock.move_to(office.clock.now() + timedelta(seconds=61))
    assert mail.deliver_waiting() == 1
    assert {one.status for one in mail.listed()} == {"queued"}
    office.engine.close()
