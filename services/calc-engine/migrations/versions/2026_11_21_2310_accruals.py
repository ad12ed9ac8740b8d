"""Accrual batches: what a close finds earned and not payable yet.

Compatible with the previous release: it posts statements as before, and fails only if it shows a
ledger that holds a posting of an accrual; roll forward before the first close.
Locks: `ledger_posting` and `ledger_entry`, for catalogue changes; the new checks are not held
against old rows, which satisfy them.
"""

import sqlalchemy as sa
from alembic import op

from premia_runtime.migrations import protect

revision = "0008_accruals"
down_revision = "0007_exception_desk"
branch_labels = None
depends_on = None

MONEY = sa.Numeric(precision=19, scale=3)


def upgrade() -> None:
    """Let the ledger be posted at a close."""
    op.create_table(
        "accrual_batch",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("reverses", sa.Uuid(), nullable=True),
        sa.Column("posted_by", sa.Uuid(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "batch_id", name=op.f("pk_accrual_batch")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_accrual_batch_tenant_id_number")),
        sa.UniqueConstraint(
            "tenant_id", "reverses", name=op.f("uq_accrual_batch_tenant_id_reverses")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "reverses"],
            ["accrual_batch.tenant_id", "accrual_batch.batch_id"],
            name=op.f("fk_accrual_batch_tenant_id_reverses"),
        ),
        sa.CheckConstraint(
            "(number = 1) = (reverses is null)",
            name=op.f("ck_accrual_batch_takes_back_the_one_before"),
        ),
    )
    _create_amounts("accrual_line", "batch_id", "accrual_batch", with_unapproved=True)
    _create_amounts("run_held", "run_id", "run", with_unapproved=False)
    for table in ("accrual_batch", "accrual_line", "run_held"):
        protect(op, table, service="calc")
    _let_batches_post()


def _create_amounts(table: str, owner: str, owners: str, *, with_unapproved: bool) -> None:
    unapproved = [sa.Column("unapproved", MONEY, nullable=False)] if with_unapproved else []
    op.create_table(
        table,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column(owner, sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("payee_id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        *unapproved,
        sa.Column("held", MONEY, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", owner, "number", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["tenant_id", owner],
            [f"{owners}.tenant_id", f"{owners}.{owner}"],
            name=op.f(f"fk_{table}_tenant_id_{owner}"),
        ),
    )


def _let_batches_post() -> None:
    op.alter_column("ledger_posting", "statement_id", nullable=True)
    op.alter_column("ledger_posting", "revision", nullable=True)
    op.add_column("ledger_posting", sa.Column("accrual_batch_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_ledger_posting_tenant_id_accrual_batch_id"),
        "ledger_posting",
        "accrual_batch",
        ["tenant_id", "accrual_batch_id"],
        ["tenant_id", "batch_id"],
    )
    op.execute(
        "alter table ledger_posting add constraint ck_ledger_posting_one_cause check "
        "(num_nonnulls(statement_id, accrual_batch_id) = 1"
        " and num_nulls(statement_id, revision) in (0, 2)) not valid"
    )
    op.drop_constraint(op.f("ck_ledger_entry_account"), "ledger_entry", type_="check")
    op.execute(
        "alter table ledger_entry add constraint ck_ledger_entry_account check (account in "
        "('earned', 'held', 'carried', 'payable', 'accrued', 'accrued_against')) not valid"
    )
