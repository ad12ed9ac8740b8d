"""Measures: what is added up or loaded per subject and period."""

from dataclasses import dataclass
from typing import Literal

from premia_plan.language import Formula
from premia_plan.period import PeriodKind
from premia_plan.quantities import Unit


@dataclass(frozen=True, slots=True)
class SummedMeasure:
    """Credits added up per payee and period."""

    name: str
    sums: Formula
    of: str
    when: Formula | None
    dated_by: Formula
    reversed_order: Literal["leaves", "stays"]
    unit: Unit
    path: str
    over: PeriodKind = "month"


@dataclass(frozen=True, slots=True)
class LoadedMeasure:
    """A value per payee and month that is measured elsewhere and loaded."""

    name: str
    unit: Unit
    path: str
