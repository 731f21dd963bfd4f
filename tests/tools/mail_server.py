"""A mail server on loopback that answers as it is told and keeps what it took."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "kantor", "sandi surat"


class MailDesk:
    """`at_recipient` and `at_letter` are said next, one after another; `HANG` and `DIE` are not words but deeds."""

    HANG, DIE = "diam", "mati"

    def __init__(self) -> None:
        self.at_recipient: list[str] = []
        self.at_letter: list[str] = []
        self.raw: list[bytes] = []
        self.recipients: list[list[str]] = []
        self.users: list[str] = []
        self.secure: list[bool] = []
        self.seconds = 1.0

    @property
    def received(self) -> list[EmailMessage]:
        return [message_from_bytes(one, policy=default) for one in self.raw]

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        said = self.at_recipient.pop(0) if self.at_recipient else ""
        if said:
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        said = self.at_letter.pop(0) if self.at_letter else ""
        if said == self.HANG:
            await asyncio.sleep(self.seconds)
        if said and said not in (self.HANG, self.DIE):
            return said
        self.raw.append(bytes(envelope.content or b""))
        self.recipients.append(list(envelope.rcpt_tos))
        self.secure.append(session.ssl is not None)
        if said == self.DIE:
            server.transport.abort()
        return "250 2.0.0 antre sebagai A1"

    def sign_in(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, words: Any) -> AuthResult:
        known = isinstance(words, LoginPassword) and (words.login, words.password) == (USER.encode(), PASSWORD.encode())
        if known:
            self.users.append(words.login.decode())
        return AuthResult(success=known, handled=False)


@contextmanager
def listening(desk: MailDesk, *, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """The port of a running server; with `tls` it offers STARTTLS."""
    with socket.create_server(("127.0.0.1", 0)) as place:
        port = place.getsockname()[1]
    controller = Controller(desk, hostname="127.0.0.1", port=port, tls_context=tls, authenticator=desk.sign_in)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
