"""Create what SAP said when it refused an invoice.

Compatible with the previous release: it does not know the table.
Locks: none; the table is new.
Rehearsed: on an empty database.
"""

import sqlalchemy as sa
from alembic import op

from premia_runtime.migrations import protect

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SERVICE = "invoicing"


def upgrade() -> None:
    op.create_table(
        "document_rejections",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("message_class", sa.Text(), nullable=False),
        sa.Column("message_number", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("retryable", sa.Boolean(), nullable=False),
        sa.Column("rejected_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "document_id", "event_id", name=op.f("pk_document_rejections")
        ),
    )
    protect(op, "document_rejections", service=SERVICE)
