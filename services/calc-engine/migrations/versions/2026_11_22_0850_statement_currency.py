"""Statements in the currency that a plan names, beside what they are in the plan's.

Compatible with the previous release as long as no plan names a currency for statements: it writes
statements in the plan's currency, as before, and does not know the new account of the ledger.
Publish no plan with `currencies.statement` before every process of calc-engine is new.
Locks: `statement_revision`, `statement_head`, `statement_line`, `standing_line` and
`ledger_entry`, for catalogue changes; the new check is not held against old rows, which satisfy it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017_statement_currency"
down_revision = "0016_capped_accounts"
branch_labels = None
depends_on = None

ACCOUNTS = (
    "earned",
    "held",
    "carried",
    "payable",
    "receivable",
    "draw",
    "loan",
    "reserve",
    "opening",
    "forgiven",
    "accrued",
    "accrued_against",
    "exchange",
)


def upgrade() -> None:
    """Keep what statements say in their own currency, and by what rates."""
    op.add_column("statement_revision", sa.Column("stated", postgresql.JSONB(), nullable=True))
    op.add_column("statement_head", sa.Column("stated_in", sa.Text(), nullable=True))
    op.execute("grant update (stated_in) on statement_head to calc_app")
    for table in ("statement_line", "standing_line"):
        op.add_column(table, sa.Column("rates", sa.Text(), nullable=True))
    money = sa.Numeric(precision=19, scale=3)
    op.add_column("statement_line", sa.Column("stated", money, nullable=True))
    op.add_column("statement_line", sa.Column("stated_node_id", sa.Uuid(), nullable=True))
    op.drop_constraint(op.f("ck_ledger_entry_account"), "ledger_entry", type_="check")
    names = ", ".join(f"'{name}'" for name in ACCOUNTS)
    op.execute(
        "alter table ledger_entry add constraint ck_ledger_entry_account "
        f"check (account in ({names})) not valid"
    )
