"""Files of many rows, through the public door."""

import asyncio
import hashlib
import io
from datetime import timedelta

import orjson
import pyarrow.parquet as pq
import pytest

from connectors.application.receive_file import file_message, receive_file
from connectors.domain.message import RecordForm
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


async def test_a_refused_file_is_taken_with_the_right_control_total_under_a_new_name(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    content = csv_of(order())
    await tenant.upload(content, kind="orders", name="a.csv", rows=2)

    same = await tenant.upload(content, kind="orders", name="a.csv", rows=1)
    still = await tenant.upload(content, kind="orders", name="b.csv", rows=2)
    right = await tenant.upload(content, kind="orders", name="b.csv", rows=1)
    again = await tenant.upload(content, kind="orders", name="b.csv", rows=1)

    assert (same["state"], still["state"]) == ("refused", "refused")
    assert (right["state"], right["accepted"]) == ("done", 1)
    assert again == right
    raw = (await tenant.call("GET", f"/v1/messages/{right['id']}/raw", "auditor")).content
    assert raw == content.encode()
    assert len(await tenant.events("premia.order.recorded.v1")) == 1


async def test_odd_but_right_csv_is_read_whole(tenant: Tenant, order: RecordMaker) -> None:
    """A byte order mark, CRLF, a quoted line break, blank lines, and one row that is too long."""
    await tenant.salesforce()
    lines = csv_of(order("801A"), order("801B", OrderNumber='"4\n2"')).splitlines()
    content = "\ufeff" + "\r\n".join([*lines, "", lines[1].replace("801A", "801C") + ",x", "", ""])

    done = await tenant.upload(content, kind="orders", rows=3)

    assert (done["state"], done["rows"]) == ("done", 3)
    assert (done["accepted"], done["quarantined"]) == (2, 1)
    (entry,) = (await tenant.call("GET", "/v1/quarantine", "auditor")).json()["items"]
    assert (entry["part"], entry["code"]) == ("3", "ROW_SHAPE")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("Id,Status,Id\n1,2,3\n", "HEADER"),
        ("", "HEADER"),
        ("Id,Status\n1," + "x" * 1_100_000 + "\n", "CSV"),
        ('Id,Status\n1,"open\n', "CSV"),
    ],
    ids=["column twice", "empty", "field over a mebibyte", "quote never closed"],
)
async def test_a_file_that_is_no_table_is_refused_as_a_whole(
    tenant: Tenant, content: str, code: str
) -> None:
    await tenant.salesforce()

    done = await tenant.upload(content, kind="orders")

    assert (done["state"], done["problem"]["code"]) == ("refused", code)


async def test_zero_characters_and_endless_exponents_harm_only_their_own_rows(
    tenant: Tenant, order: RecordMaker
) -> None:
    await tenant.salesforce()
    rows = [
        order("801A"),
        order("801B", OrderNumber="4\x002"),
        order("801C", TotalAmount="1e99999"),
    ]

    done = await tenant.upload(csv_of(*rows), kind="orders")

    assert (done["state"], done["accepted"], done["quarantined"]) == ("done", 1, 2)


async def test_a_file_that_could_not_be_read_five_times_waits_for_a_replay(
    tenant: Tenant, order: RecordMaker
) -> None:
    """The file is described before its bytes are there, as if its disk were away."""
    await tenant.salesforce()
    runtime, content = tenant.service.runtime, csv_of(order()).encode()
    sha256 = hashlib.sha256(content).hexdigest()
    async with runtime.open_work(tenant.id) as work:
        source = await work.sources.get("salesforce")
        message = file_message(
            tenant.id,
            source,
            form=RecordForm.ORDER,
            sha256=sha256,
            size=len(content),
            address=f"{tenant.id}/inbound/{sha256}.csv",
            now=runtime.clock.now(),
        )
        await receive_file(
            work, source, message, name="a.csv", declared_rows=None, declared_sum=None
        )
    location = f"/v1/files/{message.id}"
    state = "waiting"
    for _ in range(100):
        tenant.service.clock.advance(timedelta(seconds=2))
        state = (await tenant.call("GET", location, "machine_salesforce")).json()["state"]
        if state != "waiting":
            break
        await asyncio.sleep(0.1)
    failed = (await tenant.call("GET", location, "machine_salesforce")).json()

    await runtime.store.put(tenant.id, f"inbound/{sha256}.csv", content)
    span = {
        "source": "salesforce",
        "from": message.received_at.isoformat(),
        "to": (message.received_at + timedelta(seconds=1)).isoformat(),
    }
    planned = await tenant.call("POST", "/v1/messages/replay", "compensation_analyst", json=span)
    await tenant.no_tasks()
    done = await tenant.file_done(location)

    assert (state, failed["problem"]["code"]) == ("failed", "FAILED")
    assert "FileNotStored" in failed["problem"]["detail"]
    assert sha256 not in failed["problem"]["detail"]
    assert planned.status_code == 202, planned.text
    assert (done["state"], done["accepted"], done["problem"]) == ("done", 1, None)
    assert len(await tenant.events("premia.order.recorded.v1")) == 1


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
        "signal_id,signal,order_id,on,first_for_contract,amount,attributes.channel\n"
        "B-1,invoice.paid,8015g000000abcDAAQ,2026-03-07,true,122.00,web\n"
        "B-2,invoice.eaten,8015g000000abcDAAQ,2026-03-07,true,122.00,web\n",
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
    assert signal["data"]["attributes"] == {"channel": "web"}
    (kpi,) = await tenant.events("premia.measurement.recorded.v1")
    assert (kpi["data"]["month"], kpi["data"]["value"]) == ("2026-02", "0.95")
