"""Parameters: values that a plan names once and uses wherever it needs them."""

from collections.abc import Mapping
from dataclasses import dataclass

from premia_plan.quantities import Unit


@dataclass(frozen=True, slots=True)
class PlanParameter:
    """A named value, as it is written in formulas, and between what it may be set.

    `least` and `most` are inside the range; both are None where none is stated.
    """

    name: str
    value: str
    unit: Unit
    least: str | None
    most: str | None
    label: Mapping[str, str]
    description: Mapping[str, str]
    path: str
