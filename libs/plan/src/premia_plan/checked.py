"""The typed plan: what a document means once it was read and its units fit.

Both engines start from here; only `premia_plan.checking` makes these values.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

from premia_plan.document import PlanDocument
from premia_plan.language import Formula
from premia_plan.quantities import Unit
from premia_plan.relations import Relations

ANY = "any"
"""As the key of a rate row: fits whatever no nearer row fits."""


@dataclass(frozen=True, slots=True)
class TableKey:
    """One dimension of a rate table: where its value comes from and how rows match it.

    `tree`: a row of a parent fits its children, nearest first. `band`: the row with the highest
    start at or below the value fits. `exact`: the row with the same value.
    """

    name: str
    value: Formula
    match: Literal["tree", "exact", "band"]
    tree: str | None


@dataclass(frozen=True, slots=True)
class RateRow:
    """One row: its keys in the table's order (numbers for bands), validity and what it gives."""

    index: int
    keys: tuple[str | Fraction, ...]
    valid_from: date | None
    valid_to: date | None
    gives: Fraction
    path: str

    def is_valid_on(self, day: date | None) -> bool:
        """Say whether the row counts on a day; an undated row always does."""
        if day is None:
            return True
        after_start = self.valid_from is None or self.valid_from <= day
        return after_start and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class RateTable:
    """Rates over some dimensions; the order of the keys is the order of preference."""

    name: str
    gives: Unit
    keys: tuple[TableKey, ...]
    dated_by: Formula | None
    missing: Literal["exception", "zero"]
    rows: tuple[RateRow, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Share:
    """A part of an order's amount; `ratio` is None for the rest."""

    to: Literal["order.seller", "order.partner"]
    ratio: Fraction | None
    when: Formula | None
    path: str


@dataclass(frozen=True, slots=True)
class DirectCredit:
    """Who is credited with an order's amount, and in which shares."""

    name: str
    amount: Formula
    shares: tuple[Share, ...]
    path: str


@dataclass(frozen=True, slots=True)
class RollupCredit:
    """Superiors credited with what the payees below them were credited with."""

    name: str
    of: str
    hierarchy: str
    levels: int
    dated_by: Formula
    path: str


@dataclass(frozen=True, slots=True)
class SummedMeasure:
    """Credits added up per payee and month."""

    name: str
    sums: Formula
    of: str
    when: Formula | None
    dated_by: Formula
    reversed_order: Literal["leaves", "stays"]
    unit: Unit
    path: str


@dataclass(frozen=True, slots=True)
class LoadedMeasure:
    """A value per payee and month that is measured elsewhere and loaded."""

    name: str
    unit: Unit
    path: str


@dataclass(frozen=True, slots=True)
class AttainmentRule:
    """A measure divided by its target."""

    name: str
    of: str
    path: str


@dataclass(frozen=True, slots=True)
class Band:
    """From where a band starts and what it gives; it ends where the next one starts."""

    starts: Fraction
    gives: Fraction
    path: str


@dataclass(frozen=True, slots=True)
class Tiers:
    """Bands over an attainment or a measure.

    `attainment` is None where the edges are in the unit of the measure `looked_up_by` itself.
    """

    mode: Literal["marginal", "whole"]
    looked_up_by: str
    attainment: AttainmentRule | None
    pays_on: str
    bands: tuple[Band, ...]
    gives: Unit
    path: str


@dataclass(frozen=True, slots=True)
class RoundStep:
    """Rounds half away from zero to the currency's minor unit."""

    path: str


@dataclass(frozen=True, slots=True)
class GateStep:
    """Keeps the amount while a condition on loaded measures holds, else gives `otherwise`."""

    condition: Formula
    otherwise: Decimal
    path: str


@dataclass(frozen=True, slots=True)
class CapStep:
    """Cuts the amount at a limit; the surplus is lost."""

    limit: Decimal
    path: str


Step: TypeAlias = RoundStep | GateStep | CapStep


@dataclass(frozen=True, slots=True)
class CreditComponent:
    """Pays on each credit, rounded line by line."""

    name: str
    of: str
    amount: Formula
    path: str


@dataclass(frozen=True, slots=True)
class CellComponent:
    """Pays on a payee's month by tiers; the result is pushed back to the orders."""

    name: str
    tiers: Tiers
    steps: tuple[Step, ...]
    path: str


Component: TypeAlias = CreditComponent | CellComponent


@dataclass(frozen=True, slots=True)
class ReleaseShare:
    """A share of an earning, payable at a state or (state None) at the measured month's close.

    `ratio` is None for the rest.
    """

    ratio: Fraction | None
    state: str | None
    path: str


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Takes a part of what was released; what was not yet released is dropped."""

    ratio: Fraction
    path: str


@dataclass(frozen=True, slots=True)
class Recount:
    """Counts the measured month again without the reversed order."""

    path: str


@dataclass(frozen=True, slots=True)
class Storno:
    """When an order's pay is taken back, how much, and when not at all."""

    when: Formula
    days: int | None
    after: str | None
    void_when: Formula | None
    effect: Mapping[str, TakeBack | Recount]
    if_void: Mapping[str, Literal["release the rest", "keep"]]
    path: str


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
