"""Facts other than orders: activities, bills, payments and credit notes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from premia_plan.relations.ordering import Key
from premia_plan.relations.orders import StateReached
from premia_plan.relations.payees import PayeeRef
from premia_plan.relations.values import Attribute, SourceRef


@dataclass(frozen=True, slots=True)
class FactRow:
    """One version of a fact; of several versions the highest counts.

    `order_id` is the order it belongs to, if it belongs to one; its payees are by role. `amount` is
    all of it and `tax` the tax in it, both in `currency`; a credit note's amount is positive. A
    fact that has no amount or quantity has zero.
    """

    KEY: ClassVar[Key] = ("kind", "fact_id", "version")

    kind: Literal["activity", "bill", "payment", "credit note"]
    fact_id: str
    order_id: str | None
    principal: str
    on: date
    source: SourceRef
    currency: str
    payees: Mapping[str, PayeeRef] = field(default_factory=dict)
    category: str = ""
    territory: str = ""
    amount: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    quantity: Decimal = Decimal(0)
    quantity_unit: str = ""
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    states: tuple[StateReached, ...] = ()
    version: int = 1
