"""What the database itself refuses, whatever the code above it does."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from ..conftest import RecordMaker, Tenant  # noqa: TID252
from ..invoices import approved_invoice  # noqa: TID252

TENANT_TABLES = (
    "source", "mapping_version", "schema_drift", "inbound_message", "inbound_part",
    "record_version", "external_record", "state_observation", "quarantine", "file_intake",
    "watermark", "sap_invoice", "sap_delivery", "sap_transition", "sap_alarm",
)  # fmt: skip


async def test_without_the_applications_filter_another_tenants_rows_stay_out_of_sight(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    await tenant.push(order(New_Field__c="drift"), order("801B", Status="On hold"))
    await tenant.offer(approved_invoice(tenant.id, "PF-1"))
    other = tenant.service.tenant()

    async with tenant.service.runtime.open_work(other.id) as work:
        for table in TENANT_TABLES:
            found = await work.connection.execute(text(f"select count(*) from {table}"))
            assert found.scalar_one() == 0, table


async def test_without_a_tenant_nothing_is_visible_and_nothing_is_taken(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    await tenant.push(order())

    async with tenant.service.runtime.database.engine.connect() as connection:
        found = await connection.execute(text("select count(*) from record_version"))
        assert found.scalar_one() == 0
        with pytest.raises(DBAPIError, match="row-level security"):
            await connection.execute(
                text(
                    "insert into schema_drift values "
                    "(:tenant, gen_random_uuid(), 'x', gen_random_uuid(), now())"
                ),
                {"tenant": tenant.id},
            )


@pytest.mark.parametrize(
    "statement",
    [
        "update record_version set content_hash = ''",
        "delete from record_version",
        "update state_observation set state = 'activated'",
        "delete from inbound_message",
        "update inbound_message set content = ''",
        "update sap_invoice set content_hash = ''",
        "delete from sap_transition",
        "update watermark set count = 0",
        "update mapping_version set document = '{}'",
    ],
)
async def test_what_was_received_and_published_is_never_overwritten(
    tenant: Tenant, statement: str
) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with tenant.service.runtime.open_work(tenant.id) as work:
            await work.connection.execute(text(statement))


async def test_a_posted_invoice_without_a_document_is_refused(tenant: Tenant) -> None:
    await tenant.offer(approved_invoice(tenant.id, "PF-1"))

    with pytest.raises(IntegrityError, match="posted_has_document"):
        async with tenant.service.runtime.open_work(tenant.id) as work:
            await work.connection.execute(text("update sap_delivery set status = 'POSTED'"))


async def test_the_head_of_every_delivery_follows_from_its_transitions(tenant: Tenant) -> None:
    await tenant.offer(approved_invoice(tenant.id, "PF-1"))
    query = "/odata/v2/ICM_INVOICE_SRV/AcquireBatch?Consumer='SAP'&MaxCount=10"
    await tenant.call("POST", query, "machine_sap")

    async with tenant.service.runtime.open_work(tenant.id) as work:
        found = await work.connection.execute(
            text(
                "select d.status, t.to_status from sap_delivery d join lateral "
                "(select to_status from sap_transition t where t.tenant_id = d.tenant_id "
                "and t.invoice_id = d.invoice_id order by number desc limit 1) t on true"
            )
        )
        assert [tuple(row) for row in found] == [("LEASED", "LEASED")]
