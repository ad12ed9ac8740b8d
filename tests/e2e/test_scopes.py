"""Who may see and do what: partners, makers, tenants, on the running platform and in SQL."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from jobs import fresh_tenant

from premia_cli.api import Api, Refused
from premia_cli.demo.calculation import statements_of
from premia_cli.demo.documents import documents_of
from premia_cli.demo.job import Job
from premia_cli.demo.main_job import run_job
from premia_cli.demo.second_tenant import nothing_crossed
from premia_doubles.sample.shape import RUN_MONTH
from premia_runtime.http import HttpClient
from premia_runtime.local.supervisor import Supervisor

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("platform")]


@pytest.fixture(scope="module")
async def other(platform: Supervisor, http: HttpClient) -> Job:
    return await run_job(platform, http, tenant=fresh_tenant(401), seed_number=8)


async def refusal(api: Api, method: str, path: str, body: Any = None, **options: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        await api.call(method, path, body, **options)
    return refused.value


async def test_a_partner_sees_its_own_statement_and_document_and_no_other(job: Job) -> None:
    own = await statements_of(job, RUN_MONTH, "partner-a")
    everybody = await statements_of(job, RUN_MONTH)
    partner = await job.api("partner-a", "calc-engine")
    invoicing = await job.api("partner-a", "invoicing")
    mine = {row["payee_id"] for row in own}
    others = [row for row in everybody if row["payee_id"] not in mine]

    assert mine == {str(job.known.payees[job.sample.partner_a])}
    assert len(others) == len(everybody) - len(own) > 5
    for row in others:
        for path in ("", "/lines", "/explain"):
            found = await refusal(partner, "GET", f"/v1/statements/{row['id']}{path}")
            assert (found.status, found.code) == (404, "statement-not-found")
    for row in await documents_of(job, RUN_MONTH):
        if row["payee_id"] not in mine:
            path = f"/v1/pro-formas/{row['id']}"
            assert (await refusal(invoicing, "GET", path)).status == 404
            answer = await refusal(invoicing, "POST", f"{path}/accept", version=row["version"])
            assert answer.status == 404


async def test_nobody_of_the_staff_accepts_in_a_partners_place(job: Job) -> None:
    document = next(row for row in await documents_of(job, RUN_MONTH) if row["status"] == "sent")

    for name in ("analyst", "approver", "designer", "sap"):
        api = await job.api(name, "invoicing")
        path = f"/v1/pro-formas/{document['id']}/accept"
        found = await refusal(api, "POST", path, version=document["version"])
        assert (found.status, found.code) == (403, "not-permitted")


async def test_a_role_without_the_permission_is_refused(job: Job) -> None:
    refused = [
        ("salesforce", "calc-engine", "GET", "/v1/statements"),
        ("sap", "connectors", "GET", "/v1/quarantine"),
        ("partner-a", "connectors", "GET", "/v1/orders"),
        ("designer", "calc-engine", "GET", "/v1/statements"),
        ("analyst", "connectors", "GET", "/odata/v2/ICM_INVOICE_SRV/ApprovedInvoices"),
    ]

    for name, service, method, path in refused:
        found = await refusal(await job.api(name, service), method, path)
        assert found.status == 403, (name, path, found)


async def test_without_a_token_and_with_a_forged_one_nothing_is_read(
    job: Job, http: HttpClient
) -> None:
    token = await job.token("analyst")
    head, body, signature = token.split(".")
    forged = f"{head}.{body}.{signature[:-4]}AAAA"

    for service in ("plans-api", "calc-engine", "connectors", "invoicing"):
        paths = {
            "plans-api": "/v1/payees",
            "calc-engine": "/v1/statements",
            "connectors": "/v1/orders",
            "invoicing": "/v1/pro-formas",
        }
        for value in ("", forged, "not a token"):
            api = Api(job.platform.services[service].base_url, value, http)
            assert (await refusal(api, "GET", paths[service])).status == 401


async def test_nothing_crosses_between_two_tenants(job: Job, other: Job) -> None:
    outcome = await nothing_crossed(job, other)

    assert "14 requests" in outcome.figures


def app_databases(platform: Supervisor) -> Iterator[tuple[str, str]]:
    for name, addresses in platform.databases.items():
        yield name, addresses.app.replace("postgresql+asyncpg://", "postgresql://")


async def tenant_tables(connection: asyncpg.Connection) -> list[str]:
    rows = await connection.fetch(
        "select table_name from information_schema.columns c join information_schema.tables t "
        "using (table_schema, table_name) where c.column_name = 'tenant_id' "
        "and table_schema = 'public' and t.table_type = 'BASE TABLE' order by table_name"
    )
    return [row["table_name"] for row in rows]


async def test_without_the_applications_filter_the_database_shows_one_tenant_only(
    platform: Supervisor, job: Job, other: Job
) -> None:
    seen: dict[UUID, int] = {job.tenant: 0, other.tenant: 0}
    for name, address in app_databases(platform):
        connection = await asyncpg.connect(address)
        tables = await tenant_tables(connection)
        assert len(tables) > 5, name
        for tenant in seen:
            for table in tables:
                async with connection.transaction():
                    await connection.execute(
                        "select set_config('app.tenant', $1, true)", str(tenant)
                    )
                    try:
                        async with connection.transaction():
                            found = await connection.fetch(
                                f'select tenant_id, count(*) as rows from "{table}" group by 1'
                            )
                    except asyncpg.InsufficientPrivilegeError:
                        continue
                assert {row["tenant_id"] for row in found} <= {tenant}, (name, table)
                seen[tenant] += sum(row["rows"] for row in found)
        unset = await connection.fetch(f'select 1 from "{tables[0]}" limit 1')
        assert unset == []
        await connection.close()
    assert min(seen.values()) > 1000
