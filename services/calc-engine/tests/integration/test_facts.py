import io
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from calc_engine.adapters.files.batch_files import HandoverBatches
from calc_engine.application.check_batch import BatchDiffers, control_sums
from calc_engine.application.file_ports import Batch
from calc_engine.application.load_batch import load_batch
from calc_engine.application.ports import FactRow
from calc_engine.application.record_facts import fact_row
from premia_common.canonical import digest
from premia_common.contracts.envelope import FactEvent
from premia_common.contracts.orders import FactBatchLanded

from ..conftest import NEW, NOW, Office  # noqa: TID252
from ..samples import above_target, master_data, order, watermark  # noqa: TID252

COLUMNS = ("kind", "key", "version", "known_at", "event_id", "body", "digest")


async def stored(office: Office) -> list[tuple[str, str, str, str]]:
    async with office.service.runtime.open_work(office.tenant) as work:
        return [
            (fact.kind, fact.key, fact.version, fact.digest)
            for kind in ("order", "billing_signal", "measurement", "payee", "plan", "target")
            for fact in await work.queries.facts(kind, key=None, after=None, limit=500)
        ]


def parquet(rows: Sequence[FactRow]) -> bytes:
    table = pa.table(
        {
            name: [str(row.event_id) if name == "event_id" else getattr(row, name) for row in rows]
            for name in COLUMNS
        }
    )
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


async def landed(
    office: Office,
    events: Sequence[FactEvent],
    *,
    spoil: int | None = None,
    by: tuple[str, str] = ('"signed_on":"2026-02-20"', '"signed_on":"yesterday"'),
    **wrong: Any,
) -> FactBatchLanded:
    """Put facts into the handover folder as connectors would, and return the event.

    Of the row to spoil, the first text of `by` is replaced by the second.
    """
    rows = [fact_row(event) for event in events]
    if spoil is not None:
        assert by[0] in rows[spoil].body
        body = rows[spoil].body.replace(*by)
        rows[spoil] = replace(rows[spoil], body=body, digest=digest(body.encode()))
    file = await office.service.runtime.store.put(
        office.tenant, f"facts/{NEW.new()}.parquet", parquet(rows)
    )
    promised: dict[str, Any] = {
        "sha256": file.sha256,
        "rows": len(rows),
        "sums": {name: str(amount) for name, amount in control_sums(rows).items()},
    }
    return FactBatchLanded(
        event_id=NEW.new(),
        occurred_at=NOW,
        tenant_id=office.tenant,
        correlation_id=NEW.new(),
        batch_id=NEW.new(),
        source="salesforce",
        address=file.address,
        **{**promised, **wrong},
    )


async def test_a_fact_that_comes_again_changes_nothing(office: Office) -> None:
    event = order(office.tenant, "O1", "10.00", states={})

    await office.arrive([event])
    await office.arrive([event])

    assert len(await stored(office)) == 1
    assert (await office.analyst.get("/v1/exceptions")).json()["items"] == []


async def test_the_same_record_in_another_message_is_no_conflict(office: Office) -> None:
    event = order(office.tenant, "O1", "10.00", states={})
    again = event.model_copy(
        update={
            "event_id": NEW.new(),
            "raw": event.raw.model_copy(update={"message_id": "another"}),
        }
    )

    await office.arrive([event, again])

    assert len(await stored(office)) == 1
    assert (await office.analyst.get("/v1/exceptions")).json()["items"] == []


async def test_other_content_under_one_version_is_kept_for_people(office: Office) -> None:
    await office.arrive([order(office.tenant, "O1", "10.00", states={})])
    before = await stored(office)

    await office.arrive([order(office.tenant, "O1", "11.00", states={})])

    assert await stored(office) == before
    [conflict] = (await office.analyst.get("/v1/exceptions")).json()["items"]
    assert conflict["code"] == "fact-conflict"
    assert conflict["order_id"] == "salesforce/R-O1"


