"""The service on the real topic: an approved invoice arrives, an order leaves."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from connectors.adapters.database.unit_of_work import DatabaseWork
from connectors.entrypoints.consumer import CONSUMER, REACTIONS
from premia_common.contracts.envelope import Envelope
from premia_runtime.bus import Outgoing
from premia_runtime.consumer import Consumer
from premia_runtime.nats_bus import NatsBus
from premia_runtime.relay import OutboxRelay
from premia_runtime.store import FolderStore

from ..conftest import RecordMaker, Tenant  # noqa: TID252
from ..invoices import approved_invoice  # noqa: TID252


@pytest.fixture
async def bus(nats_url: str) -> AsyncIterator[NatsBus]:
    bus = NatsBus(nats_url, name="test")
    yield bus
    await bus.close()


async def test_an_invoice_approved_twice_on_the_topic_is_one_entry_of_the_feed(
    tenant: Tenant, bus: NatsBus, tmp_path: Path
) -> None:
    runtime = tenant.service.runtime
    consumer: Consumer[DatabaseWork] = Consumer(
        CONSUMER,
        bus=bus,
        open_work=runtime.open_work,
        store=FolderStore(tmp_path),
        reactions=REACTIONS,
        clock=runtime.clock,
        ids=runtime.ids,
    )
    event = approved_invoice(tenant.id, "PF-1")
    body = Envelope.wrap(event).to_bytes()
    reading = asyncio.create_task(consumer.run())

    await bus.publish([Outgoing(event.type, f"{event.event_id}-{n}", body) for n in range(2)])
    count = "/odata/v2/ICM_INVOICE_SRV/ApprovedInvoices/$count"
    for _ in range(200):
        if (await tenant.call("GET", count, "machine_sap")).text != "0":
            break
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.3)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)

    assert (await tenant.call("GET", count, "machine_sap")).text == "1"


async def test_an_order_leaves_through_the_outbox_with_a_number(
    tenant: Tenant, order: RecordMaker, bus: NatsBus
) -> None:
    await tenant.salesforce()
    await tenant.push(order())
    relay = asyncio.create_task(OutboxRelay(tenant.service.runtime.system_database, bus).run())
    subscription = bus.subscribe("test-reader", ["premia.order.recorded.v1"])

    async def first_of_ours() -> Envelope:
        async for deliveries in subscription.batches(100):
            for delivery in deliveries:
                envelope = Envelope.read(delivery.body)
                await delivery.done()
                if envelope.tenantid == tenant.id:
                    return envelope
        raise AssertionError("the subscription ended")

    envelope = await asyncio.wait_for(first_of_ours(), timeout=30)
    relay.cancel()
    await asyncio.gather(relay, return_exceptions=True)

    assert envelope.data is not None
    assert envelope.data["record_id"] == "8015g000000abcDAAQ"
    assert envelope.sequence is not None
