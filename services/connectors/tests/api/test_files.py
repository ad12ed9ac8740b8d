"""Files of many rows, through the public door."""

import hashlib
import io

import orjson
import pyarrow.parquet as pq

from premia_common.canonical import canonical_json
from premia_common.contracts.registry import EVENTS

from ..conftest import RecordMaker, Tenant  # noqa: TID252

COLUMNS = (
    "Id", "OrderNumber", "SystemModstamp", "Company_Code__c", "Signed_Date__c", "Agency_Code__c",
    "Category_Code__c", "Territory_Code__c", "TotalAmount", "Status", "Activated_Date__c",
)  # fmt: skip


def csv_of(*rows: dict[str, object]) -> str:
    lines = [",".join(COLUMNS)]
    lines += [",".join(str(row.get(name) or "") for name in COLUMNS) for row in rows]
    return "\n".join(lines) + "\n"


async def test_a_small_file_travels_as_single_events_and_a_bad_row_stops_no_other(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    rows = [order(f"801{n:04}") for n in range(100)]
    rows[40]["Status"] = "On hold"

    done = await tenant.upload(csv_of(*rows), kind="orders", rows=100)

    assert (done["state"], done["rows"], done["accepted"]) == ("done", 100, 99)
    assert (done["quarantined"], done["duplicates"]) == (1, 0)
    assert len(await tenant.events("premia.order.recorded.v1")) == 99
    (entry,) = (await tenant.call("GET", "/v1/quarantine", "auditor")).json()["items"]
    assert (entry["part"], entry["code"], entry["value"]) == ("41", "UNMAPPED_STATE", "On hold")


async def test_a_large_file_is_handed_over_as_one_batch_whose_rows_are_the_single_events(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    rows = [order(f"801{n:05}", TotalAmount="10.01") for n in range(1200)]

    done = await tenant.upload(csv_of(*rows), kind="orders", rows=1200, sum="12012.00")

    assert (done["state"], done["accepted"], done["amount"]) == ("done", 1200, "12012")
    assert await tenant.events("premia.order.recorded.v1") == []
    (landed,) = await tenant.events("premia.fact_batch.landed.v1")
    assert landed["data"]["rows"] == 1200
    assert landed["data"]["sums"] == {"order/EUR": "12012.00"}
    content = await tenant.service.runtime.store.read(tenant.id, landed["data"]["address"])
    assert hashlib.sha256(content).hexdigest() == landed["data"]["sha256"]
    for row in pq.read_table(io.BytesIO(content)).slice(0, 50).to_pylist():
        data = canonical_json(orjson.loads(row["body"]))
        event = EVENTS[row["type"]].model_validate(
            {
                **orjson.loads(row["body"]),
                "event_id": row["event_id"],
                "occurred_at": row["known_at"],
                "tenant_id": tenant.id,
                "correlation_id": tenant.id,
            }
        )
        key = event.fact_key  # type: ignore[attr-defined]
        assert (row["kind"], row["key"], row["version"]) == (key.kind, key.key, key.version)
        assert hashlib.sha256(data).hexdigest() == row["digest"]


async def test_the_same_order_by_file_and_by_json_is_one_fact_with_one_id(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    pushed = await tenant.push(order())

    done = await tenant.upload(csv_of(order()), kind="orders")

    assert pushed["accepted"] == 1
    assert (done["accepted"], done["duplicates"]) == (0, 1)
    assert len(await tenant.events("premia.order.recorded.v1")) == 1


async def test_the_same_file_again_changes_nothing_and_another_under_its_name_is_refused(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    first = await tenant.upload(csv_of(order()), kind="orders", name="orders.csv")

    again = await tenant.upload(csv_of(order()), kind="orders", name="orders.csv")
    other = await tenant.call(
        "POST",
        "/v1/sources/salesforce/files",
        "machine_salesforce",
        params={"kind": "orders", "name": "orders.csv"},
        headers={"Content-Type": "text/csv"},
        content=csv_of(order(TotalAmount="1.00")).encode(),
    )

    assert again == first
    assert (other.status_code, other.json()["code"]) == (409, "file-name-taken")


async def test_one_name_does_not_stand_for_two_kinds_of_rows(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    await tenant.upload(csv_of(order()), kind="orders", name="rows.csv")

    other = await tenant.call(
        "POST",
        "/v1/sources/salesforce/files",
        "machine_salesforce",
        params={"kind": "measurements", "name": "rows.csv"},
        headers={"Content-Type": "text/csv"},
        content=csv_of(order()).encode(),
    )

    assert (other.status_code, other.json()["code"]) == (409, "file-name-taken")


async def test_a_file_whose_control_total_differs_counts_for_nothing(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()

    done = await tenant.upload(csv_of(order()), kind="orders", sum="1234.57")

    assert (done["state"], done["problem"]["code"]) == ("refused", "CONTROL_SUM")
    assert await tenant.events() == []


async def test_a_file_that_was_read_announces_a_watermark(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    await tenant.upload(csv_of(order("801A"), order("801B")), kind="orders")
    await tenant.no_tasks()

    (mark,) = await tenant.events("premia.source.watermark.v1")

    assert (mark["data"]["count"], mark["data"]["amount"]) == (2, "2469.12")


async def test_billing_signals_and_measurements_come_by_file_too(tenant: Tenant) -> None:
    await tenant.billing()

    bills = await tenant.upload(
        "signal_id,signal,order_id,on,first_for_contract,amount\n"
        "B-1,invoice.paid,8015g000000abcDAAQ,2026-03-07,true,122.00\n"
        "B-2,invoice.eaten,8015g000000abcDAAQ,2026-03-07,true,122.00\n",
        kind="billing-signals",
        source="billing",
        name="bills.csv",
    )
    kpis = await tenant.upload(
        "name,payee,month,value\nfirst_time_right,AG-0042,2026-02,0.95\n",
        kind="measurements",
        source="billing",
        name="kpis.csv",
    )

    assert (bills["accepted"], bills["quarantined"], kpis["accepted"]) == (1, 1, 1)
    (signal,) = await tenant.events("premia.billing_signal.recorded.v1")
    assert signal["data"]["order"] == {"system": "salesforce", "code": "8015g000000abcDAAQ"}
    assert signal["data"]["first_for_contract"] is True
    (kpi,) = await tenant.events("premia.measurement.recorded.v1")
    assert (kpi["data"]["month"], kpi["data"]["value"]) == ("2026-02", "0.95")
