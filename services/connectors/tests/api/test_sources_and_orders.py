"""Sources, watermarks and the list of orders."""

from datetime import timedelta

import pytest

from ..conftest import ORG, RecordMaker, Tenant  # noqa: TID252


async def test_a_source_is_set_up_once_and_shows_its_token_once(tenant: Tenant) -> None:
    body = {"code": "crm", "kind": "salesforce", "org_id": ORG}

    made = await tenant.call("POST", "/v1/sources", "admin", json=body)
    again = await tenant.call("POST", "/v1/sources", "admin", json=body)
    shown = await tenant.call("GET", "/v1/sources/crm", "admin")

    assert made.status_code == 201
    assert made.json()["outbound_message_url"].endswith(made.json()["source_token"])
    assert (again.status_code, again.json()["code"]) == (409, "source-exists")
    assert made.json()["source_token"] not in shown.text


@pytest.mark.parametrize(
    "body",
    [
        {"code": "crm", "kind": "salesforce"},
        {"code": "crm", "kind": "salesforce", "org_id": ORG, "time_zone": "Mars/Olympus"},
        {"code": "crm", "kind": "fax", "org_id": ORG},
        {"code": "UPPER", "kind": "billing"},
        {"code": "crm", "kind": "billing", "colour": "red"},
    ],
)
async def test_a_source_that_cannot_work_is_refused(tenant: Tenant, body: dict[str, str]) -> None:
    answer = await tenant.call("POST", "/v1/sources", "admin", json=body)

    assert answer.status_code == 422


async def test_only_administrators_set_up_sources(tenant: Tenant) -> None:
    body = {"code": "crm", "kind": "billing"}

    answer = await tenant.call("POST", "/v1/sources", "machine_salesforce", json=body)

    assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")


async def test_a_watermark_counts_facts_and_adds_up_current_orders(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    await tenant.push(order("801A", TotalAmount=10), order("801B", TotalAmount=20))
    await tenant.push(order("801A", TotalAmount=5, SystemModstamp="2026-03-06T00:00:00Z"))
    known_up_to = tenant.service.clock.now()
    body = {"known_up_to": known_up_to.isoformat()}
    path = "/v1/sources/salesforce/watermarks"

    told = await tenant.call("POST", path, "machine_salesforce", json=body)
    again = await tenant.call("POST", path, "machine_salesforce", json=body)
    earlier = {"known_up_to": (known_up_to - timedelta(hours=1)).isoformat()}
    before = await tenant.call("POST", path, "machine_salesforce", json=earlier)
    later = {"known_up_to": (known_up_to + timedelta(hours=1)).isoformat()}
    future = await tenant.call("POST", path, "machine_salesforce", json=later)

    assert (told.json()["count"], told.json()["amount"]) == (3, "25.00")
    assert again.json() == told.json()
    assert (before.json(), future.status_code) == (told.json(), 422)
    (event,) = await tenant.events("premia.source.watermark.v1")
    assert (event["data"]["count"], event["data"]["amount"]) == (3, "25.00")


async def test_the_list_of_orders_pages_without_gap_or_repeat(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    await tenant.push(*(order(f"801{n:02}") for n in range(25)))

    seen: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": "10"} | ({"cursor": cursor} if cursor else {})
        page = (await tenant.call("GET", "/v1/orders", "auditor", params=params)).json()
        seen += [item["record_id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert seen == [f"801{n:02}" for n in range(25)]


async def test_orders_are_filtered_by_state(tenant: Tenant, order: RecordMaker) -> None:
    await tenant.salesforce()
    await tenant.push(order("801A"), order("801B", Status="Signed", Activated_Date__c=None))

    found = await tenant.call("GET", "/v1/orders", "auditor", params={"state": "signed"})

    assert [item["record_id"] for item in found.json()["items"]] == ["801B"]


async def test_a_second_tenant_with_the_same_records_sees_only_its_own(
    tenant: Tenant, order: RecordMaker
) -> None:
    other = tenant.service.tenant()
    await tenant.salesforce()
    await other.salesforce()
    await tenant.push(order(TotalAmount=1))
    await other.push(order(TotalAmount=2))

    mine = (await tenant.call("GET", "/v1/orders", "auditor")).json()["items"]
    theirs = (await other.call("GET", "/v1/orders", "auditor")).json()["items"]

    assert [item["amount"]["amount"] for item in mine] == ["1.00"]
    assert [item["amount"]["amount"] for item in theirs] == ["2.00"]
