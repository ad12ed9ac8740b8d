"""The measures of credits that a part of a plan is worked out from, however it names them."""

from collections.abc import Iterable, Iterator

from premia_plan.checked import (
    AttainmentRule,
    CheckedPlan,
    PoolShare,
    RankPay,
    RateTable,
    SummedMeasure,
    Tiers,
)
from premia_plan.checked.formulas import formulas_in
from premia_plan.language import read_expression
from premia_plan.language.syntax import Reference


def measures_of_credits(part: object, plan: CheckedPlan) -> frozenset[str]:
    """Return the measures of credits that the formulas of a part rest on in the end.

    Words around a name, as in `sold of the quarter`, do not hide it; what is named is followed
    through attainments, targets, tables, ranks and pools. What another component pays is no
    measure, and what is behind it is its own.
    """
    waiting, seen = list(_read(part)), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            for found in _named(name, plan):
                waiting.extend(_read(found))
    return frozenset(name for name in seen if isinstance(plan.measures.get(name), SummedMeasure))


def _named(name: str, plan: CheckedPlan) -> Iterator[object]:
    """Give what a name means besides a measure of credits, whose own formulas are about orders."""
    target = plan.targets.get(name.removeprefix("target."))
    measure = plan.measures.get(name)
    found = (
        plan.tables.get(name),
        None if isinstance(measure, SummedMeasure) else measure,
        plan.attainments.get(name),
        target if name.startswith("target.") else None,
        plan.ranks.get(name),
        plan.pools.get(name),
    )
    return (part for part in found if part is not None)


def _read(part: object) -> Iterable[str]:
    """Give the names that a part asks for, without the words around them."""
    match part:
        case RankPay(rank):
            yield rank
        case PoolShare(pool):
            yield pool
        case Tiers(bands=bands):
            yield from (band.table for band in bands if band.table is not None)
        case RateTable(multiplies=str(table)):
            yield table
        case AttainmentRule(of=measure, target=target):
            yield from (measure, f"target.{target}")
    for formula in formulas_in(part):
        for name in formula.names:
            yield _path(name)


def _path(name: str) -> str:
    """Return what a name with words is about.

    >>> _path("previous month of sold to date"), _path("target.sold"), _path("sold")
    ('sold', 'target.sold', 'sold')
    """
    expression = read_expression(name) if " " in name else None
    return expression.path if isinstance(expression, Reference) else name
