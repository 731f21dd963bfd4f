"""The world outside a scenario: a signing service, a mail server and a gateway for WhatsApp, which fail as a step says.

The office asks them through its own drivers and senders, word for word as it asks the real ones; only the other end is
invented. What the signing service signs is a trial by the test authority.
"""

from __future__ import annotations

import json
import re
import smtplib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.clock import Clock
from engine.documents.authority import TestAuthority
from engine.documents.esign.returned import Acceptance
from engine.documents.esign.service import Application, FirstRelease
from engine.documents.signing import SignerUnavailable, SignJob, WrongPassphrase
from engine.runtime.channels import Channel
from engine.runtime.channels.chat import ChatGateway
from engine.runtime.channels.post import MailServer
from engine.runtime.signatories import Signatories
from engine.store.messages import CHAT, MAIL
from engine.wire import Answer, Question, Unanswered

SIGNING = "tte"
DOWN = "mati"
CUT_OFF = "terputus_setelah_menandatangani"
UNKNOWN_SIGNER = "penanda_tangan_tidak_terdaftar"
REFUSES_APPLICANT = "menolak_alamat_pemohon"
SENDER = "perizinan@kantor.example"


@dataclass
class World:
    """Who is outside. `moods` = how each fails now; people of the office are known by number and by address."""

    clock: Clock
    moods: Mapping[str, str] = field(default_factory=dict)
    signers: dict[str, str] = field(default_factory=dict, repr=False)
    addresses: set[str] = field(default_factory=set, repr=False)

    def knows(self, account: str, address: str, identity: str) -> None:
        """A person of the office."""
        self.signers[identity] = account
        self.addresses.add(address)

    def channels(self, services: tuple[str, ...]) -> dict[str, Channel]:
        """The ways out of an office that uses these services."""
        found: dict[str, Channel] = {MAIL: InventedMailServer("smtp://surel.example", SENDER, Path(), world=self)}
        return found | ({CHAT: ChatGateway(InventedGateway(self), "-")} if CHAT in services else {})

    def signatories(self, keys: Path) -> Signatories:
        """The driver of the national service over keys of the test authority."""
        authority = TestAuthority(keys / "uji")
        authority.ensure()
        service = InventedSigningService(self, authority)
        signer = TrialRelease(Application(service, service, "skenario", "-"),
                              Acceptance(authority.people, lambda: authority.roots), "")
        return Signatories(keys, authority, signer)


class TrialRelease(FirstRelease):
    """The national driver where nothing it brings has legal force."""

    uji_coba = True


@dataclass
class InventedSigningService:
    """Speaks the first release of the national service's contract; `signed` = id -> file."""

    world: World
    authority: TestAuthority
    signed: dict[str, bytes] = field(default_factory=dict, repr=False)

    def ask(self, question: Question) -> Answer:
        """The answer, or none."""
        mood = self.world.moods.get(SIGNING)
        if mood == DOWN:
            raise Unanswered("unreachable")
        if question.path.startswith("/api/sign/download/"):
            return self._kept(question.path.rpartition("/")[2], mood)
        words, pdf = _parts(question)
        account = self.world.signers.get(words.get("nik", ""))
        if account is None or mood == UNKNOWN_SIGNER:
            return _refusal(2011)
        return self._signed(SignJob(pdf, account, self.world.clock.now()), words.get("passphrase", ""), mood)

    def _kept(self, reference: str, mood: str | None) -> Answer:
        if mood == CUT_OFF:
            raise Unanswered("timeout")
        known = self.signed.get(reference)
        return Answer(200, {}, known) if known is not None else Answer(404, {}, b"{}")

    def _signed(self, job: SignJob, passphrase: str, mood: str | None) -> Answer:
        try:
            made = self.authority.signer.sign(job, passphrase).pdf
        except WrongPassphrase:
            return _refusal(2031)
        except SignerUnavailable:
            return _refusal(2011)
        reference = f"dok-{len(self.signed) + 1}"
        self.signed[reference] = made
        if mood == CUT_OFF:
            raise Unanswered("timeout", {"id_dokumen": reference})
        return Answer(200, {"id_dokumen": reference}, made)


def _refusal(number: int) -> Answer:
    return Answer(400, {}, json.dumps({"status_code": number}).encode())


def _parts(question: Question) -> tuple[dict[str, str], bytes]:
    """The words and the file of a multipart body."""
    boundary = question.headers["Content-Type"].partition("boundary=")[2].encode()
    words, file = {}, b""
    for part in (question.body or b"").split(b"--" + boundary)[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        content = content.removesuffix(b"\r\n")
        if b"filename=" in head:
            file = content
        elif named := re.search(rb'name="(\w+)"', head):
            words[named[1].decode()] = content.decode()
    return words, file


@dataclass(frozen=True)
class InventedMailServer(MailServer):
    """A mail server without a line to it."""

    world: World = field(kw_only=True, repr=False)

    def called(self) -> smtplib.SMTP:
        """A conversation; nobody answers when it is down."""
        if self.world.moods.get(MAIL) == DOWN:
            raise ConnectionRefusedError
        return Conversation(self.world)


class Conversation(smtplib.SMTP):
    """What a mail server says to each line of ours, without a socket between."""

    def __init__(self, world: World) -> None:
        super().__init__(local_hostname="kantor.example")
        self._world, self._answer, self._letter = world, (220, b""), False

    def send(self, s: Any) -> None:
        """Hear a line, or a whole letter after DATA."""
        said = s if isinstance(s, str) else bytes(s).decode("utf-8", "replace")
        if self._letter:
            self._letter, self._answer = False, (250, b"2.0.0 Ok")
            return
        self._letter = said.lower().startswith("data")
        self._answer = (354, b"lanjutkan") if self._letter else self._reply(said.strip())

    def _reply(self, said: str) -> tuple[int, bytes]:
        address = re.match(r"rcpt to:<(.*)>", said, re.IGNORECASE)
        if address and self._world.moods.get(MAIL) == REFUSES_APPLICANT and address[1] not in self._world.addresses:
            return 550, b"5.1.1 kotak surat tidak ada"
        return 250, b"Ok"

    def getreply(self) -> tuple[int, bytes]:
        """The answer to what was heard last."""
        return self._answer


@dataclass
class InventedGateway:
    """A gateway that takes every message; `taken` = their references."""

    world: World
    taken: list[str] = field(default_factory=list, repr=False)

    def ask(self, question: Question) -> Answer:
        """The answer, or none."""
        if self.world.moods.get(CHAT) == DOWN:
            raise Unanswered("unreachable")
        self.taken.append(question.headers["Idempotency-Key"])
        return Answer(202, {}, json.dumps({"id": f"wa-{len(self.taken)}"}).encode())
