"""What the database itself refuses, whatever the application says."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from calc_engine.adapters.database import tables
from calc_engine.adapters.database.metadata import plumbing

from ..api.flows import approve_all, submit  # noqa: TID252
from ..conftest import NEW, Office  # noqa: TID252
from ..samples import above_target, ident, master_data, order  # noqa: TID252


async def in_review(office: Office) -> dict[str, Any]:
    """Bring March to review and return the agency's statement."""
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await submit(office, await office.run("2026-03"))
    return await office.statement_of(ident(office.tenant, "payee", "A1"), "2026-03")


async def approve_by_sql(office: Office, statement: dict[str, Any], by: UUID) -> None:
    async with office.service.runtime.open_work(office.tenant) as work:
        await work.connection.execute(
            text(
                "insert into statement_transition (tenant_id, statement_id, version, revision,"
                " to_status, by, at, made_by, submitted_by)"
                " values (:tenant, :id, 99, 1, 'approved', :by, now(), :made_by, :submitted_by)"
            ),
            {
                "tenant": office.tenant,
                "id": UUID(statement["id"]),
                "by": by,
                "made_by": UUID(statement["made_by"]),
                "submitted_by": UUID(statement["submitted_by"]),
            },
        )


async def test_the_maker_cannot_approve_by_sql_either(office: Office) -> None:
    statement = await in_review(office)

    with pytest.raises(IntegrityError, match="ck_statement_transition_four_eyes"):
        await approve_by_sql(office, statement, UUID(statement["made_by"]))


async def test_an_approval_that_names_another_maker_is_refused(office: Office) -> None:
    statement = await in_review(office)
    statement["made_by"] = str(NEW.new())

    with pytest.raises(IntegrityError, match="fk_statement_transition"):
        await approve_by_sql(office, statement, NEW.new())


async def test_one_person_cannot_close_a_period_by_sql(office: Office) -> None:
    await office.open("2026-03")
    person = NEW.new()

    with pytest.raises(IntegrityError, match="ck_period_head_four_eyes"):
        async with office.service.runtime.open_work(office.tenant) as work:
            await work.connection.execute(
                text(
                    "update period_head set status = 'closed', close_requested_by = :person,"
                    " closed_by = :person"
                ),
                {"person": person},
            )


async def test_a_posting_that_does_not_add_up_is_refused_at_commit(office: Office) -> None:
    await in_review(office)
    await approve_all(office, "2026-03")

    with pytest.raises(DBAPIError, match=r"is unbalanced by 1\.000 EUR"):
        async with office.service.runtime.open_work(office.tenant) as work:
            await work.connection.execute(
                text(
                    "insert into ledger_entry select tenant_id, posting_id, 99, 'held', payee_id,"
                    " principal_id, 1.00, currency from ledger_entry limit 1"
                )
            )


@pytest.mark.parametrize(
    "change",
    [
        "update fact set body = '{}'",
        "delete from fact",
        "update statement_line set amount = 0",
        "delete from statement_revision",
        "update statement_transition set by = made_by",
        "update ledger_entry set amount = 0",
        "update statement_head set payee_id = payee_id",
        "update run_result set result_digest = ''",
        "update statement_account set after = 0",
        "delete from adjustment_decision",
        "update adjustment set amount = 0",
        "delete from rejected_record",
    ],
)
async def test_the_service_cannot_overwrite_what_was_recorded(office: Office, change: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with office.service.runtime.open_work(office.tenant) as work:
            await work.connection.execute(text(change))


async def test_the_head_of_a_statement_follows_from_its_transitions(office: Office) -> None:
    await in_review(office)
    await approve_all(office, "2026-03")
    await office.arrive([order(office.tenant, "O5", "80.00", states={"activated": "2026-03-02"})])
    await office.run("2026-03")

    async with office.service.runtime.open_work(office.tenant) as work:
        heads = (await work.connection.execute(select(tables.statement_head))).mappings().all()
        steps = (
            await work.connection.execute(
                select(tables.statement_transition).order_by(
                    tables.statement_transition.c.statement_id,
                    tables.statement_transition.c.version,
                )
            )
        ).mappings()
        derived: dict[UUID, tuple[Any, ...]] = {}
        for step in steps:
            approved = step["to_status"] == "approved"
            derived[step["statement_id"]] = (
                step["revision"],
                step["to_status"],
                step["version"],
                step["submitted_by"],
                step["by"] if approved else None,
                step["at"] if approved else None,
            )

    assert len(heads) == 2
    for head in heads:
        assert derived[head["statement_id"]] == (
            head["revision"],
            head["status"],
            head["version"],
            head["submitted_by"],
            head["approved_by"],
            head["approved_at"],
        )


TENANT_TABLES = sorted(
    table.name for table in tables.metadata.tables.values() if "tenant_id" in table.c
)


async def test_another_tenants_rows_stay_invisible_without_the_applications_filter(
    office: Office, make_office: Callable[[], Office]
) -> None:
    await in_review(office)
    await approve_all(office, "2026-03")
    stranger = make_office()

    async with office.service.runtime.open_work(stranger.tenant) as work:
        seen = {
            name: await work.connection.scalar(text(f"select count(*) from {name}"))
            for name in TENANT_TABLES
        }
    async with office.service.runtime.open_work(office.tenant) as work:
        own = {
            name: await work.connection.scalar(text(f"select count(*) from {name}"))
            for name in TENANT_TABLES
        }

    assert set(seen.values()) == {0}
    assert own["statement_line"] == 6
    assert own["fact"] > 20


async def test_a_row_for_another_tenant_is_refused(
    office: Office, make_office: Callable[[], Office]
) -> None:
    stranger = make_office()

    with pytest.raises(DBAPIError, match="row-level security"):
        async with office.service.runtime.open_work(office.tenant) as work:
            await work.connection.execute(
                text(
                    "insert into period (tenant_id, month, opened_by, opened_at)"
                    " values (:tenant, '2026-03', :tenant, now())"
                ),
                {"tenant": stranger.tenant},
            )


async def test_the_migrations_make_the_tables_that_the_code_describes(office: Office) -> None:
    made = {getattr(plumbing, field.name).name for field in fields(plumbing)}
    ours = set(tables.metadata.tables) - made

    def differences(connection: Connection) -> list[Any]:
        def ours_only(item: Any, *_: object) -> bool:
            return getattr(item, "table", item).name in ours

        options = {"compare_type": True, "include_object": ours_only}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, tables.metadata))

    assert len(ours) == 41
    async with office.service.runtime.open_work(office.tenant) as work:
        assert await work.connection.run_sync(differences) == []
