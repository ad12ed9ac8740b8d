"""A file of facts held against what its publisher promised, row by row."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from uuid import UUID

import orjson

from calc_engine.application.check_facts import FactRefused, body_of, check_fact
from calc_engine.application.file_ports import Batch
from calc_engine.application.ports import FactRow
from calc_engine.domain.record import Problem
from calc_engine.domain.storable import storable
from premia_common.contracts.orders import FactBatchLanded


class BatchDiffers(Exception):
    """Raised when a file of facts is not what its event promised; nothing of it is stored."""

    def __init__(self, event: FactBatchLanded, what: str, promised: object, found: object) -> None:
        super().__init__(
            f"batch {event.batch_id} of {event.source}: {what} should be {promised}, found {found};"
            " ask connectors to land it again"
        )


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row of a file that does not fit its contract; `number` is its place, from 1."""

    number: int
    kind: str
    row: Mapping[str, object]
    problems: tuple[Problem, ...]


def check_batch(
    tenant_id: UUID, event: FactBatchLanded, batch: Batch
) -> tuple[list[FactRow], list[RefusedRow]]:
    """Return the rows that may be stored, and the others with the reason of each.

    Raises:
        BatchDiffers: if digest, number of rows or a control sum is not as promised.
    """
    if batch.sha256 != event.sha256:
        raise BatchDiffers(event, "the digest", event.sha256, batch.sha256)
    if len(batch.facts) != event.rows:
        raise BatchDiffers(event, "the number of rows", event.rows, len(batch.facts))
    found = control_sums(batch.facts)
    for name, promised in event.sums.items():
        if found.get(name, Decimal(0)) != promised:
            raise BatchDiffers(event, f"the sum of {name}", promised, found.get(name, Decimal(0)))
    good: list[FactRow] = []
    refused: list[RefusedRow] = []
    for number, row in enumerate(batch.facts, start=1):
        try:
            check_fact(tenant_id, row)
        except FactRefused as error:
            kind = str(storable(row.kind))
            refused.append(RefusedRow(number, kind, _as_it_came(row), error.problems))
        else:
            good.append(row)
    return good, refused


def control_sums(facts: Sequence[FactRow]) -> Mapping[str, Decimal]:
    """Return the sum of amounts by fact kind and currency, like `order/EUR`."""
    sums: dict[str, Decimal] = {}
    for fact in facts:
        try:
            amount = _read(fact.body).get("amount")
            if amount is not None:
                name = f"{fact.kind}/{amount['currency']}"
                sums[name] = sums.get(name, Decimal(0)) + Decimal(amount["amount"])
        except (ValueError, TypeError, KeyError, AttributeError, InvalidOperation):
            continue  # what cannot be read is no part of a sum; its row is rejected by name
    return sums


def _read(body: str) -> dict[str, dict[str, str]]:
    """Read a body for its amount, also one with half a character somewhere in a text."""
    try:
        read: dict[str, dict[str, str]] = orjson.loads(body)
    except ValueError:
        read = json.loads(body)
    return read


def _as_it_came(row: FactRow) -> Mapping[str, object]:
    try:
        body: object = body_of(row)
    except FactRefused:
        body = row.body
    came: dict[str, object] = storable(
        {
            "event_id": str(row.event_id),
            "key": row.key,
            "version": row.version,
            "known_at": row.known_at.isoformat(),
            "body": body,
        }
    )
    return came
