"""Reversals and reinstatements that were recorded with their own size."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from premia_plan.relations.ordering import Key
from premia_plan.relations.values import SourceRef


@dataclass(frozen=True, slots=True)
class ReversalRow:
    """A part of an order that was reversed on a day, such as by a refund.

    Its size is an `amount` of the order's, or a `share` of it (1 is all); without either it is
    the whole order. An order may have several.
    """

    KEY: ClassVar[Key] = ("order_id", "on", "reversal_id")

    reversal_id: str
    order_id: str
    on: date
    amount: Decimal | None
    share: Decimal | None
    cause: str | None
    imputable_to: str | None
    source: SourceRef
