"""Create the feed of approved invoices.

Compatible with the previous release: it knows none of these tables.
Locks: none; the tables are new.
Rehearsed: on an empty database by every test run.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from premia_runtime.migrations import protect

revision = "create_sap_feed"
down_revision = "create_intake"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SERVICE = "connectors"


def upgrade() -> None:
    _create_sap_invoice()
    _create_sap_delivery()
    _create_sap_transition()
    _create_sap_alarm()


def _create_sap_invoice() -> None:
    op.create_table(
        "sap_invoice",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("change_seq", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("company_code", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "invoice_id", name=op.f("pk_sap_invoice")),
        sa.UniqueConstraint(
            "tenant_id", "change_seq", name=op.f("uq_sap_invoice_tenant_id_change_seq")
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "company_code",
            "number",
            name=op.f("uq_sap_invoice_tenant_id_company_code_number"),
        ),
    )
    protect(op, "sap_invoice", service=SERVICE)


def _create_sap_delivery() -> None:
    op.create_table(
        "sap_delivery",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("change_seq", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("lease_id", sa.Uuid(), nullable=True),
        sa.Column("consumer", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivery_count", sa.Integer(), nullable=False),
        sa.Column("maybe_posted", sa.Boolean(), nullable=False),
        sa.Column("accounting_document", sa.Text(), nullable=True),
        sa.Column("fiscal_year", sa.Text(), nullable=True),
        sa.Column("document_company_code", sa.Text(), nullable=True),
        sa.Column("posting_date", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(status = 'POSTED') = (accounting_document is not null)",
            name=op.f("ck_sap_delivery_posted_has_document"),
        ),
        sa.CheckConstraint(
            "status in ('READY', 'LEASED', 'POSTED', 'REJECTED', 'NEEDS_HUMAN')",
            name=op.f("ck_sap_delivery_status"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "invoice_id", name=op.f("pk_sap_delivery")),
    )
    op.create_index(
        "ix_sap_delivery_status",
        "sap_delivery",
        ["tenant_id", "status", "change_seq"],
        unique=False,
    )
    protect(
        op,
        "sap_delivery",
        service=SERVICE,
        update_columns=(
            "status",
            "lease_id",
            "consumer",
            "lease_until",
            "delivery_count",
            "maybe_posted",
            "accounting_document",
            "fiscal_year",
            "document_company_code",
            "posting_date",
        ),
    )


def _create_sap_transition() -> None:
    op.create_table(
        "sap_transition",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_status", sa.Text(), nullable=False),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("lease_id", sa.Uuid(), nullable=True),
        sa.Column("consumer", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "invoice_id", "number", name=op.f("pk_sap_transition")
        ),
    )
    protect(op, "sap_transition", service=SERVICE)


def _create_sap_alarm() -> None:
    op.create_table(
        "sap_alarm",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("second_document", sa.Text(), nullable=False),
        sa.Column("second_fiscal_year", sa.Text(), nullable=False),
        sa.Column("second_company_code", sa.Text(), nullable=False),
        sa.Column("first_document", sa.Text(), nullable=False),
        sa.Column("first_fiscal_year", sa.Text(), nullable=False),
        sa.Column("consumer", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id",
            "invoice_id",
            "second_document",
            "second_fiscal_year",
            "second_company_code",
            name=op.f("pk_sap_alarm"),
        ),
    )
    protect(op, "sap_alarm", service=SERVICE)
