"""Runs that go on from the period's last one.

Compatible with the previous release, whose runs calculate everything and say nothing of it.
Locks: `run` and `run_result`, for the catalogue change; no rewrite.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015_renewed_runs"
down_revision = "0014_proposed_loads"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a run ask for everything, and say what it went on from or why it did not."""
    op.add_column(
        "run", sa.Column("everything", sa.Boolean(), server_default="false", nullable=False)
    )
    op.add_column("run_result", sa.Column("base_run_id", sa.Uuid(), nullable=True))
    op.add_column("run_result", sa.Column("everything_because", sa.Text(), nullable=True))
