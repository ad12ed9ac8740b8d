"""What terms of payment do to the accounts of a statement's payee, and to the ledger.

Compatible with the previous release: it writes statements without accounts, as before, and fails
only where it shows a ledger that holds an entry on one of the new accounts; roll forward before
the first statement that has one is approved.
Locks: `statement_revision` and `ledger_entry`, for catalogue changes; the new check is not held
against old rows, which satisfy it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from premia_runtime.migrations import protect

revision = "0011_payment_accounts"
down_revision = "0010_inquiries"
branch_labels = None
depends_on = None

MONEY = sa.Numeric(precision=19, scale=3)


def upgrade() -> None:
    """Keep where draws, loans and reserves stand after each revision, and post them."""
    op.create_table(
        "statement_account",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("before", MONEY, nullable=False),
        sa.Column("opened", MONEY, nullable=False),
        sa.Column("moved", MONEY, nullable=False),
        sa.Column("after", MONEY, nullable=False),
        sa.Column("parts", postgresql.JSONB(), nullable=False),
        sa.Column("openings", postgresql.JSONB(), nullable=False),
        sa.Column("was_full", sa.Boolean(), nullable=False),
        sa.Column("node_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint(
            "tenant_id", "statement_id", "revision", "number", name=op.f("pk_statement_account")
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "statement_id",
            "revision",
            "account",
            "name",
            name=op.f("uq_statement_account_tenant_id_statement_id_revision_account_name"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "statement_id", "revision"],
            [
                "statement_revision.tenant_id",
                "statement_revision.statement_id",
                "statement_revision.revision",
            ],
            name=op.f("fk_statement_account_tenant_id_statement_id_revision"),
        ),
        sa.CheckConstraint(
            "account in ('draw', 'loan', 'reserve', 'carried', 'opening', 'forgiven')",
            name=op.f("ck_statement_account_account"),
        ),
    )
    protect(op, "statement_account", service="calc")
    op.add_column(
        "statement_revision", sa.Column("receivable", MONEY, nullable=False, server_default="0")
    )
    op.add_column("ledger_entry", sa.Column("name", sa.Text(), nullable=False, server_default=""))
    op.drop_constraint(op.f("ck_ledger_entry_account"), "ledger_entry", type_="check")
    op.execute(
        "alter table ledger_entry add constraint ck_ledger_entry_account check (account in "
        "('earned', 'held', 'carried', 'payable', 'receivable', 'draw', 'loan', 'reserve',"
        " 'opening', 'forgiven', 'accrued', 'accrued_against')) not valid"
    )
