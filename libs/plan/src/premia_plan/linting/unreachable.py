"""Conditions that never hold, and those that always do."""

from collections.abc import Iterator

from premia_plan.checked import CheckedPlan
from premia_plan.language import Formula, Words
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
            yield _never(
                condition,
                Words(
                    f"whatever is recorded, {condition.text} is false",
                    f"qualunque cosa sia registrata, {condition.text} è falso",
                ),
            )
        elif _is_excluded(plan, condition):
            covers = _text(plan.covers)
            yield _never(
                condition,
                Words(
                    f"where it holds, {covers} does not: not covered",
                    f"dove vale, {covers} non vale: ordine non compreso",
                ),
            )
        elif not can_fail(condition) and condition.text != "true":
            yield Remark(
                "always",
                condition.path,
                Words(f"{condition.text} always holds", f"{condition.text} vale sempre"),
                Words(
                    "Leave it out, or say what it was meant to exclude",
                    "Toglilo, o di' che cosa doveva escludere",
                ),
                Words(
                    f"whatever is recorded, {condition.text} is true",
                    f"qualunque cosa sia registrata, {condition.text} è vero",
                ),
            )


def _is_excluded(plan: CheckedPlan, condition: Formula) -> bool:
    covers = plan.covers
    return covers is not None and covers is not condition and not can_hold(covers, condition)


def _text(condition: Formula | None) -> str:
    return "" if condition is None else condition.text


def _never(condition: Formula, case: Words) -> Remark:
    return Remark(
        "never",
        condition.path,
        Words(
            f"{condition.text} never holds, so what depends on it is never reached",
            f"{condition.text} non vale mai, e ciò che ne dipende non si raggiunge mai",
        ),
        Words(
            "Correct the condition, or remove what depends on it",
            "Correggi la condizione, o togli ciò che ne dipende",
        ),
        case,
    )
