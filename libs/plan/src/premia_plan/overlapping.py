"""Two plans that claim one order: whether a payee could be paid for it by both."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product

from premia_plan.checked import CheckedPlan, CreditRule, DirectCredit
from premia_plan.language import Formula
from premia_plan.language.syntax import (
    Compared,
    Expression,
    Literal,
    Name,
    Reference,
    parts_of,
)
from premia_plan.linting.conditions import outcomes
from premia_plan.quantities import Unit

_SHARED = (
    "order.",
    "payee.",
    "line.",
    "activity.",
    "bill.",
    "payment.",
    "credit note.",
)
"""What every plan means alike; a rate table's or measure's name is each plan's own."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """The credits of two plans by which both would pay a payee for one order."""

    plan: str
    credit: str
    other_plan: str
    other_credit: str


def claimed_twice(plan: CheckedPlan, other: CheckedPlan) -> Claimed | None:
    """Return by which credits two plans claim one order for one payee; None if they cannot.

    They do unless their days, participants, coverage or conditions exclude each other, they credit
    payees in other roles, or one of them says how it stands beside the other. What cannot be
    decided from the conditions alone counts as possible.
    """
    if other.name in plan.beside or plan.name in other.beside:
        return None
    for mine, theirs in product(_claiming(plan), _claiming(other)):
        alike = _source(mine) == _source(theirs) and _roles(mine) & _roles(theirs)
        if alike and _can_meet(plan, mine, other, theirs):
            return Claimed(plan.name, mine.name, other.name, theirs.name)
    return None


def _claiming(plan: CheckedPlan) -> Iterator[DirectCredit]:
    """Give the credits that are made of facts themselves and not of other credits."""
    for rule in plan.credits.values():
        if isinstance(rule, DirectCredit):
            yield rule


def _source(rule: CreditRule) -> str:
    """Return what a credit is made of; lines are the order's own."""
    source = rule.source if isinstance(rule, DirectCredit) else "order"
    return "order" if source == "line" else source


def _roles(rule: DirectCredit) -> frozenset[str]:
    return frozenset(share.to for share in rule.shares)


def _can_meet(
    plan: CheckedPlan, mine: DirectCredit, other: CheckedPlan, theirs: DirectCredit
) -> bool:
    conditions = [*_conditions(plan, mine), *_conditions(other, theirs)]
    return True in outcomes(list(_decidable(conditions)))


def _conditions(plan: CheckedPlan, rule: DirectCredit) -> Iterator[Expression]:
    yield from _within(plan.by, plan.valid_from, plan.valid_to)
    for condition in (plan.participants, plan.covers, rule.where):
        if condition is not None:
            yield condition.expression


def _within(by: Formula, start: date, end: date) -> Iterator[Expression]:
    yield Compared(">=", by.expression, Literal(start, Unit.DATE))
    yield Compared("<", by.expression, Literal(end, Unit.DATE))


def _decidable(conditions: Iterable[Expression]) -> Iterator[Expression]:
    """Give the conditions that name only what both plans mean alike."""
    for condition in conditions:
        if all(name.startswith(_SHARED) for name in _names(condition)):
            yield condition


def _names(expression: Expression) -> Iterator[str]:
    if isinstance(expression, Name | Reference):
        yield expression.path
    for part in parts_of(expression):
        yield from _names(part)
