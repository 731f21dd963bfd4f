"""When a person's address refuses mail: it is marked, the case says so, a post is told, another channel is tried.

What the office does about it is the process's own (process.toml):

    [surel_gagal]
    beri_tahu = "<post>"      whose holders see it in their inbox until the address is mended
    pesan     = "<notice>"    the notice they are sent, if any
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from engine.clock import local, stamp
from engine.documents.notices import render_notice
from engine.rules.people import SYSTEM
from engine.runtime.action import Action
from engine.runtime.catalog import Catalog, Edition
from engine.runtime.services.letter_values import plain, process_values
from engine.runtime.services.order import House
from engine.runtime.transitions import Transitions
from engine.store import cases, directory, journal, messages
from engine.store.cases import CaseRow
from engine.store.database import Connection
from engine.store.directory import AccountRow
from engine.store.messages import CHAT, MAIL, DeliveryRow, MessageRow

SECTION = "surel_gagal"
SENTENCE = ("Email kepada pemohon ditolak server tujuan. Hubungi pemohon lewat jalan lain, minta alamat yang benar, lalu "
            "kirim ulang pesannya.")

NewLink = Callable[[Connection, str], str]


@dataclass(frozen=True)
class Trouble:
    """A message that did not reach the applicant of a running case."""

    case: str
    number: str
    title: str
    message: MessageRow = field(repr=False)


@dataclass(frozen=True)
class RefusedMail:
    """`new_link` makes a one-time link's token inside a transaction; `chat` = the second channel is on."""

    house: House
    catalog: Catalog
    transitions: Transitions
    new_link: NewLink
    chat: bool

    def edition_of(self, case: str | None) -> Edition | None:
        """The edition of the case that a message is about."""
        row = self._case(case)
        return self.catalog.edition(row.edition) if row else None

    def _case(self, case: str | None) -> CaseRow | None:
        with self.house.database.reading() as connection:
            return cases.find(connection, case) if case else None

    def settle(self, row: MessageRow, try_: DeliveryRow, answer: str) -> None:
        """The address does not take mail: everything that follows from that, once per message."""
        case = self._case(row.case)
        concerns_applicant = case is not None and row.recipient in (None, case.applicant)
        if case is not None and concerns_applicant:
            self._note(row)   # first: after a death in between the message is tried and noted again, not lost
        with self.house.database.transaction() as connection:
            messages.finish(connection, try_.id, "refused", answer)
            messages.change(connection, row.id, status="refused", answer=answer, next_try=None)
            known = directory.account(connection, row.recipient or "")
            if row.channel == MAIL and known is not None and known.email == row.address:
                directory.change_account(connection, known.id, email_trouble=stamp(self.house.clock.now()))
            if row.channel == MAIL:
                self._by_chat(connection, row, known)
            if case is not None and concerns_applicant and row.channel == MAIL:
                self._alert(connection, row, case)

    def forgive(self, connection: Connection, row: MessageRow) -> None:
        """The address takes mail again."""
        known = directory.account(connection, row.recipient or "") if row.channel == MAIL else None
        if known is not None and known.email_trouble is not None and known.email == row.address:
            directory.change_account(connection, known.id, email_trouble=None)

    def _note(self, row: MessageRow) -> None:
        def decide(action: Action) -> None:
            if not action.found:
                action.note("note", SYSTEM, {"text": SENTENCE, "public": False, "message": row.id})
        case = str(row.case)
        self.transitions.change(case, decide, read=lambda connection: _is_noted(connection, case, row.id))

    def _by_chat(self, connection: Connection, row: MessageRow, known: AccountRow | None) -> None:
        """The same words over the second channel, once, where it is on and the person has a telephone."""
        key = f"{row.key}:{CHAT}"
        if self.chat and known is not None and known.phone and not messages.keyed(connection, key):
            messages.save(connection, replace(
                row, id=self.house.clock.new_id(), key=key, channel=CHAT, address=known.phone, status="queued", next_try=None,
                attempts=0, answer=None, sent_at=None, queued_at=stamp(self.house.clock.now())))

    def _alert(self, connection: Connection, row: MessageRow, case: CaseRow) -> None:
        """A message to the holders of the post that the process names; once per refused message and holder."""
        edition = self.catalog.edition(case.edition)
        declared = edition.process.notices.get(str(edition.process.section(SECTION).get("pesan", "")))
        if declared is None:
            return
        source = edition.files[f"processes/{case.process}/notices/{declared.file}"].decode()
        for number, holder in enumerate(self._holders(connection, edition)):
            key = f"{row.id}:gagal:{number}"
            if not messages.keyed(connection, key):
                subject, body = render_notice(source, self._values(edition, case, holder))
                messages.save(connection, MessageRow(self.house.clock.new_id(), key, case.id, declared.id, holder.id,
                                                     holder.email, subject, body, stamp(self.house.clock.now())))

    def _holders(self, connection: Connection, edition: Edition) -> list[AccountRow]:
        today, post = local(self.house.clock.now()).date(), edition.process.mail_keeper
        held = [one.account for one in directory.appointments(connection, post=post) if one.holds_on(today)] if post else []
        found = [directory.account(connection, one) for one in dict.fromkeys(held)]
        return [one for one in found if one is not None]

    def _values(self, edition: Edition, case: CaseRow, holder: AccountRow) -> dict[str, object]:
        """Nothing of the applicant, nor the title, which may be a name: the page of the case has it for those who may see."""
        return {"kantor": plain(edition.office), "proses": process_values(edition.process),
                "permohonan": {"id": case.id, "nomor": case.number or ""},
                "pesan": {"kepada": holder.email, "nama": holder.name,
                          "tautan": f"{self.house.settings.address}/berkas/{case.id}"}}

    def troubles(self, post: str) -> list[Trouble]:
        """Messages of running cases that still do not reach the applicant, for the post that the process names."""
        with self.house.database.reading() as connection:
            found = [(one, cases.find(connection, str(one.case))) for one in messages.refused(connection)]
        return [Trouble(case.id, case.number or "", case.title, one) for one, case in found
                if case is not None and one.recipient in (None, case.applicant)
                and self.catalog.edition(case.edition).process.mail_keeper == post]


def _is_noted(connection: Connection, case: str, message: str) -> bool:
    return any(one.body.get("message") == message for one in journal.read_kinds(connection, case, ("note",)))
