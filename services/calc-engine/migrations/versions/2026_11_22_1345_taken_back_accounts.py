"""What was taken back of what had its payee's cap, so that it has had it when it comes again.

Compatible with the previous release, which writes no such account and goes on from none.
Locks: `statement_account`, for the catalogue change; the new check is not held against old rows,
which satisfy it.
"""

from alembic import op

revision = "0018_taken_back_accounts"
down_revision = "0017_statement_currency"
branch_labels = None
depends_on = None

ACCOUNTS = ("draw", "loan", "reserve", "capped", "taken_back", "carried", "opening", "forgiven")


def upgrade() -> None:
    """Let a statement keep what was taken back under a cap."""
    names = ", ".join(f"'{name}'" for name in ACCOUNTS)
    op.drop_constraint(op.f("ck_statement_account_account"), "statement_account", type_="check")
    op.execute(
        "alter table statement_account add constraint ck_statement_account_account "
        f"check (account in ({names})) not valid"
    )
