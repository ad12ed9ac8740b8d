"""Components that pay the same for an order and for the parts into which it is split.

Certain means proved from the plan's own clauses; of a component that is not named here nothing is
said. The parts have the order's payees, dates, states and attributes, and amounts that add up to
its amount. Pay on credits differs at most by what rounding leaves; pay of periods not at all.
"""

from dataclasses import dataclass

from premia_plan.checked import (
    CellComponent,
    CheckedPlan,
    Component,
    CreditComponent,
    DirectCredit,
    GroupLimit,
    LoadedMeasure,
    RollupCredit,
    RoundStep,
    Scorecard,
    SummedMeasure,
    Tiers,
)
from premia_plan.checked.formulas import formulas_in
from premia_plan.checked.targets import LOADED
from premia_plan.language import Formula
from premia_plan.language.syntax import (
    Calculated,
    Expression,
    Literal,
    Minus,
    Name,
    inputs_of,
    key_of,
)
from premia_plan.linting.monotone import AMOUNTS

OF_A_PAYEE = ("payee.", "period.", "position.")


def linear_components(plan: CheckedPlan) -> frozenset[str]:
    """Return the components that pay for the parts of an order what they pay for the order.

    Where the plan has steps of its own, none is certain.
    """
    if plan.steps or plan.campaigns:
        return frozenset()
    proof = _Proof(plan)
    return frozenset(name for name, item in plan.components.items() if proof.holds(item))


@dataclass(frozen=True, slots=True)
class _Proof:
    plan: CheckedPlan

    def holds(self, component: Component) -> bool:
        match component:
            case CreditComponent(of=of, amount=amount, steps=steps):
                is_plain = all(isinstance(step, RoundStep) for step in steps)
                return is_plain and self._is_linear(amount) and self._credit(of) is not None
            case CellComponent(amount=Tiers() | Scorecard() | Formula(), scaled_to=None):
                named = {name for formula in formulas_in(component) for name in formula.names}
                named.discard("credit.amount")  # by which it is pushed back
                groups = any(isinstance(step, GroupLimit) for step in component.steps)
                return not groups and all(self._is_unsplit(name) for name in named)
            case _:
                return False

    def _credit(self, name: str) -> int | None:
        """Return in how many shares a credit rule splits an amount; None if it is not linear."""
        covers = self.plan.covers
        if covers is not None and not self._is_apart(covers):
            return None
        match self.plan.credits[name]:
            case RollupCredit(of=of, share=None):
                return self._credit(of)
            case DirectCredit(amount=amount, shares=shares) as rule if rule.is_plain:
                conditions = [share.when for share in shares if share.when is not None]
                is_apart = all(self._is_apart(condition) for condition in conditions)
                return len(shares) if is_apart and self._is_linear(amount) else None
            case _:
                return None

    def _is_unsplit(self, name: str) -> bool:
        """Say whether a figure of a period is the same whether an order is split or not."""
        if name.startswith(OF_A_PAYEE):
            return True
        if name in self.plan.attainments:
            rule = self.plan.attainments[name]
            target = self.plan.targets.get(rule.target)
            return target is not None and target.sources == (LOADED,) and self._is_unsplit(rule.of)
        measure = self.plan.measures.get(name)
        if isinstance(measure, LoadedMeasure):
            return True
        if not isinstance(measure, SummedMeasure) or measure.function != "sum":
            return False
        asked = [measure.dated_by, *([] if measure.when is None else [measure.when])]
        is_apart = all(self._is_apart(formula) for formula in asked)
        # Of several shares each is rounded, and a cent may tip a band.
        return is_apart and self._is_linear(measure.sums) and self._credit(measure.of) == 1

    def _is_linear(self, formula: Formula) -> bool:
        return self._degree(formula.expression) == 1

    def _is_apart(self, formula: Formula) -> bool:
        """Say whether a formula asks for nothing that a split changes."""
        return all(self._input_is_apart(key_of(item)) for item in inputs_of(formula.expression))

    def _input_is_apart(self, name: str) -> bool:
        if name in AMOUNTS or name == "order.id":
            return False
        table = self.plan.tables.get(name)
        if table is not None:
            return table.multiplies is None and all(self._is_apart(key.value) for key in table.keys)
        words = ("order.", "payee.", "reached ", "day of ", "credit.level")
        return name.startswith(words)

    def _degree(self, expression: Expression) -> int | None:
        """Return 1 for so many times the amount, 0 for what it does not change; else None."""
        match expression:
            case Literal():
                return 0
            case Name(path) if path in AMOUNTS:
                return 1
            case Minus(value):
                return self._degree(value)
            case Calculated(operator, left, right):
                return _joined(operator, self._degree(left), self._degree(right))
            case _:
                apart = all(self._input_is_apart(key_of(item)) for item in inputs_of(expression))
                return 0 if apart else None


def _joined(operator: str, left: int | None, right: int | None) -> int | None:
    if left is None or right is None:
        return None
    if operator == "*":
        return left + right if left + right < 2 else None
    return left if left == right else None
