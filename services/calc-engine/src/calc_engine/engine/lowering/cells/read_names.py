"""What components on cells name: in their formulas and steps, of themselves and of others."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields

from calc_engine.engine.lowering.cells.group_words import is_reference
from premia_plan.checked import (
    CellComponent,
    CheckedPlan,
    FormulaMeasure,
    GroupLimit,
    Pool,
    PoolShare,
    RankPay,
    SummedMeasure,
)
from premia_plan.language import Formula, read_expression
from premia_plan.language.syntax import Reference


def is_fact(name: str) -> bool:
    """Say whether a name is about the payee or the period of a cell."""
    return name.startswith(("payee.", "period."))


def step_names(stepped: CellComponent | Pool) -> list[str]:
    """Return the figures that the steps of a component or a pool read."""
    return [
        name
        for step in stepped.steps
        if not isinstance(step, GroupLimit)
        for item in fields(step)
        if isinstance(formula := getattr(step, item.name), Formula)
        for name in formula.names
        if not is_fact(name)
    ]


def orders_of(plan: CheckedPlan, component: CellComponent) -> Sequence[tuple[str, bool]]:
    """Return the measures of credits that a component's amount is worked out from.

    With each goes whether it is asked of the cell's own payee, or of others.
    """
    waiting, seen = list(_named(plan, component)), dict[tuple[str, bool], None]()
    while waiting:
        asked = waiting.pop()
        if asked not in seen:
            seen[asked] = None
            name, is_own = asked
            waiting.extend((each, is_own and own) for each, own in _below(plan, name))
    return [asked for asked in seen if isinstance(plan.measures.get(asked[0]), SummedMeasure)]


def _named(plan: CheckedPlan, component: CellComponent) -> Iterator[tuple[str, bool]]:
    match component.amount:
        case RankPay(rank):
            yield from ((name, False) for name, _ in _asked([plan.ranks[rank].of]))
        case PoolShare(pool):
            rule = plan.pools[pool]
            formulas = [rule.amount, *([] if rule.weights is None else [rule.weights])]
            yield from ((name, False) for name, _ in _asked(formulas))
        case _:
            yield from _asked(component.amount_formulas)


def _below(plan: CheckedPlan, name: str) -> Iterator[tuple[str, bool]]:
    """Give what a figure is made of."""
    measure, component = plan.measures.get(name), plan.components.get(name)
    if isinstance(measure, FormulaMeasure):
        yield from _asked([measure.formula])
    elif name in plan.attainments:
        yield plan.attainments[name].of, True
    elif name in plan.ranks:
        yield from ((each, False) for each, _ in _asked([plan.ranks[name].of]))
    elif measure is None and isinstance(component, CellComponent):
        yield from _named(plan, component)


def _asked(formulas: Iterable[Formula]) -> Iterator[tuple[str, bool]]:
    for formula in formulas:
        for name in formula.names:
            expression = read_expression(name) if is_reference(name) else None
            if isinstance(expression, Reference):
                yield expression.path, not any(item.named for item in expression.after)
            elif not is_fact(name):
                yield name, True
