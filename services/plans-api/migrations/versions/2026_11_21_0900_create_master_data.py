"""Create the plumbing and the tables of master data.

Compatible with the previous release: there is none.
Locks: nothing that exists.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from premia_runtime.migrations import create_plumbing, protect

revision = "0001"
down_revision = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SERVICE = "plans"


def upgrade() -> None:
    create_plumbing(op, service=SERVICE)
    text, uuid, date = sa.Text(), sa.Uuid(), sa.Date()
    _record(
        "principal",
        [_must("code", text)],
        [
            _must("name", text),
            _must("country", text),
            _must("currency", text),
            _may("vat_number", text),
        ],
    )
    _record(
        "payee",
        [_must("code", text)],
        [
            _must("name", text),
            _must("kind", text),
            _must("language", text),
            _must("attributes", JSONB()),
            _must("external_ids", JSONB()),
            _must("valid_from", date),
            _may("valid_to", date),
        ],
    )
    _payee_codes()
    _record(
        "mandate",
        [_must("principal_id", uuid), _must("payee_id", uuid), _must("valid_from", date)],
        [_may("valid_to", date)],
    )
    _record(
        "position",
        [_must("hierarchy", text), _must("code", text)],
        [_must("holdings", JSONB()), _must("reporting_lines", JSONB())],
    )
    for tree in ("territory", "product_category"):
        _record(
            tree,
            [_must("code", text)],
            [_may("parent", text), _must("label_it", text), _must("label_en", text)],
        )
    _record(
        "target",
        [_must("payee_id", uuid), _must("name", text)],
        [_must("months", JSONB())],
    )
    _record(
        "assignment",
        [_must("plan_id", uuid), _must("mandate_id", uuid), _must("valid_from", date)],
        [
            _must("plan_name", text),
            _must("principal_id", uuid),
            _must("payee_id", uuid),
            _may("valid_to", date),
        ],
    )
    op.create_index("ix_assignment_mandate", "assignment", ["tenant_id", "mandate_id"])
    op.create_index("ix_assignment_version_payee", "assignment_version", ["tenant_id", "payee_id"])


def _must(name: str, kind: sa.types.TypeEngine[object]) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=False)


def _may(name: str, kind: sa.types.TypeEngine[object]) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=True)


def _record(name: str, key: list[sa.Column[object]], content: list[sa.Column[object]]) -> None:
    names = [column.name for column in key]
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *key,
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{name}"),
        sa.UniqueConstraint("tenant_id", *names, name=f"uq_{name}_tenant_id_{'_'.join(names)}"),
    )
    protect(op, name, service=SERVICE, update_columns=("version",))
    versions = f"{name}_version"
    op.create_table(
        versions,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *content,
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", "version", name=f"pk_{versions}"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            [f"{name}.tenant_id", f"{name}.id"],
            name=f"fk_{versions}_tenant_id_id",
        ),
        sa.CheckConstraint("version >= 1", name=f"ck_{versions}_version"),
    )
    protect(op, versions, service=SERVICE)


def _payee_codes() -> None:
    op.create_table(
        "payee_code",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("payee_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "payee_id", "version", "system", "code", name="pk_payee_code"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "payee_id", "version"],
            ["payee_version.tenant_id", "payee_version.id", "payee_version.version"],
            name="fk_payee_code_tenant_id_payee_id_version",
        ),
    )
    op.create_index("ix_payee_code_system_code", "payee_code", ["tenant_id", "system", "code"])
    protect(op, "payee_code", service=SERVICE)
