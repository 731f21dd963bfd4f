"""The first schema: journal, cases, effects, registers, people; the journal's triggers.

Revision 0001, nothing before it.
"""

import sqlalchemy as sa
from alembic import op

from engine.store.migrations.guards import guard, unguard

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table, then guard the journal."""
    for make in TABLES.values():
        make()
    guard(op.get_bind())


def downgrade() -> None:
    """Take everything away."""
    unguard(op.get_bind())
    for name in reversed(TABLES):
        op.drop_table(name)


def _access() -> None:
    op.create_table(
        "access",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("previous", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("day", "seq", name="pk_access"))


def _account() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("username", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=200), server_default="", nullable=False),
        sa.Column("phone", sa.String(length=40), server_default="", nullable=False),
        sa.Column("identity", sa.String(length=40), server_default="", nullable=False),
        sa.Column("employee_number", sa.String(length=40), server_default="", nullable=False),
        sa.Column("rank", sa.String(length=80), server_default="", nullable=False),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("staff", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("email_trouble", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("key", name="uq_account_key"),
        sa.UniqueConstraint("username", name="uq_account_username"))


def _answer() -> None:
    op.create_table(
        "answer",
        sa.Column("case", sa.String(length=26), nullable=False),
        sa.Column("activity", sa.String(length=60), nullable=False),
        sa.Column("account", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("case", "activity", "account", name="pk_answer"),
        sqlite_with_rowid=False)


def _appointment() -> None:
    op.create_table(
        "appointment",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("account", sa.String(length=26), nullable=False),
        sa.Column("post", sa.String(length=60), nullable=False),
        sa.Column("capacity", sa.String(length=10), nullable=False),
        sa.Column("starts", sa.String(length=10), nullable=False),
        sa.Column("ends", sa.String(length=10), nullable=True),
        sa.Column("letter", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_appointment"))
    op.create_index("ix_appointment_account", "appointment", ["account"], unique=False)
    op.create_index("ix_appointment_post", "appointment", ["post"], unique=False)


def _attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("since", sa.String(length=27), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_attempt"))


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("process", sa.String(length=60), nullable=False),
        sa.Column("edition", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("head", sa.LargeBinary(length=32), nullable=False),
        sa.Column("head_at", sa.String(length=27), nullable=False),
        sa.Column("applicant", sa.String(length=26), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("title", sa.String(length=200), server_default="", nullable=False),
        sa.Column("place", sa.String(length=200), server_default="", nullable=False),
        sa.Column("kind", sa.String(length=80), server_default="", nullable=False),
        sa.Column("started_at", sa.String(length=27), nullable=False),
        sa.Column("submitted_at", sa.String(length=27), nullable=True),
        sa.Column("received_at", sa.String(length=27), nullable=True),
        sa.Column("withdrawn_at", sa.String(length=27), nullable=True),
        sa.Column("ended_at", sa.String(length=27), nullable=True),
        sa.Column("end", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("number", name="uq_cases_number"),
        sqlite_with_rowid=False)
    op.create_index("ix_cases_applicant", "cases", ["applicant"], unique=False)
    op.create_index("ix_cases_started_at", "cases", ["started_at"], unique=False)


def _delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("message", sa.String(length=26), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"))
    op.create_index("ix_delivery_message", "delivery", ["message"], unique=False)


def _document() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("case", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.Column("source_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("rendered", sa.String(length=64), nullable=False),
        sa.Column("sign_key", sa.String(length=64), nullable=True),
        sa.Column("sign_reference", sa.String(length=80), nullable=True),
        sa.Column("signer", sa.String(length=26), nullable=True),
        sa.Column("signed", sa.String(length=64), nullable=True),
        sa.Column("receipt", sa.LargeBinary(), nullable=True),
        sa.Column("published_at", sa.String(length=27), nullable=True),
        sa.Column("valid_until", sa.String(length=10), nullable=True),
        sa.Column("standing", sa.String(length=12), nullable=True),
        sa.Column("draft", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
        sa.UniqueConstraint("case", "kind", "version", name="uq_document_case_kind_version"),
        sa.UniqueConstraint("code", name="uq_document_code"),
        sa.UniqueConstraint("key", name="uq_document_key"))
    op.create_index("ix_document_case", "document", ["case"], unique=False)
    op.create_index("ix_document_signed", "document", ["signed"], unique=False)


def _draft() -> None:
    op.create_table(
        "draft",
        sa.Column("case", sa.String(length=26), nullable=False),
        sa.Column("task", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account", sa.String(length=26), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("case", "task", "account", name="pk_draft"))


def _due() -> None:
    op.create_table(
        "due",
        sa.Column("case", sa.String(length=26), nullable=False),
        sa.Column("task", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("activity", sa.String(length=60), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("done_at", sa.String(length=27), nullable=True),
        sa.Column("owner", sa.String(length=26), nullable=True),
        sa.Column("lease_until", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("case", "task", "kind", name="pk_due"),
        sqlite_with_rowid=False)
    op.create_index("ix_due_open", "due", ["at", "case", "task"], unique=False,
                    sqlite_where=sa.text("done_at IS NULL"),
                    postgresql_where=sa.text("done_at IS NULL"))


def _edition() -> None:
    op.create_table(
        "edition",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("process", sa.String(length=60), nullable=False),
        sa.Column("meaning", sa.String(length=64), nullable=False),
        sa.Column("deployed_at", sa.String(length=27), nullable=False),
        sa.Column("deployed_by", sa.String(length=26), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_edition"),
        sa.UniqueConstraint("process", "number", name="uq_edition_process_number"))
    op.create_index("ix_edition_process", "edition", ["process"], unique=False)


def _edition_file() -> None:
    op.create_table(
        "edition_file",
        sa.Column("edition", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("edition", "path", name="pk_edition_file"))


def _effect() -> None:
    op.create_table(
        "effect",
        sa.Column("case", sa.String(length=26), nullable=False),
        sa.Column("task", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("activity", sa.String(length=60), nullable=False),
        sa.Column("operation", sa.String(length=60), nullable=False),
        sa.Column("arguments", sa.LargeBinary(), nullable=False),
        sa.Column("ordered_at", sa.String(length=27), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("owner", sa.String(length=26), nullable=True),
        sa.Column("lease_until", sa.String(length=27), nullable=True),
        sa.Column("next_try", sa.String(length=27), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.CheckConstraint("status IN ('ordered', 'done', 'failed', 'late', 'dropped', 'incident')", name="ck_effect_status"),
        sa.PrimaryKeyConstraint("case", "task", name="pk_effect"),
        sqlite_with_rowid=False)
    op.create_index("ix_effect_dropped", "effect", ["case", "task"], unique=False,
                    sqlite_where=sa.text("status = 'dropped'"),
                    postgresql_where=sa.text("status = 'dropped'"))
    op.create_index("ix_effect_incident", "effect", ["case", "task"], unique=False,
                    sqlite_where=sa.text("status = 'incident'"),
                    postgresql_where=sa.text("status = 'incident'"))
    op.create_index("ix_effect_ordered", "effect", ["case", "task"], unique=False,
                    sqlite_where=sa.text("status = 'ordered'"),
                    postgresql_where=sa.text("status = 'ordered'"))


def _erasure() -> None:
    op.create_table(
        "erasure",
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", name="pk_erasure"))


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("payload_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("state_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("previous", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", name="pk_event"),
        sqlite_with_rowid=False)


def _message() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("case", sa.String(length=26), nullable=True),
        sa.Column("notice", sa.String(length=60), nullable=False),
        sa.Column("recipient", sa.String(length=26), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("queued_at", sa.String(length=27), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("next_try", sa.String(length=27), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.String(length=27), nullable=True),
        sa.Column("channel", sa.String(length=10), server_default="surel", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("key", name="uq_message_key"))
    op.create_index("ix_message_case", "message", ["case"], unique=False)
    op.create_index("ix_message_open", "message", ["queued_at"], unique=False,
                    sqlite_where=sa.text("status = 'queued'"),
                    postgresql_where=sa.text("status = 'queued'"))
    op.create_index("ix_message_refused", "message", ["case"], unique=False,
                    sqlite_where=sa.text("status = 'refused'"),
                    postgresql_where=sa.text("status = 'refused'"))


def _number() -> None:
    op.create_table(
        "number",
        sa.Column("register", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.String(length=80), nullable=False),
        sa.Column("case", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("reserved_at", sa.String(length=27), nullable=False),
        sa.Column("voided_at", sa.String(length=27), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("register", "year", "sequence", name="pk_number"),
        sa.UniqueConstraint("text", name="uq_number_text"))
    op.create_index("ix_number_case", "number", ["case"], unique=False)
    op.create_index("uq_number_live", "number", ["register", "case"], unique=True,
                    sqlite_where=sa.text("voided_at IS NULL"),
                    postgresql_where=sa.text("voided_at IS NULL"))


def _payload() -> None:
    op.create_table(
        "payload",
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=True),
        sa.Column("key_id", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("chain", "seq", name="pk_payload"))


def _session() -> None:
    op.create_table(
        "session",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=26), nullable=True),
        sa.Column("appointment", sa.String(length=26), nullable=True),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("expires_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_session"))


def _setting() -> None:
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_setting"))


def _stored_file() -> None:
    op.create_table(
        "stored_file",
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("stored_at", sa.String(length=27), nullable=False),
        sa.Column("by", sa.String(length=26), nullable=True),
        sa.Column("original", sa.String(length=64), nullable=True),
        sa.Column("taken", sa.Text(), nullable=True),
        sa.Column("key_id", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("holder", "sha256", name="pk_stored_file"))


def _task() -> None:
    op.create_table(
        "task",
        sa.Column("case", sa.String(length=26), nullable=False),
        sa.Column("task", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("activity", sa.String(length=60), nullable=False),
        sa.Column("post", sa.String(length=60), nullable=False),
        sa.Column("opened_at", sa.String(length=27), nullable=False),
        sa.Column("due", sa.String(length=27), nullable=True),
        sa.Column("claimed_by", sa.String(length=26), nullable=True),
        sa.Column("closed_at", sa.String(length=27), nullable=True),
        sa.Column("closed_by", sa.String(length=26), nullable=True),
        sa.Column("closed_seq", sa.BigInteger(), nullable=True),
        sa.Column("urgency", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("case", "task", name="pk_task"),
        sqlite_with_rowid=False)
    op.create_index("ix_task_of_case", "task", ["case"], unique=False,
                    sqlite_where=sa.text("closed_at IS NULL"),
                    postgresql_where=sa.text("closed_at IS NULL"))
    op.create_index("ix_task_open", "task", ["post", "urgency", "opened_at", "case", "claimed_by", "closed_at"], unique=False,
                    sqlite_where=sa.text("closed_at IS NULL"),
                    postgresql_where=sa.text("closed_at IS NULL"))


def _token() -> None:
    op.create_table(
        "token",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=26), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("expires_at", sa.String(length=27), nullable=False),
        sa.Column("used_at", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("hash", name="pk_token"))


TABLES = {
    "access": _access,
    "account": _account,
    "answer": _answer,
    "appointment": _appointment,
    "attempt": _attempt,
    "cases": _cases,
    "delivery": _delivery,
    "document": _document,
    "draft": _draft,
    "due": _due,
    "edition": _edition,
    "edition_file": _edition_file,
    "effect": _effect,
    "erasure": _erasure,
    "event": _event,
    "message": _message,
    "number": _number,
    "payload": _payload,
    "session": _session,
    "setting": _setting,
    "stored_file": _stored_file,
    "task": _task,
    "token": _token,
}
