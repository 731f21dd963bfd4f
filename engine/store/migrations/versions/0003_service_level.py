"""The service level: working minutes of what is finished, counted as it finishes; clocks of open cases by kind.

Revision 0003, after 0002. What was finished before is not counted: its minutes were not kept.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MINUTES = "office_minutes IS NOT NULL"
STANDS = "NOT fires"


def upgrade() -> None:
    """Columns, their indexes, and the counts."""
    op.add_column("cases", sa.Column("promised", sa.String(length=27), nullable=True))
    op.add_column("cases", sa.Column("office_minutes", sa.Integer(), nullable=True))
    op.add_column("cases", sa.Column("applicant_minutes", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_cases_ended", "cases", ["process", "ended_at", "promised", "received_at"], unique=False)
    op.add_column("task", sa.Column("office_minutes", sa.Integer(), nullable=True))
    op.create_index("ix_task_done", "task", ["activity", "closed_at", "due"], unique=False, sqlite_where=sa.text(MINUTES),
                    postgresql_where=sa.text(MINUTES))
    op.create_index("ix_due_clock", "due", ["kind", "at", "case"], unique=False, sqlite_where=sa.text(STANDS),
                    postgresql_where=sa.text(STANDS))
    _service_count()


def downgrade() -> None:
    """Nothing is counted any more."""
    op.drop_table("service_count")
    op.drop_index("ix_due_clock", table_name="due")
    op.drop_index("ix_task_done", table_name="task")
    op.drop_column("task", "office_minutes")
    op.drop_index("ix_cases_ended", table_name="cases")
    for name in ("applicant_minutes", "office_minutes", "promised"):
        op.drop_column("cases", name)


def _service_count() -> None:
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
