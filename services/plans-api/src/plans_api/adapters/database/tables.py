"""The tables of the `plans` database.

A record of master data is a head row (`payee`: key and current version) and one row per version
(`payee_version`), which is never changed.  A plan version is a head row, its documents
(`plan_revision`) and its steps (`plan_transition`).
"""

from collections.abc import Callable

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
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


def _columns(**types: Callable[[], object] | object) -> list[Column[object]]:
    """Return columns that must be filled, except where the name ends in `_or_none`."""
    return [
        Column(
            name.removesuffix("_or_none"),
            kind,  # type: ignore[arg-type]
            nullable=name.endswith("_or_none"),
        )
        for name, kind in types.items()
    ]


def _record(
    name: str, *, key: list[Column[object]], content: list[Column[object]]
) -> tuple[Table, Table]:
    head = Table(
        name,
        metadata,
        Column("tenant_id", Uuid, primary_key=True),
        Column("id", Uuid, primary_key=True),
        *key,
        Column("version", Integer, nullable=False),
        UniqueConstraint("tenant_id", *(column.name for column in key)),
    )
    versions = Table(
        f"{name}_version",
        metadata,
        Column("tenant_id", Uuid, primary_key=True),
        Column("id", Uuid, primary_key=True),
        Column("version", Integer, primary_key=True),
        *content,
        Column("made_by", Uuid, nullable=False),
        Column("made_at", _INSTANT, nullable=False),
        ForeignKeyConstraint(["tenant_id", "id"], [f"{name}.tenant_id", f"{name}.id"]),
        CheckConstraint("version >= 1", name="version"),
    )
    return head, versions


principal, principal_version = _record(
    "principal",
    key=_columns(code=Text),
    content=_columns(name=Text, country=Text, currency=Text, vat_number_or_none=Text),
)
payee, payee_version = _record(
    "payee",
    key=_columns(code=Text),
    content=_columns(
        name=Text,
        kind=Text,
        language=Text,
        attributes=JSONB,
        external_ids=JSONB,
        valid_from=Date,
        valid_to_or_none=Date,
        dated_attributes_or_none=JSONB,
    ),
)
payee_code = Table(
    "payee_code",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("payee_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("system", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    ForeignKeyConstraint(
        ["tenant_id", "payee_id", "version"],
        ["payee_version.tenant_id", "payee_version.id", "payee_version.version"],
    ),
    Index("ix_payee_code_system_code", "tenant_id", "system", "code"),
)
mandate, mandate_version = _record(
    "mandate",
    key=_columns(principal_id=Uuid, payee_id=Uuid, valid_from=Date),
    content=_columns(valid_to_or_none=Date, payee_caps_or_none=JSONB),
)
position, position_version = _record(
    "position",
    key=_columns(hierarchy=Text, code=Text),
    content=_columns(holdings=JSONB, reporting_lines=JSONB, dated_attributes_or_none=JSONB),
)
territory, territory_version = _record(
    "territory",
    key=_columns(code=Text),
    content=_columns(parent_or_none=Text, label_it=Text, label_en=Text),
)
product_category, product_category_version = _record(
    "product_category",
    key=_columns(code=Text),
    content=_columns(parent_or_none=Text, label_it=Text, label_en=Text),
)
target, target_version = _record(
    "target",
    key=_columns(payee_id=Uuid, name=Text),
    content=_columns(months=JSONB),
)
assignment, assignment_version = _record(
    "assignment",
    key=_columns(plan_id=Uuid, mandate_id=Uuid, valid_from=Date),
    content=_columns(plan_name=Text, principal_id=Uuid, payee_id=Uuid, valid_to_or_none=Date),
)
Index("ix_assignment_mandate", assignment.c.tenant_id, assignment.c.mandate_id)
Index("ix_assignment_version_payee", assignment_version.c.tenant_id, assignment_version.c.payee_id)

variable, variable_version = _record(
    "variable", key=_columns(carrier=Text, name=Text), content=_columns(body=JSONB)
)
kpi, kpi_version = _record("kpi", key=_columns(name=Text), content=_columns(body=JSONB))
sla, sla_version = _record("sla", key=_columns(name=Text), content=_columns(body=JSONB))
state_model, state_model_version = _record(
    "state_model", key=_columns(name=Text), content=_columns(body=JSONB)
)
seen_attribute = Table(
    "seen_attribute",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("body", JSONB, nullable=False),
)
unmapped_status = Table(
    "unmapped_status",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("status", Text, primary_key=True),
    Column("first_seen", _INSTANT, nullable=False),
)

plan = Table(
    "plan",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("principal_id", Uuid, nullable=False),
    Column("latest", Integer, nullable=False),
    Column("retirements", Integer, nullable=False),
    UniqueConstraint("tenant_id", "name"),
)
plan_version = Table(
    "plan_version",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("plan_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("status", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("made_at", _INSTANT, nullable=False),
    Column("makers", ARRAY(Uuid), nullable=False),
    Column("submitted_by", Uuid),
    Column("published_by", Uuid),
    Column("published_at", _INSTANT),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("retired_from", Date),
    ForeignKeyConstraint(["tenant_id", "plan_id"], ["plan.tenant_id", "plan.id"]),
    CheckConstraint("status in ('draft', 'in_review', 'published', 'retired')", name="status"),
    CheckConstraint(
        "published_by is null"
        " or (submitted_by is not null and published_by <> submitted_by"
        " and published_by <> all (makers))",
        name="four_eyes",
    ),
    CheckConstraint(
        "status not in ('published', 'retired')"
        " or (published_by is not null and published_at is not null and valid_from is not null)",
        name="published_by_somebody",
    ),
    CheckConstraint("(status = 'retired') = (retired_from is not null)", name="retired_from"),
)
plan_revision = Table(
    "plan_revision",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("plan_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("canonical", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("made_by", Uuid, nullable=False),
    Column("made_at", _INSTANT, nullable=False),
    ForeignKeyConstraint(
        ["tenant_id", "plan_id", "number"],
        ["plan_version.tenant_id", "plan_version.plan_id", "plan_version.number"],
    ),
)
plan_transition = Table(
    "plan_transition",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("plan_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("before", Text),
    Column("after", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("by", Uuid, nullable=False),
    Column("at", _INSTANT, nullable=False),
    Column("reason", Text),
    Column("submitted_by", Uuid),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("retired_from", Date),
    Column("accepted_warnings", ARRAY(Text)),
    ForeignKeyConstraint(
        ["tenant_id", "plan_id", "number"],
        ["plan_version.tenant_id", "plan_version.plan_id", "plan_version.number"],
    ),
    CheckConstraint(
        "after <> 'published' or (submitted_by is not null and by <> submitted_by)",
        name="four_eyes",
    ),
)
plan_acceptance = Table(
    "plan_acceptance",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("plan_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("payee_id", Uuid, primary_key=True),
    Column("content_hash", Text, nullable=False),
    Column("accepted_on", Date, nullable=False),
    Column("accepted_by", Uuid, nullable=False),
    Column("accepted_at", _INSTANT, nullable=False),
    ForeignKeyConstraint(
        ["tenant_id", "plan_id", "number"],
        ["plan_version.tenant_id", "plan_version.plan_id", "plan_version.number"],
    ),
)
