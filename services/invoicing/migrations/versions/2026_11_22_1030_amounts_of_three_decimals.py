"""Keep amounts of currencies with three decimals whole, and put back what was cut of them.

Compatible with the previous release: it writes as before, and lists documents with a third
decimal, such as 5525.000 EUR.
Locks: `statement_revisions`, `statement_approvals`, `document_contents` and `document_issues`,
against reads too, while each is rewritten.
Rehearsed: on statements, approvals and prepared documents in TND and EUR (test_migrations.py).
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

AMOUNT = sa.Numeric(precision=19, scale=3)
THREE_DECIMALS = "('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND')"
WHOLE_PAYABLE = f"""
    update statement_revisions set payable = greatest(0,
        (content ->> 'brought_forward')::numeric
        + (select coalesce(sum((total ->> 'amount')::numeric), 0)
           from jsonb_array_elements(content -> 'totals') as total))
    where currency in {THREE_DECIMALS}
"""  # noqa: S608 - only constants of this module are put together
WHOLE_APPROVED = f"""
    update statement_approvals as approval set payable = revision.payable
    from statement_revisions as revision
    where (revision.tenant_id, revision.statement_id, revision.revision)
        = (approval.tenant_id, approval.statement_id, approval.revision)
    and revision.currency in {THREE_DECIMALS}
"""  # noqa: S608 - only constants of this module are put together


def upgrade() -> None:
    for table in ("statement_revisions", "statement_approvals"):
        op.alter_column(table, "payable", type_=AMOUNT, existing_nullable=False)
        # Row level security hides every tenant's rows from the owner too while it is forced.
        op.execute(f"alter table {table} no force row level security")
    op.execute(WHOLE_PAYABLE)
    op.execute(WHOLE_APPROVED)
    for table in ("statement_revisions", "statement_approvals"):
        op.execute(f"alter table {table} force row level security")
    for table in ("document_contents", "document_issues"):
        columns = ", ".join(
            f"alter column {name} type numeric(19, 3) "
            f"using (payload::json #>> '{{tax,{name},amount}}')::numeric"
            for name in ("taxable", "vat", "withholding", "net")
        )
        op.execute(f"alter table {table} {columns}")
