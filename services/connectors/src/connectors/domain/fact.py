"""What a foreign record says, in the platform's words, before anybody stores it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

Content = dict[str, Any]
"""A fact's content as plain JSON values: text, booleans, None, lists and objects.  No number."""


class FactKind(StrEnum):
    """The kinds of facts that connectors forwards."""

    ORDER = "order"
    BILLING_SIGNAL = "billing_signal"
    MEASUREMENT = "measurement"


EVENT_TYPE: dict[FactKind, str] = {
    FactKind.ORDER: "premia.order.recorded.v1",
    FactKind.BILLING_SIGNAL: "premia.billing_signal.recorded.v1",
    FactKind.MEASUREMENT: "premia.measurement.recorded.v1",
}


@dataclass(frozen=True, slots=True)
class StateReached:
    """A state that a record says its order reached, and the day."""

    state: str
    on: date


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """What the list of orders shows of one version."""

    order_number: str
    state: str
    signed_on: date
    principal: str
    states: tuple[StateReached, ...]
    deleted: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """One version of one foreign record, mapped.

    `content` holds everything its event says except where it came from and when it was known;
    it is the same whichever channel brought it.
    """

    kind: FactKind
    record_id: str
    version: str
    content: Content
    amount: Decimal | None = None
    currency: str | None = None
    order: OrderSummary | None = None
