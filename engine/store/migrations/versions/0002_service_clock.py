"""The service clock: alarms of clocks in the due table, the calendar by decree, jobs of the day, a choice of notices.

Revision 0002, after 0001. Rows of `due` are carried over: drawn timers fire, clocks of groups belong to the case.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = ("case", "task", "kind")


def upgrade() -> None:
    """Make the due table anew with its rows, then the calendar and what belongs to it."""
    op.rename_table("due", "due_before")
    op.drop_index("ix_due_open", table_name="due_before")
    _due()
    op.execute('INSERT INTO due ("case", task, kind, activity, at, fires) '
               "SELECT \"case\", CASE WHEN kind = 'timer' THEN task ELSE 0 END, kind, activity, at, kind = 'timer' "
               "FROM due_before WHERE done_at IS NULL")
    op.drop_table("due_before")
    _calendar()
    op.add_column("account", sa.Column("notify", sa.String(length=10), server_default="segera", nullable=False))


def downgrade() -> None:
    """Back to timers and clocks of groups alone."""
    op.drop_column("account", "notify")
    for name in ("daily_job", "calendar_change", "calendar_seed"):
        op.drop_table(name)
    op.rename_table("due", "due_after")
    op.drop_index("ix_due_firing", table_name="due_after")
    _due_before()
    op.execute('INSERT INTO due ("case", task, kind, activity, at) SELECT "case", task, kind, activity, at FROM due_after '
               "WHERE kind = 'timer' OR (kind LIKE 'kelompok:%' AND kind NOT LIKE '%!%')")
    op.drop_table("due_after")


def _due() -> None:
    op.create_table(
        "due", *_columns(),
        sa.Column("fires", sa.Boolean(), nullable=False),
        sa.Column("owner", sa.String(length=26), nullable=True),
        sa.Column("lease_until", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint(*KEY, name="pk_due_2"),
        sqlite_with_rowid=False)
    op.create_index("ix_due_firing", "due", ["at", "case", "task"], unique=False, sqlite_where=sa.text("fires"),
                    postgresql_where=sa.text("fires"))


def _due_before() -> None:
    op.create_table(
        "due", *_columns(),
        sa.Column("done_at", sa.String(length=27), nullable=True),
        sa.Column("owner", sa.String(length=26), nullable=True),
        sa.Column("lease_until", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint(*KEY, name="pk_due_1"),
        sqlite_with_rowid=False)
    op.create_index("ix_due_open", "due", ["at", "case", "task"], unique=False, sqlite_where=sa.text("done_at IS NULL"),
                    postgresql_where=sa.text("done_at IS NULL"))


def _columns() -> list[sa.Column[object]]:
    return [sa.Column("case", sa.String(length=26), nullable=False),
            sa.Column("task", sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column("kind", sa.String(length=60), nullable=False),
            sa.Column("activity", sa.String(length=60), nullable=False),
            sa.Column("at", sa.String(length=27), nullable=False)]


def _calendar() -> None:
    op.create_table(
        "calendar_seed",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("seeded_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_seed"))
    op.create_table(
        "calendar_change",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=True),
        sa.Column("decree", sa.String(length=200), nullable=False),
        sa.Column("set_at", sa.String(length=27), nullable=False),
        sa.Column("set_by", sa.String(length=26), nullable=True),
        sa.Column("reckoned_at", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_calendar_change"))
    op.create_table(
        "daily_job",
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("done_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("job", "day", name="pk_daily_job"))
