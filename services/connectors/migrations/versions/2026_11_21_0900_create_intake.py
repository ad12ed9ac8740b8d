"""Create what is received and what was read from it.

Compatible with the previous release: it knows none of these tables.
Locks: none; the tables are new.
Rehearsed: on an empty database by every test run.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from premia_runtime.migrations import create_plumbing, protect, system_may

revision = "create_intake"
down_revision = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SERVICE = "connectors"


def upgrade() -> None:
    create_plumbing(op, service=SERVICE)
    _create_source()
    _create_mapping_version()
    _create_schema_drift()
    _create_inbound_message()
    _create_inbound_part()
    _create_record_version()
    _create_external_record()
    _create_state_observation()
    _create_quarantine()
    _create_file_intake()
    _create_pending_task()
    _create_watermark()


def _create_source() -> None:
    op.create_table(
        "source",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("org_id", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("mapping_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind in ('salesforce', 'billing')", name=op.f("ck_source_kind")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_source")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_source_tenant_id_code")),
        sa.UniqueConstraint("tenant_id", "token_hash", name=op.f("uq_source_tenant_id_token_hash")),
    )
    protect(op, "source", service=SERVICE, update_columns=("mapping_version", "token_hash"))


def _create_mapping_version() -> None:
    op.create_table(
        "mapping_version",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "source_id", "version", name=op.f("pk_mapping_version")
        ),
    )
    protect(op, "mapping_version", service=SERVICE)


def _create_schema_drift() -> None:
    op.create_table(
        "schema_drift",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("first_message_id", sa.Uuid(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "source_id", "field", name=op.f("pk_schema_drift")),
    )
    protect(op, "schema_drift", service=SERVICE)


def _create_inbound_message() -> None:
    op.create_table(
        "inbound_message",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("delivery_key", sa.Text(), nullable=True),
        sa.Column("replay_of", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(content is null) <> (address is null)",
            name=op.f("ck_inbound_message_content_or_address"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_inbound_message")),
        sa.UniqueConstraint(
            "tenant_id",
            "source_id",
            "delivery_key",
            name=op.f("uq_inbound_message_tenant_id_source_id_delivery_key"),
        ),
    )
    op.create_index(
        "ix_inbound_message_received",
        "inbound_message",
        ["tenant_id", "source_id", "received_at"],
        unique=False,
    )
    protect(op, "inbound_message", service=SERVICE, update_columns=("state",))


def _create_inbound_part() -> None:
    op.create_table(
        "inbound_part",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "message_id", "part", name=op.f("pk_inbound_part")),
        sa.UniqueConstraint(
            "tenant_id",
            "source_id",
            "dedupe_key",
            name=op.f("uq_inbound_part_tenant_id_source_id_dedupe_key"),
        ),
    )
    protect(op, "inbound_part", service=SERVICE, update_columns=("state", "code"))


def _create_record_version() -> None:
    op.create_table(
        "record_version",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("mapping_version", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "event_id", name=op.f("pk_record_version")),
    )
    protect(op, "record_version", service=SERVICE)


def _create_external_record() -> None:
    op.create_table(
        "external_record",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("mapping_version", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "source_id", "record_id", name=op.f("pk_external_record")
        ),
    )
    op.create_index(
        "ix_external_record_changed",
        "external_record",
        ["tenant_id", "changed_at", "source_id", "record_id"],
        unique=False,
    )
    protect(
        op,
        "external_record",
        service=SERVICE,
        update_columns=(
            "version",
            "mapping_version",
            "event_id",
            "order_number",
            "principal",
            "state",
            "signed_on",
            "amount",
            "currency",
            "deleted",
            "changed_at",
            "message_id",
            "part",
        ),
    )


def _create_state_observation() -> None:
    op.create_table(
        "state_observation",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id",
            "source_id",
            "record_id",
            "state",
            "effective_on",
            name=op.f("pk_state_observation"),
        ),
    )
    protect(op, "state_observation", service=SERVICE)


def _create_quarantine() -> None:
    op.create_table(
        "quarantine",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("record", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("status in ('open', 'released')", name=op.f("ck_quarantine_status")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint(
            "tenant_id", "message_id", "part", name=op.f("uq_quarantine_tenant_id_message_id_part")
        ),
    )
    protect(
        op,
        "quarantine",
        service=SERVICE,
        update_columns=(
            "code",
            "detail",
            "field",
            "value",
            "status",
            "attempts",
            "last_at",
            "released_at",
            "released_by",
        ),
    )


def _create_file_intake() -> None:
    op.create_table(
        "file_intake",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("declared_rows", sa.Integer(), nullable=True),
        sa.Column("declared_sum", sa.Numeric(precision=38, scale=12), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("accepted", sa.Integer(), nullable=True),
        sa.Column("stale", sa.Integer(), nullable=True),
        sa.Column("duplicates", sa.Integer(), nullable=True),
        sa.Column("quarantined", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=38, scale=12), nullable=True),
        sa.Column("problem_code", sa.Text(), nullable=True),
        sa.Column("problem_detail", sa.Text(), nullable=True),
        sa.Column("batch_address", sa.Text(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "message_id", name=op.f("pk_file_intake")),
        sa.UniqueConstraint(
            "tenant_id", "source_id", "name", name=op.f("uq_file_intake_tenant_id_source_id_name")
        ),
    )
    protect(
        op,
        "file_intake",
        service=SERVICE,
        update_columns=(
            "rows",
            "accepted",
            "stale",
            "duplicates",
            "quarantined",
            "amount",
            "problem_code",
            "problem_detail",
            "batch_address",
            "finished_at",
        ),
    )


def _create_pending_task() -> None:
    op.create_table(
        "pending_task",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "task", "subject_id", name=op.f("pk_pending_task")),
    )
    op.create_index("ix_pending_task_not_before", "pending_task", ["not_before"], unique=False)
    protect(
        op,
        "pending_task",
        service=SERVICE,
        grants="select, insert, delete",
        update_columns=("not_before", "attempts", "error"),
    )
    system_may(op, "pending_task", service=SERVICE)


def _create_watermark() -> None:
    op.create_table(
        "watermark",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("known_up_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=38, scale=12), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "source_id", "known_up_to", "count", name=op.f("pk_watermark")
        ),
    )
    protect(op, "watermark", service=SERVICE)
