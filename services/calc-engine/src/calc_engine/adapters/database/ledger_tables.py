"""The tables of the payees' ledgers: insert-only, balanced by a constraint trigger."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from calc_engine.adapters.database.metadata import INSTANT, MONEY, metadata

ledger_posting = Table(
    "ledger_posting",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("posting_id", Uuid, primary_key=True),
    Column("statement_id", Uuid, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("payee_id", Uuid, nullable=False),
    Column("principal_id", Uuid, nullable=False),
    Column("period", Text, nullable=False),
    Column("posted_at", INSTANT, nullable=False),
    UniqueConstraint("tenant_id", "statement_id"),
    ForeignKeyConstraint(
        ["tenant_id", "statement_id", "revision"],
        [
            "statement_revision.tenant_id",
            "statement_revision.statement_id",
            "statement_revision.revision",
        ],
    ),
)
ledger_entry = Table(
    "ledger_entry",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("posting_id", Uuid, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("account", Text, nullable=False),
    Column("payee_id", Uuid, nullable=False),
    Column("principal_id", Uuid, nullable=False),
    Column("amount", MONEY, nullable=False),
    Column("currency", Text, nullable=False),
    ForeignKeyConstraint(
        ["tenant_id", "posting_id"], ["ledger_posting.tenant_id", "ledger_posting.posting_id"]
    ),
    CheckConstraint("account in ('earned', 'held', 'carried', 'payable')", name="account"),
    Index("ix_ledger_entry_payee", "tenant_id", "payee_id", "principal_id", "account"),
)
