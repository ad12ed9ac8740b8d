"""Create the catalogue of order attributes and of statuses that no mapping knows.

Compatible with the previous release: it knows none of these tables.
Locks: none; the tables are new.
Rehearsed: on an empty database by every test run.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from premia_runtime.migrations import protect

revision = "create_attribute_catalogue"
down_revision = "create_sap_feed"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SERVICE = "connectors"


def upgrade() -> None:
    """Let connectors know what it told of each attribute and status."""
    op.create_table(
        "order_attribute",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("value_type", sa.Text(), nullable=False),
        sa.Column("mapping_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("label_it", sa.Text(), nullable=True),
        sa.Column("label_en", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("personal", sa.Boolean(), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=True),
        sa.Column("records", sa.BigInteger(), nullable=False),
        sa.Column("filled", sa.BigInteger(), nullable=False),
        sa.Column("samples", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "standing in ('mapped', 'unmapped', 'withdrawn')",
            name=op.f("ck_order_attribute_standing"),
        ),
        sa.CheckConstraint("filled <= records", name=op.f("ck_order_attribute_filled")),
        sa.PrimaryKeyConstraint("tenant_id", "source_id", "name", name=op.f("pk_order_attribute")),
    )
    protect(
        op,
        "order_attribute",
        service=SERVICE,
        update_columns=(
            "field",
            "standing",
            "value_type",
            "mapping_version",
            "version",
            "label_it",
            "label_en",
            "unit",
            "personal",
            "first_seen",
            "records",
            "filled",
            "samples",
        ),
    )
    op.create_table(
        "unmapped_status",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("first_message_id", sa.Uuid(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "source_id", "field", "status", name=op.f("pk_unmapped_status")
        ),
    )
    protect(op, "unmapped_status", service=SERVICE)
