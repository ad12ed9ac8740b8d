"""Loaded rows that wait for repair, and adjustments that another person approves.

Compatible with the previous release: it knows none of these tables.
Locks: none on what is there.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from premia_runtime.migrations import protect

revision = "0013_records"
down_revision = "0012_references"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Keep what could not be used, and who approved what."""
    _create_rejected()
    _create_adjustments()
    for table in (
        "rejected_record",
        "rejected_record_outcome",
        "adjustment",
        "adjustment_decision",
    ):
        protect(op, table, service="calc")


def _create_rejected() -> None:
    op.create_table(
        "rejected_record",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("rejected_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("row", sa.Text(), nullable=False),
        sa.Column("problems", postgresql.JSONB(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("loaded_by", sa.Uuid(), nullable=True),
        sa.Column("loaded_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "rejected_id", name=op.f("pk_rejected_record")),
    )
    op.create_table(
        "rejected_record_outcome",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("rejected_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint(
            "tenant_id", "rejected_id", name=op.f("pk_rejected_record_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "rejected_id"],
            ["rejected_record.tenant_id", "rejected_record.rejected_id"],
            name=op.f("fk_rejected_record_outcome_tenant_id_rejected_id"),
        ),
        sa.CheckConstraint(
            "outcome in ('repaired', 'discarded')",
            name=op.f("ck_rejected_record_outcome_outcome"),
        ),
    )


def _create_adjustments() -> None:
    op.create_table(
        "adjustment",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("adjustment_id", sa.Uuid(), nullable=False),
        sa.Column("payee_id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=19, scale=3), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "adjustment_id", name=op.f("pk_adjustment")),
        sa.UniqueConstraint(
            "tenant_id",
            "adjustment_id",
            "made_by",
            name=op.f("uq_adjustment_tenant_id_adjustment_id_made_by"),
        ),
    )
    op.create_index(
        "ix_adjustment_made_at", "adjustment", ["tenant_id", "made_at", "adjustment_id"]
    )
    op.create_table(
        "adjustment_decision",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("adjustment_id", sa.Uuid(), nullable=False),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "adjustment_id", name=op.f("pk_adjustment_decision")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "adjustment_id", "made_by"],
            ["adjustment.tenant_id", "adjustment.adjustment_id", "adjustment.made_by"],
            name=op.f("fk_adjustment_decision_tenant_id_adjustment_id_made_by"),
        ),
        sa.CheckConstraint(
            "to_status in ('approved', 'declined')",
            name=op.f("ck_adjustment_decision_to_status"),
        ),
        sa.CheckConstraint(
            "to_status <> 'approved' or by <> made_by",
            name=op.f("ck_adjustment_decision_four_eyes"),
        ),
    )
