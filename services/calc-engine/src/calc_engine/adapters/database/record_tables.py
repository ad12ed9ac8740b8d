"""Loaded rows that wait for repair or a second person, and adjustments: all insert-only."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from calc_engine.adapters.database.metadata import INSTANT, MONEY, metadata

rejected_record = Table(
    "rejected_record",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("rejected_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("row", Text, nullable=False),
    Column("problems", JSONB, nullable=False),
    Column("source", Text, nullable=False),
    Column("loaded_by", Uuid),
    Column("loaded_at", INSTANT, nullable=False),
)
rejected_record_outcome = Table(
    "rejected_record_outcome",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("rejected_id", Uuid, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("by", Uuid, nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("reason", Text),
    ForeignKeyConstraint(
        ["tenant_id", "rejected_id"],
        ["rejected_record.tenant_id", "rejected_record.rejected_id"],
    ),
    CheckConstraint("outcome in ('repaired', 'known', 'discarded')", name="outcome"),
)
adjustment = Table(
    "adjustment",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("adjustment_id", Uuid, primary_key=True),
    Column("payee_id", Uuid, nullable=False),
    Column("principal_id", Uuid, nullable=False),
    Column("month", Text, nullable=False),
    Column("amount", MONEY, nullable=False),
    Column("currency", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("expires_on", Date),
    Column("made_by", Uuid, nullable=False),
    Column("made_at", INSTANT, nullable=False),
    UniqueConstraint("tenant_id", "adjustment_id", "made_by"),
    Index("ix_adjustment_made_at", "tenant_id", "made_at", "adjustment_id"),
)
adjustment_decision = Table(
    "adjustment_decision",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("adjustment_id", Uuid, primary_key=True),
    Column("to_status", Text, nullable=False),
    Column("by", Uuid, nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("why", Text),
    Column("made_by", Uuid, nullable=False),
    ForeignKeyConstraint(
        ["tenant_id", "adjustment_id", "made_by"],
        ["adjustment.tenant_id", "adjustment.adjustment_id", "adjustment.made_by"],
    ),
    CheckConstraint("to_status in ('approved', 'declined')", name="to_status"),
    CheckConstraint("to_status <> 'approved' or by <> made_by", name="four_eyes"),
)
proposed_load = Table(
    "proposed_load",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("load_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("rows", JSONB, nullable=False),
    Column("source", Text, nullable=False),
    Column("made_by", Uuid, nullable=False),
    Column("made_at", INSTANT, nullable=False),
    UniqueConstraint("tenant_id", "load_id", "made_by"),
)
load_decision = Table(
    "load_decision",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("load_id", Uuid, primary_key=True),
    Column("to_status", Text, nullable=False),
    Column("by", Uuid, nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("why", Text),
    Column("made_by", Uuid, nullable=False),
    ForeignKeyConstraint(
        ["tenant_id", "load_id", "made_by"],
        ["proposed_load.tenant_id", "proposed_load.load_id", "proposed_load.made_by"],
    ),
    CheckConstraint("to_status in ('approved', 'declined')", name="to_status"),
    CheckConstraint("to_status <> 'approved' or by <> made_by", name="four_eyes"),
)
