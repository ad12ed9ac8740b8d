"""Runs that only look, beside the one that makes a month's statements.

Compatible with the previous release, whose runs are of the month; it must start no run with
`as_known_at` while both run, because those are inquiries now.
Locks: `run` and `run_head`, for the catalogue change, marking of past inquiries and an index over
the few runs at work.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010_inquiries"
down_revision = "0009_reopening"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tell inquiries from runs that make statements."""
    for table in ("run", "run_head"):
        op.add_column(table, sa.Column("kind", sa.Text(), server_default="period", nullable=False))
    op.execute("alter table run disable row level security")
    op.execute("alter table run_head disable row level security")
    op.execute("update run set kind = 'inquiry' where as_known_at is not null")
    op.execute(
        "update run_head set kind = 'inquiry' from run where run.as_known_at is not null"
        " and run.tenant_id = run_head.tenant_id and run.run_id = run_head.run_id"
    )
    op.execute("alter table run enable row level security")
    op.execute("alter table run_head enable row level security")
    op.create_check_constraint(
        op.f("ck_run_known_then_only_looks"), "run", "as_known_at is null or kind = 'inquiry'"
    )
    op.drop_index("uq_run_head_one_at_a_time", table_name="run_head")
    op.create_index(
        "uq_run_head_one_at_a_time",
        "run_head",
        ["tenant_id", "period"],
        unique=True,
        postgresql_where=sa.text("status in ('queued', 'running') and kind = 'period'"),
    )
