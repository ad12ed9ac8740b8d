"""Whom an exception touches, what hangs on it, and who took it on.

Compatible with the previous release: it neither reads nor writes what is added; exceptions that
it stores have no id, and the next run's do.
Locks: `run_exception`, for the catalogue change and a small index; no rewrite.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from premia_runtime.migrations import protect

revision = "0007_exception_desk"
down_revision = "0006_simulations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give exceptions an identity over runs."""
    for column in (
        sa.Column("exception_id", sa.Uuid(), nullable=True),
        sa.Column("payees", postgresql.JSONB(), nullable=True),
        sa.Column("orders", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=19, scale=3), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("estimate", sa.Text(), nullable=True),
    ):
        op.add_column("run_exception", column)
    op.create_index("ix_run_exception_identity", "run_exception", ["tenant_id", "exception_id"])
    op.create_table(
        "exception_acceptance",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("exception_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["run.tenant_id", "run.run_id"],
            name=op.f("fk_exception_acceptance_tenant_id_run_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "period", "exception_id", name=op.f("pk_exception_acceptance")
        ),
    )
    protect(op, "exception_acceptance", service="calc")
