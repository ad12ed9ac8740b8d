"""The payees' ledger, balanced by the database.

Compatible with the previous release: it adds tables and changes none.
Locks: none that anybody waits for.
"""

import sqlalchemy as sa
from alembic import op

from premia_runtime.migrations import protect

revision = "0004_ledger"
down_revision = "0003_statements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "ledger_posting",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("posting_id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("payee_id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "statement_id", "revision"],
            [
                "statement_revision.tenant_id",
                "statement_revision.statement_id",
                "statement_revision.revision",
            ],
            name=op.f("fk_ledger_posting_tenant_id_statement_id_revision"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "posting_id", name=op.f("pk_ledger_posting")),
        sa.UniqueConstraint(
            "tenant_id", "statement_id", name=op.f("uq_ledger_posting_tenant_id_statement_id")
        ),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("posting_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("payee_id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=19, scale=3), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "account in ('earned', 'held', 'carried', 'payable')",
            name=op.f("ck_ledger_entry_account"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "posting_id"],
            ["ledger_posting.tenant_id", "ledger_posting.posting_id"],
            name=op.f("fk_ledger_entry_tenant_id_posting_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "posting_id", "number", name=op.f("pk_ledger_entry")),
    )
    op.create_index(
        "ix_ledger_entry_payee",
        "ledger_entry",
        ["tenant_id", "payee_id", "principal_id", "account"],
        unique=False,
    )
    protect(op, "ledger_posting", service="calc")
    protect(op, "ledger_entry", service="calc")
    op.execute(
        """
        create function ledger_posting_is_balanced() returns trigger language plpgsql as $$
        declare
            unbalanced record;
        begin
            select currency, sum(amount) as difference into unbalanced
            from ledger_entry
            where tenant_id = new.tenant_id and posting_id = new.posting_id
            group by currency having sum(amount) <> 0 limit 1;
            if found then
                raise exception 'posting % is unbalanced by % %',
                    new.posting_id, unbalanced.difference, unbalanced.currency
                    using errcode = 'check_violation', constraint = 'ledger_balanced';
            end if;
            return null;
        end
        $$
        """
    )
    # Deferred, because the sides of a posting arrive one after the other.
    op.execute(
        "create constraint trigger ledger_balanced after insert on ledger_entry "
        "deferrable initially deferred for each row execute function ledger_posting_is_balanced()"
    )
