"""Targets and values that are measured elsewhere."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from premia_plan.relations.ordering import Key
from premia_plan.relations.values import SourceRef


@dataclass(frozen=True, slots=True)
class TargetRow:
    """An accepted target, in the plan's currency where it is money.

    `payee_id` is a payee or another subject (`territory:nord`, `category:gas`,
    `team:sales:M1`, `plan`); `month` any period (`2026-03`, `2026-Q1`, `2026`). `valid_from` is
    the day from which it holds where a target changed within the period; None is from the start.
    """

    KEY: ClassVar[Key] = ("payee_id", "name", "month", "valid_from")

    payee_id: str
    name: str
    month: str
    amount: Decimal
    source: SourceRef
    valid_from: date | None = None


@dataclass(frozen=True, slots=True)
class MeasurementRow:
    """A measured value that was loaded, such as a KPI; a percentage is its ratio (95 % is 0.95).

    `payee_id` and `month` are as in a target. A provisional value may still change.
    """

    KEY: ClassVar[Key] = ("payee_id", "name", "month")

    payee_id: str
    name: str
    month: str
    value: Decimal
    source: SourceRef
    provisional: bool = False
