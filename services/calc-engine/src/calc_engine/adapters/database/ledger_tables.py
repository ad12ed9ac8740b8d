"""The tables of ledgers and accruals: insert-only, balanced by a constraint trigger."""

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
    Column("statement_id", Uuid),
    Column("revision", Integer),
    Column("accrual_batch_id", Uuid),
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
    ForeignKeyConstraint(
        ["tenant_id", "accrual_batch_id"], ["accrual_batch.tenant_id", "accrual_batch.batch_id"]
    ),
    CheckConstraint(
        "num_nonnulls(statement_id, accrual_batch_id) = 1"
        " and num_nulls(statement_id, revision) in (0, 2)",
        name="one_cause",
    ),
)
ledger_entry = Table(
    "ledger_entry",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("posting_id", Uuid, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("account", Text, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("payee_id", Uuid, nullable=False),
    Column("principal_id", Uuid, nullable=False),
    Column("amount", MONEY, nullable=False),
    Column("currency", Text, nullable=False),
    ForeignKeyConstraint(
        ["tenant_id", "posting_id"], ["ledger_posting.tenant_id", "ledger_posting.posting_id"]
    ),
    CheckConstraint(
        "account in ('earned', 'held', 'carried', 'payable', 'receivable', 'draw', 'loan',"
        " 'reserve', 'opening', 'forgiven', 'accrued', 'accrued_against', 'exchange')",
        name="account",
    ),
    Index("ix_ledger_entry_payee", "tenant_id", "payee_id", "principal_id", "account"),
)
accrual_batch = Table(
    "accrual_batch",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("batch_id", Uuid, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("period", Text, nullable=False),
    Column("run_id", Uuid),
    Column("reverses", Uuid),
    Column("posted_by", Uuid, nullable=False),
    Column("posted_at", INSTANT, nullable=False),
    UniqueConstraint("tenant_id", "number"),
    UniqueConstraint("tenant_id", "reverses"),
    ForeignKeyConstraint(
        ["tenant_id", "reverses"], ["accrual_batch.tenant_id", "accrual_batch.batch_id"]
    ),
    CheckConstraint("(number = 1) = (reverses is null)", name="takes_back_the_one_before"),
)
accrual_line = Table(
    "accrual_line",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("batch_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("payee_id", Uuid, nullable=False),
    Column("principal_id", Uuid, nullable=False),
    Column("plan", Text, nullable=False),
    Column("component", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("unapproved", MONEY, nullable=False),
    Column("held", MONEY, nullable=False),
    ForeignKeyConstraint(
        ["tenant_id", "batch_id"], ["accrual_batch.tenant_id", "accrual_batch.batch_id"]
    ),
)
run_held = Table(
    "run_held",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("run_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("payee_id", Uuid, nullable=False),
    Column("principal_id", Uuid, nullable=False),
    Column("plan", Text, nullable=False),
    Column("component", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("held", MONEY, nullable=False),
    ForeignKeyConstraint(["tenant_id", "run_id"], ["run.tenant_id", "run.run_id"]),
)