async def test_a_file_stores_what_the_same_events_store_one_by_one(
    make_office: Callable[[], Office], office: Office
) -> None:
    facts = [
        event
        for event in [*master_data(office.tenant), *above_target(office.tenant)]
        if event.publisher == "connectors"
    ]
    await office.arrive([await landed(office, facts)])
    by_file = await stored(office)

    await office.arrive(facts)

    assert len(by_file) == len(facts)
    assert await stored(office) == by_file
    assert {(row.kind, row.key, row.version, row.digest) for row in map(fact_row, facts)} == set(
        by_file
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"sha256": "0" * 64},
        {"rows": 2},
        {"sums": {"order/EUR": "1.00"}},
    ],
    ids=["digest", "rows", "sum"],
)
async def test_a_file_that_is_not_what_was_promised_stores_nothing(
    office: Office, wrong: dict[str, Any]
) -> None:
    facts = [order(office.tenant, f"O{n}", "10.00", states={}) for n in range(3)]
    event = await landed(office, facts, **wrong)

    with pytest.raises(BatchDiffers, match="land it again"):
        await office.arrive([event])

    assert await stored(office) == []


async def test_shuffled_doubled_and_batched_facts_give_one_result(
    make_office: Callable[[], Office], office: Office
) -> None:
    events = [*master_data(office.tenant), *above_target(office.tenant)]
    await office.arrive(events)
    await office.open("2026-03")
    expected = await office.run("2026-03")
    lines = await lines_of(office)
    seeds = random.Random(7)

    for batch in (1, 3, 100):
        shuffled = [*events, *seeds.sample(events, 10)]
        seeds.shuffle(shuffled)
        other = make_office()
        other.tenant = office.tenant
        await other.arrive(shuffled, batch=batch)
        again = await office.run("2026-03")
        assert again["result_digest"] == expected["result_digest"]
        assert await lines_of(office) == lines


async def lines_of(office: Office) -> list[Any]:
    found = []
    for statement in await office.statements("2026-03"):
        answer = await office.analyst.get(f"/v1/statements/{statement['id']}/lines")
        found.append((statement["digest"], answer.json()["items"]))
    return found


async def test_a_watermark_tells_whether_everything_arrived(office: Office) -> None:
    await office.arrive(
        [
            order(office.tenant, "O1", "10.00", states={}),
            watermark(office.tenant, "salesforce", 2, "30.00"),
        ]
    )
    async with office.service.runtime.open_work(office.tenant) as work:
        [before] = await work.facts.sources()
    await office.arrive([order(office.tenant, "O2", "20.00", states={})])

    async with office.service.runtime.open_work(office.tenant) as work:
        [after] = await work.facts.sources()

    assert (before.arrived, before.promised, before.is_complete) == (1, 2, False)
    assert (after.arrived, after.is_complete) == (2, True)
    assert Decimal(after.amount_promised or "0") == Decimal("30.00")


async def test_a_bad_row_of_a_file_waits_for_repair_and_the_others_are_stored(
    office: Office,
) -> None:
    facts = [order(office.tenant, f"O{n}", "10.00", states={}) for n in range(3)]
    event = await landed(office, facts, spoil=1)

    await office.arrive([event])
    [rejected] = (await office.analyst.get("/v1/records/rejected")).json()["items"]
    body = {**rejected["row"]["body"], "signed_on": "2026-02-20"}
    path = f"/v1/records/rejected/{rejected['id']}/repair"
    still_bad = await office.analyst.post(path, {"row": {**body, "amount": "much"}})
    repaired = await office.analyst.post(path, {"row": body})

    assert (rejected["kind"], rejected["number"]) == ("order", 2)
    assert [(item["field"], item["value"]) for item in rejected["problems"]] == [
        ("signed_on", "yesterday")
    ]
    assert still_bad.status_code == 422
    assert repaired.status_code == 200, repaired.text
    assert {key for _, key, _, _ in await stored(office)} == {
        f"salesforce/R-O{n}" for n in range(3)
    }


