"""The tables of calc-engine.  Content and transitions are insert-only; heads change by column."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import UserDefinedType

from premia_runtime.database import new_metadata
from premia_runtime.plumbing import plumbing_tables

metadata = new_metadata()
plumbing = plumbing_tables(metadata)

INSTANT = DateTime(timezone=True)
MONEY = Numeric(18, 2)


class TransactionId(UserDefinedType[str]):
    """PostgreSQL's xid8: the transaction that wrote a row, never reused."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """Return the type's name."""
        return "xid8"


fact = Table(
    "fact",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("known_at", INSTANT, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("body", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("recorded_at", INSTANT, nullable=False, server_default=func.now()),
    Column("xid", TransactionId, nullable=False, server_default=text("pg_current_xact_id()")),
    Index("ix_fact_xid", "tenant_id", "xid"),
)
fact_conflict = Table(
    "fact_conflict",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("known_at", INSTANT, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("body", Text, nullable=False),
    Column("recorded_at", INSTANT, nullable=False, server_default=func.now()),
)
segment = Table(
    "segment",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("address", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("snapshot", Text, nullable=False),
    Column("system_identifier", Text, nullable=False),
    Column("sealed_at", INSTANT, nullable=False),
)
period = Table(
    "period",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("month", Text, primary_key=True),
    Column("opened_by", Uuid, nullable=False),
    Column("opened_at", INSTANT, nullable=False),
    CheckConstraint("month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'", name="month"),
)
period_transition = Table(
    "period_transition",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("month", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("to_status", Text, nullable=False),
    Column("by", Uuid, nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("reason", Text),
    Column("requested_by", Uuid),
    Column("excluded", JSONB, nullable=False),
    ForeignKeyConstraint(["tenant_id", "month"], ["period.tenant_id", "period.month"]),
    CheckConstraint(
        "to_status <> 'closed' or (requested_by is not null and by <> requested_by)",
        name="four_eyes",
    ),
)
period_head = Table(
    "period_head",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("month", Text, primary_key=True),
    Column("status", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("opened_at", INSTANT, nullable=False),
    Column("close_requested_by", Uuid),
    Column("closed_by", Uuid),
    Column("closed_at", INSTANT),
    Column("excluded", JSONB, nullable=False, server_default="[]"),
    ForeignKeyConstraint(["tenant_id", "month"], ["period.tenant_id", "period.month"]),
    CheckConstraint(
        "status <> 'closed' or (close_requested_by is not null"
        " and closed_by <> close_requested_by)",
        name="four_eyes",
    ),
)
run = Table(
    "run",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("run_id", Uuid, primary_key=True),
    Column("period", Text, nullable=False),
    Column("as_known_at", INSTANT),
    Column("wait_seconds", Integer, nullable=False),
    Column("requested_by", Uuid, nullable=False),
    Column("requested_at", INSTANT, nullable=False),
    Column("correlation_id", Uuid, nullable=False),
    UniqueConstraint("tenant_id", "run_id", "requested_by"),
)
run_transition = Table(
    "run_transition",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("run_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("to_status", Text, nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("reason", Text),
    ForeignKeyConstraint(["tenant_id", "run_id"], ["run.tenant_id", "run.run_id"]),
)
run_head = Table(
    "run_head",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("run_id", Uuid, primary_key=True),
    Column("period", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("phase", Text, nullable=False),
    Column("progress_percent", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("failure", Text),
    ForeignKeyConstraint(["tenant_id", "run_id"], ["run.tenant_id", "run.run_id"]),
    Index(
        "uq_run_head_one_at_a_time",
        "tenant_id",
        "period",
        unique=True,
        postgresql_where=text("status in ('queued', 'running')"),
    ),
)
run_result = Table(
    "run_result",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("run_id", Uuid, primary_key=True),
    Column("period", Text, nullable=False),
    Column("makes_statements", Boolean, nullable=False),
    Column("completed_at", INSTANT, nullable=False),
    Column("manifest_address", Text, nullable=False),
    Column("manifest_digest", Text, nullable=False),
    Column("result_digest", Text, nullable=False),
    Column("nodes_address", Text, nullable=False),
    Column("lines_address", Text, nullable=False),
    Column("lines_sha256", Text, nullable=False),
    Column("counts", JSONB, nullable=False),
    Column("report", JSONB, nullable=False),
    ForeignKeyConstraint(["tenant_id", "run_id"], ["run.tenant_id", "run.run_id"]),
    Index("ix_run_result_period", "tenant_id", "period", "completed_at"),
)
run_statement = Table(
    "run_statement",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("run_id", Uuid, primary_key=True),
    Column("statement_id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
)
run_exception = Table(
    "run_exception",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("run_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("code", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("what_to_do", Text, nullable=False),
    Column("payee_id", Text),
    Column("order_id", Text),
    Column("month", Text),
    Column("blocks", Boolean, nullable=False),
)
run_cell = Table(
    "run_cell",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("run_id", Uuid, primary_key=True),
    Column("payee_id", Text, primary_key=True),
    Column("measure", Text, primary_key=True),
    Column("month", Text, primary_key=True),
    Column("node_id", Uuid, primary_key=True),
    Column("value", Text, nullable=False),
    Column("target", Text),
    Column("ratio", Text),
    Column("percent", Text),
)
replay = Table(
    "replay",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("replay_id", Uuid, primary_key=True),
    Column("run_id", Uuid, nullable=False),
    Column("requested_by", Uuid, nullable=False),
    Column("requested_at", INSTANT, nullable=False),
    Column("status", Text, nullable=False),
    Column("result_digest", Text),
    Column("failure", Text),
    ForeignKeyConstraint(["tenant_id", "run_id"], ["run.tenant_id", "run.run_id"]),
)
job = Table(
    "job",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("job_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("run_id", Uuid, nullable=False),
    Column("status", Text, nullable=False, server_default="queued"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("leased_until", INSTANT),
    Column("created_at", INSTANT, nullable=False, server_default=func.now()),
    Index("ix_job_waiting", "created_at", postgresql_where=text("status = 'queued'")),
    CheckConstraint("kind in ('run', 'replay')", name="kind"),
)
statement = Table(
    "statement",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("statement_id", Uuid, primary_key=True),
    Column("payee_id", Uuid, nullable=False),
    Column("principal_id", Uuid, nullable=False),
    Column("period", Text, nullable=False),
    Column("currency", Text, nullable=False),
    UniqueConstraint("tenant_id", "payee_id", "principal_id", "period", "currency"),
)
statement_revision = Table(
    "statement_revision",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("statement_id", Uuid, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("run_id", Uuid, nullable=False),
    Column("made_by", Uuid, nullable=False),
    Column("made_at", INSTANT, nullable=False),
    Column("totals", JSONB, nullable=False),
    Column("brought_forward", MONEY, nullable=False),
    Column("held", MONEY, nullable=False),
    Column("payable", MONEY, nullable=False),
    Column("carried_forward", MONEY, nullable=False),
    Column("lines_address", Text, nullable=False),
    Column("lines_sha256", Text, nullable=False),
    UniqueConstraint("tenant_id", "statement_id", "revision", "made_by"),
    ForeignKeyConstraint(
        ["tenant_id", "statement_id"], ["statement.tenant_id", "statement.statement_id"]
    ),
    ForeignKeyConstraint(
        ["tenant_id", "run_id", "made_by"], ["run.tenant_id", "run.run_id", "run.requested_by"]
    ),
)
statement_line = Table(
    "statement_line",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("statement_id", Uuid, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("line_id", Uuid, primary_key=True),
    Column("origin_line_id", Uuid, nullable=False),
    Column("plan", Text, nullable=False),
    Column("component", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("competence", Text, nullable=False),
    Column("original_period", Text),
    Column("corrects", Uuid),
    Column("amount", MONEY, nullable=False),
    Column("order_id", Text),
    Column("credit_id", Text),
    Column("share", Integer),
    Column("reason", Text),
    Column("node_id", Uuid, nullable=False),
    ForeignKeyConstraint(
        ["tenant_id", "statement_id", "revision"],
        [
            "statement_revision.tenant_id",
            "statement_revision.statement_id",
            "statement_revision.revision",
        ],
    ),
)
statement_transition = Table(
    "statement_transition",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("statement_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("to_status", Text, nullable=False),
    Column("by", Uuid, nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("reason", Text),
    Column("made_by", Uuid, nullable=False),
    Column("submitted_by", Uuid),
    Column("accepted_code", Text),
    Column("accepted_reason", Text),
    ForeignKeyConstraint(
        ["tenant_id", "statement_id", "revision", "made_by"],
        [
            "statement_revision.tenant_id",
            "statement_revision.statement_id",
            "statement_revision.revision",
            "statement_revision.made_by",
        ],
    ),
    CheckConstraint(
        "to_status <> 'approved' or (submitted_by is not null"
        " and by <> made_by and by <> submitted_by)",
        name="four_eyes",
    ),
)
statement_head = Table(
    "statement_head",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("statement_id", Uuid, primary_key=True),
    Column("payee_id", Uuid, nullable=False),
    Column("principal_id", Uuid, nullable=False),
    Column("period", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("submitted_by", Uuid),
    Column("approved_by", Uuid),
    Column("approved_at", INSTANT),
    ForeignKeyConstraint(
        ["tenant_id", "statement_id"], ["statement.tenant_id", "statement.statement_id"]
    ),
    Index("ix_statement_head_period", "tenant_id", "period", "statement_id"),
    Index("ix_statement_head_payee", "tenant_id", "payee_id", "period"),
)
statement_tax = Table(
    "statement_tax",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("statement_id", Uuid, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    Column("occurred_at", INSTANT, nullable=False),
    Column("status", Text, nullable=False),
    Column("reasons", JSONB, nullable=False),
    Column("net", MONEY, nullable=False),
    Column("body", Text, nullable=False),
    ForeignKeyConstraint(
        ["tenant_id", "statement_id", "revision"],
        [
            "statement_revision.tenant_id",
            "statement_revision.statement_id",
            "statement_revision.revision",
        ],
    ),
)
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
