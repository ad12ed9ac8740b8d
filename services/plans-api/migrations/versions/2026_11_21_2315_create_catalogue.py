"""Create the catalogue: variables, KPIs, SLAs, state models, and what sources sent.

Compatible with the previous release: it knows none of these tables.
Locks: nothing that exists.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from premia_runtime.migrations import protect

revision = "0003"
down_revision = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SERVICE = "plans"


def upgrade() -> None:
    """Let plans build on named, versioned things."""
    _record("variable", "carrier", "name")
    for name in ("kpi", "sla", "state_model"):
        _record(name, "name")
    op.create_table(
        "seen_attribute",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "source", "name", name="pk_seen_attribute"),
    )
    protect(op, "seen_attribute", service=SERVICE, update_columns=("version", "body"))
    op.create_table(
        "unmapped_status",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "source", "field", "status", name="pk_unmapped_status"
        ),
    )
    protect(op, "unmapped_status", service=SERVICE)


def _record(name: str, *key: str) -> None:
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(column, sa.Text(), nullable=False) for column in key),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{name}"),
        sa.UniqueConstraint("tenant_id", *key, name=f"uq_{name}_tenant_id_{'_'.join(key)}"),
    )
    protect(op, name, service=SERVICE, update_columns=("version",))
    versions = f"{name}_version"
    op.create_table(
        versions,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", JSONB(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", "version", name=f"pk_{versions}"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            [f"{name}.tenant_id", f"{name}.id"],
            name=f"fk_{versions}_tenant_id_id",
        ),
        sa.CheckConstraint("version >= 1", name=f"ck_{versions}_version"),
    )
    protect(op, versions, service=SERVICE)
