"""A scope calculated: single orders by what rests on them alone, and cells by what is counted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.incremental.merging import part_of, shared_exceptions
from premia_plan.incremental.reach import Reach
from premia_plan.incremental.scope import NOBODY, Fed, Scope, fed_relations
from premia_plan.relations import Relations
from premia_plan.results import Calculation, Exception_


class Calculate(Protocol):
    """An engine."""

    def __call__(
        self, plan: CheckedPlan, relations: Relations, *, until: Month, since: Month | None
    ) -> Calculation:
        """Return the lines landing from one month up to and including another."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """What is in a scope; and exceptions that were met on the way and are of no scope.

    A circle in a tree or a hierarchy is told when something meets it, so `shared` may also be told
    because of other orders.
    """

    calculation: Calculation
    shared: tuple[Exception_, ...]


def calculate_part(
    plan: CheckedPlan,
    relations: Relations,
    reach: Reach,
    scope: Scope,
    *,
    calculate: Calculate,
    until: Month,
    since: Month | None,
) -> Part:
    """Return what is in a scope, and nothing else, as calculating all facts would give it.

    The orders that are only counted in somebody's period are asked for what they count, and not
    for what they pay: most of what is read is of these.

    Args:
        plan: the typed plan.
        relations: the facts, or at least those of the scope.
        reach: how far facts reach in the plan.
        scope: what is wanted.
        calculate: the engine.
        until: the last month that is looked at.
        since: the first month whose lines are wanted.
    """
    ways: list[tuple[CheckedPlan, Scope]] = []
    if reach.period is None:
        ways.append((plan, scope))
    else:
        if scope.orders:
            fed = Fed(scope.orders, scope.fed.payees)
            of_orders = replace(scope, cells={}, payees=NOBODY, fed=fed)
            ways.append((_paying(plan, reach, by_payee=False), of_orders))
        if scope.payees or scope.cells:
            ways.append((_paying(plan, reach, by_payee=True), replace(scope, orders=NOBODY)))
    parts: list[Calculation] = []
    shared: list[Exception_] = []
    for asked, wanted in ways:
        found = calculate(asked, fed_relations(relations, wanted), until=until, since=since)
        parts.append(part_of(found, reach, wanted))
        shared.extend(shared_exceptions(found))
    return Part(_together(parts), tuple(dict.fromkeys(shared)))


def _together(parts: Sequence[Calculation]) -> Calculation:
    return Calculation(
        tuple(line for part in parts for line in part.lines),
        tuple({node.node_id: node for part in parts for node in part.nodes}.values()),
        tuple({found: None for part in parts for found in part.exceptions}),
        tuple(cell for part in parts for cell in part.cells),
    )


def _paying(plan: CheckedPlan, reach: Reach, *, by_payee: bool) -> CheckedPlan:
    """Return the plan with only the components that are in `by_payee`, or only the others."""
    kept = {
        name: component
        for name, component in plan.components.items()
        if (name in reach.by_payee) is by_payee
    }
    credits = {
        name: rule for name, rule in plan.credits.items() if not by_payee or name in reach.counted
    }
    campaigns = {} if by_payee else plan.campaigns
    return replace(plan, components=kept, credits=credits, campaigns=campaigns)
