"""The whole typed plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from premia_plan.checked.campaigns import Campaign
from premia_plan.checked.change import Change
from premia_plan.checked.components import CellComponent, Component
from premia_plan.checked.credits import CreditRule
from premia_plan.checked.currencies import Currencies
from premia_plan.checked.examples import Example
from premia_plan.checked.facts import FactKind, FactWords, StateModel
from premia_plan.checked.measures import Measure
from premia_plan.checked.parameters import PlanParameter
from premia_plan.checked.payment import Payment
from premia_plan.checked.populations import Population
from premia_plan.checked.proration import Proration
from premia_plan.checked.ranks import Pool, Rank
from premia_plan.checked.settlement import ReleaseShare
from premia_plan.checked.steps import GroupLimit, Step
from premia_plan.checked.storno import Storno
from premia_plan.checked.tables import RateTable
from premia_plan.checked.targets import AttainmentRule, TargetRule
from premia_plan.document import PlanDocument
from premia_plan.language import Formula
from premia_plan.period import PeriodKind
from premia_plan.quantities import Unit


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
    credits: Mapping[str, CreditRule]
    measures: Mapping[str, Measure]
    targets: Mapping[str, TargetRule]
    attainments: Mapping[str, AttainmentRule]
    components: Mapping[str, Component]
    release: Mapping[str, tuple[ReleaseShare, ...]]
    storno: Storno | None
    examples: tuple[Example, ...]
    payee_attributes: Mapping[str, Unit] = field(default_factory=dict)
    position_attributes: Mapping[str, Unit] = field(default_factory=dict)
    populations: Mapping[str, Population] = field(default_factory=dict)
    ranks: Mapping[str, Rank] = field(default_factory=dict)
    pools: Mapping[str, Pool] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    """What becomes of all earnings, after the steps of their components."""
    payment: Payment = field(default_factory=Payment)
    proration: Proration = field(default_factory=Proration)
    currencies: Currencies = field(default_factory=Currencies)
    parameters: Mapping[str, PlanParameter] = field(default_factory=dict)
    """Named values; wherever the plan names one, its value stands already."""
    uses: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """What it takes from the catalogue: the version, by kind and name."""
    change: Change | None = None
    """What it takes over from the version before it."""
    beside: Mapping[str, Literal["adds to"]] = field(default_factory=dict)
    """Other plans that may claim the same orders, and how this one stands to each."""
    facts: Mapping[FactKind, FactWords] = field(default_factory=dict)
    """What it says of facts other than orders, as far as it uses them."""
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)
    order_roles: frozenset[str] = frozenset()
    """The roles of an order's payees that its credits name besides seller and partner."""
    state_models: tuple[StateModel, ...] = ()
    """The state models that say more than which states there are."""

    @property
    def joiner_targets(self) -> frozenset[str]:
        """Those that count by calendar days in the period in which a payee joins the plan."""
        return frozenset(name for name, rule in self.targets.items() if rule.by_days)

    @property
    def limits(self) -> tuple[GroupLimit, ...]:
        """The limits over several earnings of whatever components."""
        return tuple(step for step in self.steps if isinstance(step, GroupLimit))

    def period_of(self, figure: str) -> PeriodKind | None:
        """Return over which kind of period a named figure is, or None if it is none."""
        target = figure.removeprefix("target.")
        if target != figure:
            return self.targets[target].over if target in self.targets else None
        if figure in self.attainments:
            return self.measures[self.attainments[figure].of].over
        if figure in self.measures:
            return self.measures[figure].over
        if figure in self.ranks:
            return self.ranks[figure].over
        component = self.components.get(figure)
        return component.over if isinstance(component, CellComponent) else None
