"""Salesforce records as JSON, through the public door."""

import json
from datetime import timedelta
from typing import Any

import pytest

from connectors.application.json_records import record_digest
from connectors.application.receive_message import message_of, receive_message
from connectors.domain.message import Channel, RecordForm
from premia_common.canonical import canonical_json

from ..conftest import ORG, RecordMaker, Tenant  # noqa: TID252

HOOK = "/v1/hooks/salesforce/json/salesforce"


async def test_an_order_is_announced_with_its_states_and_where_it_came_from(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()

    answer = await tenant.push(order())

    assert (answer["accepted"], answer["duplicates"], answer["quarantined"]) == (1, 0, [])
    (event,) = await tenant.events()
    assert event["type"] == "premia.order.recorded.v1"
    assert event["data"]["amount"] == {"amount": "1234.56", "currency": "EUR"}
    assert event["data"]["seller"] == {"system": "salesforce", "code": "AG-0042"}
    assert event["data"]["states"] == [
        {"state": "signed", "on": "2026-03-01", "at": None},
        {"state": "activated", "on": "2026-03-04", "at": None},
    ]
    assert event["data"]["raw"]["message_id"] == answer["message_id"]


async def test_order_lines_and_typed_attributes_are_forwarded(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    line = {"Id": "802A", "Product_Code__c": "luce-casa", "Quantity": 2, "TotalPrice": 1234.56}

    await tenant.push(order(OrderItems={"records": [line]}, KWp__c=4.50, Channel__c="field"))

    (event,) = await tenant.events()
    assert event["data"]["lines"] == [
        {
            "line_id": "802A",
            "product": "luce-casa",
            "quantity": "2",
            "amount": {"amount": "1234.56", "currency": "EUR"},
        }
    ]
    assert event["data"]["attributes"] == {"kwp": "4.5", "channel": "field"}


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"TotalAmount": 0.30000000000000004}, "MONEY_SCALE", "TotalAmount"),
        ({"TotalAmount": "10.005"}, "MONEY_SCALE", "TotalAmount"),
        ({"TotalAmount": "a lot"}, "BAD_TYPE", "TotalAmount"),
        ({"TotalAmount": None}, "MISSING_FIELD", "TotalAmount"),
        ({"CurrencyIsoCode": "XXX"}, "UNKNOWN_CURRENCY", "TotalAmount"),
        ({"Id": None}, "MISSING_FIELD", "Id"),
        ({"SystemModstamp": None}, "MISSING_FIELD", "SystemModstamp"),
        ({"SystemModstamp": "yesterday"}, "BAD_TYPE", "SystemModstamp"),
        ({"SystemModstamp": "2026-03-05T09:58:14"}, "BAD_TYPE", "SystemModstamp"),
        ({"Signed_Date__c": None}, "MISSING_FIELD", "Signed_Date__c"),
        ({"Signed_Date__c": "2026-03-12"}, "FUTURE_DATE", "Signed_Date__c"),
        ({"Activated_Date__c": "2027-01-01"}, "FUTURE_DATE", "Activated_Date__c"),
        ({"Activated_Date__c": "31/12/2025"}, "BAD_TYPE", "Activated_Date__c"),
        ({"Status": "On hold"}, "UNMAPPED_STATE", "Status"),
        ({"attributes": {"type": "Contract"}}, "UNKNOWN_SOBJECT", "attributes.type"),
        ({"OrderItems": "[{]"}, "BAD_TYPE", "OrderItems"),
        ({"Agency_Code__c": {"code": "AG"}}, "BAD_TYPE", "Agency_Code__c"),
        ({"OrderNumber": "zero \x00 character"}, "BAD_TYPE", "OrderNumber"),
    ],
)
async def test_one_bad_record_among_a_hundred_waits_with_its_reason_and_the_others_go_through(
    tenant: Tenant, order: RecordMaker, changed: dict[str, Any], code: str, field: str
) -> None:
    await tenant.salesforce()
    records = [order(f"801{n:04}") for n in range(100)]
    records[57] = order("8010057", **changed)

    answer = await tenant.push(*records)

    assert answer["accepted"] == 99
    assert answer["quarantined"] == [{"index": 57, "code": code}]
    (entry,) = (await tenant.call("GET", "/v1/quarantine", "auditor")).json()["items"]
    assert (entry["part"], entry["code"], entry["field"]) == ("58", code, field)
    assert entry["detail"]
    assert len(await tenant.events()) == 99


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("TotalAmount", "1e999999999"),
        ("TotalAmount", "1e99999999999999999999999"),
        ("TotalAmount", "-1e400"),
        ("TotalAmount", '"1e9999999"'),
        ("TotalAmount", '"1_000"'),
        ("OrderItems", json.dumps("[" * 100_000)),
        ("OrderItems", json.dumps('[{"Id":"\\ud800","Product_Code__c":"p","TotalPrice":1}]')),
        ("OrderItems", json.dumps('[{"Id":"1","Product_Code__c":"p","TotalPrice":1e99999999}]')),
    ],
)
async def test_a_value_that_breaks_a_careless_reader_harms_only_its_own_record(
    tenant: Tenant, order: RecordMaker, field: str, written: str
) -> None:
    await tenant.salesforce()
    body = {"org_id": ORG, "records": [order("801bad", **{field: "@"}), order("801good")]}

    answer = await tenant.call(
        "POST",
        HOOK,
        "machine_salesforce",
        headers={"Content-Type": "application/json"},
        content=json.dumps(body).replace('"@"', written),
    )

    assert answer.status_code == 202, answer.text
    assert answer.json()["accepted"] == 1
    assert answer.json()["quarantined"] == [{"index": 0, "code": "BAD_TYPE"}]
    assert len(await tenant.events()) == 1


