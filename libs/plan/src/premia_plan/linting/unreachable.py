"""Conditions that never hold, and those that always do."""

from collections.abc import Iterator

from premia_plan.checked import CheckedPlan
from premia_plan.language import Formula
from premia_plan.linting.conditions import can_fail, can_hold
from premia_plan.linting.edges import formulas_of
from premia_plan.linting.remark import Remark
from premia_plan.unit import Unit


def unreachable(plan: CheckedPlan) -> Iterator[Remark]:
    """Yield conditions that no facts make true, alone or for orders the plan covers.

    One that every order answers alike decides nothing, and is told too.
    """
    for condition in formulas_of(plan):
        if condition.unit is not Unit.BOOL:
            continue
        if not can_hold(condition):
            yield _never(condition, f"whatever is recorded, {condition.text} is false")
        elif _is_excluded(plan, condition):
            yield _never(condition, f"where it holds, {_text(plan.covers)} does not: not covered")
        elif not can_fail(condition) and condition.text != "true":
            yield Remark(
                "always",
                condition.path,
                f"{condition.text} always holds",
                "Leave it out, or say what it was meant to exclude",
                f"whatever is recorded, {condition.text} is true",
            )


def _is_excluded(plan: CheckedPlan, condition: Formula) -> bool:
    covers = plan.covers
    return covers is not None and covers is not condition and not can_hold(covers, condition)


def _text(condition: Formula | None) -> str:
    return "" if condition is None else condition.text


def _never(condition: Formula, case: str) -> Remark:
    return Remark(
        "never",
        condition.path,
        f"{condition.text} never holds, so what depends on it is never reached",
        "Correct the condition, or remove what depends on it",
        case,
    )
