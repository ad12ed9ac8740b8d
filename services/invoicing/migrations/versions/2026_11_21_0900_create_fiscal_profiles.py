"""Create fiscal profiles, what they are read with, and the runtime's tables.

Compatible with the previous release: there is none that knows these tables.
Locks: none; the tables are new.
Rehearsed: on an empty database.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from premia_runtime.migrations import create_plumbing, protect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SERVICE = "invoicing"


def upgrade() -> None:
    create_plumbing(op, service=SERVICE)
    _create_party_snapshots()
    _create_fiscal_profile_revisions()
    _create_fiscal_profile_transitions()
    _create_fiscal_profiles()
    _create_posting_rules()


def _create_party_snapshots() -> None:
    op.create_table(
        "party_snapshots",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "kind", "party_id", "version", name=op.f("pk_party_snapshots")
        ),
    )
    protect(op, "party_snapshots", service=SERVICE)


def _create_fiscal_profile_revisions() -> None:
    op.create_table(
        "fiscal_profile_revisions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "profile_id", "revision", name=op.f("pk_fiscal_profile_revisions")
        ),
    )
    protect(op, "fiscal_profile_revisions", service=SERVICE)


def _create_fiscal_profile_transitions() -> None:
    op.create_table(
        "fiscal_profile_transitions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "to_status <> 'approved' or (by is not null and made_by is not null and by <> made_by)",
            name=op.f("ck_fiscal_profile_transitions_two_people"),
        ),
        sa.CheckConstraint(
            "to_status in ('draft', 'approved')", name=op.f("ck_fiscal_profile_transitions_status")
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "profile_id", "version", name=op.f("pk_fiscal_profile_transitions")
        ),
    )
    protect(op, "fiscal_profile_transitions", service=SERVICE)


def _create_fiscal_profiles() -> None:
    op.create_table(
        "fiscal_profiles",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payee_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("approved_revision", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_fiscal_profiles")),
        sa.UniqueConstraint("tenant_id", "payee_id", "valid_from", name="uq_fiscal_profiles_payee"),
    )
    protect(
        op,
        "fiscal_profiles",
        service=SERVICE,
        update_columns=("revision", "status", "version", "approved_revision"),
    )


def _create_posting_rules() -> None:
    op.create_table(
        "posting_rules",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "principal_id", "version", name=op.f("pk_posting_rules")
        ),
    )
    protect(op, "posting_rules", service=SERVICE)
