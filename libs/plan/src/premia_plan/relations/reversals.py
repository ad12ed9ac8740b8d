"""Reversals and reinstatements that were recorded with their own size."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from premia_plan.relations.ordering import Key
from premia_plan.relations.values import SourceRef


@dataclass(frozen=True, slots=True)
class ReversalRow:
    """A part of an order, or of another fact, that was reversed on a day, such as by a refund.

    Its size is an `amount` of the order's, or a `share` of it (1 is all); without either it is
    the whole order. An order may have several. `kind` and `fact_id` name a line, bill, payment,
    activity or credit note; `order_id` is then that of its order, "" if it has none.
    """

    KEY: ClassVar[Key] = ("order_id", "kind", "fact_id", "on", "reversal_id")

    reversal_id: str
    order_id: str
    on: date
    amount: Decimal | None
    share: Decimal | None
    cause: str | None
    imputable_to: str | None
    source: SourceRef
    kind: str = "order"
    fact_id: str = ""

    @property
    def fact_key(self) -> tuple[str, ...]:
        """What tells the fact that is reversed from others of its kind."""
        own = self.fact_id if self.kind == "line" else f"{self.kind}:{self.fact_id}"
        return (self.order_id, own) if self.order_id else (own,)
