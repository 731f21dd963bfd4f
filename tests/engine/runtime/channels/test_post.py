"""A letter and a mail server: a real conversation, whatever the server does; a password never goes in clear."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from engine.runtime.channels import Attachment, Outgoing, Undelivered
from engine.runtime.channels.post import UNUSABLE, MailFolder, MailServer
from tests.tools.mail_server import PASSWORD, USER, MailDesk, listening
from tests.tools.tls import server_side

AT = datetime(2026, 6, 9, 1, 15, tzinfo=UTC)
SENDER = "perizinan@kantor.example"
LETTER = Outgoing("abc", "ratna@rekaan.example", "Izin “Melati” terbit – unduh", "Yth. Ratna,\n\nSelesai. Terima kasih.\n", AT)
SECONDS = 0.6


@pytest.fixture
def desk() -> MailDesk:
    return MailDesk()


@pytest.fixture
def server(desk: MailDesk, tmp_path: Path) -> Iterator[MailServer]:
    with listening(desk) as port:
        yield MailServer(f"smtp://127.0.0.1:{port}", SENDER, tmp_path / "akar", SECONDS)


def refused(server: MailServer, letter: Outgoing = LETTER) -> Undelivered:
    with pytest.raises(Undelivered) as refusal:
        server.send(letter)
    return refusal.value


def test_a_letter_arrives_word_for_word_and_the_answer_is_kept(server: MailServer, desk: MailDesk) -> None:
    assert server.send(LETTER) == "250 2.0.0 antre sebagai A1"
    [letter] = desk.received
    assert (letter["Subject"], letter["To"], letter["From"]) == (LETTER.subject, LETTER.address, SENDER)
    assert letter.get_content().replace("\r", "") == LETTER.body and letter["Message-ID"] == "<abc@kantor.example>"
    assert desk.recipients == [[LETTER.address]]
    assert all(byte < 128 for byte in desk.raw[0]), "a server that knows no UTF-8 takes it too"


def test_attachments_go_along(server: MailServer, desk: MailDesk) -> None:
    server.send(replace(LETTER, attachments=(Attachment("Tanda terima.pdf", b"%PDF-1.7 satu"),
                                             Attachment("Nota/\r\nTo: x@y.example.pdf", b"%PDF-1.7 dua"))))
    [letter] = desk.received
    found = list(letter.iter_attachments())
    assert [one.get_content() for one in found] == [b"%PDF-1.7 satu", b"%PDF-1.7 dua"]
    assert [one.get_content_type() for one in found] == ["application/pdf"] * 2
    assert found[0].get_filename() == "Tanda terima.pdf" and letter["To"] == LETTER.address


@pytest.mark.parametrize("subject", ["Satu\r\nBcc: lain@rekaan.example", "Satu\nBcc: lain@rekaan.example", "Satu\rBcc: x",
                                     "Satu\u2028Bcc: x@y.example", "Satu\x0bBcc: x@y.example"])
def test_a_subject_makes_no_header_of_its_own(subject: str, server: MailServer, desk: MailDesk) -> None:
    server.send(replace(LETTER, subject=subject))
    [letter] = desk.received
    assert letter["Bcc"] is None and "Bcc:" in letter["Subject"]
    assert desk.recipients == [[LETTER.address]]


@pytest.mark.parametrize("address", [
    "", "ratna", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "Ratna <a@b.example>", "a@b.example\n",
    "a b@c.example", "ratna@réka.example", '"a"@b.example', "a@b.example>", "-" * 65 + "@b.example", "a@b..example"])
def test_what_is_no_plain_address_is_refused_before_anybody_is_asked(address: str, server: MailServer, desk: MailDesk) -> None:
    refusal = refused(server, replace(LETTER, address=address))
    assert (refusal.answer, refusal.final, refusal.address, desk.raw) == (UNUSABLE, True, True, [])


@pytest.mark.parametrize(("said", "final", "address"), [
    ("550 5.1.1 <ratna@rekaan.example>: tidak ada", True, True), ("550 tidak ada", True, True),
    ("552 5.2.2 penuh", True, True),
    ("554 5.7.1 relai ditolak", True, False), ("450 4.2.0 coba lagi (greylisting)", False, False),
    ("451 coba lagi", False, False)])
def test_what_is_said_to_the_address(said: str, final: bool, address: bool, server: MailServer, desk: MailDesk) -> None:
    desk.at_recipient = [said]
    refusal = refused(server)
    assert (refusal.final, refusal.address, refusal.reached) == (final, address, True)
    assert refusal.answer.startswith(said[:3]) and "ratna" not in refusal.answer
    assert desk.raw == []


@pytest.mark.parametrize(("said", "final", "address"), [
    ("554 5.6.0 isi ditolak", True, False), ("550 5.1.1 tidak ada", True, True), ("550 tidak", True, False),
    ("452 penuh", False, False)])
def test_what_is_said_to_the_letter(said: str, final: bool, address: bool, server: MailServer, desk: MailDesk) -> None:
    desk.at_letter = [said]
    refusal = refused(server)
    assert (refusal.final, refusal.address) == (final, address)


def test_greylisting_takes_the_second_try(server: MailServer, desk: MailDesk) -> None:
    desk.at_recipient = ["450 4.7.1 silakan coba lagi"]
    assert not refused(server).final
    server.send(LETTER)
    assert len(desk.raw) == 1


def test_a_server_that_is_silent_is_given_up_in_time(server: MailServer, desk: MailDesk) -> None:
    desk.at_letter, desk.seconds = [MailDesk.HANG], 2 * SECONDS
    refusal = refused(server)
    assert not refusal.final and "tidak menjawab" in refusal.answer


def test_a_server_that_dies_after_the_letter_gets_it_again_under_the_same_name(server: MailServer, desk: MailDesk) -> None:
    desk.at_letter = [MailDesk.DIE]
    assert not refused(server).final
    server.send(LETTER)
    assert [one["Message-ID"] for one in desk.received] == ["<abc@kantor.example>"] * 2
    assert len({one["Date"] for one in desk.received}) == 1


def test_a_server_that_is_not_there_is_not_reached(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as place:
        port = place.getsockname()[1]
    assert refused(MailServer(f"smtp://127.0.0.1:{port}", SENDER, tmp_path, SECONDS)).reached is False


def test_tls_is_used_where_it_is_offered_and_its_certificate_checked(desk: MailDesk, tmp_path: Path) -> None:
    with listening(desk, tls=server_side(tmp_path / "akar")) as port:
        MailServer(f"smtp://127.0.0.1:{port}", SENDER, tmp_path / "akar", SECONDS).send(LETTER)
        stranger = refused(MailServer(f"smtp://127.0.0.1:{port}", SENDER, tmp_path / "kosong", SECONDS))
    assert desk.secure == [True]
    assert stranger.answer == "sertifikat server surel tidak dipercaya" and not stranger.final


def test_the_office_signs_in_over_tls(desk: MailDesk, tmp_path: Path) -> None:
    with listening(desk, tls=server_side(tmp_path)) as port:
        MailServer(f"smtp://{USER}:sandi%20surat@127.0.0.1:{port}", SENDER, tmp_path, SECONDS).send(LETTER)
        wrong = refused(MailServer(f"smtp://{USER}:salah@127.0.0.1:{port}", SENDER, tmp_path, SECONDS))
    assert desk.users == [USER] and PASSWORD == "sandi surat"
    assert (wrong.answer[:3], wrong.final, wrong.reached) == ("535", False, False), "no message is to blame"


def test_a_password_is_not_sent_in_clear(server: MailServer, desk: MailDesk) -> None:
    port = server.url.rpartition(":")[2]
    bare = MailServer(f"smtp://{USER}:rahasia@127.0.0.1:{port}", SENDER, server.roots, SECONDS)
    refusal = refused(bare)
    assert "tidak menawarkan TLS" in refusal.answer and not refusal.final
    assert (desk.users, desk.raw) == ([], []) and "rahasia" not in repr(bare)


def test_a_letter_in_a_folder_is_whole_and_for_its_owner_only(tmp_path: Path) -> None:
    folder = MailFolder(tmp_path / "surat", SENDER)
    folder.send(LETTER)
    folder.send(LETTER)
    [place] = list(folder.folder.iterdir())
    assert place.stat().st_mode & 0o077 == 0
    assert message_from_bytes(place.read_bytes(), policy=default)["Subject"] == LETTER.subject
