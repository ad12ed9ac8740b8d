"""Quarantine, mappings and replays: what could not be read is repaired, never lost."""

from typing import Any

import pytest

from ..conftest import RecordMaker, Tenant  # noqa: TID252

MAPPING = "/v1/sources/salesforce/mapping"


async def quarantined(tenant: Tenant) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await tenant.call("GET", "/v1/quarantine", "auditor")).json()[
        "items"
    ]
    return found


async def revise(tenant: Tenant, **statuses: str) -> Any:
    current = await tenant.call("GET", MAPPING, "admin")
    document = current.json()["document"]
    document["statuses"] |= statuses
    return await tenant.call(
        "PUT",
        MAPPING,
        "admin",
        json={"document": document},
        headers={"If-Match": current.headers["ETag"]},
    )


async def test_an_unmapped_status_is_released_by_a_new_mapping_version(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    await tenant.push(order(Status="On hold"))
    (entry,) = await quarantined(tenant)
    replay = f"/v1/quarantine/{entry['id']}/replay"

    still = await tenant.call("POST", replay, "compensation_analyst", json={})
    revised = await revise(tenant, **{"On hold": "signed"})
    released = await tenant.call("POST", replay, "compensation_analyst", json={})
    again = await tenant.call("POST", replay, "compensation_analyst", json={})

    assert still.json() == {"released": False, "state": "quarantined", "code": "UNMAPPED_STATE"}
    assert (revised.status_code, revised.headers["ETag"]) == (200, '"2"')
    assert released.json() == {"released": True, "state": "published", "code": None}
    assert (again.status_code, again.json()["code"]) == (409, "quarantine-entry-released")
    assert await quarantined(tenant) == []
    (event,) = await tenant.events()
    assert event["data"]["mapping_version"] == 2
    assert event["data"]["raw"]["message_id"] == entry["message_id"]


async def test_a_repaired_record_is_kept_as_a_message_of_its_own(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    await tenant.push(order(TotalAmount="10.005"))
    (entry,) = await quarantined(tenant)

    released = await tenant.call(
        "POST",
        f"/v1/quarantine/{entry['id']}/replay",
        "compensation_analyst",
        json={"record": order(TotalAmount="10.01")},
    )

    assert released.json()["released"] is True
    (event,) = await tenant.events()
    raw = event["data"]["raw"]
    message = (await tenant.call("GET", f"/v1/messages/{raw['message_id']}", "auditor")).json()
    assert (message["channel"], message["replay_of"]) == ("repair", entry["message_id"])
    content = (await tenant.call("GET", message["raw_url"], "auditor")).text
    assert '"TotalAmount":"10.01"' in content


async def test_a_record_with_a_zero_character_is_not_released_as_another(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    await tenant.push(order(OrderNumber="42\x00"))
    (entry,) = await quarantined(tenant)

    still = await tenant.call(
        "POST", f"/v1/quarantine/{entry['id']}/replay", "compensation_analyst", json={}
    )

    assert entry["record"]["OrderNumber"] == "42\x00"
    assert still.json() == {"released": False, "state": "quarantined", "code": "BAD_TYPE"}
    assert await tenant.events() == []


async def test_a_float_in_a_repaired_record_is_read_exactly_as_written(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    await tenant.push(order(TotalAmount="10.005"))
    (entry,) = await quarantined(tenant)

    still = await tenant.call(
        "POST",
        f"/v1/quarantine/{entry['id']}/replay",
        "compensation_analyst",
        json={"record": order(TotalAmount=0.1 + 0.2)},
    )

    assert still.json() == {"released": False, "state": "quarantined", "code": "MONEY_SCALE"}


async def test_a_replay_of_everything_has_no_new_effect_where_nothing_changed(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    await tenant.push(order("801A"), order("801B"))
    await tenant.upload("\n".join(_csv(order("801C"))) + "\n", kind="orders")
    await tenant.no_tasks()
    before = await tenant.events("premia.order.recorded.v1")
    span = {"source": "salesforce", "from": "2026-01-01T00:00:00Z", "to": "2027-01-01T00:00:00Z"}

    planned = await tenant.call(
        "POST", "/v1/messages/replay", "admin", json={**span, "dry_run": True}
    )
    done = await tenant.call("POST", "/v1/messages/replay", "admin", json=span)
    await tenant.no_tasks()

    assert (planned.json()["messages"], done.json()["messages"]) == (2, 2)
    assert await tenant.events("premia.order.recorded.v1") == before


async def test_a_replay_with_a_new_mapping_announces_new_versions_and_frees_the_quarantine(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    await tenant.push(order("801A"), order("801B", Status="On hold"))
    await revise(tenant, **{"On hold": "signed"})
    span = {"source": "salesforce", "from": "2026-01-01T00:00:00Z", "to": "2027-01-01T00:00:00Z"}

    await tenant.call("POST", "/v1/messages/replay", "admin", json=span)
    await tenant.no_tasks()

    events = await tenant.events("premia.order.recorded.v1")
    assert [(e["data"]["record_id"], e["data"]["mapping_version"]) for e in events] == [
        ("801A", 1),
        ("801A", 2),
        ("801B", 2),
    ]
    assert len({event["id"] for event in events}) == 3
    assert await quarantined(tenant) == []


async def test_a_stale_mapping_change_is_refused(tenant: Tenant) -> None:
    await tenant.salesforce()
    document = (await tenant.call("GET", MAPPING, "admin")).json()["document"]
    body = {"document": document}

    missing = await tenant.call("PUT", MAPPING, "admin", json=body)
    stale = await tenant.call("PUT", MAPPING, "admin", json=body, headers={"If-Match": '"7"'})

    assert (missing.status_code, stale.status_code) == (428, 412)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"fields": {}}, "fields.record_id is missing"),
        ({"statuses": {"A": 1}}, "statuses must be an object of names"),
        ({"attributes": {"x": {"field": "X", "type": "float"}}}, "attributes.x must be"),
        ({"statuses": {"a\x00": "signed"}}, "zero character"),
        ({"surprise": 1}, "'surprise' is not part of a mapping"),
    ],
)
async def test_a_mapping_that_cannot_be_used_is_refused_and_names_the_fault(
    tenant: Tenant, change: dict[str, Any], names: str
) -> None:
    await tenant.salesforce()
    document = (await tenant.call("GET", MAPPING, "admin")).json()["document"]

    answer = await tenant.call(
        "PUT", MAPPING, "admin", json={"document": document | change}, headers={"If-Match": '"1"'}
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "mapping-not-valid")
    assert names in answer.json()["detail"]


async def test_another_tenants_messages_and_quarantine_do_not_exist(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    answer = await tenant.push(order(Status="On hold"))
    (entry,) = await quarantined(tenant)
    other = tenant.service.tenant()
    message = f"/v1/messages/{answer['message_id']}"

    statuses = [
        (await other.call("GET", message, "auditor")).status_code,
        (await other.call("GET", f"{message}/raw", "auditor")).status_code,
        (await other.call("GET", f"/v1/quarantine/{entry['id']}", "auditor")).status_code,
        (
            await other.call("POST", f"/v1/quarantine/{entry['id']}/replay", "admin", json={})
        ).status_code,
    ]

    assert statuses == [404, 404, 404, 404]


def _csv(record: dict[str, Any]) -> tuple[str, str]:
    flat = {name: value for name, value in record.items() if name != "attributes"}
    return ",".join(flat), ",".join(str(value) for value in flat.values())
