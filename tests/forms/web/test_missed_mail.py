"""Mail that does not reach its reader: who is to see it, where, what was answered, and one press to send it again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import HOME, Office, open_office
from tests.tools import mail_server
from tests.tools.mail_server import MailDesk
from tests.web_builders import Browser

SAID = "550 5.1.1 tidak ada kotak surat seperti itu"


@pytest.fixture
def refused(tmp_path: Path) -> Iterator[tuple[Office, str]]:
    """A case whose applicant's address was refused once; it takes mail from then on."""
    desk = MailDesk()
    with mail_server.listening(desk) as port:
        office = open_office(tmp_path, HOME, smtp_url=f"smtp://127.0.0.1:{port}")
        case = office.play("01-rapat-dan-peninjauan", 2)
        desk.at_recipient = [SAID]
        office.settle()
        yield office, case
        office.engine.close()


def at(office: Office, post: str, address: str) -> Browser:
    browser = Browser(office, office.actor(post))
    assert browser.get(address).status_code == 200, address
    return browser


def missed(office: Office) -> str:
    return next(one.id for one in office.engine.mail.listed() if one.status == "refused")


def test_the_post_that_the_process_names_finds_it_in_its_inbox_until_it_arrives(refused: tuple[Office, str]) -> None:
    office, case = refused
    desk = at(office, "front_office", "/kotak-masuk")
    assert "Surel tidak sampai kepada pemohon" in desk.text
    assert desk.page.find("a", href=f"/berkas/{case}#ps")
    assert "Surel tidak sampai" not in at(office, "kasi", "/kotak-masuk").text
    desk.get(f"/berkas/{case}")
    assert "Surel tidak sampai" in desk.text and "ditolak alamat tujuan" in desk.text
    desk.send(f"/berkas/{case}/pesan/{missed(office)}/kirim")
    assert "Pesan masuk antrean lagi" in desk.text
    office.settle()
    desk.get("/kotak-masuk")
    assert "Surel tidak sampai" not in desk.text
    desk.get(f"/berkas/{case}")
    assert "Surel tidak sampai" not in desk.text and "ditolak alamat tujuan" not in desk.text


def test_nobody_else_sends_it_again_and_no_message_of_another_case(refused: tuple[Office, str]) -> None:
    office, case = refused
    message = missed(office)
    reader = at(office, "kasi", f"/berkas/{case}")
    assert not reader.page.find("form", action=f"/berkas/{case}/pesan/{message}/kirim")
    assert reader.send(f"/berkas/{case}/pesan/{message}/kirim").status_code == 403
    assert at(office, "front_office", f"/berkas/{case}").send(f"/berkas/{case}/pesan/tidak-ada/kirim").status_code == 403
    assert missed(office) == message


def test_the_administrator_sees_every_try_with_its_answer_and_the_marked_address(refused: tuple[Office, str]) -> None:
    office, case = refused
    desk = at(office, "administrator", "/surat-keluar?s=refused")
    assert "ditolak" in desk.text
    message = missed(office)
    desk.get(f"/surat-keluar/{message}")
    tries = desk.page.find("section", attrs={"aria-labelledby": "pc"}).get_text(" ", strip=True)
    assert "ditolak (surel)" in tries and SAID in tries
    desk.get(f"/akun/{office.row(case).applicant}")
    assert "ditolak server tujuan" in desk.text
    desk.get("/insiden")
    assert "1 gagal dikirim" in desk.text
    desk.send(f"/surat-keluar/{message}/kirim")
    office.settle()
    desk.get(f"/surat-keluar/{message}")
    assert "Terkirim, 1 kali" not in desk.text and "diterima (surel)" in desk.text
