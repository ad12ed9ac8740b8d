"""Orders, bills and quality figures on their way in: pushed as messages and handed in as files."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from premia_cli.demo.job import PATIENCE_SECONDS, Job, wait_for
from premia_cli.demo.step import NotVerified, Outcome, verify
from premia_doubles import billing
from premia_doubles.salesforce import SalesforceSender
from premia_doubles.sample.files import bills_csv, kpis_csv, orders_csv
from premia_doubles.sample.orders import Record
from premia_doubles.sample.trees import categories, territories
from premia_runtime.clock import SystemClock

SOURCES = {"salesforce": "salesforce", "billing": "billing", "quality": "billing"}
"""Code and kind of each source."""


async def create_sources(job: Job) -> Outcome:
    """Set the three sources up, as an administrator does once."""
    admin = await job.api("designer", "connectors")
    for code, kind in SOURCES.items():
        body: dict[str, Any] = {"code": code, "kind": kind, "time_zone": "Europe/Rome"}
        if kind == "salesforce":
            body["org_id"] = job.organisation_id
        made = await admin.post("/v1/sources", body)
        job.known.source_tokens[code] = made["source_token"]
    return Outcome(f"sources {', '.join(SOURCES)}", admin.address("/v1/sources"))


async def push_orders(job: Job, records: Sequence[Record], *, per_envelope: int = 100) -> Outcome:
    """Push orders as Outbound Messages: some singly, the rest in envelopes of up to 100."""
    api = await job.api("salesforce", "connectors")
    token = job.known.source_tokens["salesforce"]
    endpoint = api.address(f"/v1/hooks/salesforce/outbound/{token}")

    def send() -> int:
        sender = SalesforceSender(
            endpoint, organisation_id=job.organisation_id, patience_seconds=PATIENCE_SECONDS
        )
        singles = min(5, len(records))
        first = sender.send(records[:singles], per_envelope=1)
        rest = sender.send(records[singles:], per_envelope=per_envelope)
        return first.envelopes + rest.envelopes

    envelopes = await asyncio.to_thread(send)
    return Outcome(
        f"{len(records)} orders pushed by the SOAP client in {envelopes} envelopes, "
        "each acknowledged",
        f"{endpoint.rpartition('/')[0]}/…?wsdl",
    )


async def hand_in_files(job: Job) -> Outcome:
    """Hand in the other orders, later versions of some, the bills and the quality figures."""
    sample = job.sample
    filed, bills = orders_csv(sample.filed), bills_csv(sample.bills)
    files = [
        _File("salesforce", "orders", "orders.csv", filed, len(sample.filed), _sum(sample.filed)),
        _File("quality", "measurements", "kpis.csv", kpis_csv(sample.kpis), len(sample.kpis)),
        _File("billing", "billing-signals", "bills.csv", bills, len(sample.bills)),
    ]
    if sample.amended:
        text, rows = orders_csv(sample.amended), len(sample.amended)
        total = _sum(sample.amended)
        files.append(_File("salesforce", "orders", "orders-amended.csv", text, rows, total))
    for file in files:
        job.known.files[await _hand_in(job, file)] = file.rows
    api = await job.api("salesforce", "connectors")
    rows = sum(job.known.files.values())
    return Outcome(
        f"{rows:,} rows in {len(files)} files handed in with their control totals; they are read "
        "meanwhile",
        api.address(next(iter(job.known.files))),
    )


async def see_files_taken(job: Job) -> Outcome:
    """Return when every file is read and every row of it taken."""
    accepted = 0
    for place, rows in job.known.files.items():
        done = await _finished(job, place)
        verify(done["quarantined"] == 0, f"{done['quarantined']} rows of {place} are quarantined")
        verify(done["accepted"] == rows, f"{done['accepted']} of {rows} rows of {place} are taken")
        accepted += done["accepted"]
    return Outcome(f"{accepted:,} rows taken, none quarantined, every control total agrees")


@dataclass(frozen=True, slots=True)
class _File:
    source: str
    kind: str
    name: str
    text: str
    rows: int
    total: Decimal | None = None
    """Control total of an order file's amounts."""


