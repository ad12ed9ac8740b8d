"""What a payee's cap took of a component, so that a later reversal does not take it back.

Compatible with the previous release, which writes no such account and goes on from none.
Locks: `statement_account`, for the catalogue change; the new check is not held against old rows,
which satisfy it.
"""

from alembic import op

revision = "0016_capped_accounts"
down_revision = "0015_renewed_runs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a statement keep what caps took."""
    op.drop_constraint(op.f("ck_statement_account_account"), "statement_account", type_="check")
    op.execute(
        "alter table statement_account add constraint ck_statement_account_account check (account "
        "in ('draw', 'loan', 'reserve', 'capped', 'carried', 'opening', 'forgiven')) not valid"
    )
