"""Lines with states, days and payees of their own, several roles, provisional KPIs."""

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from simple_salesforce import Salesforce

from premia_doubles.salesforce_query import SalesforceOrganisation, salesforce_organisation

from ..conftest import RecordMaker, Tenant  # noqa: TID252
from .test_billing import INGEST, SINGLE, kpi
from .test_repair import quarantined

PANELS = {
    "Id": "802A",
    "Product_Code__c": "pv-panel",
    "Category_Code__c": "pv",
    "Quantity": 6.40,
    "Unit__c": "kWp",
    "TotalPrice": 1000.10,
    "Line_Date__c": "2026-03-02",
    "Status__c": "Activated",
    "Activated_Date__c": "2026-03-05",
    "Installer_Code__c": "IN-7",
}
BATTERY = {
    "Id": "802B",
    "Product_Code__c": "battery",
    "Quantity": 1,
    "TotalPrice": 234.46,
    "Status__c": "Cancelled",
    "Status_Date__c": "2026-03-08",
}
SOQL = (
    "SELECT Id, OrderNumber, TotalAmount, Installer_Code__c, (SELECT Id, TotalPrice FROM OrderItems)"
    " FROM Order"
)


def read_orders(organisation: SalesforceOrganisation) -> list[Any]:
    """Read every order as an integration does, exact to the digit that was sent."""
    client = Salesforce(
        instance_url=organisation.instance_url,
        session_id=organisation.session_id,
        session=organisation.session(),
        parse_float=str,
    )
    found: list[Any] = client.query_all(SOQL)["records"]
    return found


async def pulled(tenant: Tenant, orders: Sequence[Any]) -> Any:
    """Let an integration read orders with the vendor's client and push them."""
    with salesforce_organisation(orders) as organisation:
        records = await asyncio.to_thread(read_orders, organisation)
    return await tenant.push(*records)


async def test_lines_are_told_with_their_own_states_days_and_payees(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()

    answer = await pulled(tenant, [order(OrderItems=[PANELS, BATTERY], Installer_Code__c="IN-1")])

    assert (answer["accepted"], answer["quarantined"]) == (1, [])
    (event,) = await tenant.events()
    assert event["data"]["payees"] == {"installer": {"system": "salesforce", "code": "IN-1"}}
    panels, battery = event["data"]["lines"]
    assert panels == {
        "line_id": "802A",
        "product": "pv-panel",
        "quantity": "6.4",
        "amount": {"amount": "1000.10", "currency": "EUR"},
        "category": "pv",
        "quantity_unit": "kWp",
        "on": "2026-03-02",
        "states": [{"state": "activated", "on": "2026-03-05", "at": None}],
        "payees": {"installer": {"system": "salesforce", "code": "IN-7"}},
    }
    assert battery["states"] == [{"state": "cancelled", "on": "2026-03-08", "at": None}]
    assert {"payees", "category", "on"}.isdisjoint(battery)


async def test_a_line_without_a_day_reached_its_state_when_the_order_did(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    line = {**BATTERY, "Status__c": "Activated", "Status_Date__c": None}

    await tenant.push(order(OrderItems=[line], Activated_Date__c="2026-03-04"))

    (event,) = await tenant.events()
    [battery] = event["data"]["lines"]
    assert battery["states"] == [{"state": "activated", "on": "2026-03-04", "at": None}]


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"Status__c": "On its way"}, "UNMAPPED_STATE", "OrderItems[2].Status__c"),
        ({"Status_Date__c": None}, "MISSING_FIELD", "OrderItems[2].Status_Date__c"),
        ({"Status_Date__c": "2027-01-01"}, "FUTURE_DATE", "OrderItems[2].Status_Date__c"),
        ({"Line_Date__c": "tomorrow"}, "BAD_TYPE", "OrderItems[2].Line_Date__c"),
        ({"TotalPrice": "1.005"}, "MONEY_SCALE", "OrderItems[2].TotalPrice"),
        ({"Installer_Code__c": {"code": "IN"}}, "BAD_TYPE", "OrderItems[2].Installer_Code__c"),
    ],
)
async def test_an_order_with_a_bad_line_waits_for_repair_beside_the_good_ones(
    tenant: Tenant, order: RecordMaker, changed: dict[str, Any], code: str, field: str
) -> None:
    await tenant.salesforce()
    bad = order(Id="801B", OrderItems=[PANELS, {**BATTERY, **changed}])

    answer = await tenant.push(order(OrderItems=[PANELS]), bad)

    assert answer["accepted"] == 1
    (entry,) = await quarantined(tenant)
    assert (entry["code"], entry["field"]) == (code, field)
    repaired = await tenant.call(
        "POST",
        f"/v1/quarantine/{entry['id']}/replay",
        "compensation_analyst",
        json={"record": {**bad, "OrderItems": [PANELS, BATTERY]}},
    )
    assert repaired.json()["released"] is True
    assert len([event for event in await tenant.events() if event["data"].get("lines")]) == 2


async def test_roles_and_line_states_are_of_the_mapping(tenant: Tenant, order: RecordMaker) -> None:
    await tenant.salesforce()
    path = "/v1/sources/salesforce/mapping"
    current = await tenant.call("GET", path, "admin")
    document = current.json()["document"]
    document["roles"] = {"referrer": "Referrer_Code__c"}
    document["line_state_dates"] = {"commissioned": "Commissioned_Date__c"}
    document["line_attributes"] = {"kwp": {"field": "KWp__c", "type": "decimal"}}
    headers = {"If-Match": current.headers["ETag"]}

    revised = await tenant.call("PUT", path, "admin", json={"document": document}, headers=headers)
    line = {**PANELS, "Status__c": None, "Commissioned_Date__c": "2026-03-06", "KWp__c": "6.40"}
    await tenant.push(order(OrderItems=[line], Referrer_Code__c="RF-1", Installer_Code__c="IN-1"))
    document["roles"] = {"seller": "Agency_Code__c"}
    headers = {"If-Match": revised.headers["ETag"]}
    refused = await tenant.call("PUT", path, "admin", json={"document": document}, headers=headers)

    (event,) = await tenant.events()
    assert event["data"]["payees"] == {"referrer": {"system": "salesforce", "code": "RF-1"}}
    [told] = event["data"]["lines"]
    assert told["states"] == [{"state": "commissioned", "on": "2026-03-06", "at": None}]
    assert told["attributes"] == {"kwp": "6.4"}
    assert refused.status_code == 422
    assert "fields.seller" in refused.text


async def test_a_provisional_kpi_is_told_as_such_until_a_later_version_is_final(
    tenant: Tenant,
) -> None:
    await tenant.billing()
    first = kpi(provisional=True, version=1)
    final = {**kpi(value="0.93", version=2), "id": "kpi-2"}

    for event in (first, final):
        answer = await tenant.call("POST", INGEST, "machine_billing", headers=SINGLE, json=event)
        assert answer.status_code == 202, answer.text

    told = [event["data"] for event in await tenant.events()]
    assert [(item["value"], item.get("provisional", False)) for item in told] == [
        ("0.95", True),
        ("0.93", False),
    ]
    assert len({item["measurement_id"] for item in told}) == 1
    assert Decimal(told[1]["measurement_version"]) > Decimal(told[0]["measurement_version"])
