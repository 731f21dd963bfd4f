"""The administrator's work: accounts and appointments, each change journaled on the office's chain."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from engine.clock import Clock, stamp
from engine.documents.signing import SignerStatus
from engine.errors import NotAllowed, NotFound, Refusal
from engine.identity import Identity, check_password, hash_password
from engine.rules.people import CAPACITIES, SYSTEM, Actor, Appointment
from engine.runtime.signatories import Signatories
from engine.runtime.transitions import note_office
from engine.store import directory
from engine.store.database import Connection, Database
from engine.store.directory import AccountRow

ADMINISTRATOR = "administrator"
NOTICES = ("segera", "harian", "tidak")
"""How officers can be told of tasks: at once, once a morning, not at all. Escalations always reach their posts."""

IDENTITY = re.compile(r"[0-9]{16}")


class WrongDetails(Refusal):
    """Details of an account or appointment do not fit."""

    code = "data_salah"
    advice = "Rincian akun atau penunjukan belum sesuai. Periksa isiannya, lalu simpan lagi."


@dataclass(frozen=True)
class NewAccount:
    """What an administrator types for an officer."""

    username: str
    name: str
    email: str
    employee_number: str = ""
    rank: str = ""
    phone: str = ""
    password: str | None = field(default=None, repr=False)
    identity: str = field(default="", repr=False)


@dataclass(frozen=True)
class NewAppointment:
    """What an administrator types for an appointment."""

    account: str
    post: str
    capacity: str
    starts: date
    ends: date | None
    letter: str


@dataclass(frozen=True)
class Administration:
    """Changes of accounts, appointments and signers."""

    clock: Clock
    database: Database
    identity: Identity
    signatories: Signatories

    def accounts(self) -> list[AccountRow]:
        """Every account."""
        with self.database.reading() as connection:
            return directory.accounts(connection)

    def account(self, wanted: str) -> AccountRow:
        """One account."""
        with self.database.reading() as connection:
            row = directory.account(connection, wanted)
        if row is None:
            raise NotFound(f"account {wanted}")
        return row

    def appointments(self, account: str | None = None) -> list[Appointment]:
        """Appointments of an account, or all."""
        with self.database.reading() as connection:
            return directory.appointments(connection, account=account)

    def create_account(self, wanted: NewAccount, by: Actor) -> AccountRow:
        """A new officer's account."""
        self._must_administer(by)
        username = wanted.username.strip().lower()
        if not username or not wanted.name.strip():
            raise WrongDetails("empty", advice="Isi nama pengguna dan nama lengkap.")
        if wanted.password is not None:
            check_password(wanted.password, username)
        check_identity(wanted.identity)
        row = AccountRow(self.clock.new_id(), username, wanted.name.strip(), wanted.email.strip(), True, True,
                         stamp(self.clock.now()), phone=wanted.phone, identity=wanted.identity.strip(),
                         employee_number=wanted.employee_number, rank=wanted.rank,
                         password=hash_password(wanted.password) if wanted.password else None)
        with self.database.transaction() as connection:
            if directory.account_named(connection, username) is not None:
                raise WrongDetails(username, advice=f"Nama pengguna “{username}” sudah dipakai. Pilih nama lain.")
            directory.save_account(connection, row)
            note_office(connection, self.clock, "account_created", by, {"account": row.id, "staff": True})
        return row

    def set_identity(self, account: str, identity: str, by: Actor) -> None:
        """The identity number (NIK) by which a national signing service knows a signer; the journal does not repeat it."""
        self._must_administer(by)
        check_identity(identity)
        self.account(account)
        with self.database.transaction() as connection:
            directory.change_account(connection, account, identity=identity.strip())
            note_office(connection, self.clock, "account_changed", by, {"account": account, "identity": "diubah"})

    def set_active(self, account: str, active: bool, by: Actor) -> None:
        """Close or reopen an account; closing ends its sessions."""
        self._must_administer(by)
        if account == by.account:
            raise NotAllowed("own account", advice="Anda tidak dapat menutup akun sendiri.")
        with self.database.transaction() as connection:
            directory.change_account(connection, account, active=active)
            if not active:
                directory.end_sessions_of(connection, account)
            note_office(connection, self.clock, "account_changed", by, {"account": account, "active": active})

    def choose_notices(self, choice: str, by: Actor) -> None:
        """How an officer is told of tasks: at once, once a morning, or not; each chooses for oneself."""
        if by.account is None or by.capacity == "pemohon":
            raise NotAllowed(f"{by.capacity} has no inbox")
        if choice not in NOTICES:
            raise WrongDetails(choice, advice="Pilih segera, ringkasan harian, atau tanpa pemberitahuan.")
        with self.database.transaction() as connection:
            directory.change_account(connection, by.account, notify=choice)
            note_office(connection, self.clock, "account_changed", by, {"account": by.account, "notify": choice})

    def new_link(self, account: str, by: Actor) -> str:
        """A fresh one-time link to set a password, to be handed over in person or by mail."""
        self._must_administer(by)
        with self.database.transaction() as connection:
            note_office(connection, self.clock, "account_changed", by, {"account": account, "link": "baru"})
            return self.identity.new_link(connection, account)

    def appoint(self, wanted: NewAppointment, by: Actor, posts: Collection[str]) -> Appointment:
        """Appoint a person to a post of the office."""
        self._must_administer(by)
        self._check(wanted, posts)
        made = Appointment(self.clock.new_id(), wanted.account, wanted.post, wanted.capacity, wanted.starts, wanted.ends,
                           wanted.letter.strip())
        with self.database.transaction() as connection:
            if directory.account(connection, wanted.account) is None:
                raise NotFound(f"account {wanted.account}")
            directory.save_appointment(connection, made)
            self._note_appointment(connection, "appointed", made, by)
        return made

    def _check(self, wanted: NewAppointment, posts: Collection[str]) -> None:
        if wanted.post not in posts:
            raise WrongDetails(wanted.post, advice="Jabatan itu tidak ada di kantor ini.")
        if wanted.capacity not in CAPACITIES[:3]:
            raise WrongDetails(wanted.capacity, advice="Pilih definitif, Plh, atau Plt.")
        if wanted.ends is not None and wanted.ends < wanted.starts:
            raise WrongDetails("ends before it starts", advice="Tanggal akhir harus sesudah tanggal mulai.")
        if wanted.capacity != "definitif" and (wanted.ends is None or not wanted.letter.strip()):
            raise WrongDetails("no letter", advice="Plh dan Plt memerlukan nomor surat perintah dan tanggal akhir.")

    def end_appointment(self, appointment: str, last_day: date, by: Actor) -> None:
        """Let an appointment end."""
        self._must_administer(by)
        with self.database.transaction() as connection:
            known = next((one for one in directory.appointments(connection) if one.id == appointment), None)
            if known is None:
                raise NotFound(f"appointment {appointment}")
            directory.end_appointment(connection, appointment, last_day)
            self._note_appointment(connection, "appointment_ended", known, by, last_day)

    def end_appointment_now(self, appointment: str, today: date, by: Actor) -> None:
        """Let an appointment end with yesterday, so that it no longer holds today."""
        self.end_appointment(appointment, today - timedelta(days=1), by)

    def _note_appointment(self, connection: Connection, kind: str, made: Appointment, by: Actor,
                          last_day: date | None = None) -> None:
        ends = last_day or made.ends
        note_office(connection, self.clock, kind, by, {
            "appointment": made.id, "account": made.account, "post": made.post, "capacity": made.capacity,
            "starts": made.starts.isoformat(), "ends": ends.isoformat() if ends else None, "letter": made.letter})

    def issue_certificate(self, account: str, passphrase: str, at: datetime, by: Actor) -> None:
        """A certificate of the test authority; only the signer may choose the passphrase, so `by` is that person."""
        if by.account != account:
            raise NotAllowed("not the signer", advice="Hanya penanda tangan sendiri yang dapat membuat sertifikatnya.")
        if len(passphrase) < 8:
            raise WrongDetails("short passphrase", advice="Frasa sandi tanda tangan minimal 8 karakter.")
        facts = self.signatories.issue(account, self.account(account).name, passphrase, at)
        with self.database.transaction() as connection:
            note_office(connection, self.clock, "account_changed", by, {"account": account, "certificate": facts.serial})

    def signer_status(self, account: str) -> SignerStatus:
        """Could this account sign now?"""
        row = self.account(account)
        return self.signatories.signer.status(account, self.clock.now(), row.identity)

    def _must_administer(self, by: Actor) -> None:
        if by is not SYSTEM and by.post != ADMINISTRATOR:
            raise NotAllowed(f"{by.post} is not the administrator")


def check_identity(identity: str) -> None:
    """WrongDetails unless it is empty or sixteen digits."""
    if identity.strip() and not IDENTITY.fullmatch(identity.strip()):
        raise WrongDetails("identity", advice="NIK terdiri dari 16 angka. Periksa kartu identitasnya.")