def _sum(records: Sequence[Record]) -> Decimal:
    return sum((Decimal(record["TotalAmount"]) for record in records), Decimal(0))


async def _hand_in(job: Job, file: _File) -> str:
    api = await job.api("salesforce", "connectors")
    query: dict[str, str | int] = {"kind": file.kind, "name": file.name, "rows": file.rows}
    if file.total is not None:
        query["sum"] = str(file.total)
    answer = await api.call(
        "POST",
        f"/v1/sources/{file.source}/files?{urlencode(query)}",
        file.text.encode(),
        media_type="text/csv",
    )
    verify(answer.status == 202, f"{file.name} was answered {answer.status}")
    return f"/v1/files/{answer.json['id']}"


async def _finished(job: Job, place: str) -> dict[str, Any]:
    api = await job.api("salesforce", "connectors")
    found: dict[str, Any] = {}

    async def look() -> bool:
        nonlocal found
        found = await api.get(place)
        if found["state"] in ("refused", "failed"):
            raise NotVerified(f"{found['name']} is {found['state']}: {found['problem']}")
        if found["state"] == "done":
            job.reporter.progress(f"{found['name']}: {found['accepted']:,} rows taken")
        return bool(found["state"] == "done")

    await wait_for(look, f"reading {place}", seconds=120, every=0.3)
    return found


async def announce_watermarks(job: Job) -> Outcome:
    """Let each source say that all up to now is published, and wait until calc-engine heard it."""
    api = await job.api("salesforce", "connectors")
    calc = await job.api("analyst", "calc-engine")
    told = []
    for code in SOURCES:
        now = SystemClock().now()
        mark = await api.post(f"/v1/sources/{code}/watermarks", {"known_up_to": now.isoformat()})
        told.append(f"{code} {mark['count']:,} facts")

        async def heard(code: str = code, mark: dict[str, Any] = mark) -> bool:
            facts = calc.items("/v1/facts/watermark", key=code)
            return mark["known_up_to"] in [fact["body"]["known_up_to"] async for fact in facts]

        await wait_for(heard, f"the watermark of {code} at calc-engine", every=0.2)
    return Outcome("watermarks: " + ", ".join(told))


async def wait_for_master_data(job: Job) -> Outcome:
    """Return when calc-engine knows everything that plans-api holds.

    Each kind is counted: after a crash an earlier event may come after a later one.
    """
    calc = await job.api("analyst", "calc-engine")
    known = job.known
    wanted = {
        "principal": len(known.principals),
        "territory": len(territories()),
        "product_category": len(categories()),
        "payee": len(known.payees),
        "mandate": len(known.mandates),
        "position": len(known.payees),
        "target": len({(row["payee"], row["name"]) for row in job.sample.targets}),
        "plan": len(known.plans),
        "assignment": len(known.mandates),
    }

    async def arrived() -> bool:
        found = {}
        for kind in wanted:
            facts = calc.items(f"/v1/facts/{kind}")
            found[kind] = len({fact["key"] async for fact in facts})
        job.reporter.progress(f"{sum(found.values())} of {sum(wanted.values())} records arrived")
        return found == wanted

    await wait_for(arrived, "master data at calc-engine", every=0.3)
    return Outcome(f"calc-engine knows all {sum(wanted.values())} records of plans-api")


async def send_bills(job: Job, signals: Sequence[Record]) -> Outcome:
    """Let billing send signals as CloudEvents in batches."""
    api = await job.api("salesforce", "connectors")
    sent = 0
    for batch in billing.batches(signals):
        answer = await api.call(
            "POST", "/v1/ingest/billing/billing", batch, media_type=billing.MEDIA_TYPE
        )
        verify(answer.status == 202, f"a batch of bills was answered {answer.status}")
        sent += len(batch)
    return Outcome(f"{sent:,} bills sent as CloudEvents")
