"""What-if questions and back-tests, and their jobs.

Compatible with the previous release: its worker hands back a job of a kind it does not know only
after an error, so stop the old workers before the first simulation is asked for.
Locks: `job`, to widen a check; the table holds few rows.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from premia_runtime.migrations import protect

revision = "0006_simulations"
down_revision = "0005_run_progress"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, and let jobs be simulations."""
    op.create_table(
        "simulation",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("simulation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("question", postgresql.JSONB(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "simulation_id", name=op.f("pk_simulation")),
    )
    op.create_index("ix_simulation_expires", "simulation", ["tenant_id", "expires_at"])
    op.create_table(
        "simulation_head",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("simulation_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("progress_percent", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("answer_address", sa.Text(), nullable=True),
        sa.Column("answer_sha256", sa.Text(), nullable=True),
        sa.Column("nodes_before", sa.Text(), nullable=True),
        sa.Column("nodes_after", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "simulation_id"],
            ["simulation.tenant_id", "simulation.simulation_id"],
            name=op.f("fk_simulation_head_tenant_id_simulation_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "simulation_id", name=op.f("pk_simulation_head")),
    )
    protect(op, "simulation", service="calc")
    protect(
        op,
        "simulation_head",
        service="calc",
        update_columns=(
            "status",
            "phase",
            "progress_percent",
            "done",
            "parts",
            "attempts",
            "failure",
            "answer_address",
            "answer_sha256",
            "nodes_before",
            "nodes_after",
        ),
    )
    op.drop_constraint(op.f("ck_job_kind"), "job", type_="check")
    op.create_check_constraint(
        op.f("ck_job_kind"), "job", "kind in ('run', 'replay', 'simulation')"
    )
