"""Load a file of facts, after checking that it is what its publisher promised."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal

from calc_engine.application.file_ports import BatchFiles
from calc_engine.application.ports import CalcWork, FactRow
from premia_common.contracts.orders import FactBatchLanded


class BatchDiffers(Exception):
    """Raised when a file of facts is not what its event promised; nothing of it is stored."""

    def __init__(self, event: FactBatchLanded, what: str, promised: object, found: object) -> None:
        super().__init__(
            f"batch {event.batch_id} of {event.source}: {what} should be {promised}, found {found};"
            " ask connectors to land it again"
        )


async def load_batch(work: CalcWork, event: FactBatchLanded, *, files: BatchFiles) -> None:
    """Store every fact of the file in the open transaction.

    A row is keyed exactly like a single event, so what came singly before changes nothing.

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
    await work.facts.add(batch.facts)


def control_sums(facts: Sequence[FactRow]) -> Mapping[str, Decimal]:
    """Return the sum of amounts by fact kind and currency, like `order/EUR`."""
    sums: dict[str, Decimal] = {}
    for fact in facts:
        amount = json.loads(fact.body).get("amount")
        if amount is not None:
            name = f"{fact.kind}/{amount['currency']}"
            sums[name] = sums.get(name, Decimal(0)) + Decimal(amount["amount"])
    return sums
