"""The calendar's tables can be taken over as a whole: a row of `calendar_change` is one day, or all tables.

Revision 0004, after 0003. Going back, the office goes on counting on the tables it took over last: they become those
it began with.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NEWEST = "SELECT tables FROM calendar_change WHERE tables IS NOT NULL ORDER BY number DESC LIMIT 1"


def upgrade() -> None:
    """Room for whole tables, and for the decrees behind them."""
    with op.batch_alter_table("calendar_change") as table:
        table.add_column(sa.Column("tables", sa.LargeBinary(), nullable=True))
    _day_is_needed(False, decree=500)


def downgrade() -> None:
    """Single days alone."""
    op.execute(f"UPDATE calendar_seed SET body = ({NEWEST}) WHERE EXISTS ({NEWEST})")
    op.execute("DELETE FROM calendar_change WHERE tables IS NOT NULL")
    _day_is_needed(True, decree=200)
    with op.batch_alter_table("calendar_change") as table:
        table.drop_column("tables")


def _day_is_needed(needed: bool, decree: int) -> None:
    with op.batch_alter_table("calendar_change") as table:
        table.alter_column("day", existing_type=sa.String(length=10), nullable=not needed)
        table.alter_column("works", existing_type=sa.Boolean(), nullable=not needed)
        table.alter_column("decree", existing_type=sa.String(), existing_nullable=False, type_=sa.String(length=decree))
