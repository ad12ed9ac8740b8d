"""Which measures and components go the shorter way: months, sums and bands spread to orders."""

from calc_engine.engine.ir import only
from calc_engine.engine.lowering.cells.counted import Counted
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.measured import CELL, Measured
from premia_plan.checked import (
    LOADED,
    CapStep,
    CellComponent,
    CheckedPlan,
    GateStep,
    LoadedMeasure,
    Measure,
    RoundStep,
    Step,
    SummedMeasure,
    Tiers,
)


def is_plain_measure(plan: CheckedPlan, measure: Measure | None) -> bool:
    """Say whether a measure adds up a payee's month, held against a recorded target if at all."""
    if not isinstance(measure, SummedMeasure):
        return False
    rules = [rule for rule in plan.attainments.values() if rule.of == measure.name]
    return (
        measure.function == "sum"
        and measure.over == "month"
        and measure.per.kind == "payee"
        and measure.window is None
        and all(_is_plain_target(plan, rule.target or rule.of) for rule in rules)
        and all(rule.target_zero is None for rule in rules)
    )


def _is_plain_target(plan: CheckedPlan, name: str) -> bool:
    rule = plan.targets[name]
    return (
        rule.over == "month"
        and rule.sources == (LOADED,)
        and rule.missing is None
        and rule.zero is None
    )


def is_plain_component(plan: CheckedPlan, component: CellComponent) -> bool:
    """Say whether a component cuts a plain measure into plain bands and spreads it back."""
    tiers = component.amount
    if not isinstance(tiers, Tiers) or component.over != "month" or not tiers.is_plain:
        return False
    rule = tiers.attainment
    looked_up = tiers.looked_up_by if rule is None else rule.of
    return (
        component.spread == tiers.pays_on
        and is_plain_measure(plan, plan.measures.get(tiers.pays_on))
        and is_plain_measure(plan, plan.measures.get(looked_up))
        and (rule is None or rule.target in ("", rule.of))
        and all(_is_plain_step(plan, step) for step in component.steps)
    )


def _is_plain_step(plan: CheckedPlan, step: Step) -> bool:
    match step:
        case RoundStep():
            return step.is_plain
        case CapStep():
            return True
        case GateStep():
            return (
                step.otherwise == 0
                and step.instead is None
                and step.factor is None
                and not step.holds
                and not step.asked_first
                and not step.condition.states
                and all(_is_plain_value(plan, name) for name in step.condition.names)
            )
    return False


def _is_plain_value(plan: CheckedPlan, name: str) -> bool:
    measure = plan.measures.get(name)
    return isinstance(measure, LoadedMeasure) and measure.missing is None


def as_counted(context: Context, measure: Measured) -> Counted:
    """Return a plain measure as figures of any period read it."""
    source = measure.contributions
    kept = only(source, *CELL, "order_no", "place", "level", "value", "leaves_in")
    name = f"contributed_{measure.rule.name}"
    return Counted(measure.rule, context.program.name(name, kept), measure.units)
