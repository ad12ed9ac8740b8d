"""What the database itself refuses, with the application's own filters left out."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from invoicing.adapters.database import tables
from premia_runtime.ids import TimeOrderedIds

new_id = TimeOrderedIds().new

OWN = [
    table
    for table in tables.metadata.sorted_tables
    if table.name in vars(tables) and "tenant_id" in table.c
]
HEADS = {"fiscal_profiles", "documents", "number_counters"}


@pytest.fixture
async def full_house(house):
    payee = new_id()
    await house.with_profile(payee)
    clerk = house.person("finance_clerk")
    sent = await house.sent(payee, "1000.00", clerk=clerk)
    rules = {"cost_center": "A", "gl_accounts": {}, "vat_codes": {}, "withholding_codes": {}}
    await clerk.put(f"/v1/posting-rules/{house.principal}", rules, if_match=0)
    return house, clerk, sent


@pytest.mark.parametrize("table", OWN, ids=lambda table: table.name)
async def test_without_the_filter_another_tenant_still_sees_no_row(full_house, other_house, table):
    house, _, _ = full_house
    count = f"select count(*) as n from {table.name}"

    if table.name not in {"document_postings", "document_rejections"}:
        [mine] = await house.rows(count)
        assert mine["n"] > 0
    [theirs] = await other_house.rows(count)
    assert theirs["n"] == 0


@pytest.mark.parametrize("table", OWN, ids=lambda table: table.name)
async def test_no_row_is_accepted_for_another_tenant(house, table):
    with pytest.raises(DBAPIError, match="row-level security"):
        await house.rows(
            f"insert into {table.name} (tenant_id) values (:tenant) returning 1", tenant=new_id()
        )
    forced = await house.rows(
        "select relrowsecurity and relforcerowsecurity as yes from pg_class where relname = :name",
        name=table.name,
    )
    assert [row["yes"] for row in forced] == [True]


@pytest.mark.parametrize("table", OWN, ids=lambda table: table.name)
async def test_rows_are_never_deleted_and_only_heads_change(house, table):
    with pytest.raises(DBAPIError, match="permission denied"):
        await house.rows(f"delete from {table.name} returning 1")
    columns = [column.name for column in table.c]
    granted = await house.rows(
        "select column_name from information_schema.column_privileges "
        "where table_name = :name and privilege_type = 'UPDATE' and grantee = current_user",
        name=table.name,
    )
    changing = {row["column_name"] for row in granted}
    assert bool(changing) == (table.name in HEADS)
    assert not changing & {"tenant_id", "id", "payload", "content", "digest"}
    assert changing <= set(columns)


async def test_the_database_refuses_a_maker_as_approver_of_an_invoice(full_house):
    house, clerk, sent = full_house

    for by, made_by in ((clerk.id, clerk.id), (clerk.id, None), (None, clerk.id)):
        with pytest.raises(DBAPIError, match="ck_document_transitions_two_people"):
            await house.rows(
                "insert into document_transitions (tenant_id, document_id, version, to_status, "
                "at, by, made_by) values (:tenant, :id, 99, 'approved', now(), :by, :made_by) "
                "returning 1",
                tenant=house.tenant,
                id=sent["id"],
                by=by,
                made_by=made_by,
            )


async def test_the_database_refuses_a_maker_as_approver_of_a_profile(full_house):
    house, clerk, _ = full_house
    [profile] = await house.rows("select id from fiscal_profiles")

    with pytest.raises(DBAPIError, match="ck_fiscal_profile_transitions_two_people"):
        await house.rows(
            "insert into fiscal_profile_transitions (tenant_id, profile_id, version, revision, "
            "to_status, at, by, made_by) "
            "values (:tenant, :id, 99, 1, 'approved', now(), :by, :by) returning 1",
            tenant=house.tenant,
            id=profile["id"],
            by=clerk.id,
        )


async def test_heads_follow_from_their_transitions(full_house):
    house, clerk, sent = full_house
    [document] = await house.rows(
        "select d.status, d.version, d.number, d.sent_by, t.to_status, t.version as last, "
        "i.number as issued, i.issued_by from documents d "
        "join lateral (select * from document_transitions t where t.tenant_id = d.tenant_id "
        "and t.document_id = d.id order by t.version desc limit 1) t on true "
        "join document_issues i on i.tenant_id = d.tenant_id and i.document_id = d.id"
    )
    [profile] = await house.rows(
        "select p.status, p.version, p.revision, p.approved_revision, t.to_status, "
        "t.version as last, t.revision as of_transition from fiscal_profiles p "
        "join lateral (select * from fiscal_profile_transitions t "
        "where t.tenant_id = p.tenant_id and t.profile_id = p.id "
        "order by t.version desc limit 1) t on true"
    )

    assert (document["status"], document["version"]) == (document["to_status"], document["last"])
    assert (document["number"], document["sent_by"]) == (document["issued"], clerk.id)
    assert document["issued"] == sent["number"]
    assert (profile["status"], profile["version"]) == (profile["to_status"], profile["last"])
    assert profile["approved_revision"] == profile["revision"] == profile["of_transition"]


async def test_numbers_have_no_gap_when_many_send_at_once_and_some_roll_back(house):
    runtime = house.service.runtime
    principal = new_id()

    class Interrupted(Exception):
        pass

    async def number(position: int) -> int | None:
        try:
            async with runtime.open_work(house.tenant) as work:
                [taken] = await work.numbers.take(principal, "PF", 2026, 1)
                if position % 3 == 0:
                    raise Interrupted
                return taken.sequence
        except Interrupted:
            return None

    taken = await asyncio.gather(*(number(position) for position in range(40)))

    kept = sorted(sequence for sequence in taken if sequence is not None)
    assert kept == list(range(1, 27))


async def test_each_principal_and_year_has_its_own_numbers(house):
    first, second = new_id(), new_id()

    async with house.service.runtime.open_work(house.tenant) as work:
        numbers = [
            str(number)
            for principal, year in ((first, 2026), (second, 2026), (first, 2027), (first, 2026))
            for number in await work.numbers.take(principal, "PF", year, 1)
        ]

    assert numbers == ["PF-2026-000001", "PF-2026-000001", "PF-2027-000001", "PF-2026-000002"]


async def test_an_approval_and_a_statement_side_by_side_do_not_miss_each_other(house):
    """Whichever commits first, the statement's last answer is `ok`."""
    for _ in range(10):
        payee = new_id()
        statement = house.calculated(payee, "100.00")
        await asyncio.gather(house.with_profile(payee), house.hear(statement))
        answers = await house.rows(
            "select status from tax_answers where statement_id = :id order by answer_no",
            id=statement.statement_id,
        )
        assert answers[-1]["status"] == "ok"


async def test_the_migrations_make_the_tables_that_the_code_knows(house):
    found = await house.rows(
        "select table_name, column_name from information_schema.columns "
        "where table_schema = 'public'"
    )
    there = {(row["table_name"], row["column_name"]) for row in found}

    expected = {(table.name, column.name) for table in OWN for column in table.c}
    assert expected <= there


async def test_the_system_role_sees_heads_and_no_personal_data(service):
    async with service.runtime.system_database.system() as connection:
        await connection.execute(text("select count(*) from documents"))
    for hidden in ("fiscal_profile_revisions", "document_contents", "document_issues"):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with service.runtime.system_database.system() as connection:
                await connection.execute(text(f"select count(*) from {hidden}"))
