"""Which figures of a sheet a formula gives, and what their nodes are called."""

from dataclasses import dataclass

from calc_engine.engine.lowering.cells.pools import amount_name, weight_name
from calc_engine.engine.lowering.cells.targets import source_name
from premia_plan.checked import CellComponent, CheckedPlan, FormulaMeasure, Scorecard, Tiers
from premia_plan.language import Formula
from premia_plan.quantities import Unit


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """A formula with the kind and unit of its node, and the beginning of the node's key."""

    formula: Formula
    kind: str
    unit: Unit
    key: tuple[str, ...]
    after: tuple[str, ...] = ()
    """What the key ends with, after the cell's own."""


def worked_out(plan: CheckedPlan, name: str) -> WorkedOut:
    """Return the formula that gives a figure.

    Raises:
        LookupError: if it is not worked out.
    """
    measure = plan.measures.get(name)
    if isinstance(measure, FormulaMeasure):
        key = ("amount", name)
        return WorkedOut(measure.formula, "measure_worked_out", measure.unit, key)
    readers = (_of_components, _of_ranks, _of_targets, _of_pools)
    found = next((told for read in readers if (told := read(plan, name)) is not None), None)
    if found is None:
        raise LookupError(f"{name} is not worked out")
    return found


def _of_components(plan: CheckedPlan, name: str) -> WorkedOut | None:
    for component in plan.components.values():
        if not isinstance(component, CellComponent):
            continue
        amount = component.amount
        if isinstance(amount, Formula) and name == f"amount of {component.name}":
            return WorkedOut(amount, "cell_amount", Unit.MONEY, ("amount", component.name))
        if isinstance(amount, Tiers):
            for word, formula in (("looked up", amount.looked_up), ("base", amount.base)):
                if name == f"{component.name} {word}":
                    return WorkedOut(formula, "looked_up", formula.unit, ("amount", name))
        if isinstance(amount, Scorecard):
            for objective in amount.objectives:
                if name == f"{component.name} {objective.name}":
                    return WorkedOut(objective.amount, "objective", Unit.MONEY, ("amount", name))
    return None


def _of_ranks(plan: CheckedPlan, name: str) -> WorkedOut | None:
    for rank in plan.ranks.values():
        for word, formula in (("of", rank.of), ("ties", rank.ties)):
            if isinstance(formula, Formula) and name == f"{rank.name} {word}":
                return WorkedOut(formula, "ranked", formula.unit, ("ranked", rank.name, word))
    return None


def _of_targets(plan: CheckedPlan, name: str) -> WorkedOut | None:
    for rule in plan.targets.values():
        for place, source in enumerate(rule.sources):
            if isinstance(source, Formula) and name == source_name(rule.name, place):
                key = ("target", rule.name)
                after = (f"source {place}",)
                return WorkedOut(source, "target_worked_out", rule.unit, key, after)
    return None


def _of_pools(plan: CheckedPlan, name: str) -> WorkedOut | None:
    for pool in plan.pools.values():
        if name == amount_name(pool.name):
            return WorkedOut(pool.amount, "pool_amount", Unit.MONEY, ("pool", pool.name))
        if pool.weights is not None and name == weight_name(pool.name):
            key = ("pool weight", pool.name)
            return WorkedOut(pool.weights, "pool_weight", pool.weights.unit, key)
    return None
