"""Rules that hold whatever the application does."""

from dataclasses import fields
from datetime import UTC, date, datetime
from importlib import resources
from typing import Any
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Table, select, text
from sqlalchemy.exc import DBAPIError

from plans_api.adapters.database import tables
from plans_api.adapters.database.work import DatabaseWork
from plans_api.application.act import Act
from plans_api.application.create_plan import create_plan
from plans_api.application.kinds.payees import Payees
from plans_api.application.kinds.principals import Principals
from plans_api.application.publish_plan import publish_plan
from plans_api.application.record_content import record_content
from plans_api.application.review_plan import submit_plan
from plans_api.domain.payee import Payee
from plans_api.domain.principal import Principal
from plans_api.domain.window import Window
from premia_runtime.database import Database
from premia_runtime.ids import TimeOrderedIds
from premia_runtime.work import CollectedOutbox

IDS = TimeOrderedIds()
MAKER = UUID(int=1)
APPROVER = UUID(int=2)
NOW = datetime(2026, 1, 10, 9, 0, tzinfo=UTC)
PLAN = (resources.files("premia_plan") / "library" / "plans" / "agency-energy.yaml").read_text()

WARNINGS = (
    "cliff /components/accelerator/steps/1/gate",
    "unbounded /components/base",
    "unbounded /components/override",
)


def act(tenant: UUID, by: UUID = MAKER) -> Act:
    return Act(tenant, by, NOW, IDS, IDS.new())


async def keep_payee(database: Database, tenant: UUID, code: str) -> UUID:
    payee = Payee(code, code, "agency", "it", {}, (), Window(date(2025, 1, 1)))
    async with database.transaction(tenant) as connection:
        work = DatabaseWork(connection, tenant, CollectedOutbox())
        made = await record_content(work, kind=Payees(), content=payee, act=act(tenant))
    return made.record.id


async def keep_plan_in_review(database: Database, tenant: UUID) -> UUID:
    async with database.transaction(tenant) as connection:
        work = DatabaseWork(connection, tenant, CollectedOutbox())
        owner = await record_content(
            work,
            kind=Principals(),
            content=Principal("1000", "Luce Chiara", "IT", "EUR"),
            act=act(tenant),
        )
        draft = await create_plan(work, text=PLAN, principal_id=owner.record.id, act=act(tenant))
        await submit_plan(work, plan_id=draft.plan.id, number=1, expected=1, act=act(tenant))
    return draft.plan.id


async def keep_published_plan(database: Database, tenant: UUID) -> UUID:
    plan_id = await keep_plan_in_review(database, tenant)
    async with database.transaction(tenant) as connection:
        work = DatabaseWork(connection, tenant, CollectedOutbox())
        await publish_plan(
            work,
            plan_id=plan_id,
            number=1,
            expected=2,
            accepted_warnings=WARNINGS,
            act=act(tenant, APPROVER),
        )
    return plan_id


async def test_a_tenant_sees_only_its_rows_with_the_filter_removed(
    app_database: Database,
) -> None:
    ours, theirs = IDS.new(), IDS.new()
    await keep_payee(app_database, ours, "AG-OURS")
    await keep_payee(app_database, theirs, "AG-THEIRS")

    async with app_database.transaction(ours) as connection:
        codes = (await connection.execute(select(tables.payee.c.code))).scalars().all()

    assert codes == ["AG-OURS"]


async def test_without_a_tenant_no_row_is_visible(app_database: Database) -> None:
    await keep_payee(app_database, IDS.new(), "AG-1")

    async with app_database.system() as connection:
        codes = (await connection.execute(select(tables.payee.c.code))).scalars().all()

    assert codes == []


async def test_a_row_of_another_tenant_cannot_be_written(app_database: Database) -> None:
    ours, theirs = IDS.new(), IDS.new()

    with pytest.raises(DBAPIError, match="row-level security"):
        async with app_database.transaction(ours) as connection:
            await connection.execute(
                tables.payee.insert().values(tenant_id=theirs, id=IDS.new(), code="AG-1", version=1)
            )


async def test_every_table_of_a_tenant_is_protected(owner_database: Database) -> None:
    async with owner_database.system() as connection:
        found = await connection.execute(
            text(
                "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid "
                "where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace "
                "and a.attname = 'tenant_id' "
                "and not (c.relrowsecurity and c.relforcerowsecurity)"
            )
        )
        unprotected = found.scalars().all()

    assert unprotected == []


