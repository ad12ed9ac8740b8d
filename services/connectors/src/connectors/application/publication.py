"""A fact as an event: the same body whether it travels alone or in a file of many."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from connectors.application.preparation import PreparedFact
from connectors.domain.fact import EVENT_TYPE
from premia_common.contracts.envelope import Event
from premia_common.contracts.registry import EVENTS

SMALLEST_BATCH = 1_000
"""From so many facts on they are handed over as one file."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where facts came from and when they were recorded; the same for a whole message."""

    tenant_id: UUID
    source: str
    message_id: UUID
    sha256: str
    mapping_version: int
    known_at: datetime
    correlation_id: UUID


FactRow = tuple[str, str, str, str, str, datetime, str, str]
"""A row of a batch of facts, in the order of its contract's columns."""


def event_body(fact: PreparedFact, origin: Provenance) -> dict[str, Any]:
    """Return the data of a fact's event as plain JSON."""
    return {
        **fact.fact.content,
        "source": origin.source,
        "known_at": origin.known_at.isoformat().replace("+00:00", "Z"),
        "mapping_version": origin.mapping_version,
        "raw": {
            "message_id": str(origin.message_id),
            "sha256": origin.sha256,
            "part": fact.part,
        },
    }


def single_event(fact: PreparedFact, origin: Provenance) -> Event:
    """Return a fact as the event that travels alone."""
    return EVENTS[EVENT_TYPE[fact.fact.kind]].model_validate(
        {
            **event_body(fact, origin),
            "event_id": fact.event_id,
            "occurred_at": origin.known_at,
            "tenant_id": origin.tenant_id,
            "correlation_id": origin.correlation_id,
        }
    )


def batch_row(fact: PreparedFact, origin: Provenance) -> FactRow:
    """Return a fact as the row of a batch: same id, key and body as the single event."""
    body = orjson.dumps(event_body(fact, origin), option=orjson.OPT_SORT_KEYS)
    return (
        str(fact.event_id),
        EVENT_TYPE[fact.fact.kind],
        fact.fact.kind.value,
        f"{origin.source}/{fact.fact.record_id}",
        f"{fact.fact.version}/{origin.mapping_version:06d}",
        origin.known_at,
        body.decode(),
        hashlib.sha256(body).hexdigest(),
    )
