"""What a plan pays in a small world."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.reference import PAID, Cell, calculate
from premia_plan.relations import Relations

Pay: TypeAlias = Mapping[tuple[str, str], Decimal]
"""What a payee gets of a component, all months together."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a plan pays, and how its measures stand.

    `shown` are the components of which some line is not zero; `clauses` are those of the plan that
    some figure follows from.
    """

    pay: Pay
    cells: tuple[Cell, ...]
    shown: frozenset[str]
    clauses: frozenset[str]


def outcome(plan: CheckedPlan, relations: Relations, until: str) -> Outcome:
    """Return what the plan pays by payee and component, up to the end of a month."""
    result = calculate(plan, relations, until=Month.parse(until))
    pay: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for line in result.lines:
        if line.what in PAID and line.payee_id is not None:
            pay[line.payee_id, line.component] += line.amount
    shown = frozenset(line.component for line in result.lines if line.amount)
    clauses = (node.detail.get("clause") for node in result.nodes)
    said = frozenset(clause for clause in clauses if isinstance(clause, str))
    return Outcome(dict(pay), result.cells, shown, said)
