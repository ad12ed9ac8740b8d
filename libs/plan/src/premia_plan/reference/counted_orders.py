"""In which cells orders of the plan count that a component's amount is worked out from."""

from collections.abc import Iterable, Iterator

from premia_plan.checked import (
    CellComponent,
    CheckedPlan,
    FormulaMeasure,
    PoolShare,
    RankPay,
    Scorecard,
    SummedMeasure,
    Tiers,
)
from premia_plan.language import Formula, read_expression
from premia_plan.language.syntax import Reference
from premia_plan.reference.workings import Workings


class CountedOrders:
    """Answers by payee and period for one component."""

    def __init__(self, component: CellComponent, workings: Workings) -> None:
        self._workings = workings
        names = dict.fromkeys(_summed(_names(component, workings.plan), workings.plan))
        self._own = [workings.summed(name) for name, is_own in names if is_own]
        self._anybodys = [workings.summed(name) for name, is_own in names if not is_own]

    def are_in(self, subject: str, period: str) -> bool:
        """Say whether some order counts in a period itself, and not only in one it looks back on.

        Of what is read of others it is enough that an order counts of anybody.
        """
        return any(measure.counts_in(subject, period) for measure in self._own) or any(
            measure.counts_in(None, period) for measure in self._anybodys
        )


def _names(component: CellComponent, plan: CheckedPlan) -> Iterator[tuple[str, bool]]:
    """Give what a component's amount names, and whether it is asked of the cell's own payee."""
    match component.amount:
        case Formula() as formula:
            yield from _asked([formula])
        case Tiers() as tiers:
            yield from _asked([tiers.looked_up, tiers.base])
        case Scorecard() as card:
            yield from _asked([objective.amount for objective in card.objectives])
        case RankPay() as pay:
            yield from ((name, False) for name, _ in _asked([plan.ranks[pay.rank].of]))
        case PoolShare() as share:
            pool = plan.pools[share.pool]
            formulas = [pool.amount, *([] if pool.weights is None else [pool.weights])]
            yield from ((name, False) for name, _ in _asked(formulas))


def _asked(formulas: Iterable[Formula]) -> Iterator[tuple[str, bool]]:
    for formula in formulas:
        for name in formula.names:
            expression = read_expression(name) if " " in name else None
            if isinstance(expression, Reference):
                yield expression.path, not any(item.named for item in expression.after)
            else:
                yield name, True


def _summed(names: Iterable[tuple[str, bool]], plan: CheckedPlan) -> Iterator[tuple[str, bool]]:
    """Give the measures of credits that figures are made of, each as it is asked."""
    waiting, seen = list(names), set[tuple[str, bool]]()
    while waiting:
        asked = waiting.pop()
        if asked in seen:
            continue
        seen.add(asked)
        name, is_own = asked
        rule, table = plan.attainments.get(name), plan.tables.get(name)
        measure, component = plan.measures.get(name), plan.components.get(name)
        found: list[tuple[str, bool]] = []
        if isinstance(measure, SummedMeasure):
            yield asked
        elif isinstance(measure, FormulaMeasure):
            found.extend(_asked([measure.formula]))
        elif rule is not None:
            found.append((rule.of, True))
        elif table is not None:
            found.extend(_asked([key.value for key in table.keys]))
        elif name in plan.ranks:
            found.extend((each, False) for each, _ in _asked([plan.ranks[name].of]))
        elif isinstance(component, CellComponent):
            found.extend(_names(component, plan))
        waiting.extend((each, is_own and own) for each, own in found)
