"""Every table. Meanings stand in engine/rules; moments are stamps (formats.md 3), digests are 32 raw bytes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

from engine.errors import NotStorable

metadata = MetaData(naming_convention={
    "ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s", "pk": "pk_%(table_name)s"})

ID = String(26)
MOMENT = String(27)
DIGEST = LargeBinary(32)


class Words(TypeDecorator[str]):
    """Text that people type. NUL, which PostgreSQL cannot keep, is refused on every database, also where it is sought."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        if value is not None and "\0" in value:
            raise NotStorable("NUL")
        return value


# --- the journal -------------------------------------------------------------------------------------------------

event = Table(
    "event", metadata,
    Column("chain", String(64), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(24), nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("actor", Text, nullable=False),
    Column("payload_digest", DIGEST, nullable=False),
    Column("state_digest", DIGEST),
    Column("previous", DIGEST, nullable=False),
    Column("hash", DIGEST, nullable=False),
    sqlite_with_rowid=False)

payload = Table(
    "payload", metadata,
    Column("chain", String(64), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("body", LargeBinary),
    Column("salt", DIGEST),
    Column("key_id", String(64)))

erasure = Table(
    "erasure", metadata,
    Column("chain", String(64), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", MOMENT, nullable=False),
    Column("reason", Text, nullable=False))

access = Table(
    "access", metadata,
    Column("day", String(10), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", MOMENT, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(24), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("previous", DIGEST, nullable=False),
    Column("hash", DIGEST, nullable=False))

# --- editions ----------------------------------------------------------------------------------------------------

edition = Table(
    "edition", metadata,
    Column("hash", String(64), primary_key=True),
    Column("process", String(60), nullable=False, index=True),
    Column("meaning", String(64), nullable=False),
    Column("deployed_at", MOMENT, nullable=False),
    Column("deployed_by", ID),
    Column("number", Integer, nullable=False),
    UniqueConstraint("process", "number"))

edition_file = Table(
    "edition_file", metadata,
    Column("edition", String(64), primary_key=True),
    Column("path", String(200), primary_key=True),
    Column("content", LargeBinary, nullable=False))

# --- cases -------------------------------------------------------------------------------------------------------

cases = Table(
    "cases", metadata,
    Column("id", ID, primary_key=True),
    Column("process", String(60), nullable=False),
    Column("edition", String(64), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("head", DIGEST, nullable=False),
    Column("head_at", MOMENT, nullable=False),
    Column("applicant", ID, index=True),
    Column("number", Words(40), unique=True),
    Column("title", Words(200), nullable=False, server_default=""),
    Column("place", Words(200), nullable=False, server_default=""),
    Column("kind", Words(80), nullable=False, server_default=""),
    Column("started_at", MOMENT, nullable=False),
    Column("submitted_at", MOMENT),
    Column("received_at", MOMENT),
    Column("withdrawn_at", MOMENT),
    Column("ended_at", MOMENT),
    Column("end", String(60)),
    Column("promised", MOMENT),
    Column("office_minutes", Integer),
    Column("applicant_minutes", Integer, nullable=False, server_default="0"),
    sqlite_with_rowid=False)
Index("ix_cases_started_at", cases.c.started_at)
Index("ix_cases_ended", cases.c.process, cases.c.ended_at, cases.c.promised, cases.c.received_at)

task = Table(
    "task", metadata,
    Column("case", ID, primary_key=True),
    Column("task", BigInteger, primary_key=True, autoincrement=False),
    Column("activity", String(60), nullable=False),
    Column("post", String(60), nullable=False),
    Column("opened_at", MOMENT, nullable=False),
    Column("due", MOMENT),
    Column("claimed_by", ID),
    Column("closed_at", MOMENT),
    Column("closed_by", ID),
    Column("closed_seq", BigInteger),
    Column("urgency", MOMENT, nullable=False),
    Column("office_minutes", Integer),
    sqlite_with_rowid=False)
Index("ix_task_open", task.c.post, task.c.urgency, task.c.opened_at, task.c.case, task.c.claimed_by, task.c.closed_at,
      sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL"))

Index("ix_task_of_case", task.c.case, sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL"))

Index("ix_task_done", task.c.activity, task.c.closed_at, task.c.due, sqlite_where=text("office_minutes IS NOT NULL"),
      postgresql_where=text("office_minutes IS NOT NULL"))

answer = Table(
    "answer", metadata,
    Column("case", ID, primary_key=True),
    Column("activity", String(60), primary_key=True),
    Column("account", ID, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    sqlite_with_rowid=False)

draft = Table(
    "draft", metadata,
    Column("case", ID, primary_key=True),
    Column("task", BigInteger, primary_key=True, autoincrement=False),
    Column("account", ID, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("saved_at", MOMENT, nullable=False))

effect = Table(
    "effect", metadata,
    Column("case", ID, primary_key=True),
    Column("task", BigInteger, primary_key=True, autoincrement=False),
    Column("position", SmallInteger, nullable=False),
    Column("activity", String(60), nullable=False),
    Column("operation", String(60), nullable=False),
    Column("arguments", LargeBinary, nullable=False),
    Column("ordered_at", MOMENT, nullable=False),
    Column("status", String(10), nullable=False),
    Column("owner", ID),
    Column("lease_until", MOMENT),
    Column("next_try", MOMENT),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("cause", Text),
    CheckConstraint("status IN ('ordered', 'done', 'failed', 'late', 'dropped', 'incident')", name="status"),
    sqlite_with_rowid=False)
for _status in ("ordered", "incident", "dropped"):
    Index(f"ix_effect_{_status}", effect.c.case, effect.c.task, sqlite_where=text(f"status = '{_status}'"),
          postgresql_where=text(f"status = '{_status}'"))

due = Table(
    "due", metadata,
    Column("case", ID, primary_key=True),
    Column("task", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(60), primary_key=True),
    Column("activity", String(60), nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("fires", Boolean, nullable=False),
    Column("owner", ID),
    Column("lease_until", MOMENT),
    sqlite_with_rowid=False)
Index("ix_due_firing", due.c.at, due.c.case, due.c.task, sqlite_where=text("fires"), postgresql_where=text("fires"))
Index("ix_due_clock", due.c.kind, due.c.at, due.c.case, sqlite_where=text("NOT fires"), postgresql_where=text("NOT fires"))

service_count = Table(
    "service_count", metadata,
    Column("process", String(60), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("activity", String(60), primary_key=True),
    Column("post", String(60), primary_key=True),
    Column("verdict", String(5), primary_key=True),
    Column("minutes", Integer, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False)

# --- what effects leave behind -----------------------------------------------------------------------------------

number = Table(
    "number", metadata,
    Column("register", String(60), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("text", Words(80), nullable=False, unique=True),
    Column("case", ID, nullable=False),
    Column("key", String(64), nullable=False),
    Column("reserved_at", MOMENT, nullable=False),
    Column("voided_at", MOMENT),
    Column("reason", Text))
Index("ix_number_case", number.c.case)
Index("uq_number_live", number.c.register, number.c.case, unique=True, sqlite_where=text("voided_at IS NULL"),
      postgresql_where=text("voided_at IS NULL"))

document = Table(
    "document", metadata,
    Column("id", ID, primary_key=True),
    Column("case", ID, nullable=False),
    Column("kind", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("key", String(64), nullable=False, unique=True),
    Column("code", Words(16), nullable=False, unique=True),
    Column("number", Words(80)),
    Column("made_at", MOMENT, nullable=False),
    Column("source_digest", DIGEST, nullable=False),
    Column("rendered", String(64), nullable=False),
    Column("sign_key", String(64)),
    Column("sign_reference", String(80)),
    Column("signer", ID),
    Column("signed", String(64)),
    Column("receipt", LargeBinary),
    Column("published_at", MOMENT),
    Column("valid_until", String(10)),
    Column("standing", String(12)),
    Column("draft", Boolean, nullable=False),
    UniqueConstraint("case", "kind", "version"))
Index("ix_document_case", document.c.case)
Index("ix_document_signed", document.c.signed)

stored_file = Table(
    "stored_file", metadata,
    Column("holder", String(64), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("name", Words(200), nullable=False),
    Column("type", String(80), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("stored_at", MOMENT, nullable=False),
    Column("by", ID),
    Column("original", String(64)),
    Column("taken", Text),
    Column("key_id", String(64)))

message = Table(
    "message", metadata,
    Column("id", ID, primary_key=True),
    Column("key", String(100), nullable=False, unique=True),
    Column("case", ID),
    Column("notice", String(60), nullable=False),
    Column("recipient", ID),
    Column("address", String(200), nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("queued_at", MOMENT, nullable=False),
    Column("status", String(10), nullable=False),
    Column("next_try", MOMENT),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("answer", Text),
    Column("sent_at", MOMENT),
    Column("channel", String(10), nullable=False, server_default="surel"))
Index("ix_message_open", message.c.queued_at, sqlite_where=text("status = 'queued'"),
      postgresql_where=text("status = 'queued'"))
Index("ix_message_refused", message.c.case, sqlite_where=text("status = 'refused'"),
      postgresql_where=text("status = 'refused'"))
Index("ix_message_case", message.c.case)

delivery = Table(
    "delivery", metadata,
    Column("id", ID, primary_key=True),
    Column("message", ID, nullable=False, index=True),
    Column("at", MOMENT, nullable=False),
    Column("channel", String(10), nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("answer", Text))

# --- the calendar ------------------------------------------------------------------------------------------------

calendar_seed = Table(
    "calendar_seed", metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
    Column("seeded_at", MOMENT, nullable=False))

calendar_change = Table(
    "calendar_change", metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("day", String(10)),
    Column("works", Boolean),
    Column("hours", Text),
    Column("tables", LargeBinary),
    Column("decree", String(500), nullable=False),
    Column("set_at", MOMENT, nullable=False),
    Column("set_by", ID),
    Column("reckoned_at", MOMENT))

daily_job = Table(
    "daily_job", metadata,
    Column("job", String(40), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("done_at", MOMENT, nullable=False))

# --- people ------------------------------------------------------------------------------------------------------

account = Table(
    "account", metadata,
    Column("id", ID, primary_key=True),
    Column("key", String(64), unique=True),
    Column("username", Words(80), nullable=False, unique=True),
    Column("name", Words(120), nullable=False),
    Column("email", Words(200), nullable=False, server_default=""),
    Column("phone", Words(40), nullable=False, server_default=""),
    Column("identity", Words(40), nullable=False, server_default=""),
    Column("employee_number", Words(40), nullable=False, server_default=""),
    Column("rank", Words(80), nullable=False, server_default=""),
    Column("password", Text),
    Column("staff", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("notify", String(10), nullable=False, server_default="segera"),
    Column("created_at", MOMENT, nullable=False),
    Column("email_trouble", MOMENT))

appointment = Table(
    "appointment", metadata,
    Column("id", ID, primary_key=True),
    Column("account", ID, nullable=False, index=True),
    Column("post", String(60), nullable=False, index=True),
    Column("capacity", String(10), nullable=False),
    Column("starts", String(10), nullable=False),
    Column("ends", String(10)),
    Column("letter", Words(200), nullable=False))

session = Table(
    "session", metadata,
    Column("token", String(64), primary_key=True),
    Column("account", ID),
    Column("appointment", ID),
    Column("csrf", String(64), nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("expires_at", MOMENT, nullable=False))

token = Table(
    "token", metadata,
    Column("hash", String(64), primary_key=True),
    Column("account", ID, nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("expires_at", MOMENT, nullable=False),
    Column("used_at", MOMENT))

attempt = Table(
    "attempt", metadata,
    Column("subject", Words(100), primary_key=True),
    Column("since", MOMENT, nullable=False),
    Column("count", Integer, nullable=False))

setting = Table(
    "setting", metadata,
    Column("name", String(60), primary_key=True),
    Column("value", Text, nullable=False))
