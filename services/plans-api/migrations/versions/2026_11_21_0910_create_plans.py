"""Create the tables of plans, and the rules that hold whoever writes to them.

Compatible with the previous release: it knows none of these tables.
Locks: nothing that exists.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from premia_runtime.migrations import protect

revision = "0002"
down_revision = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SERVICE = "plans"
VERSION_KEY = ("tenant_id", "plan_id", "number")


def upgrade() -> None:
    _plans()
    _versions()
    _revisions()
    _transitions()
    _acceptances()
    _settled_never_changes()


def _plans() -> None:
    op.create_table(
        "plan",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.Column("retirements", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_plan"),
        sa.UniqueConstraint("tenant_id", "name", name="uq_plan_tenant_id_name"),
    )
    protect(op, "plan", service=SERVICE, update_columns=("latest", "retirements"))


def _versions() -> None:
    op.create_table(
        "plan_version",
        *_version_key(),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("makers", ARRAY(sa.Uuid()), nullable=False),
        sa.Column("submitted_by", sa.Uuid()),
        sa.Column("published_by", sa.Uuid()),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("retired_from", sa.Date()),
        sa.PrimaryKeyConstraint(*VERSION_KEY, name="pk_plan_version"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_id"],
            ["plan.tenant_id", "plan.id"],
            name="fk_plan_version_tenant_id_plan_id",
        ),
        sa.CheckConstraint(
            "status in ('draft', 'in_review', 'published', 'retired')",
            name="ck_plan_version_status",
        ),
        sa.CheckConstraint(
            "published_by is null"
            " or (submitted_by is not null and published_by <> submitted_by"
            " and published_by <> all (makers))",
            name="ck_plan_version_four_eyes",
        ),
        sa.CheckConstraint(
            "status not in ('published', 'retired')"
            " or (published_by is not null and published_at is not null"
            " and valid_from is not null)",
            name="ck_plan_version_published_by_somebody",
        ),
        sa.CheckConstraint(
            "(status = 'retired') = (retired_from is not null)",
            name="ck_plan_version_retired_from",
        ),
    )
    protect(
        op,
        "plan_version",
        service=SERVICE,
        update_columns=(
            "status",
            "version",
            "revision",
            "content_hash",
            "makers",
            "submitted_by",
            "published_by",
            "published_at",
            "valid_from",
            "valid_to",
            "retired_from",
        ),
    )


def _revisions() -> None:
    op.create_table(
        "plan_revision",
        *_version_key(),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(*VERSION_KEY, "revision", name="pk_plan_revision"),
        _to_version("plan_revision"),
    )
    protect(op, "plan_revision", service=SERVICE)


def _transitions() -> None:
    op.create_table(
        "plan_transition",
        *_version_key(),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text()),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("submitted_by", sa.Uuid()),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("retired_from", sa.Date()),
        sa.PrimaryKeyConstraint(*VERSION_KEY, "sequence", name="pk_plan_transition"),
        _to_version("plan_transition"),
        sa.CheckConstraint(
            "after <> 'published' or (submitted_by is not null and by <> submitted_by)",
            name="ck_plan_transition_four_eyes",
        ),
    )
    protect(op, "plan_transition", service=SERVICE)


def _acceptances() -> None:
    op.create_table(
        "plan_acceptance",
        *_version_key(),
        sa.Column("payee_id", sa.Uuid(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=False),
        sa.Column("accepted_by", sa.Uuid(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(*VERSION_KEY, "payee_id", name="pk_plan_acceptance"),
        _to_version("plan_acceptance"),
    )
    protect(op, "plan_acceptance", service=SERVICE)


def _version_key() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
    )


def _to_version(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        list(VERSION_KEY),
        [f"plan_version.{column}" for column in VERSION_KEY],
        name=f"fk_{table}_tenant_id_plan_id_number",
    )


def _settled_never_changes() -> None:
    op.execute(
        """
        create function plan_version_is_settled() returns trigger language plpgsql as $$
        begin
            if old.status = 'retired'
                or (old.status = 'published'
                    and (new.status <> 'retired'
                        or (new.revision, new.content_hash, new.makers, new.submitted_by,
                            new.published_by, new.published_at, new.valid_from)
                        is distinct from
                           (old.revision, old.content_hash, old.makers, old.submitted_by,
                            old.published_by, old.published_at, old.valid_from)
                        or new.valid_to is distinct from old.valid_to))
            then
                raise exception 'a published plan version never changes'
                    using errcode = 'check_violation';
            end if;
            if new.status = 'published' and exists (
                select 1 from plan_revision
                where tenant_id = new.tenant_id and plan_id = new.plan_id
                  and number = new.number and made_by = new.published_by)
            then
                raise exception 'the maker of a plan version cannot publish it'
                    using errcode = 'check_violation';
            end if;
            return new;
        end $$
        """
    )
    op.execute(
        "create trigger settled before update on plan_version "
        "for each row execute function plan_version_is_settled()"
    )
    op.execute(
        """
        create function plan_revision_needs_draft() returns trigger language plpgsql as $$
        begin
            if not exists (
                select 1 from plan_version
                where tenant_id = new.tenant_id and plan_id = new.plan_id
                  and number = new.number and status = 'draft')
            then
                raise exception 'only a draft takes another document'
                    using errcode = 'check_violation';
            end if;
            return new;
        end $$
        """
    )
    op.execute(
        "create trigger needs_draft before insert on plan_revision "
        "for each row execute function plan_revision_needs_draft()"
    )