class Watched(list[FactRow]):
    """Rows that remember who went through them."""

    def __init__(self, rows: Sequence[FactRow]) -> None:
        super().__init__(rows)
        self.read_by: set[int] = set()

    def __iter__(self) -> Iterator[FactRow]:
        self.read_by.add(threading.get_ident())
        return super().__iter__()


async def test_a_file_is_checked_beside_the_event_loop(office: Office) -> None:
    event = await landed(office, [order(office.tenant, "O1", "10.00", states={})])
    handed_over = HandoverBatches(office.service.runtime.store)
    batch = await handed_over.read_batch(office.tenant, event.address)
    watched = Watched(batch.facts)

    class Files:
        async def read_batch(self, tenant_id: UUID, address: str) -> Batch:
            return replace(batch, facts=watched)

    async with office.service.runtime.open_work(office.tenant) as work:
        await load_batch(work, event, files=Files(), now=NOW, ids=NEW)

    assert len(await stored(office)) == 1
    assert watched.read_by
    assert threading.get_ident() not in watched.read_by


@pytest.mark.parametrize(
    ("escape", "why"),
    [
        ("\\u0000", "a text cannot hold the NUL character"),
        ("\\ud800", "half of a character"),
    ],
)
async def test_a_row_with_what_no_text_may_hold_stops_no_other(
    office: Office, escape: str, why: str
) -> None:
    facts = [order(office.tenant, f"O{n}", "10.00", states={}) for n in range(3)]
    spoilt = ('"category":"gas"', f'"category":"g{escape}s"')
    event = await landed(office, facts, spoil=1, by=spoilt)

    await office.arrive([event])

    assert {key for _, key, _, _ in await stored(office)} == {"salesforce/R-O0", "salesforce/R-O2"}
    [rejected] = (await office.analyst.get("/v1/records/rejected")).json()["items"]
    [problem] = rejected["problems"]
    assert (problem["field"], problem["value"]) == ("category", "g\N{REPLACEMENT CHARACTER}s")
    assert why in problem["message"]


async def test_a_repair_says_what_it_changed(office: Office) -> None:
    facts = [order(office.tenant, f"O{n}", "10.00", states={}) for n in range(2)]
    await office.arrive([facts[0], await landed(office, facts, spoil=0)])
    [rejected] = (await office.analyst.get("/v1/records/rejected")).json()["items"]
    path = f"/v1/records/rejected/{rejected['id']}/repair"
    body = {**rejected["row"]["body"], "signed_on": "2026-02-20"}
    other = {**body, "amount": {"amount": "11.00", "currency": "EUR"}}

    taken = await office.analyst.post(path, {"row": other})
    same = await office.analyst.post(path, {"row": body})

    assert taken.status_code == 409
    assert taken.json()["code"] == "version-taken"
    assert same.json()["outcome"] == "known"
    assert (await office.analyst.get("/v1/exceptions")).json()["items"] == []
    assert len(await stored(office)) == 2


async def test_a_run_does_not_wait_for_a_row_that_was_left_out_for_good(office: Office) -> None:
    facts = [order(office.tenant, f"O{n}", "10.00", states={}) for n in range(2)]
    promised = watermark(office.tenant, "salesforce", 2, "20.00")
    await office.arrive([promised, await landed(office, facts, spoil=0)])
    [rejected] = (await office.analyst.get("/v1/records/rejected")).json()["items"]
    path = f"/v1/records/rejected/{rejected['id']}/discard"

    async def complete() -> bool:
        async with office.service.runtime.open_work(office.tenant) as work:
            [state] = await work.facts.sources()
        found: bool = state.is_complete
        return found

    waits = await complete()
    await office.analyst.post(path, {"reason": "a test row of the source"})
    waits_on = await complete()
    later = watermark(office.tenant, "salesforce", 3, "30.00")
    until = later.known_up_to + timedelta(days=1)
    await office.arrive([later.model_copy(update={"known_up_to": until}), facts[0]])

    # The row came after all: it is not counted twice.
    assert (waits, waits_on, await complete()) == (False, True, False)
