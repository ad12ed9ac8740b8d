"""The tables of standings: what each payee stands at between runs, and who is named where."""

from sqlalchemy import Boolean, Column, ForeignKeyConstraint, Index, Integer, Table, Text, Uuid

from calc_engine.adapters.database.line_columns import line_columns
from calc_engine.adapters.database.metadata import INSTANT, metadata

fact_reference = Table(
    "fact_reference",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("reference", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("version", Text, primary_key=True),
)
standing = Table(
    "standing",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("run_id", Uuid, nullable=False),
    Column("go_live", Text, nullable=False),
    Column("snapshot", Text, nullable=False),
    Column("system_identifier", Text, nullable=False),
    Column("renewed_at", INSTANT, nullable=False),
    Column("changes", Integer, nullable=False),
    Column("waits_because", Text),
    ForeignKeyConstraint(["tenant_id", "run_id"], ["run.tenant_id", "run.run_id"]),
)
standing_line = Table(
    "standing_line",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("line_id", Uuid, primary_key=True),
    Column("origin_line_id", Uuid, nullable=False),
    Column("payee_id", Text, nullable=False),
    Column("principal_id", Text, nullable=False),
    Column("currency", Text, nullable=False),
    *line_columns(),
    Column("nodes_address", Text, nullable=False),
    ForeignKeyConstraint(["tenant_id", "period"], ["standing.tenant_id", "standing.period"]),
    Index("ix_standing_line_payee", "tenant_id", "period", "payee_id"),
    Index("ix_standing_line_order", "tenant_id", "period", "order_id"),
)
standing_exception = Table(
    "standing_exception",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("exception_id", Uuid, primary_key=True),
    Column("code", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("what_to_do", Text, nullable=False),
    Column("payee_id", Text),
    Column("order_id", Text),
    Column("month", Text),
    Column("blocks", Boolean, nullable=False),
    ForeignKeyConstraint(["tenant_id", "period"], ["standing.tenant_id", "standing.period"]),
    Index("ix_standing_exception_payee", "tenant_id", "period", "payee_id"),
    Index("ix_standing_exception_order", "tenant_id", "period", "order_id"),
)
