"""The tables of the `invoicing` database, as SQLAlchemy Core objects."""

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from premia_runtime.database import new_metadata
from premia_runtime.plumbing import plumbing_tables

metadata = new_metadata()
plumbing = plumbing_tables(metadata)

_INSTANT = DateTime(timezone=True)
_AMOUNT = Numeric(19, 3)


def _key(name: str, kind: Any = Uuid) -> Column[Any]:
    return Column(name, kind, primary_key=True)


def _need(name: str, kind: Any) -> Column[Any]:
    return Column(name, kind, nullable=False)


def _tenant() -> Column[Any]:
    return _key("tenant_id")


def _two_people(name: str, approved: str = "approved") -> CheckConstraint:
    return CheckConstraint(
        f"to_status <> '{approved}' or (by is not null and made_by is not null and by <> made_by)",
        name=name,
    )


def _totals() -> tuple[Column[Any], ...]:
    return tuple(_need(name, _AMOUNT) for name in ("taxable", "vat", "withholding", "net"))


party_snapshots = Table(
    "party_snapshots", metadata,
    _tenant(), _key("kind", Text), _key("party_id"), _key("version", Integer),
    _need("content", JSONB), _need("known_at", _INSTANT),
)  # fmt: skip
statement_revisions = Table(
    "statement_revisions", metadata,
    _tenant(), _key("statement_id"), _key("revision", Integer),
    _need("digest", Text), _need("payee_id", Uuid), _need("principal_id", Uuid),
    _need("period", Text), _need("currency", Text), _need("payable", _AMOUNT),
    _need("content", JSONB), _need("known_at", _INSTANT),
    Index("ix_statement_revisions_payee", "tenant_id", "payee_id"),
)  # fmt: skip
statement_approvals = Table(
    "statement_approvals", metadata,
    _tenant(), _key("statement_id"), _need("revision", Integer),
    _need("payee_id", Uuid), _need("principal_id", Uuid), _need("payable", _AMOUNT),
    _need("approved_by", Uuid), _need("approved_at", _INSTANT),
)  # fmt: skip
tax_answers = Table(
    "tax_answers", metadata,
    _tenant(), _key("statement_id"), _key("revision", Integer), _key("answer_no", Integer),
    _need("statement_digest", Text), _need("payee_id", Uuid),
    _need("status", Text), _need("reasons", JSONB), _need("record", JSONB),
    _need("assumed_payment_on", Date), Column("profile_id", Uuid),
    Column("profile_revision", Integer), Column("regime", Text),
    _need("answered_at", _INSTANT),
    CheckConstraint("status in ('ok', 'blocked')", name="status"),
)  # fmt: skip
fiscal_profile_revisions = Table(
    "fiscal_profile_revisions", metadata,
    _tenant(), _key("profile_id"), _key("revision", Integer),
    _need("content", JSONB), _need("made_by", Uuid), _need("made_at", _INSTANT),
)  # fmt: skip
fiscal_profile_transitions = Table(
    "fiscal_profile_transitions", metadata,
    _tenant(), _key("profile_id"), _key("version", Integer),
    _need("revision", Integer), _need("to_status", Text), _need("at", _INSTANT),
    _need("by", Uuid), Column("made_by", Uuid),
    CheckConstraint("to_status in ('draft', 'approved')", name="status"),
    _two_people("two_people"),
)  # fmt: skip
fiscal_profiles = Table(
    "fiscal_profiles", metadata,
    _tenant(), _key("id"), _need("payee_id", Uuid), _need("valid_from", Date),
    _need("revision", Integer), _need("status", Text), _need("version", Integer),
    Column("approved_revision", Integer),
    UniqueConstraint("tenant_id", "payee_id", "valid_from", name="uq_fiscal_profiles_payee"),
)  # fmt: skip
document_contents = Table(
    "document_contents", metadata,
    _tenant(), _key("document_id"), _need("statement_id", Uuid),
    _need("statement_revision", Integer), _need("payload", Text), _need("digest", Text),
    *_totals(),
    _need("currency", Text), _need("prepared_at", _INSTANT),
)  # fmt: skip
document_issues = Table(
    "document_issues", metadata,
    _tenant(), _key("document_id"), _need("principal_id", Uuid), _need("series", Text),
    _need("year", Integer), _need("sequence", Integer), _need("number", Text),
    _need("document_date", Date), _need("due_on", Date), _need("payload", Text),
    _need("digest", Text),
    *_totals(),
    _need("issued_by", Uuid), _need("issued_at", _INSTANT),
    UniqueConstraint(
        "tenant_id", "principal_id", "series", "year", "sequence", name="uq_document_issues_number"
    ),
    CheckConstraint("sequence >= 1", name="sequence"),
    CheckConstraint("net = taxable + vat - withholding", name="net"),
)  # fmt: skip
document_files = Table(
    "document_files", metadata,
    _tenant(), _key("document_id"), _need("address", Text), _need("sha256", Text),
    _need("size", Integer), _need("stored_at", _INSTANT),
)  # fmt: skip
document_transitions = Table(
    "document_transitions", metadata,
    _tenant(), _key("document_id"), _key("version", Integer),
    Column("from_status", Text), _need("to_status", Text), _need("at", _INSTANT),
    Column("by", Uuid), Column("made_by", Uuid), Column("reason", Text),
    CheckConstraint(
        "to_status in ('prepared', 'sent', 'accepted', 'disputed', 'approved', 'posted')",
        name="status",
    ),
    _two_people("two_people"),
)  # fmt: skip
documents = Table(
    "documents", metadata,
    _tenant(), _key("id"), _need("payee_id", Uuid), _need("principal_id", Uuid),
    _need("statement_id", Uuid), _need("statement_revision", Integer), _need("period", Text),
    _need("status", Text), _need("version", Integer), Column("number", Text),
    Column("sent_by", Uuid),
    UniqueConstraint("tenant_id", "statement_id", name="uq_documents_statement"),
    Index("ix_documents_list", "tenant_id", "period", "id"),
    Index("ix_documents_payee", "tenant_id", "payee_id"),
)  # fmt: skip
document_postings = Table(
    "document_postings", metadata,
    _tenant(), _key("document_id"), _need("accounting_document", Text),
    _need("fiscal_year", Text), _need("posting_date", Date), _need("recorded_at", _INSTANT),
)  # fmt: skip
document_rejections = Table(
    "document_rejections", metadata,
    _tenant(), _key("document_id"), _key("event_id"), _need("message_class", Text),
    _need("message_number", Text), _need("text", Text), _need("retryable", Boolean),
    _need("rejected_at", _INSTANT),
)  # fmt: skip
number_counters = Table(
    "number_counters", metadata,
    _tenant(), _key("principal_id"), _key("series", Text), _key("year", Integer),
    _need("last", Integer),
)  # fmt: skip
posting_rules = Table(
    "posting_rules", metadata,
    _tenant(), _key("principal_id"), _key("version", Integer),
    _need("content", JSONB), _need("made_by", Uuid), _need("made_at", _INSTANT),
)  # fmt: skip
