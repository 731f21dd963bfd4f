"""Delivery of queued messages: over SMTP when configured, else into the data folder; at least once, same Message-ID."""

from __future__ import annotations

import logging
import os
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from engine.clock import Clock, parse_stamp, stamp
from engine.runtime.services.letter_values import LINK
from engine.settings import Settings
from engine.store import messages
from engine.store.database import Connection, Database
from engine.store.messages import MessageRow

log = logging.getLogger(__name__)

BACK_OFF = (60, 300, 900, 3600, 14400, 43200)
"""Seconds before the next try; after the last one the message has failed and the administrator sees it."""

TIMEOUT = 20
CLAIM = timedelta(minutes=2)

NewLink = Callable[[Connection, str], str]


@dataclass(frozen=True)
class Mail:
    """The outgoing mail of one office. `new_link` makes a one-time link's token inside a transaction."""

    settings: Settings
    clock: Clock
    database: Database
    new_link: NewLink

    def deliver_waiting(self, limit: int = 20) -> int:
        """Deliver what waits; how many were tried."""
        with self.database.reading() as connection:
            rows = messages.waiting(connection, stamp(self.clock.now()), limit)
        return sum(self._deliver(row) for row in rows)

    def _deliver(self, row: MessageRow) -> bool:
        with self.database.transaction() as connection:
            if not messages.claim(connection, row, stamp(self.clock.now() + CLAIM)):
                return False
            letter = self._letter(connection, row)
        try:
            answer = self._send(row, letter)
        except (OSError, smtplib.SMTPException) as fault:
            self._failed(row, fault)
        else:
            self._note(row, status="sent", sent_at=stamp(self.clock.now()), answer=answer, next_try=None)
        return True

    def _letter(self, connection: Connection, row: MessageRow) -> EmailMessage:
        body = row.body
        if LINK in body and row.recipient is not None:
            # The link is made only now: no token that opens an account ever lies in the database.
            body = body.replace(LINK, f"{self.settings.address}/aktifkan/{self.new_link(connection, row.recipient)}")
        letter = EmailMessage(policy=SMTP)
        letter["From"], letter["To"], letter["Subject"] = self.settings.mail_from, row.address, row.subject
        letter["Date"] = format_datetime(parse_stamp(row.queued_at))
        letter["Message-ID"] = f"<{row.id}@{self.settings.mail_from.partition('@')[2] or 'localhost'}>"
        letter.set_content(body)
        return letter

    def _send(self, row: MessageRow, letter: EmailMessage) -> str:
        if not row.address:
            raise smtplib.SMTPException("no address")
        return _over_smtp(self.settings.smtp_url, letter) if self.settings.smtp_url else self._to_folder(row, letter)

    def _to_folder(self, row: MessageRow, letter: EmailMessage) -> str:
        self.settings.outbox.mkdir(parents=True, exist_ok=True)
        place = self.settings.outbox / f"{row.queued_at[:19].replace(':', '')}-{row.id}.eml"
        half = place.with_suffix(f".{os.getpid()}.tmp")
        half.write_bytes(bytes(letter))
        half.chmod(0o600)
        os.replace(half, place)
        return f"disimpan di folder data: {place.name}"

    def _failed(self, row: MessageRow, fault: Exception) -> None:
        answer = _answer(fault)
        permanent = isinstance(fault, (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused)) and not _temporary(fault)
        if permanent or row.attempts >= len(BACK_OFF):
            self._note(row, status="failed", answer=answer, next_try=None)
        else:
            wait = timedelta(seconds=BACK_OFF[row.attempts])
            self._note(row, answer=answer, next_try=stamp(self.clock.now() + wait))
        log.warning("mail refused", extra={"action": "mail", "case": row.case, "attempt": row.attempts + 1})

    def _note(self, row: MessageRow, **values: object) -> None:
        with self.database.transaction() as connection:
            messages.change(connection, row.id, **values)

    def listed(self) -> list[MessageRow]:
        """The newest messages, for the administrator."""
        with self.database.reading() as connection:
            return messages.listed(connection)

    def resend(self, message: str) -> None:
        """Queue a message again."""
        with self.database.transaction() as connection:
            messages.change(connection, message, status="queued", next_try=None, attempts=0)

    def written(self, row: MessageRow) -> Path | None:
        """The file of a message that went to the data folder."""
        found = sorted(self.settings.outbox.glob(f"*-{row.id}.eml"))
        return found[-1] if found else None

    def text_of(self, row: MessageRow) -> str:
        """The text of a message as it went out, its one-time link included; as queued where no file of it is kept."""
        path = self.written(row)
        if path is None:
            return row.body
        return BytesParser(policy=SMTP).parsebytes(path.read_bytes()).get_content()


def _over_smtp(url: str, letter: EmailMessage) -> str:
    parts = urlsplit(url)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with kind(parts.hostname or "localhost", parts.port or 0, timeout=TIMEOUT) as server:
        if parts.scheme != "smtps" and server.has_extn("starttls"):
            server.starttls()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(letter)
        return f"diterima {parts.hostname}"


def _answer(fault: Exception) -> str:
    """What the server said, without addresses."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {text.decode(errors='replace')}" for code, text in fault.recipients.values())[:300]
    if isinstance(fault, smtplib.SMTPResponseException):
        text = fault.smtp_error.decode(errors="replace") if isinstance(fault.smtp_error, bytes) else fault.smtp_error
        return f"{fault.smtp_code} {text}"[:300]
    return type(fault).__name__


def _temporary(fault: Exception) -> bool:
    codes = [code for code, _ in fault.recipients.values()] if isinstance(fault, smtplib.SMTPRecipientsRefused) \
        else [getattr(fault, "smtp_code", 400)]
    return any(400 <= code < 500 for code in codes)
