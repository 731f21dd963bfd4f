"""Electronic mail: one letter over one conversation with a mail server, or into the data folder."""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from engine.clock import stamp
from engine.runtime.channels import Outgoing, Undelivered, plain
from engine.wire import trusting

ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)
"""One plain address; a list, a name or a line break is none."""

UNUSABLE = "alamat email tidak dapat dipakai"
NO_TLS = "server surel tidak menawarkan TLS; kata sandi tidak dikirim"
FOLDER_NAME = re.compile(r"[^A-Za-z0-9 ._-]")


def written(message: Outgoing, sender: str) -> EmailMessage:
    """The letter; Undelivered when its address is none. What was typed cannot become a header of its own."""
    if not ADDRESS.fullmatch(message.address):
        raise Undelivered(UNUSABLE, final=True, address=True)
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"], letter["Subject"] = sender, message.address, " ".join(message.subject.split())
    letter["Date"] = format_datetime(message.queued_at)
    letter["Message-ID"] = f"<{message.id}@{domain_of(sender)}>"
    letter["Auto-Submitted"] = "auto-generated"   # asks holiday answers to stay away
    letter.set_content(message.body)
    for one in message.attachments:
        letter.add_attachment(one.content, maintype="application", subtype="pdf", filename=FOLDER_NAME.sub("-", one.name))
    return letter


def domain_of(sender: str) -> str:
    """The domain behind the office's address."""
    return sender.partition("@")[2].strip("<> ") or "localhost"


@dataclass(frozen=True)
class MailFolder:
    """Letters as files, for an office without a mail server."""

    folder: Path
    sender: str

    def send(self, message: Outgoing) -> str:
        """Written whole, for its owner only."""
        letter = written(message, self.sender)
        self.folder.mkdir(parents=True, exist_ok=True)
        place = self.folder / f"{stamp(message.queued_at)[:19].replace(':', '')}-{message.id}.eml"
        half = place.with_suffix(f".{os.getpid()}.tmp")
        half.write_bytes(bytes(letter))
        half.chmod(0o600)
        os.replace(half, place)
        return f"disimpan di folder data: {place.name}"


@dataclass(frozen=True)
class MailServer:
    """A mail server. Where it offers TLS, TLS is used and its certificate checked; a password goes over nothing else."""

    url: str = field(repr=False)
    sender: str
    roots: Path
    seconds: float = 20

    def send(self, message: Outgoing) -> str:
        """The server's answer to the whole letter."""
        letter = bytes(written(message, self.sender))
        server = self._reached()
        try:
            self._opened(server)
            return self._handed_over(server, message.address, letter)
        except (smtplib.SMTPException, OSError) as fault:
            raise _undelivered(fault) from None
        finally:
            _hang_up(server)

    def _reached(self) -> smtplib.SMTP:
        try:
            return self.called()
        except (smtplib.SMTPException, OSError) as fault:
            raise Undelivered(_said(fault), reached=False) from None

    def called(self) -> smtplib.SMTP:
        """The conversation as it opens; another end is another class that answers here."""
        parts, here = urlsplit(self.url), domain_of(self.sender)
        if parts.scheme == "smtps":
            return smtplib.SMTP_SSL(parts.hostname or "localhost", parts.port or 465, here, timeout=self.seconds,
                                    context=trusting(self.roots))
        return smtplib.SMTP(parts.hostname or "localhost", parts.port or 25, here, timeout=self.seconds)

    def _opened(self, server: smtplib.SMTP) -> None:
        parts = urlsplit(self.url)
        server.ehlo_or_helo_if_needed()
        if parts.scheme != "smtps" and server.has_extn("starttls"):
            server.starttls(context=trusting(self.roots))
            server.ehlo_or_helo_if_needed()
        if parts.username:
            self._signed_in(server, parts)

    def _signed_in(self, server: smtplib.SMTP, parts: SplitResult) -> None:
        if not isinstance(server.sock, ssl.SSLSocket):
            raise Undelivered(NO_TLS, reached=False)
        try:
            server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        except smtplib.SMTPException as fault:
            raise Undelivered(_said(fault), reached=False) from None   # the office's own trouble: no message is to blame

    def _handed_over(self, server: smtplib.SMTP, address: str, letter: bytes) -> str:
        code, words = server.mail(self.sender)
        if code >= 400:
            raise Undelivered(_line(code, words))
        code, words = server.rcpt(address)
        if code >= 400:
            raise Undelivered(_line(code, words), final=code >= 500, address=_blames_address(code, words, at_address=True))
        code, words = server.data(letter)
        if code >= 400:
            raise _refused_letter(code, words)
        return plain(_line(code, words))


def _refused_letter(code: int, words: bytes) -> Undelivered:
    return Undelivered(_line(code, words), final=code >= 500, address=_blames_address(code, words, at_address=False))


def _blames_address(code: int, words: bytes, *, at_address: bool) -> bool:
    """Is it the address? By the enhanced status where there is one: 5.1 and 5.2 are addresses and boxes, 5.7 policies."""
    found = re.match(rb"5\.(\d{1,3})\.", words)
    if code < 500 or found is None:
        return code >= 500 and at_address
    return found[1] in (b"1", b"2")


def _undelivered(fault: Exception) -> Undelivered:
    if isinstance(fault, smtplib.SMTPDataError):
        words = fault.smtp_error if isinstance(fault.smtp_error, bytes) else fault.smtp_error.encode()
        return _refused_letter(fault.smtp_code, words)
    return Undelivered(_said(fault))


def _said(fault: Exception) -> str:
    if isinstance(fault, smtplib.SMTPResponseException):
        words = fault.smtp_error if isinstance(fault.smtp_error, bytes) else fault.smtp_error.encode()
        return _line(fault.smtp_code, words)
    if isinstance(fault, ssl.SSLCertVerificationError):
        return "sertifikat server surel tidak dipercaya"
    late = isinstance(fault, TimeoutError) or isinstance(fault.__context__, TimeoutError)
    if late:
        return "server surel tidak menjawab pada waktunya"
    return "server surel memutus percakapan" if isinstance(fault, smtplib.SMTPServerDisconnected) else type(fault).__name__


def _line(code: int, words: bytes) -> str:
    return f"{code} {words.decode(errors='replace')}"


def _hang_up(server: smtplib.SMTP) -> None:
    """Whatever is said to a good-bye: the letter was taken or not before it."""
    with suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()
