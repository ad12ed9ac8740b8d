"""The whole typed plan and its worked examples."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from premia_plan.checked.components import Component
from premia_plan.checked.credits import DirectCredit, RollupCredit
from premia_plan.checked.measures import LoadedMeasure, SummedMeasure
from premia_plan.checked.settlement import ReleaseShare
from premia_plan.checked.storno import Storno
from premia_plan.checked.tables import RateTable
from premia_plan.checked.targets import AttainmentRule
from premia_plan.document import PlanDocument
from premia_plan.language import Formula
from premia_plan.quantities import Unit
from premia_plan.relations import Relations


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: what is given, and everything it must pay."""

    name: str
    relations: Relations
    expected: Mapping[tuple[str, str, str], Decimal]
    exceptions: frozenset[str]
    until: str
    path: str


@dataclass(frozen=True, slots=True)
class CheckedPlan:
    """A plan that can be calculated."""

    document: PlanDocument
    name: str
    title: Mapping[str, str]
    currency: str
    time_zone: str
    valid_from: date
    valid_to: date
    by: Formula
    covers: Formula | None
    participants: Formula
    acceptance_required: bool
    order_attributes: Mapping[str, Unit]
    states: frozenset[str]
    tables: Mapping[str, RateTable]
    credits: Mapping[str, DirectCredit | RollupCredit]
    measures: Mapping[str, SummedMeasure | LoadedMeasure]
    targets: Mapping[str, Unit]
    joiner_targets: frozenset[str]
    """Those that count by calendar days in the month in which a payee joins the plan."""
    attainments: Mapping[str, AttainmentRule]
    components: Mapping[str, Component]
    release: Mapping[str, tuple[ReleaseShare, ...]]
    storno: Storno | None
    examples: tuple[Example, ...]
