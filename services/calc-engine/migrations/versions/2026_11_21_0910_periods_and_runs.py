"""Periods, calculation runs, their results, replays and jobs.

Compatible with the previous release: it adds tables and changes none.
Locks: none that anybody waits for.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from premia_runtime.migrations import protect, system_may

revision = "0002_runs"
down_revision = "0001_facts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "period",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'", name=op.f("ck_period_month")),
        sa.PrimaryKeyConstraint("tenant_id", "month", name=op.f("pk_period")),
    )
    op.create_table(
        "period_transition",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("excluded", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "to_status <> 'closed' or (requested_by is not null and by <> requested_by)",
            name=op.f("ck_period_transition_four_eyes"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "month"],
            ["period.tenant_id", "period.month"],
            name=op.f("fk_period_transition_tenant_id_month"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "month", "version", name=op.f("pk_period_transition")),
    )
    op.create_table(
        "period_head",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("close_requested_by", sa.Uuid(), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "excluded", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.CheckConstraint(
            "status <> 'closed' or (close_requested_by is not null"
            " and closed_by <> close_requested_by)",
            name=op.f("ck_period_head_four_eyes"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "month"],
            ["period.tenant_id", "period.month"],
            name=op.f("fk_period_head_tenant_id_month"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "month", name=op.f("pk_period_head")),
    )
    op.create_table(
        "run",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("as_known_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wait_seconds", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "run_id", name=op.f("pk_run")),
        sa.UniqueConstraint(
            "tenant_id", "run_id", "requested_by", name=op.f("uq_run_tenant_id_run_id_requested_by")
        ),
    )
    op.create_table(
        "run_transition",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["run.tenant_id", "run.run_id"],
            name=op.f("fk_run_transition_tenant_id_run_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "run_id", "version", name=op.f("pk_run_transition")),
    )
    op.create_table(
        "run_head",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("progress_percent", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["run.tenant_id", "run.run_id"],
            name=op.f("fk_run_head_tenant_id_run_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "run_id", name=op.f("pk_run_head")),
    )
    op.create_index(
        "uq_run_head_one_at_a_time",
        "run_head",
        ["tenant_id", "period"],
        unique=True,
        postgresql_where=sa.text("status in ('queued', 'running')"),
    )
    op.create_table(
        "run_result",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("makes_statements", sa.Boolean(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("manifest_address", sa.Text(), nullable=False),
        sa.Column("manifest_digest", sa.Text(), nullable=False),
        sa.Column("result_digest", sa.Text(), nullable=False),
        sa.Column("nodes_address", sa.Text(), nullable=False),
        sa.Column("lines_address", sa.Text(), nullable=False),
        sa.Column("lines_sha256", sa.Text(), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["run.tenant_id", "run.run_id"],
            name=op.f("fk_run_result_tenant_id_run_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "run_id", name=op.f("pk_run_result")),
    )
    op.create_index(
        "ix_run_result_period", "run_result", ["tenant_id", "period", "completed_at"], unique=False
    )
    op.create_table(
        "run_statement",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "run_id", "statement_id", name=op.f("pk_run_statement")
        ),
    )
    op.create_table(
        "run_exception",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("what_to_do", sa.Text(), nullable=False),
        sa.Column("payee_id", sa.Text(), nullable=True),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("month", sa.Text(), nullable=True),
        sa.Column("blocks", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "run_id", "number", name=op.f("pk_run_exception")),
    )
    op.create_table(
        "run_cell",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("payee_id", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("node_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("ratio", sa.Text(), nullable=True),
        sa.Column("percent", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint(
            "tenant_id",
            "run_id",
            "payee_id",
            "measure",
            "month",
            "node_id",
            name=op.f("pk_run_cell"),
        ),
    )
    op.create_table(
        "replay",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("replay_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("result_digest", sa.Text(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["run.tenant_id", "run.run_id"],
            name=op.f("fk_replay_tenant_id_run_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "replay_id", name=op.f("pk_replay")),
    )
    op.create_table(
        "job",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), server_default="queued", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("kind in ('run', 'replay')", name=op.f("ck_job_kind")),
        sa.PrimaryKeyConstraint("tenant_id", "job_id", name=op.f("pk_job")),
    )
    op.create_index(
        "ix_job_waiting",
        "job",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("status = 'queued'"),
    )
    protect(op, "period", service="calc")
    protect(op, "period_transition", service="calc")
    protect(
        op,
        "period_head",
        service="calc",
        update_columns=(
            "status",
            "version",
            "close_requested_by",
            "closed_by",
            "closed_at",
            "excluded",
        ),
    )
    protect(op, "run", service="calc")
    protect(op, "run_transition", service="calc")
    protect(
        op,
        "run_head",
        service="calc",
        update_columns=("status", "version", "phase", "progress_percent", "attempts", "failure"),
    )
    protect(op, "run_result", service="calc")
    protect(op, "run_statement", service="calc")
    protect(op, "run_exception", service="calc")
    protect(op, "run_cell", service="calc")
    protect(op, "replay", service="calc", update_columns=("status", "result_digest", "failure"))
    protect(op, "job", service="calc")
    # The worker finds jobs of every tenant; it reads nothing else of them.
    system_may(op, "job", service="calc", update_columns=("status", "attempts", "leased_until"))
