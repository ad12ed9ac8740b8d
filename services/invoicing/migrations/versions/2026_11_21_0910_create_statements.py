"""Create statement revisions, their approvals and the tax answers to them.

Compatible with the previous release: there is none that knows these tables.
Locks: none; the tables are new.
Rehearsed: on an empty database.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from premia_runtime.migrations import protect

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SERVICE = "invoicing"


def upgrade() -> None:
    _create_statement_revisions()
    _create_statement_approvals()
    _create_tax_answers()


def _create_statement_revisions() -> None:
    op.create_table(
        "statement_revisions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("payee_id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("payable", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "statement_id", "revision", name=op.f("pk_statement_revisions")
        ),
    )
    op.create_index(
        "ix_statement_revisions_payee",
        "statement_revisions",
        ["tenant_id", "payee_id"],
        unique=False,
    )
    protect(op, "statement_revisions", service=SERVICE)


def _create_statement_approvals() -> None:
    op.create_table(
        "statement_approvals",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("payee_id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("payable", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "statement_id", name=op.f("pk_statement_approvals")),
    )
    protect(op, "statement_approvals", service=SERVICE)


def _create_tax_answers() -> None:
    op.create_table(
        "tax_answers",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("answer_no", sa.Integer(), nullable=False),
        sa.Column("statement_digest", sa.Text(), nullable=False),
        sa.Column("payee_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(), nullable=False),
        sa.Column("record", postgresql.JSONB(), nullable=False),
        sa.Column("assumed_payment_on", sa.Date(), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=True),
        sa.Column("profile_revision", sa.Integer(), nullable=True),
        sa.Column("regime", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status in ('ok', 'blocked')", name=op.f("ck_tax_answers_status")),
        sa.PrimaryKeyConstraint(
            "tenant_id", "statement_id", "revision", "answer_no", name=op.f("pk_tax_answers")
        ),
    )
    protect(op, "tax_answers", service=SERVICE)
