"""Delivery of queued messages: each by its channel, at least once, under the same name at every try; every try is kept."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from engine.clock import parse_stamp, stamp
from engine.errors import NotFound
from engine.marks import mark
from engine.runtime.catalog import Edition
from engine.runtime.channels import Attachment, Channel, Outgoing, Undelivered, plain
from engine.runtime.channels.chat import ChatGateway
from engine.runtime.channels.post import MailFolder, MailServer
from engine.runtime.refused_mail import RefusedMail, Trouble
from engine.runtime.services.letter_values import LINK
from engine.runtime.services.order import House
from engine.settings import Settings
from engine.store import directory, messages, papers
from engine.store.database import Connection
from engine.store.messages import CHAT, MAIL, DeliveryRow, MessageRow
from engine.wire import ROOTS, Service

log = logging.getLogger(__name__)

BACK_OFF = (60, 300, 900, 3600, 14400, 43200)
"""Seconds before the next try; after the last one the message has failed and the administrator sees it."""

CLAIM = timedelta(minutes=2)
REST = timedelta(seconds=60)
"""How long a channel is left alone that did not answer at all."""

CHAT_SECONDS = 15
LARGEST_LETTER = 10 * 1024 * 1024
"""Bytes of attachments; mail servers refuse much larger letters. What does not fit stays on the page of the case."""


def channels(settings: Settings) -> dict[str, Channel]:
    """The ways out that an office has switched on."""
    roots, found = settings.keys / ROOTS, dict[str, Channel]()
    found[MAIL] = (MailServer(settings.smtp_url, settings.mail_from, roots) if settings.smtp_url
                   else MailFolder(settings.outbox, settings.mail_from))
    if settings.whatsapp_url:
        found[CHAT] = ChatGateway(Service(settings.whatsapp_url, roots, CHAT_SECONDS), settings.whatsapp_token)
    return found


@dataclass(frozen=True)
class Mail:
    """The outgoing messages of one office."""

    house: House
    channels: Mapping[str, Channel]
    refusals: RefusedMail
    _resting: dict[str, datetime] = field(default_factory=dict, repr=False)

    def deliver_waiting(self, limit: int = 20) -> int:
        """Deliver what waits; how many were tried."""
        with self.house.database.reading() as connection:
            rows = messages.waiting(connection, stamp(self.house.clock.now()), limit)
        return sum(self._deliver(row) for row in rows if not self._rests(row.channel))

    def _rests(self, channel: str) -> bool:
        until = self._resting.get(channel)
        return until is not None and self.house.clock.now() < until

    def _deliver(self, row: MessageRow) -> bool:
        now = self.house.clock.now()
        try_ = DeliveryRow(self.house.clock.new_id(), row.id, stamp(now), row.channel, "started")
        with self.house.database.transaction() as connection:
            if not messages.claim(connection, row, stamp(now + CLAIM)):
                return False
            messages.begin(connection, try_)
            body = self._body(connection, row)
        try:
            answer = self._sent(row, body)
        except Undelivered as refusal:
            self._undelivered(row, try_, refusal)
        except Exception as fault:   # a message that cannot be made must not hold up those behind it
            log.exception("message not sent", extra={"action": "mail", "case": row.case})
            self._undelivered(row, try_, Undelivered(type(fault).__name__))
        else:
            self._accepted(row, try_, answer)
        return True

    def _body(self, connection: Connection, row: MessageRow) -> str:
        if LINK not in row.body or row.recipient is None:
            return row.body
        # The link is made only now: no token that opens an account ever lies in the database.
        token = self.refusals.new_link(connection, row.recipient)
        return row.body.replace(LINK, f"{self.house.settings.address}/aktifkan/{token}")

    def _sent(self, row: MessageRow, body: str) -> str:
        channel = self.channels.get(row.channel)
        if channel is None:
            raise Undelivered(f"saluran {row.channel} tidak aktif", final=True)
        found = self._attachments(row) if row.channel == MAIL else ()
        return channel.send(Outgoing(row.id, row.address, row.subject, body, parse_stamp(row.queued_at), found))

    def _attachments(self, row: MessageRow) -> tuple[Attachment, ...]:
        """The documents that the process sends along, as they were when the message was ordered; fetched as it leaves."""
        edition = self.refusals.edition_of(row.case)
        declared = edition.process.notices.get(row.notice) if edition else None
        if declared is None or edition is None or row.case is None:
            return ()
        found = [one for kind in declared.attachments for one in self._newest(row, kind, edition)]
        return tuple(one for number, one in enumerate(found)
                     if sum(len(before.content) for before in found[:number + 1]) <= LARGEST_LETTER)

    def _newest(self, row: MessageRow, kind: str, edition: Edition) -> list[Attachment]:
        declared = edition.process.documents.get(kind)
        with self.house.database.reading() as connection:
            made = [one for one in papers.of_case(connection, str(row.case)) if one.kind == kind and not one.draft
                    and one.made_at <= row.queued_at and (one.published_at or not (declared and declared.signed))]
        if declared is None or not made:
            return []
        return [Attachment(f"{declared.name}.pdf", self.house.files.read(made[-1].case, made[-1].sha256))]

    def _accepted(self, row: MessageRow, try_: DeliveryRow, answer: str) -> None:
        mark("delivered_not_noted")
        with self.house.database.transaction() as connection:
            messages.finish(connection, try_.id, "accepted", answer)
            messages.change(connection, row.id, status="sent", sent_at=stamp(self.house.clock.now()), answer=answer,
                            next_try=None)
            self.refusals.forgive(connection, row)

    def _undelivered(self, row: MessageRow, try_: DeliveryRow, refusal: Undelivered) -> None:
        if not refusal.reached:
            self._resting[row.channel] = self.house.clock.now() + max(REST, timedelta(seconds=refusal.wait))
        log.warning("message refused", extra={"action": "mail", "case": row.case, "attempt": row.attempts + 1})
        if refusal.final and refusal.address:
            self.refusals.settle(row, try_, refusal.answer)
            return
        over = refusal.final or row.attempts >= len(BACK_OFF)
        wait = timedelta(seconds=0 if over else max(BACK_OFF[row.attempts], refusal.wait))
        with self.house.database.transaction() as connection:
            messages.finish(connection, try_.id, "failed" if over else "later", refusal.answer)
            messages.change(connection, row.id, status="failed" if over else "queued", answer=refusal.answer,
                            next_try=None if over else stamp(self.house.clock.now() + wait))

    def listed(self) -> list[MessageRow]:
        """The newest messages, for the administrator."""
        with self.house.database.reading() as connection:
            return messages.listed(connection)

    def tries(self, message: str) -> list[DeliveryRow]:
        """Every try of a message with the answer it got, oldest first."""
        with self.house.database.reading() as connection:
            return messages.tries(connection, message)

    def troubles(self, post: str) -> list[Trouble]:
        """What the holders of a post are alerted to: messages of running cases that the applicant's address refuses."""
        return self.refusals.troubles(post)

    def resend(self, message: str) -> None:
        """Queue a message again, to the address its recipient has now."""
        with self.house.database.transaction() as connection:
            row = messages.find(connection, message)
            if row is None:
                raise NotFound(f"message {message}")
            known = directory.account(connection, row.recipient or "") if row.channel == MAIL else None
            row = replace(row, address=known.email if known else row.address)
            messages.change(connection, message, status="queued", next_try=None, attempts=0, address=row.address)

    def bounced(self, message: str, answer: str) -> None:
        """A letter that had been taken came back: what follows is the same as when it had been refused at once."""
        with self.house.database.transaction() as connection:
            row = messages.find(connection, message)
            if row is None:
                raise NotFound(f"message {message}")
            try_ = DeliveryRow(self.house.clock.new_id(), row.id, stamp(self.house.clock.now()), row.channel, "started")
            messages.begin(connection, try_)
        self.refusals.settle(row, try_, plain(answer))

    def written(self, row: MessageRow) -> Path | None:
        """The file of a message that went to the data folder."""
        found = sorted(self.house.settings.outbox.glob(f"*-{row.id}.eml"))
        return found[-1] if found else None
