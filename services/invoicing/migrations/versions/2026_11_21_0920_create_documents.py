"""Create documents: content, numbers, files, transitions and heads.

Compatible with the previous release: there is none that knows these tables.
Locks: none; the tables are new.
Rehearsed: on an empty database.
"""

import sqlalchemy as sa
from alembic import op

from premia_runtime.migrations import protect, system_may

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SERVICE = "invoicing"


def upgrade() -> None:
    _create_document_contents()
    _create_document_issues()
    _create_document_files()
    _create_document_transitions()
    _create_documents()
    _create_document_postings()
    _create_number_counters()


def _create_document_contents() -> None:
    op.create_table(
        "document_contents",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("statement_revision", sa.Integer(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("taxable", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("vat", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("withholding", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("net", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "document_id", name=op.f("pk_document_contents")),
    )
    protect(op, "document_contents", service=SERVICE)


def _create_document_issues() -> None:
    op.create_table(
        "document_issues",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("taxable", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("vat", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("withholding", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("net", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "net = taxable + vat - withholding", name=op.f("ck_document_issues_net")
        ),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_document_issues_sequence")),
        sa.PrimaryKeyConstraint("tenant_id", "document_id", name=op.f("pk_document_issues")),
        sa.UniqueConstraint(
            "tenant_id",
            "principal_id",
            "series",
            "year",
            "sequence",
            name="uq_document_issues_number",
        ),
    )
    protect(op, "document_issues", service=SERVICE)


def _create_document_files() -> None:
    op.create_table(
        "document_files",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "document_id", name=op.f("pk_document_files")),
    )
    protect(op, "document_files", service=SERVICE)


def _create_document_transitions() -> None:
    op.create_table(
        "document_transitions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("from_status", sa.Text(), nullable=True),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "to_status <> 'approved' or (by is not null and made_by is not null and by <> made_by)",
            name=op.f("ck_document_transitions_two_people"),
        ),
        sa.CheckConstraint(
            "to_status in ('prepared', 'sent', 'accepted', 'disputed', 'approved', 'posted')",
            name=op.f("ck_document_transitions_status"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "document_id", "version", name=op.f("pk_document_transitions")
        ),
    )
    protect(op, "document_transitions", service=SERVICE)


def _create_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payee_id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("statement_revision", sa.Integer(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("sent_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_documents")),
        sa.UniqueConstraint("tenant_id", "statement_id", name="uq_documents_statement"),
    )
    op.create_index("ix_documents_list", "documents", ["tenant_id", "period", "id"], unique=False)
    op.create_index("ix_documents_payee", "documents", ["tenant_id", "payee_id"], unique=False)
    protect(
        op, "documents", service=SERVICE, update_columns=("status", "version", "number", "sent_by")
    )
    system_may(op, "documents", service=SERVICE)


def _create_document_postings() -> None:
    op.create_table(
        "document_postings",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("accounting_document", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.Text(), nullable=False),
        sa.Column("posting_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "document_id", name=op.f("pk_document_postings")),
    )
    protect(op, "document_postings", service=SERVICE)


def _create_number_counters() -> None:
    op.create_table(
        "number_counters",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "principal_id", "series", "year", name=op.f("pk_number_counters")
        ),
    )
    protect(op, "number_counters", service=SERVICE, update_columns=("last",))
