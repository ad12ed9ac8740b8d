"""Orders, their lines and the states they reached."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from premia_plan.relations.ordering import Key
from premia_plan.relations.payees import PayeeRef
from premia_plan.relations.values import Attribute, SourceRef


@dataclass(frozen=True, slots=True)
class StateReached:
    """A state an order or a line reached.

    `on` is the business day as recorded. Where the source gives the instant `at` (with its
    offset), the plan's time zone turns it into the day instead.
    """

    state: str
    on: date
    at: datetime | None
    source: SourceRef


@dataclass(frozen=True, slots=True)
class OrderLineRow:
    """One line of an order, perhaps with states, a day and payees of its own.

    `payees` are those in a role on this line alone, by role. `on` is None where it is the order's.
    """

    line_id: str
    category: str
    amount: Decimal
    quantity: Decimal
    attributes: Mapping[str, Attribute]
    on: date | None = None
    states: tuple[StateReached, ...] = ()
    payees: Mapping[str, PayeeRef] = field(default_factory=dict)
    quantity_unit: str = ""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One version of an order; of several versions the highest is the order.

    `imputable_to` and `cause` speak of the reversal, when the order was cancelled.
    """

    KEY: ClassVar[Key] = ("order_id", "version")

    order_id: str
    record_id: str
    principal: str
    signed_on: date
    seller: PayeeRef | None
    partner: PayeeRef | None
    category: str
    territory: str
    amount: Decimal
    currency: str
    attributes: Mapping[str, Attribute]
    lines: tuple[OrderLineRow, ...]
    states: tuple[StateReached, ...]
    imputable_to: str | None
    cause: str | None
    source: SourceRef
    version: int = 1
    payees: Mapping[str, PayeeRef] = field(default_factory=dict)
    """Those in further roles than seller and partner, by role."""
