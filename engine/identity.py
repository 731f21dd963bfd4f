"""Who is asking? Passwords, sign-ins, activation links, and limits on guessing, all kept in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.clock import Clock, local, stamp
from engine.digest import sha256
from engine.errors import AccountRefused, CannotRun, NotFound, TooManyTries
from engine.rules import people
from engine.rules.people import Actor, Appointment
from engine.settings import Settings
from engine.store import access, directory
from engine.store.database import Connection, Database
from engine.store.directory import AccountRow, SessionRow, TokenRow

WINDOW = timedelta(minutes=15)
"""Within this time tries are counted together."""

MOST_TRIES = 10
ACTIVATION_LASTS = timedelta(days=7)
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200

HASHER = PasswordHasher()
"""Slow on purpose; a kept password names the costs it was hashed at."""


@dataclass(frozen=True)
class SignedIn:
    """A session with its person and the capacities that person may act from today."""

    session: SessionRow
    account: AccountRow | None
    appointments: tuple[Appointment, ...]

    @property
    def actor(self) -> Actor:
        """In which capacity this session acts: the chosen appointment, else the first in force, else as applicant."""
        if self.account is None:
            return people.VISITOR
        chosen = [one for one in self.appointments if one.id == self.session.appointment] or list(self.appointments)
        return chosen[0].actor() if chosen else Actor(self.account.id, None, "pemohon")


@dataclass(frozen=True)
class Identity:
    """Sign-ins of one office."""

    settings: Settings
    clock: Clock
    database: Database

    def visit(self) -> tuple[str, SessionRow]:
        """A session for somebody unknown; the token goes into the cookie, its hash stays here."""
        return self._open(None)

    def sign_in(self, username: str, password: str, *, from_: str) -> tuple[str, SessionRow]:
        """A session for an account. `from_` is where the try came from; tries are counted per account and per place."""
        subjects = (f"masuk:{username.strip().lower()[:60]}", f"masuk-dari:{from_[:60]}")
        self._count(subjects)
        with self.database.reading() as connection:
            row = directory.account_named(connection, username)
        # The same work is done for a name that does not exist, so that time tells nothing.
        if not _fits(password, row.password if row and row.password else _no_one()) or row is None or not row.active:
            raise AccountRefused("sign-in refused")
        with self.database.transaction() as connection:
            # Guesses at others from the same place still count; only this try is taken back there.
            directory.forget_attempts(connection, subjects[0])
            directory.forgive_attempt(connection, subjects[1])
        return self._open(row.id)

    def sign_in_demo(self, account: str) -> tuple[str, SessionRow]:
        """A session without password, on demo folders only."""
        if not self.is_demo:
            raise NotFound("no demo here")
        with self.database.reading() as connection:
            if directory.account(connection, account) is None:
                raise NotFound(f"account {account}")
        return self._open(account)

    @property
    def is_demo(self) -> bool:
        """True on a data folder that was filled with demo data; it stays so for ever."""
        with self.database.reading() as connection:
            return directory.setting(connection, "demo") == "ya"

    def must_stay_here(self) -> None:
        """CannotRun for a demo at an address that other machines reach: its passwords stand on its sign-in page."""
        if self.is_demo and not self.settings.is_local:
            raise CannotRun("demo beyond loopback",
                            advice=f"Folder {self.settings.data} berisi contoh dan hanya boleh dibuka di 127.0.0.1. Untuk "
                                   "kantor sungguhan, pilih folder lain dengan --data.")

    def demo_words(self) -> dict[str, str]:
        """What the sign-in page of a demo shows: `kata_sandi` of every account, `frasa_sandi` of the signer; {} elsewhere."""
        if not self.is_demo:
            return {}
        with self.database.reading() as connection:
            return {name: directory.setting(connection, f"{name}_contoh") or "" for name in ("kata_sandi", "frasa_sandi")}

    def _open(self, account: str | None) -> tuple[str, SessionRow]:
        token, now = self.clock.new_token(), self.clock.now()
        row = SessionRow(sha256(token.encode()), account, None, self.clock.new_token(), stamp(now),
                         stamp(now + timedelta(hours=self.settings.session_hours)))
        with self.database.transaction() as connection:
            directory.save_session(connection, row)
        return token, row

    def resume(self, token: str) -> SignedIn | None:
        """The session of a cookie; None when it is over or its account is no longer active."""
        with self.database.reading() as connection:
            session = directory.session(connection, sha256(token.encode()))
            if session is None or session.expires_at <= stamp(self.clock.now()):
                return None
            if session.account is None:
                return SignedIn(session, None, ())
            row = directory.account(connection, session.account)
            if row is None or not row.active:
                return None
            return SignedIn(session, row, tuple(self._held(connection, row.id)))

    def _held(self, connection: Connection, account: str) -> list[Appointment]:
        today = local(self.clock.now()).date()
        return people.in_force(directory.appointments(connection, account=account), today)

    def act_from(self, signed_in: SignedIn, appointment: str) -> None:
        """Choose the capacity to act from; NotFound unless the person holds it today."""
        if appointment not in {one.id for one in signed_in.appointments}:
            raise NotFound(f"appointment {appointment}")
        with self.database.transaction() as connection:
            directory.change_session(connection, signed_in.session.token, appointment=appointment)

    def sign_out(self, token: str) -> None:
        """End a session, and sweep those that are over."""
        with self.database.transaction() as connection:
            directory.end_session(connection, sha256(token.encode()), now=stamp(self.clock.now()))

    # --- activation ---

    def new_link(self, connection: Connection, account: str, purpose: str = "aktivasi") -> str:
        """A one-time link's token, inside the caller's transaction; only its hash is kept."""
        token = self.clock.new_token()
        directory.save_token(connection, TokenRow(sha256(token.encode()), account, purpose,
                                                  stamp(self.clock.now() + ACTIVATION_LASTS)))
        return token

    def link_of(self, token: str) -> AccountRow:
        """The account of a link that can still be used; AccountRefused otherwise."""
        with self.database.reading() as connection:
            row = directory.token(connection, sha256(token.encode()))
            account = directory.account(connection, row.account) if row else None
        if row is None or account is None or row.used_at is not None or row.expires_at <= stamp(self.clock.now()):
            raise AccountRefused("link spent", advice="Tautan ini sudah dipakai atau kedaluwarsa. Minta tautan baru.")
        return account

    def set_password(self, token: str, password: str) -> AccountRow:
        """Use a link up and give its account a password; every other session of it ends."""
        account = self.link_of(token)
        check_password(password, account.username)
        with self.database.transaction() as connection:
            if not directory.use_token(connection, sha256(token.encode()), stamp(self.clock.now())):
                raise AccountRefused("link spent", advice="Tautan ini baru saja dipakai. Silakan masuk.")
            directory.change_account(connection, account.id, password=hash_password(password))
            directory.end_sessions_of(connection, account.id)
        return account

    # --- limits and reading ---

    def limit(self, subject: str, most: int = MOST_TRIES) -> None:
        """Count one try at something that may be guessed; TooManyTries past the limit."""
        self._count((subject,), most)

    def _count(self, subjects: tuple[str, ...], most: int = MOST_TRIES) -> None:
        now = self.clock.now()
        with self.database.transaction() as connection:
            counts = [directory.count_attempt(connection, one, stamp(now), stamp(now - WINDOW)) for one in subjects]
        if counts[0] > most or max(counts) > most * 5:
            raise TooManyTries(f"{max(counts)} tries")

    def note_access(self, actor: Actor, action: str, subject: str) -> None:
        """Write to the access log that somebody read or took something."""
        with self.database.transaction() as connection:
            access.note(connection, stamp(self.clock.now()), actor, action, subject)

    def demo_accounts(self) -> list[tuple[AccountRow, list[Appointment]]]:
        """The accounts that the sign-in page of a demo lists; none elsewhere."""
        if not self.is_demo:
            return []
        with self.database.reading() as connection:
            return [(row, self._held(connection, row.id)) for row in directory.accounts(connection)
                    if row.active and row.password is not None]


@cache
def _no_one() -> str:
    """What a password is held against when there is no such account; made at the first need, for it costs as much as a try."""
    return HASHER.hash("nobody has this password")


def hash_password(password: str) -> str:
    """Argon2id."""
    return HASHER.hash(password)


def _fits(password: str, kept: str) -> bool:
    try:
        return HASHER.verify(kept, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False


def check_password(password: str, username: str) -> None:
    """AccountRefused when a new password is too easy."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccountRefused("length", advice=f"Kata sandi minimal {SHORTEST_PASSWORD} karakter. Rangkaian beberapa kata "
                                              "mudah diingat dan sulit ditebak.")
    if username.lower() in password.lower() or len(set(password)) < 5:
        raise AccountRefused("guessable", advice="Kata sandi terlalu mudah ditebak: jangan memuat nama pengguna atau huruf "
                                                 "yang sama berulang.")
