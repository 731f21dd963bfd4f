"""The invented world outside: the office's own drivers and senders ask it, and it answers as the real one does."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.authoring.outside import CUT_OFF, DOWN, REFUSES_APPLICANT, UNKNOWN_SIGNER, World
from engine.clock import FixedClock
from engine.documents.esign.refusals import NotRegistered, ServiceSilent
from engine.documents.judging import judge
from engine.documents.letters import Letter, render
from engine.documents.signing import SigningFailed, SignJob, WrongPassphrase
from engine.runtime.channels import Outgoing, Undelivered
from engine.runtime.signatories import Signatories
from engine.store.messages import CHAT, MAIL

AT = datetime(2026, 6, 9, 2, tzinfo=UTC)
ACCOUNT, IDENTITY, SECRET = "akunkepala", "3214000000000001", "frasa sandi kepala"


@pytest.fixture
def world() -> World:
    return World(FixedClock(AT))


@pytest.fixture
def signing(world: World, tmp_path: Path) -> Signatories:
    made = world.signatories(tmp_path)
    made.issue(ACCOUNT, "Kepala Contoh", SECRET, AT)
    world.knows(ACCOUNT, "kepala@contoh.example", IDENTITY)
    return made


@pytest.fixture(scope="module")
def job() -> SignJob:
    text = b'#set text(font: "Libertinus Serif")\nMenetapkan.'
    return SignJob(render(Letter("surat.typ", {"surat.typ": text}, {}, AT)).pdf, ACCOUNT, AT, identity=IDENTITY)


def test_what_it_signs_is_accepted_and_marked_as_a_trial(signing: Signatories, job: SignJob) -> None:
    signed = signing.signer.sign(job, SECRET)
    assert judge(signed.pdf, signing.roots).authentic
    assert (signed.driver, signed.trial, signed.service["service_id"]) == ("bsre-v1", True, "dok-1")


def test_it_refuses_as_the_national_service_does(signing: Signatories, world: World, job: SignJob) -> None:
    with pytest.raises(WrongPassphrase):
        signing.signer.sign(job, "bukan ini juga")
    world.moods = {"tte": UNKNOWN_SIGNER}
    with pytest.raises(NotRegistered):
        signing.signer.sign(job, SECRET)
    world.moods = {"tte": DOWN}
    with pytest.raises(ServiceSilent):
        signing.signer.sign(job, SECRET)


def test_what_was_signed_before_the_line_broke_is_found_at_the_next_try(signing: Signatories, world: World,
                                                                        job: SignJob) -> None:
    world.moods = {"tte": CUT_OFF}
    with pytest.raises(SigningFailed) as broken:
        signing.signer.sign(job, SECRET)
    world.moods = {}
    again = SignJob(job.pdf, ACCOUNT, AT, identity=IDENTITY, reference=broken.value.reference)
    # The passphrase is of no use for what is only fetched: nothing is signed a second time.
    assert signing.signer.sign(again, "tidak dipakai").service["service_id"] == "dok-1"


def letter(address: str) -> Outgoing:
    return Outgoing("m-1", address, "Perihal", "Isi.\n.titik di awal baris\n", AT)


def test_the_mail_server_takes_letters_and_refuses_whom_it_is_told(world: World) -> None:
    world.knows(ACCOUNT, "kepala@contoh.example", IDENTITY)
    mail = world.channels((MAIL,))[MAIL]
    assert mail.send(letter("sari@contoh.example")).startswith("250")
    world.moods = {"surel": REFUSES_APPLICANT}
    assert mail.send(letter("kepala@contoh.example")).startswith("250")
    with pytest.raises(Undelivered) as refused:
        mail.send(letter("sari@contoh.example"))
    assert (refused.value.final, refused.value.address) == (True, True)
    world.moods = {"surel": DOWN}
    with pytest.raises(Undelivered) as silent:
        mail.send(letter("sari@contoh.example"))
    assert not silent.value.reached


def test_the_gateway_is_there_only_for_an_office_that_uses_it(world: World) -> None:
    assert set(world.channels((MAIL,))) == {MAIL}
    chat = world.channels((MAIL, CHAT))[CHAT]
    message = Outgoing("m-2", "081200000001", "Perihal", "Isi.", AT)
    assert chat.send(message) == "202 wa-1"
    world.moods = {"whatsapp": DOWN}
    with pytest.raises(Undelivered):
        chat.send(message)
