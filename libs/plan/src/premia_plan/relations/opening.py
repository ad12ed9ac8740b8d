"""What stood at the start: balances carried over from before the first loaded facts."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal, TypeAlias

from premia_plan.relations.ordering import Key
from premia_plan.relations.values import SourceRef

OpeningKind: TypeAlias = Literal["measure", "paid", "draw", "reserve", "balance"]


@dataclass(frozen=True, slots=True)
class PaidBeforeRow:
    """What the version before paid a payee by a component for the period under way."""

    KEY: ClassVar[Key] = ("payee_id", "component", "period")

    payee_id: str
    component: str
    period: str
    amount: Decimal
    source: SourceRef


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """A balance of a payee on a day, loaded with its source.

    `name` is the measure, component, draw or reserve it belongs to; `period` the month it counts
    in; `on` the day it was known to stand. `changed_in` is the month that takes in how much a
    balance that counted already is another since; "" for the balance itself.
    """

    KEY: ClassVar[Key] = ("kind", "payee_id", "name", "period")

    kind: OpeningKind
    payee_id: str
    name: str
    period: str
    amount: Decimal
    on: date
    source: SourceRef
    changed_in: str = ""

    @property
    def counted_as(self) -> str:
        """What tells it from the other balances that an account was opened with."""
        return f"{self.period} {self.changed_in}".strip()
