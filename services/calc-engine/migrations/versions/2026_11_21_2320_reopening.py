"""Closed months that two people open again.

Compatible with the previous release as long as no month is reopened: it does not know the state.
Locks: `period_head` and `period_transition`, for the catalogue change only; no rewrite.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009_reopening"
down_revision = "0008_accruals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep who asked for a reopening, and why."""
    op.add_column("period_head", sa.Column("reopen_requested_by", sa.Uuid(), nullable=True))
    op.add_column("period_head", sa.Column("reopen_reason", sa.Text(), nullable=True))
    op.execute("grant update (reopen_requested_by, reopen_reason) on period_head to calc_app")
    op.execute(
        "alter table period_transition add constraint ck_period_transition_reopened_by_two check "
        "(to_status <> 'open' or requested_by is null or by <> requested_by) not valid"
    )
