"""Components of which it is certain that a larger order never pays less.

Certain means proved from the plan's own clauses; of a component that is not named here nothing
is said.  Every payee's pay of it, all months together, stays or rises when the amount of one
order that is not reversed rises.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from premia_plan.checked import (
    CapStep,
    CellComponent,
    CheckedPlan,
    Component,
    CreditComponent,
    DirectCredit,
    GateStep,
    LimitStep,
    LoadedMeasure,
    MultiplyStep,
    RollupCredit,
    RoundStep,
    Step,
    SummedMeasure,
    Tiers,
)
from premia_plan.checked.targets import LOADED
from premia_plan.language import Formula
from premia_plan.language.syntax import (
    Calculated,
    Call,
    Expression,
    Literal,
    Minus,
    Name,
    Rounded,
    inputs_of,
    key_of,
)

AMOUNTS = frozenset({"order.amount", "credit.amount"})
MAX_SHARES = 2
"""From three shares on, the leftover cent of a larger amount may leave one of them."""


def monotone_components(plan: CheckedPlan) -> frozenset[str]:
    """Return the components that never pay less for a larger order.

    Where the plan has steps of its own, none is certain: what is pushed back to one depends on
    the others.
    """
    if plan.steps:
        return frozenset()
    return frozenset(
        name for name, component in plan.components.items() if _Proof(plan).holds(component)
    )


@dataclass(frozen=True, slots=True)
class _Sense:
    """How an expression follows the amounts: whether it rises, falls, and is never negative."""

    rises: bool
    falls: bool
    is_positive: bool

    @property
    def is_still(self) -> bool:
        return self.rises and self.falls


_NOTHING_KNOWN = _Sense(rises=False, falls=False, is_positive=False)


@dataclass(frozen=True, slots=True)
class _Proof:
    plan: CheckedPlan

    def holds(self, component: Component) -> bool:
        match component:
            case CreditComponent(of=of, amount=amount):
                rises = self._credit_rises(of) and self._rises(amount)
            case CellComponent(amount=Tiers() as tiers, true_up=None, scaled_to=None):
                rises = self._tiers_rise(tiers)
            case CellComponent():
                rises = False
        return rises and all(self._keeps(step) for step in component.steps)

    def _keeps(self, step: Step) -> bool:
        """Say whether a step keeps what rises rising."""
        match step:
            case RoundStep():
                return True
            case CapStep():
                return True
            case GateStep(condition=condition, instead=None, factor=None, holds=False):
                return self._is_still(condition)
            case LimitStep(limit=limit, surplus="lost"):
                return self._is_still(limit)
            case MultiplyStep(factor=factor):
                sense = self._sense(factor.expression)
                return sense.is_still and sense.is_positive
            case _:
                return False

    def _credit_rises(self, name: str) -> bool:
        match self.plan.credits[name]:
            case RollupCredit(of=of, share=None):
                return self._credit_rises(of)
            case DirectCredit(amount=amount, shares=shares) as rule if rule.is_plain:
                conditions = [share.when for share in shares if share.when is not None]
                return (
                    len(shares) <= MAX_SHARES
                    and self._rises(amount)
                    and all(self._is_still(condition) for condition in conditions)
                    and self._is_covered_alike()
                )
            case _:
                return False

    def _is_covered_alike(self) -> bool:
        return self.plan.covers is None or self._is_still(self.plan.covers)

    def _tiers_rise(self, tiers: Tiers) -> bool:
        gives = [band.gives for band in tiers.bands]
        is_whole = tiers.mode == "whole"
        is_fair = min(gives) >= 0 and (not is_whole or all(a <= b for a, b in pairwise(gives)))
        follows = self._rises(tiers.looked_up) and self._rises(tiers.base)
        return tiers.is_plain and is_fair and follows

    def _measure_rises(self, name: str) -> bool:
        measure = self.plan.measures.get(name)
        if not isinstance(measure, SummedMeasure) or measure.function != "sum":
            return False
        is_counted_alike = measure.when is None or self._is_still(measure.when)
        return (
            is_counted_alike
            and self._is_still(measure.dated_by)
            and self._rises(measure.sums)
            and self._credit_rises(measure.of)
        )

    def _figure_rises(self, name: str) -> bool:
        """Say whether a measure rises, or an attainment of a target that was recorded."""
        rule = self.plan.attainments.get(name)
        if rule is None:
            return self._measure_rises(name)
        target = self.plan.targets.get(rule.target)
        is_recorded = target is not None and target.sources == (LOADED,)
        return is_recorded and self._measure_rises(rule.of)

    def _rises(self, formula: Formula) -> bool:
        return self._sense(formula.expression).rises

    def _is_still(self, formula: Formula) -> bool:
        """Say whether nothing that a formula looks up follows the amounts."""
        return all(self._input_is_still(key_of(item)) for item in inputs_of(formula.expression))

    def _input_is_still(self, name: str) -> bool:
        if name in AMOUNTS or name in self.plan.attainments or name in self.plan.components:
            return False
        if name in self.plan.tables:
            keys = self.plan.tables[name].keys
            return all(self._is_still(key.value) for key in keys)
        if name in self.plan.measures:
            return isinstance(self.plan.measures[name], LoadedMeasure)
        is_fact = name.partition(".")[0] in {"order", "payee", "line", "activity"}
        return is_fact or name == "credit.level" or name.startswith(("reached ", "day of "))

    def _sense(self, expression: Expression) -> _Sense:  # noqa: PLR0911 - one per kind of part
        match expression:
            case Literal(value):
                is_positive = isinstance(value, Fraction) and value >= 0
                return _Sense(rises=True, falls=True, is_positive=is_positive)
            case Name(path):
                return self._sense_of_name(path)
            case Minus(value):
                inner = self._sense(value)
                return _Sense(rises=inner.falls, falls=inner.rises, is_positive=False)
            case Calculated(operator, left, right):
                return _joined(operator, self._sense(left), self._sense(right))
            case Call(function, arguments) if function in {"min", "max"}:
                return _together([self._sense(item) for item in arguments])
            case Rounded(value):
                return self._sense(value)
            case _:
                still = all(self._input_is_still(key_of(item)) for item in inputs_of(expression))
                return (
                    _Sense(rises=True, falls=True, is_positive=False) if still else _NOTHING_KNOWN
                )

    def _sense_of_name(self, name: str) -> _Sense:
        if name in AMOUNTS:
            return _Sense(rises=True, falls=False, is_positive=True)
        if self._figure_rises(name):
            return _Sense(rises=True, falls=False, is_positive=False)
        if not self._input_is_still(name):
            return _NOTHING_KNOWN
        table = self.plan.tables.get(name)
        never_negative = table is not None and all(row.gives >= 0 for row in table.rows)
        return _Sense(rises=True, falls=True, is_positive=never_negative)


def _joined(operator: str, left: _Sense, right: _Sense) -> _Sense:
    if operator == "+":
        return _together([left, right])
    if operator == "-":
        return _Sense(
            rises=left.rises and right.falls, falls=left.falls and right.rises, is_positive=False
        )
    if left.is_still and right.is_still:
        return _Sense(rises=True, falls=True, is_positive=left.is_positive and right.is_positive)
    if left.is_positive and right.is_positive:
        return _together([left, right])
    return _NOTHING_KNOWN


def _together(senses: list[_Sense]) -> _Sense:
    return _Sense(
        rises=all(item.rises for item in senses),
        falls=all(item.falls for item in senses),
        is_positive=all(item.is_positive for item in senses),
    )
