"""The SAP invoice feed, driven by the real pyodata client."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import uuid4  # noqa: TID251 - a test draws what it likes

import pyodata
import pytest
import requests
from pyodata.exceptions import HttpError

from connectors.application.serve_invoices import acquire_batch

from ..conftest import Tenant  # noqa: TID252
from ..invoices import approved_invoice  # noqa: TID252

R = TypeVar("R")
FEED = "/odata/v2/ICM_INVOICE_SRV"


def sap(tenant: Tenant, *roles: str) -> Any:
    session = requests.Session()
    session.headers.update(tenant.headers(*(roles or ("machine_sap",))))
    return pyodata.Client(f"{tenant.url}{FEED}/", session)


async def run(tenant: Tenant, work: Callable[[Any], R]) -> R:
    """Do something with a pyodata client beside the event loop."""
    return await asyncio.to_thread(lambda: work(sap(tenant)))


def acquire(
    client: Any, consumer: str = "SAP-PRD-100", *, most: int = 100, seconds: int = 900
) -> Any:
    call = client.functions.AcquireBatch.parameter("Consumer", consumer)
    return call.parameter("MaxCount", most).parameter("LeaseSeconds", seconds).execute()


def acknowledge(client: Any, entry: Any, document: str, **changed: Any) -> Any:
    given = {
        "InvoiceUuid": entry.InvoiceUuid,
        "LeaseId": entry.LeaseId,
        "ContentHash": entry.ContentHash,
        "AccountingDocument": document,
        "FiscalYear": "2026",
        "CompanyCode": entry.CompanyCode,
        "PostingDate": datetime(2026, 3, 10, tzinfo=UTC),
    } | changed
    call = client.functions.Acknowledge
    for name, value in given.items():
        call = call.parameter(name, value)
    return call.execute()


def reject(client: Any, entry: Any, *, retryable: bool) -> Any:
    call = client.functions.Reject.parameter("InvoiceUuid", entry.InvoiceUuid)
    call = call.parameter("LeaseId", entry.LeaseId).parameter("MessageClass", "F5")
    call = call.parameter("MessageNumber", "201").parameter("Text", "Posting period isn't open")
    return call.parameter("Retryable", retryable).execute()


async def offer(tenant: Tenant, *numbers: str) -> None:
    for number in numbers:
        await tenant.offer(approved_invoice(tenant.id, number))


async def test_sap_reads_invoices_with_items_taxes_and_withholdings(tenant: Tenant) -> None:
    await offer(tenant, "PF-2026-0001", "PF-2026-0002")

    def read(client: Any) -> list[Any]:
        query = client.entity_sets.ApprovedInvoices.get_entities()
        query = query.filter("ChangeSeq gt 0L and Status eq 'READY'").order_by("ChangeSeq")
        return list(query.expand("to_Item,to_Tax,to_Withholding").count(inline=True).execute())

    first, second = await run(tenant, read)

    assert (first.InvoiceNumber, second.InvoiceNumber) == ("PF-2026-0001", "PF-2026-0002")
    assert (first.ChangeSeq, second.ChangeSeq) == (1, 2)
    assert (first.GrossAmount, first.PayableAmount) == ("1220.00", "990.00")
    assert first.DocumentDate == datetime(2026, 3, 9, tzinfo=UTC)
    assert [(i.ItemNo, i.GLAccount, i.NetAmount) for i in first.to_Item] == [
        ("000001", "0000620100", "1000.00")
    ]
    assert [(t.TaxCode, t.TaxAmount) for t in first.to_Tax] == [("V1", "220.00")]
    assert [(w.WithholdingType, w.TaxAmount) for w in first.to_Withholding] == [("RA", "230.00")]


async def test_a_reader_pages_through_all_invoices_by_the_next_links(tenant: Tenant) -> None:
    await offer(tenant, *(f"PF-{n:05}" for n in range(130)))

    def read(client: Any) -> list[str]:
        numbers: list[str] = []
        query = client.entity_sets.ApprovedInvoices.get_entities()
        page = query.count(inline=True).execute()
        assert page.total_count == 130
        while True:
            numbers += [entry.InvoiceNumber for entry in page]
            if page.next_url is None:
                return numbers
            query = client.entity_sets.ApprovedInvoices.get_entities()
            page = query.next_url(page.next_url).execute()

    assert await run(tenant, read) == [f"PF-{n:05}" for n in range(130)]


async def test_a_lost_answer_is_harmless_the_same_consumer_gets_the_same_batch(
    tenant: Tenant,
) -> None:
    await offer(tenant, "PF-1", "PF-2")

    first = await run(tenant, acquire)
    again = await run(tenant, acquire)
    other = await run(tenant, lambda client: acquire(client, "SAP-PRD-200"))

    assert [e.InvoiceNumber for e in first] == ["PF-1", "PF-2"]
    assert [(e.InvoiceNumber, e.LeaseId) for e in again] == [
        (e.InvoiceNumber, e.LeaseId) for e in first
    ]
    assert {(e.Status, e.DeliveryCount, e.MaybePosted) for e in again} == {("LEASED", 1, False)}
    assert list(other) == []


async def test_two_calls_at_once_get_one_batch_as_one_consumer_and_two_as_two(
    tenant: Tenant,
) -> None:
    await offer(tenant, "2026/1", "2026/2", "2026/3")
    lease = uuid4()

    async with tenant.service.runtime.open_work(tenant.id) as work:
        first = await acquire_batch(
            work,
            consumer="SAP-PRD-100",
            most=2,
            seconds=900,
            lease_id=lease,
            now=tenant.service.clock.now(),
        )
        same = asyncio.create_task(run(tenant, partial(acquire, most=2)))
        other = await run(tenant, partial(acquire, consumer="SAP-QAS-100", most=2))
        await asyncio.sleep(0.5)
        assert not same.done()

    rows = await same
    assert [entry.change_seq for entry in first] == [e.ChangeSeq for e in rows] == [1, 2]
    assert [e.ChangeSeq for e in other] == [3]
    assert {(e.LeaseId, e.DeliveryCount) for e in rows} == {(str(lease), 1)}


async def test_invoices_that_arrive_at_once_get_numbers_without_a_gap(tenant: Tenant) -> None:
    await asyncio.gather(*(offer(tenant, f"2026/{n}") for n in range(8)))

    rows = await run(tenant, acquire)

    assert [e.ChangeSeq for e in rows] == [1, 2, 3, 4, 5, 6, 7, 8]


async def test_an_acknowledged_invoice_is_announced_once_however_often_sap_says_it(
    tenant: Tenant,
) -> None:
    await offer(tenant, "PF-1")
    (entry,) = await run(tenant, acquire)

    first = await run(tenant, lambda client: acknowledge(client, entry, "5100000001"))
    again = await run(tenant, lambda client: acknowledge(client, entry, "5100000001"))

    assert (first.Status, again.Status) == ("POSTED", "POSTED")
    (event,) = await tenant.events("premia.sap_document.posted.v1")
    assert event["data"]["accounting_document"] == "5100000001"
    assert event["data"]["invoice_number"] == "PF-1"
    assert list(await run(tenant, acquire)) == []


async def test_another_document_for_a_posted_invoice_raises_the_alarm(tenant: Tenant) -> None:
    await offer(tenant, "PF-1")
    (entry,) = await run(tenant, acquire)
    await run(tenant, lambda client: acknowledge(client, entry, "5100000001"))

    with pytest.raises(HttpError) as refused:
        await run(tenant, lambda client: acknowledge(client, entry, "5100000002"))

    assert refused.value.response.status_code == 409
    assert refused.value.response.json()["error"]["code"] == "posted-twice"
    (alarm,) = (await tenant.call("GET", "/v1/sap/alarms", "admin")).json()["items"]
    assert (alarm["first_document"], alarm["second_document"]) == ("5100000001", "5100000002")
    assert len(await tenant.events("premia.sap_document.posted.v1")) == 1


async def test_an_expired_lease_comes_again_marked_as_maybe_posted(tenant: Tenant) -> None:
    await offer(tenant, "PF-1")
    (entry,) = await run(tenant, lambda client: acquire(client, seconds=60))
    tenant.service.clock.advance(timedelta(seconds=61))

    (again,) = await run(tenant, lambda client: acquire(client, "SAP-PRD-200"))

    assert (again.DeliveryCount, again.MaybePosted) == (2, True)
    assert again.LeaseId != entry.LeaseId
    late = await run(tenant, lambda client: acknowledge(client, entry, "5100000001"))
    assert late.Status == "POSTED"


async def test_an_invoice_given_out_five_times_in_vain_needs_a_person(tenant: Tenant) -> None:
    await offer(tenant, "PF-1")
    for _ in range(5):
        assert len(await run(tenant, lambda client: acquire(client, seconds=60))) == 1
        tenant.service.clock.advance(timedelta(seconds=61))

    assert list(await run(tenant, acquire)) == []

    query = f"{FEED}/ApprovedInvoices?$filter=Status eq 'NEEDS_HUMAN'"
    found = (await tenant.call("GET", query, "machine_sap")).json()["d"]["results"]
    assert [entry["InvoiceNumber"] for entry in found] == ["PF-1"]


async def test_a_rejected_invoice_is_ready_again_only_if_a_retry_can_help(tenant: Tenant) -> None:
    await offer(tenant, "PF-1")
    (entry,) = await run(tenant, acquire)

    retryable = await run(tenant, lambda client: reject(client, entry, retryable=True))
    repeated = await run(tenant, lambda client: reject(client, entry, retryable=True))
    (again,) = await run(tenant, acquire)
    final = await run(tenant, lambda client: reject(client, again, retryable=False))

    assert (retryable.Status, repeated.Status, final.Status) == ("READY", "READY", "REJECTED")
    assert (again.DeliveryCount, again.MaybePosted) == (2, False)
    events = await tenant.events("premia.sap_document.rejected.v1")
    assert [event["data"]["retryable"] for event in events] == [True, False]
    assert events[0]["data"]["text"] == "Posting period isn't open"


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"ContentHash": "cd" * 32}, 409, "content-differs"),
        ({"CompanyCode": "2000"}, 409, "other-company-code"),
        ({"LeaseId": str(uuid4())}, 409, "lease-not-held"),
        ({"InvoiceUuid": str(uuid4())}, 404, "invoice-not-in-feed"),
        ({"InvoiceUuid": "no id"}, 404, "invoice-not-in-feed"),
        ({"LeaseId": "no id"}, 400, "bad-option"),
    ],
)
async def test_an_answer_that_does_not_fit_is_refused_with_its_reason(
    tenant: Tenant, changed: dict[str, str], status: int, code: str
) -> None:
    await offer(tenant, "PF-1")
    (entry,) = await run(tenant, acquire)

    with pytest.raises(HttpError) as refused:
        await run(tenant, lambda client: acknowledge(client, entry, "5100000001", **changed))

    assert refused.value.response.status_code == status
    assert refused.value.response.json()["error"]["code"] == code
    assert await tenant.events("premia.sap_document.posted.v1") == []


async def test_the_same_approved_invoice_twice_is_one_entry(tenant: Tenant) -> None:
    invoice = approved_invoice(tenant.id, "PF-1")

    await tenant.offer(invoice)
    await tenant.offer(invoice)

    found = await tenant.call("GET", f"{FEED}/ApprovedInvoices/$count", "machine_sap")
    assert found.text == "1"


async def test_another_tenants_invoices_cannot_be_seen_or_answered(tenant: Tenant) -> None:
    await offer(tenant, "PF-1")
    (entry,) = await run(tenant, acquire)
    other = tenant.service.tenant()

    found = await other.call(
        "GET", f"{FEED}/ApprovedInvoices('{entry.InvoiceUuid}')", "machine_sap"
    )
    with pytest.raises(HttpError) as refused:
        await run(other, lambda client: acknowledge(client, entry, "5100000001"))

    assert found.status_code == 404
    assert refused.value.response.status_code == 404


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("ApprovedInvoices?$filter=GrossAmount gt 5M", "bad-option"),
        ("ApprovedInvoices?$skip=5", "bad-option"),
        ("ApprovedInvoices?$orderby=GrossAmount", "bad-option"),
        ("ApprovedInvoices?$expand=to_Mars", "bad-option"),
    ],
)
async def test_an_option_the_feed_does_not_have_is_refused_not_ignored(
    tenant: Tenant, path: str, code: str
) -> None:
    answer = await tenant.call("GET", f"{FEED}/{path}", "machine_sap")

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


async def test_without_the_right_token_the_feed_answers_in_its_own_error_form(
    tenant: Tenant,
) -> None:
    without = await tenant.call("GET", f"{FEED}/ApprovedInvoices")
    wrong = await tenant.call("GET", f"{FEED}/ApprovedInvoices", "machine_salesforce")

    assert (without.status_code, wrong.status_code) == (401, 403)
    assert without.json()["error"]["code"] == "not-authenticated"
    assert wrong.json()["error"]["message"]["lang"] == "en"
