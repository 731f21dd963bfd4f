"""Accounts, appointments, sessions, one-time links, counted attempts, settings of the office."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, case, delete, func, insert, select, update

from engine.rules.people import Appointment
from engine.store import statements, tables


@dataclass(frozen=True)
class AccountRow:
    """An account of an applicant or of an officer; `notify` = segera, harian or tidak; `email_trouble` = since when mail to
    its address is refused."""

    id: str
    username: str
    name: str
    email: str
    staff: bool
    active: bool
    created_at: str
    phone: str = ""
    identity: str = field(default="", repr=False)
    employee_number: str = ""
    rank: str = ""
    notify: str = "segera"
    password: str | None = field(default=None, repr=False)
    key: str | None = None
    email_trouble: str | None = None


@dataclass(frozen=True)
class SessionRow:
    """A sign-in; `token` is a hash. `account` None = a visitor."""

    token: str
    account: str | None
    appointment: str | None
    csrf: str
    created_at: str
    expires_at: str


@dataclass(frozen=True)
class TokenRow:
    """A one-time link; stored as a hash."""

    hash: str
    account: str
    purpose: str
    expires_at: str
    used_at: str | None = None


def _account(row: Any) -> AccountRow:
    return AccountRow(**row._mapping)


def account(connection: Connection, wanted: str) -> AccountRow | None:
    """An account by id."""
    row = connection.execute(statements.by(tables.account, ("id",)), {"id": wanted}).first()
    return _account(row) if row else None


def account_named(connection: Connection, username: str) -> AccountRow | None:
    """An account by user name; case does not matter."""
    row = connection.execute(select(tables.account).where(tables.account.c.username == username.strip().lower())).first()
    return _account(row) if row else None


def account_by_key(connection: Connection, key: str) -> AccountRow | None:
    """The account an effect made."""
    row = connection.execute(select(tables.account).where(tables.account.c.key == key)).first()
    return _account(row) if row else None


def accounts(connection: Connection, *, staff: bool | None = None) -> list[AccountRow]:
    """Every account by name."""
    statement = select(tables.account).order_by(tables.account.c.name, tables.account.c.id)
    if staff is not None:
        statement = statement.where(tables.account.c.staff == staff)
    return [_account(row) for row in connection.execute(statement)]


def names(connection: Connection, wanted: set[str]) -> dict[str, str]:
    """id -> name for some accounts."""
    table = tables.account.c
    return {row.id: row.name for row in connection.execute(select(table.id, table.name).where(table.id.in_(wanted)))}


def save_account(connection: Connection, row: AccountRow) -> None:
    """Keep a new account."""
    connection.execute(insert(tables.account).values(**row.__dict__))


def change_account(connection: Connection, wanted: str, **values: Any) -> None:
    """Change an account."""
    connection.execute(update(tables.account).where(tables.account.c.id == wanted).values(**values))


def _appointment(row: Any) -> Appointment:
    ends = date.fromisoformat(row.ends) if row.ends else None
    return Appointment(row.id, row.account, row.post, row.capacity, date.fromisoformat(row.starts), ends, row.letter)


def appointments(connection: Connection, *, account: str | None = None, post: str | None = None) -> list[Appointment]:
    """Appointments, past and future ones too."""
    table = tables.appointment
    statement = select(table).order_by(table.c.starts, table.c.id)
    if account is not None:
        statement = statement.where(table.c.account == account)
    if post is not None:
        statement = statement.where(table.c.post == post)
    return [_appointment(row) for row in connection.execute(statement)]


def save_appointment(connection: Connection, made: Appointment) -> None:
    """Keep an appointment."""
    connection.execute(insert(tables.appointment).values(
        id=made.id, account=made.account, post=made.post, capacity=made.capacity, letter=made.letter,
        starts=made.starts.isoformat(), ends=made.ends.isoformat() if made.ends else None))


def end_appointment(connection: Connection, wanted: str, last_day: date) -> None:
    """Let an appointment end on a day."""
    table = tables.appointment
    connection.execute(update(table).where(table.c.id == wanted).values(ends=last_day.isoformat()))


def session(connection: Connection, token: str) -> SessionRow | None:
    """A session by the hash of its token."""
    row = connection.execute(statements.by(tables.session, ("token",)), {"token": token}).first()
    return SessionRow(**row._mapping) if row else None


def save_session(connection: Connection, row: SessionRow) -> None:
    """Keep a session."""
    connection.execute(insert(tables.session).values(**row.__dict__))


def change_session(connection: Connection, token: str, **values: Any) -> None:
    """Change a session, for instance the appointment a person acts from."""
    connection.execute(update(tables.session).where(tables.session.c.token == token).values(**values))


def end_session(connection: Connection, token: str, *, now: str = "") -> None:
    """Forget a session, and those that ended by `now`."""
    table = tables.session
    connection.execute(delete(table).where((table.c.token == token) | (table.c.expires_at < now)))


def end_sessions_of(connection: Connection, wanted: str) -> None:
    """Sign an account out everywhere."""
    connection.execute(delete(tables.session).where(tables.session.c.account == wanted))


def save_token(connection: Connection, row: TokenRow) -> None:
    """Keep a one-time link."""
    connection.execute(insert(tables.token).values(**row.__dict__))


def token(connection: Connection, wanted: str) -> TokenRow | None:
    """A one-time link by the hash of its token."""
    row = connection.execute(select(tables.token).where(tables.token.c.hash == wanted)).first()
    return TokenRow(**row._mapping) if row else None


def use_token(connection: Connection, wanted: str, at: str) -> bool:
    """Use a link up; False when somebody did already."""
    table = tables.token
    done = connection.execute(update(table).where(table.c.hash == wanted, table.c.used_at.is_(None)).values(used_at=at))
    return done.rowcount == 1


def count_attempt(connection: Connection, subject: str, now: str, since: str) -> int:
    """Count one more try and say how many there were since a moment."""
    table = tables.attempt
    old = table.c.since < since
    first = statements.upsert(connection, table).values(subject=subject, since=now, count=1)
    again = {"count": case((old, 1), else_=table.c.count + 1), "since": case((old, now), else_=table.c.since)}
    counted = first.on_conflict_do_update(index_elements=[table.c.subject], set_=again).returning(table.c.count)
    return int(connection.execute(counted).scalar_one())


def forget_attempts(connection: Connection, subject: str) -> None:
    """A try succeeded."""
    connection.execute(delete(tables.attempt).where(tables.attempt.c.subject == subject))


def forgive_attempt(connection: Connection, subject: str) -> None:
    """One of the counted tries was no guess; those before it stay counted."""
    table = tables.attempt
    connection.execute(update(table).where(table.c.subject == subject, table.c.count > 0).values(count=table.c.count - 1))


def setting(connection: Connection, name: str) -> str | None:
    """A setting of the office."""
    row = connection.execute(select(tables.setting.c.value).where(tables.setting.c.name == name)).first()
    return row.value if row else None


def save_setting(connection: Connection, name: str, value: str) -> None:
    """Keep a setting."""
    table = tables.setting
    new = statements.upsert(connection, table).values(name=name, value=value)
    connection.execute(new.on_conflict_do_update(index_elements=[table.c.name], set_={"value": value}))


def is_empty(connection: Connection) -> bool:
    """True while nobody has an account."""
    return connection.execute(select(func.count()).select_from(tables.account)).scalar_one() == 0
