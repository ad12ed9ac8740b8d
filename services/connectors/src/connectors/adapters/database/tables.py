"""The service's tables.  Every primary key starts with the tenant."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from premia_runtime.database import new_metadata
from premia_runtime.plumbing import plumbing_tables

METADATA = new_metadata()
PLUMBING = plumbing_tables(METADATA)

_INSTANT = DateTime(timezone=True)
_AMOUNT = Numeric(38, 12)

source = Table(
    "source",
    METADATA,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("code", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("org_id", Text),
    Column("time_zone", Text, nullable=False),
    Column("token_hash", Text, nullable=False),
    Column("mapping_version", Integer, nullable=False),
    Column("created_at", _INSTANT, nullable=False),
    Column("created_by", Uuid, nullable=False),
    UniqueConstraint("tenant_id", "code"),
    UniqueConstraint("tenant_id", "token_hash"),
    CheckConstraint("kind in ('salesforce', 'billing')", name="kind"),
)

mapping_version = Table(
    "mapping_version",
    METADATA,
    Column("tenant_id", Uuid, primary_key=True),
    Column("source_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("document", JSONB, nullable=False),
    Column("made_at", _INSTANT, nullable=False),
    Column("made_by", Uuid, nullable=False),
)

schema_drift = Table(
    "schema_drift",
    METADATA,
    Column("tenant_id", Uuid, primary_key=True),
    Column("source_id", Uuid, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("first_message_id", Uuid, nullable=False),
    Column("first_at", _INSTANT, nullable=False),
)

order_attribute = Table(
    "order_attribute",
    METADATA,
    Column("tenant_id", Uuid, primary_key=True),
    Column("source_id", Uuid, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("field", Text, nullable=False),
    Column("standing", Text, nullable=False),
    Column("value_type", Text, nullable=False),
    Column("mapping_version", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("label_it", Text),
    Column("label_en", Text),
    Column("unit", Text),
    Column("personal", Boolean, nullable=False),
    Column("first_seen", _INSTANT),
    Column("records", BigInteger, nullable=False),
    Column("filled", BigInteger, nullable=False),
    Column("samples", JSONB, nullable=False),
    CheckConstraint("standing in ('mapped', 'unmapped', 'withdrawn')", name="standing"),
    CheckConstraint("filled <= records", name="filled"),
)

unmapped_status = Table(
    "unmapped_status",
    METADATA,
    Column("tenant_id", Uuid, primary_key=True),
    Column("source_id", Uuid, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("status", Text, primary_key=True),
    Column("first_message_id", Uuid, nullable=False),
    Column("first_at", _INSTANT, nullable=False),
)

inbound_message = Table(
    "inbound_message",
    METADATA,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("source_id", Uuid, nullable=False),
    Column("channel", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("content", LargeBinary),
    Column("address", Text),
    Column("sha256", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("records", Integer, nullable=False),
    Column("delivery_key", Text),
    Column("replay_of", Uuid),
    Column("received_at", _INSTANT, nullable=False),
    Column("state", Text, nullable=False),
    UniqueConstraint("tenant_id", "source_id", "delivery_key"),
    CheckConstraint("(content is null) <> (address is null)", name="content_or_address"),
    Index("ix_inbound_message_received", "tenant_id", "source_id", "received_at"),
)

inbound_part = Table(
    "inbound_part",
    METADATA,
    Column("tenant_id", Uuid, primary_key=True),
    Column("message_id", Uuid, primary_key=True),
    Column("part", Text, primary_key=True),
    Column("source_id", Uuid, nullable=False),
    Column("dedupe_key", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("code", Text),
    UniqueConstraint("tenant_id", "source_id", "dedupe_key"),
)

record_version = Table(
    "record_version",
    METADATA,
    Column("tenant_id", Uuid, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    Column("source_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("mapping_version", Integer, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("message_id", Uuid, nullable=False),
    Column("part", Text, nullable=False),
    Column("known_at", _INSTANT, nullable=False),
)

external_record = Table(
    "external_record",
    METADATA,
    Column("tenant_id", Uuid, primary_key=True),
    Column("source_id", Uuid, primary_key=True),
    Column("record_id", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("mapping_version", Integer, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("order_number", Text, nullable=False),
    Column("principal", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("signed_on", Date, nullable=False),
    Column("amount", Numeric(18, 3), nullable=False),
    Column("currency", Text, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("changed_at", _INSTANT, nullable=False),
    Column("message_id", Uuid, nullable=False),
    Column("part", Text, nullable=False),
    Index("ix_external_record_changed", "tenant_id", "changed_at", "source_id", "record_id"),
)

state_observation = Table(
    "state_observation",
    METADATA,
    Column("tenant_id", Uuid, primary_key=True),
    Column("source_id", Uuid, primary_key=True),
    Column("record_id", Text, primary_key=True),
    Column("state", Text, primary_key=True),
    Column("effective_on", Date, primary_key=True),
    Column("observed_at", _INSTANT, nullable=False),
    Column("event_id", Uuid, nullable=False),
)

quarantine = Table(
    "quarantine",
    METADATA,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("source_id", Uuid, nullable=False),
    Column("message_id", Uuid, nullable=False),
    Column("part", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("record", JSONB, nullable=False),
    Column("code", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("field", Text),
    Column("value", Text),
    Column("status", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first_at", _INSTANT, nullable=False),
    Column("last_at", _INSTANT, nullable=False),
    Column("released_at", _INSTANT),
    Column("released_by", Uuid),
    UniqueConstraint("tenant_id", "message_id", "part"),
    CheckConstraint("status in ('open', 'released')", name="status"),
)

file_intake = Table(
    "file_intake",
    METADATA,
    Column("tenant_id", Uuid, primary_key=True),
    Column("message_id", Uuid, primary_key=True),
    Column("source_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("declared_rows", Integer),
    Column("declared_sum", _AMOUNT),
    Column("rows", Integer),
    Column("accepted", Integer),
    Column("stale", Integer),
    Column("duplicates", Integer),
    Column("quarantined", Integer),
    Column("amount", _AMOUNT),
    Column("problem_code", Text),
    Column("problem_detail", Text),
    Column("batch_address", Text),
    Column("finished_at", _INSTANT),
    UniqueConstraint("tenant_id", "source_id", "name"),
)

pending_task = Table(
    "pending_task",
    METADATA,
    Column("tenant_id", Uuid, primary_key=True),
    Column("task", Text, primary_key=True),
    Column("subject_id", Uuid, primary_key=True),
    Column("not_before", _INSTANT, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
    Index("ix_pending_task_not_before", "not_before"),
)

watermark = Table(
    "watermark",
    METADATA,
    Column("tenant_id", Uuid, primary_key=True),
    Column("source_id", Uuid, primary_key=True),
    Column("known_up_to", _INSTANT, primary_key=True),
    Column("count", BigInteger, primary_key=True),
    Column("amount", _AMOUNT, nullable=False),
    Column("announced_at", _INSTANT, nullable=False),
)

sap_invoice = Table(
    "sap_invoice",
    METADATA,
    Column("tenant_id", Uuid, primary_key=True),
    Column("invoice_id", Uuid, primary_key=True),
    Column("change_seq", BigInteger, nullable=False),
    Column("number", Text, nullable=False),
    Column("company_code", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("approved_at", _INSTANT, nullable=False),
    Column("document", JSONB, nullable=False),
    UniqueConstraint("tenant_id", "change_seq"),
    UniqueConstraint("tenant_id", "company_code", "number"),
)

sap_delivery = Table(
    "sap_delivery",
    METADATA,
    Column("tenant_id", Uuid, primary_key=True),
    Column("invoice_id", Uuid, primary_key=True),
    Column("change_seq", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("lease_id", Uuid),
    Column("consumer", Text),
    Column("lease_until", _INSTANT),
    Column("delivery_count", Integer, nullable=False),
    Column("maybe_posted", Boolean, nullable=False),
    Column("accounting_document", Text),
    Column("fiscal_year", Text),
    Column("document_company_code", Text),
    Column("posting_date", Date),
    CheckConstraint(
        "(status = 'POSTED') = (accounting_document is not null)", name="posted_has_document"
    ),
    CheckConstraint(
        "status in ('READY', 'LEASED', 'POSTED', 'REJECTED', 'NEEDS_HUMAN')", name="status"
    ),
    Index("ix_sap_delivery_status", "tenant_id", "status", "change_seq"),
)

sap_transition = Table(
    "sap_transition",
    METADATA,
    Column("tenant_id", Uuid, primary_key=True),
    Column("invoice_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("from_status", Text, nullable=False),
    Column("to_status", Text, nullable=False),
    Column("lease_id", Uuid),
    Column("consumer", Text),
    Column("reason", Text, nullable=False),
    Column("at", _INSTANT, nullable=False),
)

sap_alarm = Table(
    "sap_alarm",
    METADATA,
    Column("tenant_id", Uuid, primary_key=True),
    Column("invoice_id", Uuid, primary_key=True),
    Column("second_document", Text, primary_key=True),
    Column("second_fiscal_year", Text, primary_key=True),
    Column("second_company_code", Text, primary_key=True),
    Column("first_document", Text, nullable=False),
    Column("first_fiscal_year", Text, nullable=False),
    Column("consumer", Text),
    Column("at", _INSTANT, nullable=False),
)