@pytest.mark.parametrize(
    "statement",
    [
        "update plan_revision set canonical = '{}'",
        "delete from plan_revision",
        "update plan_transition set by = gen_random_uuid()",
        "update payee_version set name = 'other'",
        "delete from payee",
        "update payee set code = 'other'",
        "update plan_acceptance set content_hash = ''",
        "alter table plan_version disable trigger all",
    ],
)
async def test_the_service_may_not_overwrite_what_was_kept(
    app_database: Database, statement: str
) -> None:
    tenant = IDS.new()
    await keep_published_plan(app_database, tenant)

    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
        async with app_database.transaction(tenant) as connection:
            await connection.execute(text(statement))


async def test_the_maker_as_publisher_breaks_a_constraint(app_database: Database) -> None:
    tenant = IDS.new()
    await keep_plan_in_review(app_database, tenant)

    with pytest.raises(DBAPIError, match="the maker of a plan version cannot publish it"):
        async with app_database.transaction(tenant) as connection:
            await connection.execute(
                text(
                    "update plan_version set status = 'published', published_by = :maker, "
                    "published_at = now(), makers = '{}', submitted_by = gen_random_uuid()"
                ),
                {"maker": MAKER},
            )


async def test_the_submitter_as_publisher_breaks_a_constraint(app_database: Database) -> None:
    tenant = IDS.new()
    await keep_plan_in_review(app_database, tenant)

    with pytest.raises(DBAPIError, match="ck_plan_version_four_eyes"):
        async with app_database.transaction(tenant) as connection:
            await connection.execute(
                text(
                    "update plan_version set status = 'published', published_by = :somebody, "
                    "published_at = now(), submitted_by = :somebody"
                ),
                {"somebody": APPROVER},
            )


@pytest.mark.parametrize(
    "change",
    ["content_hash = 'x'", "status = 'draft'", "makers = '{}'", "valid_to = '2099-01-01'"],
)
async def test_a_published_version_never_changes(app_database: Database, change: str) -> None:
    tenant = IDS.new()
    await keep_published_plan(app_database, tenant)

    with pytest.raises(DBAPIError, match="a published plan version never changes"):
        async with app_database.transaction(tenant) as connection:
            await connection.execute(text(f"update plan_version set {change}"))


async def test_a_published_version_takes_no_further_document(app_database: Database) -> None:
    tenant = IDS.new()
    plan_id = await keep_published_plan(app_database, tenant)

    with pytest.raises(DBAPIError, match="only a draft takes another document"):
        async with app_database.transaction(tenant) as connection:
            await connection.execute(
                tables.plan_revision.insert().values(
                    tenant_id=tenant,
                    plan_id=plan_id,
                    number=1,
                    revision=2,
                    source="",
                    canonical="{}",
                    content_hash="x",
                    made_by=MAKER,
                    made_at=NOW,
                )
            )


async def test_the_state_of_a_version_follows_from_its_transitions(
    app_database: Database,
) -> None:
    tenant = IDS.new()
    plan_id = await keep_published_plan(app_database, tenant)

    async with app_database.transaction(tenant) as connection:
        work = DatabaseWork(connection, tenant, CollectedOutbox())
        steps = await work.plans.transitions(plan_id, 1)
        version = await work.plans.version(plan_id, 1)

    last = steps[-1]
    assert (last.after, last.revision, last.window) == (
        version.status,
        version.revision,
        version.window,
    )
    assert (last.by, last.at) == (version.published_by, version.published_at)
    assert last.sequence == version.version
    assert [step.by for step in steps] == [MAKER, MAKER, APPROVER]


async def test_the_migrations_make_the_tables_that_the_code_describes(
    owner_database: Database,
) -> None:
    ours = set(tables.metadata.tables) - {table.name for table in _plumbing()}

    def differences(connection: Connection) -> list[Any]:
        def ours_only(item: Any, *_: object) -> bool:
            return getattr(item, "table", item).name in ours

        options = {"compare_type": True, "include_object": ours_only}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, tables.metadata))

    assert len(ours) == 32
    async with owner_database.system() as connection:
        assert await connection.run_sync(differences) == []


def _plumbing() -> list[Table]:
    return [getattr(tables.plumbing, field.name) for field in fields(tables.plumbing)]
