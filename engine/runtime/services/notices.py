"""Messages of one case: text from the edition, one row per recipient, queued once per effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.clock import stamp
from engine.documents.notices import render_notice
from engine.errors import HandlerFailed
from engine.runtime.services import letter_values
from engine.runtime.services.order import Order
from engine.store import directory, messages
from engine.store.database import Connection
from engine.store.messages import MessageRow

APPLICANT = "pemohon"
"""The recipient that stands for the applicant of the case; any other word is a post."""


@dataclass(frozen=True)
class Recipient:
    """Who gets a message."""

    account: str | None
    name: str
    address: str


@dataclass(frozen=True)
class CaseNotices:
    """engine.handling.Notices for one effect."""

    order: Order

    def send(self, notice: str, to: str | None) -> Mapping[str, Any]:
        """Queue the message once for each recipient."""
        order, house = self.order, self.order.house
        declared = order.edition.process.notices.get(notice)
        if declared is None:
            raise HandlerFailed("pesan_tidak_ada", f"Pesan “{notice}” belum ada di process.toml.")
        to = to or declared.to
        with house.database.transaction() as connection:
            known = messages.by_key(connection, order.row.id, order.key)
            if not known:
                order.claim(connection)
                source = order.edition.files[f"processes/{order.row.process}/notices/{declared.file}"].decode()
                for number, one in enumerate(self._recipients(connection, to)):
                    messages.save(connection, self._message(connection, notice, source, one, number))
                known = messages.by_key(connection, order.row.id, order.key)
        return {"notice": notice, "to": to, "recipients": len(known)}

    def take_back_own(self) -> None:
        """What this effect queued and nobody has tried to deliver yet is not sent."""
        with self.order.house.database.transaction() as connection:
            for one in messages.by_key(connection, self.order.row.id, self.order.key):
                messages.take_back(connection, one.id)

    def _message(self, connection: Connection, notice: str, source: str, to: Recipient, number: int) -> MessageRow:
        order, house = self.order, self.order.house
        link = letter_values.link_for(connection, order, to.account)
        values = letter_values.collect(connection, order) | {"pesan": {"kepada": to.address, "nama": to.name, "tautan": link}}
        subject, body = render_notice(source, values)
        return MessageRow(house.clock.new_id(), f"{order.key}:{number}", order.row.id, notice, to.account, to.address,
                          subject, body, stamp(house.clock.now()))

    def _recipients(self, connection: Connection, to: str) -> list[Recipient]:
        if to == APPLICANT:
            return [self._applicant(connection)]
        holders = [one.account for one in directory.appointments(connection, post=to) if one.holds_on(self.order.today)]
        rows = [row for row in (directory.account(connection, one) for one in dict.fromkeys(holders)) if row is not None]
        return [Recipient(row.id, row.name, row.email) for row in rows]

    def _applicant(self, connection: Connection) -> Recipient:
        """The applicant's account; before there is one, the address in the account form."""
        row = directory.account(connection, self.order.row.applicant or "")
        if row is not None:
            return Recipient(row.id, row.name, row.email)
        typed = letter_values.account_form(self.order)
        return Recipient(None, typed.get("nama", ""), typed.get("surel", ""))
