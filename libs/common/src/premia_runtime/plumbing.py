"""The tables that the runtime keeps in each service's database."""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

_INSTANT = DateTime(timezone=True)


@dataclass(frozen=True, slots=True)
class Plumbing:
    """The runtime's tables in one service's database."""

    outbox: Table
    outbox_number: Table
    outbox_stream: Table
    inbox: Table
    dead_letter: Table
    idempotency_key: Table


def plumbing_tables(metadata: MetaData) -> Plumbing:
    """Describe the runtime's tables on a service's metadata."""
    return Plumbing(
        _outbox(metadata),
        _number(metadata),
        _stream(metadata),
        _inbox(metadata),
        _dead_letter(metadata),
        _idempotency_key(metadata),
    )


def _outbox(metadata: MetaData) -> Table:
    """Describe the events that wait to be sent, and those that were."""
    return Table(
        "outbox",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("tenant_id", Uuid, nullable=False),
        Column("event_id", Uuid, nullable=False),
        Column("type", Text, nullable=False),
        Column("body", Text, nullable=False),
        Column("created_at", _INSTANT, nullable=False, server_default=func.now()),
        Column("sequence", BigInteger, unique=True),
        Column("typesequence", BigInteger),
        Column("sent_at", _INSTANT),
        Column("times", Integer, nullable=False, server_default="0"),
        UniqueConstraint("tenant_id", "event_id"),
    )


def _number(metadata: MetaData) -> Table:
    """Describe the last number of each type of event."""
    return Table(
        "outbox_number",
        metadata,
        Column("type", Text, primary_key=True),
        Column("last", BigInteger, nullable=False),
    )


def _stream(metadata: MetaData) -> Table:
    """Describe which stream was written to."""
    return Table(
        "outbox_stream",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("created", Text, nullable=False),
        Column("republished", Integer, nullable=False, server_default="0"),
    )


def _inbox(metadata: MetaData) -> Table:
    """Describe which events were reacted to."""
    return Table(
        "inbox",
        metadata,
        Column("tenant_id", Uuid, primary_key=True),
        Column("consumer", Text, primary_key=True),
        Column("event_id", Uuid, primary_key=True),
        Column("source", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("typesequence", BigInteger),
        Column("received_at", _INSTANT, nullable=False, server_default=func.now()),
    )


def _dead_letter(metadata: MetaData) -> Table:
    """Describe the events that could not be worked on."""
    return Table(
        "dead_letter",
        metadata,
        Column("tenant_id", Uuid, primary_key=True),
        Column("id", Uuid, primary_key=True),
        Column("consumer", Text, nullable=False),
        Column("event_id", Uuid),
        Column("type", Text, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("error", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("first_at", _INSTANT, nullable=False),
        Column("last_at", _INSTANT, nullable=False),
        Column("state", Text, nullable=False, server_default="open"),
        Column("resolved_at", _INSTANT),
        Column("resolved_by", Uuid),
    )


def _idempotency_key(metadata: MetaData) -> Table:
    """Describe the answers that a repeated request gets again."""
    return Table(
        "idempotency_key",
        metadata,
        Column("tenant_id", Uuid, primary_key=True),
        Column("user_id", Uuid, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("request_digest", Text, nullable=False),
        Column("status", Integer, nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("body", Text, nullable=False),
        Column("created_at", _INSTANT, nullable=False, server_default=func.now()),
    )


RUNTIME = plumbing_tables(MetaData())
"""The same tables for the runtime's own statements."""
