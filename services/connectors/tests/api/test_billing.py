"""Billing events and measurements as CloudEvents, through the public door."""

from typing import Any

import pytest

from ..conftest import Tenant  # noqa: TID252

INGEST = "/v1/ingest/billing/billing"
SINGLE = {"Content-Type": "application/cloudevents+json"}
BATCH = {"Content-Type": "application/cloudevents-batch+json"}


def paid(event_id: str = "01J9ZB6R1M5Q8K2V7X3Y4Z5A6B", **data: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": "urn:billing:sap-isu:prd",
        "type": "premia.billing.invoice.paid.v1",
        "subject": "invoice/VK-2026-118822",
        "time": "2026-03-08T14:03:11Z",
        "sequence": "00000000000000000042",
        "data": {
            "invoice_id": "VK-2026-118822",
            "contract_ref": "IT-POD-001E12345678",
            "order_ref": {"system": "salesforce", "sobject": "Order", "id": "8015g000000abcDAAQ"},
            "currency": "EUR",
            "gross": "122.00",
            "paid_total": "120.00",
            "paid_on": "2026-03-07",
            "is_first_for_contract": True,
            "version": 3,
        }
        | data,
    }


def kpi(**data: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": "kpi-1",
        "source": "urn:kpi",
        "type": "premia.kpi.measured.v1",
        "subject": "first_time_right",
        "time": "2026-03-08T14:03:11Z",
        "data": {
            "name": "first_time_right",
            "payee": "AG-0042",
            "month": "2026-02",
            "value": "0.95",
        }
        | data,
    }


async def test_a_paid_bill_becomes_a_signal_about_its_order(tenant: Tenant) -> None:
    await tenant.billing()

    answer = await tenant.call("POST", INGEST, "machine_billing", headers=SINGLE, json=paid())

    assert (answer.status_code, answer.json()["accepted"]) == (202, 1)
    (event,) = await tenant.events("premia.billing_signal.recorded.v1")
    data = event["data"]
    assert (data["signal"], data["on"], data["first_for_contract"]) == (
        "invoice.paid",
        "2026-03-07",
        True,
    )
    assert data["order"] == {"system": "salesforce", "code": "8015g000000abcDAAQ"}
    assert data["amount"] == {"amount": "120.00", "currency": "EUR"}
    assert data["signal_version"] == "00000000000000000003"


async def test_a_batch_takes_the_good_and_names_the_bad(tenant: Tenant) -> None:
    await tenant.billing()
    unknown = paid("e-2") | {"type": "premia.billing.invoice.eaten.v1"}
    nameless = {name: value for name, value in paid("e-3").items() if name != "id"}
    fine = paid("e-4")
    cents = paid("e-5", paid_total=0.1 + 0.2)
    future = paid("e-6", paid_on="2026-03-12")

    answer = await tenant.call(
        "POST",
        INGEST,
        "machine_billing",
        headers=BATCH,
        json=[unknown, nameless, fine, cents, future, kpi()],
    )

    assert answer.json()["accepted"] == 2
    assert [(q["index"], q["code"]) for q in answer.json()["quarantined"]] == [
        (0, "UNKNOWN_EVENT_TYPE"),
        (1, "MISSING_FIELD"),
        (3, "MONEY_SCALE"),
        (4, "FUTURE_DATE"),
    ]
    (measured,) = await tenant.events("premia.measurement.recorded.v1")
    assert (measured["data"]["name"], measured["data"]["value"]) == ("first_time_right", "0.95")


async def test_the_same_event_again_is_a_duplicate_and_with_other_content_a_conflict(
    tenant: Tenant,
) -> None:
    await tenant.billing()
    await tenant.call("POST", INGEST, "machine_billing", headers=SINGLE, json=paid())

    again = await tenant.call("POST", INGEST, "machine_billing", headers=BATCH, json=[paid()])
    other = await tenant.call(
        "POST", INGEST, "machine_billing", headers=SINGLE, json=paid(paid_total="1.00")
    )

    assert (again.json()["accepted"], again.json()["duplicates"]) == (0, 1)
    assert other.json()["quarantined"] == [{"index": 0, "code": "VERSION_CONFLICT"}]


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content-Type": "application/json"}, paid(), 415),
        (SINGLE, [paid()], 422),
        (BATCH, paid(), 422),
        (BATCH, [], 422),
        (BATCH, [kpi() for _ in range(501)], 422),
    ],
    ids=["media type", "array as single", "single as batch", "empty", "501"],
)
async def test_what_is_no_event_or_batch_is_refused(
    tenant: Tenant, headers: dict[str, str], body: Any, status: int
) -> None:
    await tenant.billing()

    answer = await tenant.call("POST", INGEST, "machine_billing", headers=headers, json=body)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
