"""Statements: revisions, lines, transitions, heads and tax answers.

Compatible with the previous release: it adds tables and changes none.
Locks: none that anybody waits for.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from premia_runtime.migrations import protect

revision = "0003_statements"
down_revision = "0002_runs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "statement",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("payee_id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "statement_id", name=op.f("pk_statement")),
        sa.UniqueConstraint(
            "tenant_id",
            "payee_id",
            "principal_id",
            "period",
            "currency",
            name=op.f("uq_statement_tenant_id_payee_id_principal_id_period_currency"),
        ),
    )
    op.create_table(
        "statement_revision",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("totals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("brought_forward", sa.Numeric(precision=19, scale=3), nullable=False),
        sa.Column("held", sa.Numeric(precision=19, scale=3), nullable=False),
        sa.Column("payable", sa.Numeric(precision=19, scale=3), nullable=False),
        sa.Column("carried_forward", sa.Numeric(precision=19, scale=3), nullable=False),
        sa.Column("lines_address", sa.Text(), nullable=False),
        sa.Column("lines_sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id", "made_by"],
            ["run.tenant_id", "run.run_id", "run.requested_by"],
            name=op.f("fk_statement_revision_tenant_id_run_id_made_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "statement_id"],
            ["statement.tenant_id", "statement.statement_id"],
            name=op.f("fk_statement_revision_tenant_id_statement_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "statement_id", "revision", name=op.f("pk_statement_revision")
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "statement_id",
            "revision",
            "made_by",
            name=op.f("uq_statement_revision_tenant_id_statement_id_revision_made_by"),
        ),
    )
    op.create_table(
        "statement_line",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("origin_line_id", sa.Uuid(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("competence", sa.Text(), nullable=False),
        sa.Column("original_period", sa.Text(), nullable=True),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=19, scale=3), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("credit_id", sa.Text(), nullable=True),
        sa.Column("share", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("node_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "statement_id", "revision"],
            [
                "statement_revision.tenant_id",
                "statement_revision.statement_id",
                "statement_revision.revision",
            ],
            name=op.f("fk_statement_line_tenant_id_statement_id_revision"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "statement_id", "revision", "line_id", name=op.f("pk_statement_line")
        ),
    )
    op.create_table(
        "statement_transition",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("accepted_code", sa.Text(), nullable=True),
        sa.Column("accepted_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "to_status <> 'approved' or (submitted_by is not null"
            " and by <> made_by and by <> submitted_by)",
            name=op.f("ck_statement_transition_four_eyes"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "statement_id", "revision", "made_by"],
            [
                "statement_revision.tenant_id",
                "statement_revision.statement_id",
                "statement_revision.revision",
                "statement_revision.made_by",
            ],
            name=op.f("fk_statement_transition_tenant_id_statement_id_revision_made_by"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "statement_id", "version", name=op.f("pk_statement_transition")
        ),
    )
    op.create_table(
        "statement_head",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("payee_id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "statement_id"],
            ["statement.tenant_id", "statement.statement_id"],
            name=op.f("fk_statement_head_tenant_id_statement_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "statement_id", name=op.f("pk_statement_head")),
    )
    op.create_index(
        "ix_statement_head_payee",
        "statement_head",
        ["tenant_id", "payee_id", "period"],
        unique=False,
    )
    op.create_index(
        "ix_statement_head_period",
        "statement_head",
        ["tenant_id", "period", "statement_id"],
        unique=False,
    )
    op.create_table(
        "statement_tax",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("net", sa.Numeric(precision=19, scale=3), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "statement_id", "revision"],
            [
                "statement_revision.tenant_id",
                "statement_revision.statement_id",
                "statement_revision.revision",
            ],
            name=op.f("fk_statement_tax_tenant_id_statement_id_revision"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "statement_id", "revision", "event_id", name=op.f("pk_statement_tax")
        ),
    )
    protect(op, "statement", service="calc")
    protect(op, "statement_revision", service="calc")
    protect(op, "statement_line", service="calc")
    protect(op, "statement_transition", service="calc")
    protect(
        op,
        "statement_head",
        service="calc",
        update_columns=(
            "revision",
            "status",
            "version",
            "submitted_by",
            "approved_by",
            "approved_at",
        ),
    )
    protect(op, "statement_tax", service="calc")
