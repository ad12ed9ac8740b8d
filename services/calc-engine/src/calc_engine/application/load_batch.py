"""Load a file of facts, after checking that it is what its publisher promised."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation

import orjson

from calc_engine.application.check_facts import FactRefused, body_of, check_fact
from calc_engine.application.file_ports import BatchFiles
from calc_engine.application.ports import CalcWork, FactRow, Ids
from calc_engine.domain.record import RejectedRow
from premia_common.contracts.orders import FactBatchLanded


class BatchDiffers(Exception):
    """Raised when a file of facts is not what its event promised; nothing of it is stored."""

    def __init__(self, event: FactBatchLanded, what: str, promised: object, found: object) -> None:
        super().__init__(
            f"batch {event.batch_id} of {event.source}: {what} should be {promised}, found {found};"
            " ask connectors to land it again"
        )


async def load_batch(
    work: CalcWork, event: FactBatchLanded, *, files: BatchFiles, now: datetime, ids: Ids
) -> None:
    """Store every fact of the file in the open transaction.

    A row is keyed exactly like a single event, so what came singly before changes nothing.  One
    that does not fit its contract is kept for repair and stops no other.

    Raises:
        BatchDiffers: if digest, number of rows or a control sum is not as promised.
    """
    batch = await files.read_batch(work.tenant_id, event.address)
    if batch.sha256 != event.sha256:
        raise BatchDiffers(event, "the digest", event.sha256, batch.sha256)
    if len(batch.facts) != event.rows:
        raise BatchDiffers(event, "the number of rows", event.rows, len(batch.facts))
    found = control_sums(batch.facts)
    for name, promised in event.sums.items():
        if found.get(name, Decimal(0)) != promised:
            raise BatchDiffers(event, f"the sum of {name}", promised, found.get(name, Decimal(0)))
    good: list[FactRow] = []
    rejected: list[RejectedRow] = []
    for number, row in enumerate(batch.facts, start=1):
        try:
            check_fact(work.tenant_id, row)
        except FactRefused as error:
            rejected.append(
                RejectedRow(
                    ids.new(),
                    row.kind,
                    number,
                    _as_it_came(row),
                    error.problems,
                    event.source,
                    None,
                    now,
                )
            )
        else:
            good.append(row)
    await work.facts.add(good)
    await work.records.reject(rejected)


def _as_it_came(row: FactRow) -> Mapping[str, object]:
    try:
        body: object = body_of(row)
    except FactRefused:
        body = row.body
    return {
        "event_id": str(row.event_id),
        "key": row.key,
        "version": row.version,
        "known_at": row.known_at.isoformat(),
        "body": body,
    }


def control_sums(facts: Sequence[FactRow]) -> Mapping[str, Decimal]:
    """Return the sum of amounts by fact kind and currency, like `order/EUR`."""
    sums: dict[str, Decimal] = {}
    for fact in facts:
        try:
            amount = orjson.loads(fact.body).get("amount")
            if amount is not None:
                name = f"{fact.kind}/{amount['currency']}"
                sums[name] = sums.get(name, Decimal(0)) + Decimal(amount["amount"])
        except (ValueError, TypeError, KeyError, AttributeError, InvalidOperation):
            continue  # what cannot be read is no part of a sum; its row is rejected by name
    return sums
