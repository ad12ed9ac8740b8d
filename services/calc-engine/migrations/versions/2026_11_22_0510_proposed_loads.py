"""Opening balances and loans that wait for a second person; a repair that changed nothing says so.

Compatible with the previous release, which knows neither the tables nor the new outcome.
Locks: `rejected_record_outcome`, for the catalogue change; its rows are not checked again, because
the constraint only lets more through.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from premia_runtime.migrations import protect

revision = "0014_proposed_loads"
down_revision = "0013_records"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables, and let a repair say that it was known already."""
    op.create_table(
        "proposed_load",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("load_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rows", postgresql.JSONB(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "load_id", name=op.f("pk_proposed_load")),
        sa.UniqueConstraint(
            "tenant_id",
            "load_id",
            "made_by",
            name=op.f("uq_proposed_load_tenant_id_load_id_made_by"),
        ),
    )
    op.create_table(
        "load_decision",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("load_id", sa.Uuid(), nullable=False),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "load_id", name=op.f("pk_load_decision")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "load_id", "made_by"],
            ["proposed_load.tenant_id", "proposed_load.load_id", "proposed_load.made_by"],
            name=op.f("fk_load_decision_tenant_id_load_id_made_by"),
        ),
        sa.CheckConstraint(
            "to_status in ('approved', 'declined')", name=op.f("ck_load_decision_to_status")
        ),
        sa.CheckConstraint(
            "to_status <> 'approved' or by <> made_by", name=op.f("ck_load_decision_four_eyes")
        ),
    )
    for table in ("proposed_load", "load_decision"):
        protect(op, table, service="calc")
    constraint = op.f("ck_rejected_record_outcome_outcome")
    op.drop_constraint(constraint, "rejected_record_outcome")
    op.execute(
        f"alter table rejected_record_outcome add constraint {constraint} "
        "check (outcome in ('repaired', 'known', 'discarded')) not valid"
    )