async def test_a_value_that_is_no_record_is_quarantined_by_itself(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()

    answer = await tenant.push(order(), 5, "text")

    assert answer["accepted"] == 1
    assert answer["quarantined"] == [
        {"index": 1, "code": "BAD_TYPE"},
        {"index": 2, "code": "BAD_TYPE"},
    ]


async def test_a_signing_tomorrow_in_the_sources_zone_is_still_taken(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()

    answer = await tenant.push(order(Signed_Date__c="2026-03-11", Activated_Date__c=None))

    assert answer["quarantined"] == []


async def test_a_missing_agency_is_forwarded_for_the_calculation_to_say(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()

    await tenant.push(order(Agency_Code__c=None))

    (event,) = await tenant.events()
    assert event["data"]["seller"] is None


async def test_an_older_version_after_a_newer_one_is_announced_but_does_not_become_current(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    await tenant.push(order(Status="Cancelled", Cancelled_Date__c="2026-03-06",
                            SystemModstamp="2026-03-06T08:00:00.000Z"))  # fmt: skip

    answer = await tenant.push(order(SystemModstamp="2026-03-04T08:00:00.000Z"))

    assert (answer["accepted"], answer["stale"]) == (1, 1)
    assert len(await tenant.events()) == 2
    found = (await tenant.call("GET", "/v1/orders/salesforce/8015g000000abcDAAQ", "auditor")).json()
    assert found["order"]["state"] == "cancelled"
    assert [(s["state"], s["on"]) for s in found["states"]] == [
        ("signed", "2026-03-01"),
        ("activated", "2026-03-04"),
        ("cancelled", "2026-03-06"),
    ]


async def test_one_version_with_two_contents_is_a_conflict_for_people(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    await tenant.push(order())

    answer = await tenant.push(order(TotalAmount=9.99))

    assert answer["quarantined"] == [{"index": 0, "code": "VERSION_CONFLICT"}]
    assert len(await tenant.events()) == 1


async def test_two_contents_of_one_version_in_one_batch_leave_exactly_one_fact(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()

    answer = await tenant.push(order(TotalAmount=1), order(TotalAmount=2))

    assert (answer["accepted"], len(answer["quarantined"])) == (1, 1)


async def test_the_same_record_again_is_a_duplicate(tenant: Tenant, order: RecordMaker) -> None:
    await tenant.salesforce()
    await tenant.push(order())

    answer = await tenant.push(order(), order("801other"))

    assert (answer["accepted"], answer["duplicates"]) == (1, 1)
    assert len(await tenant.events()) == 2


async def test_the_same_event_id_gives_the_same_answer_and_with_another_body_409(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    first = await tenant.push(order(), event_id="e-1")

    again = await tenant.push(order(), event_id="e-1")
    body = {"org_id": ORG, "event_id": "e-1", "records": [order("801other")]}
    other = await tenant.call("POST", HOOK, "machine_salesforce", json=body)

    assert again == first
    assert (other.status_code, other.json()["code"]) == (409, "delivery-key-reused")


@pytest.mark.parametrize(
    ("content", "status", "pointer"),
    [
        (b'{"org_id": "00D5g000004XyZAEA0", "records": [{}], "extra": 1}', 422, "/extra"),
        (b'{"org_id": "short", "records": [{}]}', 422, "/org_id"),
        (b'{"org_id": "00D5g000004XyZAEA0", "records": []}', 422, "/records"),
        (b'{"org_id": "00D5g000004XyZAEA0"}', 422, "/records"),
        (b"[]", 422, "/"),
    ],
)
async def test_an_envelope_that_does_not_fit_is_refused_and_names_the_field(
    tenant: Tenant, content: bytes, status: int, pointer: str
) -> None:
    await tenant.salesforce()

    answer = await tenant.call(
        "POST",
        HOOK,
        "machine_salesforce",
        headers={"Content-Type": "application/json"},
        content=content,
    )

    assert answer.status_code == status
    assert answer.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b'{"a": NaN}', b'"\\ud800"', b"[" * 100_000, b"\xff\xfe", b"[" * 70 + b"]" * 70],
    ids=["empty", "cut off", "NaN", "surrogate", "100,000 deep", "not utf-8", "70 deep"],
)
async def test_what_is_not_json_is_refused(tenant: Tenant, content: bytes) -> None:
    await tenant.salesforce()

    answer = await tenant.call(
        "POST",
        HOOK,
        "machine_salesforce",
        headers={"Content-Type": "application/json"},
        content=content,
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "not-json")


async def test_more_than_two_hundred_records_are_refused(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    body = {"org_id": ORG, "records": [order(f"801{n}") for n in range(201)]}

    answer = await tenant.call("POST", HOOK, "machine_salesforce", json=body)

    assert answer.status_code == 422


async def test_records_of_another_organisation_are_refused(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    body = {"org_id": "00D5g000009OtherEA", "records": [order()]}

    answer = await tenant.call("POST", HOOK, "machine_salesforce", json=body)

    assert (answer.status_code, answer.json()["code"]) == (403, "wrong-organisation")


async def test_only_the_right_token_of_the_right_tenant_comes_in(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    body = {"org_id": ORG, "records": [order()]}
    other = tenant.service.tenant()

    without = await tenant.call("POST", HOOK, json=body)
    wrong_role = await tenant.call("POST", HOOK, "payee", json=body)
    foreign = await other.call("POST", HOOK, "machine_salesforce", json=body)
    now = int(tenant.service.clock.now().timestamp())
    hostile = tenant.service.mint.hostile(tenant=tenant.id, roles=["machine_salesforce"], now=now)
    refused = {
        name: (
            await tenant.call(
                "POST", HOOK, headers={"Authorization": f"Bearer {token}".strip()}, json=body
            )
        ).status_code
        for name, token in hostile.items()
    }

    assert (without.status_code, wrong_role.status_code, foreign.status_code) == (401, 403, 404)
    assert set(refused.values()) == {401}, refused
    assert await tenant.events() == []


async def test_what_a_crash_left_unread_is_read_when_the_service_looks_again(
    tenant: Tenant, order: RecordMaker
) -> None:
    """A message is committed with its task; here the request dies before it reads it."""
    await tenant.salesforce()
    record = order(TotalAmount="10.00")
    runtime = tenant.service.runtime
    async with runtime.open_work(tenant.id) as work:
        source = await work.sources.get("salesforce")
        message = message_of(
            tenant.id,
            source,
            channel=Channel.JSON,
            form=RecordForm.ORDER,
            media_type="application/json",
            content=canonical_json({"org_id": ORG, "records": [record]}),
            records=1,
            now=runtime.clock.now(),
        )
        await receive_message(work, message, [("1", f"json:{record_digest(record)}")])

    tenant.service.clock.advance(timedelta(seconds=6))
    await tenant.no_tasks()

    assert len(await tenant.events()) == 1
