"""What is told of a run, in order, and who cancelled it.

Compatible with the previous release: it neither reads nor writes what is added.
Locks: `run_head` and `run_transition`, for the catalogue change only; no rewrite.
"""

import sqlalchemy as sa
from alembic import op

from premia_runtime.migrations import protect

revision = "0005_run_progress"
down_revision = "0004_ledger"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a run's progress be followed from any point of it."""
    for name in ("done", "parts", "progress_number"):
        op.add_column("run_head", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    op.execute("grant update (done, parts, progress_number) on run_head to calc_app")
    op.add_column("run_transition", sa.Column("by", sa.Uuid(), nullable=True))
    op.create_table(
        "run_progress",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("progress_percent", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["run.tenant_id", "run.run_id"],
            name=op.f("fk_run_progress_tenant_id_run_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "run_id", "number", name=op.f("pk_run_progress")),
    )
    protect(op, "run_progress", service="calc")
