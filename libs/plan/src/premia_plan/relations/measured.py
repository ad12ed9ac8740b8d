"""Targets and values that are measured elsewhere."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from premia_plan.relations.ordering import Key
from premia_plan.relations.values import SourceRef


@dataclass(frozen=True, slots=True)
class TargetRow:
    """The last accepted target of a payee for a measure and a month, in the plan's currency."""

    KEY: ClassVar[Key] = ("payee_id", "name", "month")

    payee_id: str
    name: str
    month: str
    amount: Decimal
    source: SourceRef


@dataclass(frozen=True, slots=True)
class MeasurementRow:
    """A measured value that was loaded, such as a KPI; a percentage is its ratio (95 % is 0.95)."""

    KEY: ClassVar[Key] = ("payee_id", "name", "month")

    payee_id: str
    name: str
    month: str
    value: Decimal
    source: SourceRef
