"""What the platform is told of a source's fields and of statuses that it cannot read."""

from typing import Any

from connectors.domain.field_mapping import SALESFORCE_ORDER

from ..conftest import RecordMaker, Tenant  # noqa: TID252

DECLARED = "premia.order_attribute.declared.v1"
UNMAPPED = "premia.order_status.unmapped.v1"


async def told(tenant: Tenant, name: str) -> list[dict[str, Any]]:
    events = await tenant.events(DECLARED)
    return [event["data"] for event in events if event["data"]["name"] == name]


async def put_mapping(tenant: Tenant, **attributes: Any) -> None:
    document = {**SALESFORCE_ORDER, "attributes": attributes}
    answer = await tenant.call(
        "PUT",
        "/v1/sources/salesforce/mapping",
        "admin",
        json={"document": document},
        headers={"If-Match": '"1"'},
    )
    assert answer.status_code == 200, answer.text


async def test_a_new_source_declares_what_its_mapping_speaks_of(tenant: Tenant) -> None:
    await tenant.salesforce()

    events = await tenant.events(DECLARED)

    names = [event["data"]["name"] for event in events]
    assert sorted(names) == ["annual_kwh", "channel", "kwp", "product"]
    (consumption,) = await told(tenant, "annual_kwh")
    assert consumption["label"] == {"it": "Consumo annuo", "en": "Annual consumption"}
    assert (consumption["unit"], consumption["value_type"]) == ("kWh", "decimal")
    assert (consumption["standing"], consumption["version"]) == ("mapped", 1)
    assert (consumption["first_seen"], consumption["records"]) == (None, 0)


async def test_the_first_value_of_an_attribute_is_told_with_a_sample(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()

    await tenant.push(order(Annual_kWh__c=2700))
    await tenant.push(order(Annual_kWh__c=3100))
    await tenant.no_tasks()

    first, seen = await told(tenant, "annual_kwh")
    assert (first["version"], seen["version"]) == (1, 2)
    assert (seen["records"], seen["filled"], seen["samples"]) == (1, 1, ["2700"])
    assert seen["first_seen"] == "2026-03-10T12:00:00Z"


async def test_the_fill_rate_is_told_again_at_each_power_of_ten(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()

    ids = [f"8015g0000000{number:03d}" for number in range(12)]
    await tenant.push(
        *(order(ids[n], Channel__c="field" if n % 4 == 0 else None) for n in range(12))
    )
    await tenant.no_tasks()

    *_, latest = await told(tenant, "channel")
    assert (latest["records"], latest["filled"]) == (12, 3)


async def test_a_field_that_no_mapping_knows_is_told_with_its_type(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()

    await tenant.push(order("801A", Boiler_Power__c="24.5"), order("801B", Boiler_Power__c=""))
    await tenant.push(order("801C", Boiler_Power__c="18"))
    await tenant.no_tasks()

    (seen,) = await told(tenant, "Boiler_Power__c")
    assert (seen["standing"], seen["value_type"]) == ("unmapped", "decimal")
    assert (seen["records"], seen["filled"], seen["samples"]) == (2, 1, ["24.5"])


async def test_personal_data_is_masked(tenant: Tenant, order: RecordMaker) -> None:
    await tenant.salesforce()
    await put_mapping(tenant, customer={"field": "Customer__c", "type": "text", "personal": True})

    await tenant.push(order(Customer__c="Rossi", Contact__c="anna.bianchi@example.org"))
    await tenant.no_tasks()

    *_, customer = await told(tenant, "customer")
    (contact,) = await told(tenant, "Contact__c")
    assert customer["samples"] == ["R…"]
    assert contact["samples"] == ["a…"]
    assert "Rossi" not in str(await tenant.events(DECLARED))


async def test_a_new_mapping_tells_what_it_adds_and_what_it_drops(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    await tenant.push(order(Boiler_Power__c="24.5"))
    await tenant.no_tasks()

    await put_mapping(
        tenant,
        boiler={"field": "Boiler_Power__c", "type": "decimal", "unit": "kW"},
        channel={"field": "Channel__c", "type": "text"},
    )

    assert [item["standing"] for item in await told(tenant, "boiler")] == ["mapped"]
    assert (await told(tenant, "Boiler_Power__c"))[-1]["standing"] == "withdrawn"
    assert (await told(tenant, "kwp"))[-1]["standing"] == "withdrawn"
    assert all(item["mapping_version"] == 1 for item in await told(tenant, "channel"))


async def test_a_status_that_no_mapping_knows_is_told_once(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()

    await tenant.push(order(Status="On Hold"))
    await tenant.push(order("801B", Status="On Hold"), order("801C", Status="Lost"))
    await tenant.no_tasks()

    events = [event["data"] for event in await tenant.events(UNMAPPED)]
    assert [(item["field"], item["status"]) for item in events] == [
        ("Status", "On Hold"),
        ("Status", "Lost"),
    ]
    assert events[0]["source"] == "salesforce"


async def test_a_mapping_with_a_wrong_part_is_refused(tenant: Tenant) -> None:
    await tenant.salesforce()
    document = {
        **SALESFORCE_ORDER,
        "attributes": {"x": {"field": "X__c", "type": "text", "label": {"it": "solo"}}},
    }

    answer = await tenant.call(
        "PUT",
        "/v1/sources/salesforce/mapping",
        "admin",
        json={"document": document},
        headers={"If-Match": '"1"'},
    )

    assert answer.status_code == 422
    assert "attributes.x" in answer.text
