"""Facts of a file checked one by one: each against the contract that a single event would have."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson
from pydantic import ValidationError

from calc_engine.application.ports import FactRow
from calc_engine.domain.record import Problem
from calc_engine.domain.storable import not_storable, storable
from premia_common.canonical import digest
from premia_common.contracts.envelope import FactEvent
from premia_common.contracts.orders import (
    BillingSignalRecorded,
    MeasurementRecorded,
    OrderRecorded,
)

IN_FILES: Mapping[str, type[FactEvent]] = {
    "order": OrderRecorded,
    "billing_signal": BillingSignalRecorded,
    "measurement": MeasurementRecorded,
}
"""The facts that files hold, by kind."""
_NUL = "\\u0000"
"""How JSON writes the character that no text of a database holds."""


class FactRefused(ValueError):
    """Raised when a row of a file is not what its contract says."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(map(str, problems)))


def event_of(tenant_id: UUID, row: FactRow, body: Mapping[str, Any]) -> FactEvent:
    """Return the event that a row would have been.

    Raises:
        FactRefused: if the body does not fit the contract of its kind.
    """
    event = IN_FILES.get(row.kind)
    if event is None:
        names = ", ".join(IN_FILES)
        raise FactRefused((Problem("kind", row.kind, f"files hold {names}"),))
    envelope = {
        "event_id": row.event_id,
        "occurred_at": row.known_at,
        "tenant_id": tenant_id,
        "correlation_id": row.event_id,
    }
    try:
        return event.model_validate({**body, **envelope})
    except ValidationError as error:
        raise FactRefused(problems_of(error)) from error


def check_fact(tenant_id: UUID, row: FactRow) -> None:
    """Do nothing if a row may be stored.

    Raises:
        FactRefused: if it is not what its contract, its key or its digest says.
    """
    body = body_of(row)
    if _NUL in row.body and (problems := tuple(not_storable(body))):
        raise FactRefused(problems)
    if digest(row.body.encode()) != row.digest:
        raise FactRefused((Problem("digest", row.digest, "the body has another"),))
    key = event_of(tenant_id, row, body).fact_key
    if (key.kind, key.key, key.version) != (row.kind, row.key, row.version):
        said = f"{row.kind}/{row.key}/{row.version}"
        message = f"the body is about {key.kind}/{key.key}/{key.version}"
        raise FactRefused((Problem("key", said, message),))


def body_of(row: FactRow) -> dict[str, Any]:
    """Return a row's body.

    Raises:
        FactRefused: if it is no JSON object.
    """
    try:
        body = orjson.loads(row.body)
    except ValueError as error:
        raise FactRefused(_why_no_json(row.body, error)) from error
    if not isinstance(body, dict):
        raise FactRefused((Problem("body", row.body[:200], "it is no JSON object"),))
    return body


def _why_no_json(body: str, error: ValueError) -> tuple[Problem, ...]:
    """Say which text holds half a character, if that is all that is the matter."""
    try:
        halves = tuple(not_storable(json.loads(body)))
    except ValueError:
        halves = ()
    return halves or (Problem("body", storable(body)[:200], f"it is no JSON: {error}"),)


def problems_of(error: ValidationError) -> tuple[Problem, ...]:
    """Return what a contract says of a row, field by field."""
    found = []
    for item in error.errors(include_url=False, include_context=False):
        field = ".".join(map(str, item["loc"]))
        is_whole = not field or isinstance(item["input"], dict)
        value = "" if is_whole else storable(str(item["input"]))[:200]
        message = storable(item["msg"].removeprefix("Value error, "))
        if item["type"].startswith("date_from"):
            message = "it is no day; write it like 2026-03-31"
        found.append(Problem(storable(field), value, message))
    return tuple(found)
