"""Tables of the first schema that keep the office's time: its calendar, its daily jobs, what it finished."""

import sqlalchemy as sa
from alembic import op


def calendar_change() -> None:
    """Days set by decree."""
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


def calendar_seed() -> None:
    """The calendar as it was seeded."""
    op.create_table(
        "calendar_seed",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("seeded_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_seed"))


def daily_job() -> None:
    """Jobs that were done on a day."""
    op.create_table(
        "daily_job",
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("done_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("job", "day", name="pk_daily_job"))


def service_count() -> None:
    """Finished tasks and cases, counted."""
    op.create_table(
        "service_count",
        sa.Column("process", sa.String(length=60), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("activity", sa.String(length=60), nullable=False),
        sa.Column("post", sa.String(length=60), nullable=False),
        sa.Column("verdict", sa.String(length=5), nullable=False),
        sa.Column("minutes", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("process", "month", "activity", "post", "verdict", "minutes", name="pk_service_count"),
        sqlite_with_rowid=False)
