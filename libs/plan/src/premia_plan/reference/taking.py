"""What part of an order's pay a reversal takes, and the node that explains it."""

from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never
from uuid import UUID

from premia_plan.checked import (
    Takes,
    TakesByFormula,
    TakesBySteps,
    TakesInProportion,
    TakesPart,
)
from premia_plan.elapsed import elapsed
from premia_plan.language import FactMissing, Value
from premia_plan.language.dates import add_months
from premia_plan.quantities import exact_text
from premia_plan.reference.arrivals import AsOf
from premia_plan.reference.credit import Credit
from premia_plan.reference.reversal import WHOLE, Reversal

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Taken:
    """The part taken; `node_id` explains it where it is not the same for every reversal."""

    ratio: Fraction
    node_id: UUID | None


def part_taken(takes: Takes, credit: Credit, reversal: Reversal) -> Taken:
    """Return the part that a reversal takes of what the reversed part of the order paid."""
    match takes:
        case TakesPart(ratio):
            return Taken(ratio, None)
        case TakesBySteps():
            return _by_steps(takes, credit, reversal)
        case TakesInProportion():
            return _in_proportion(takes, credit, reversal)
        case TakesByFormula():
            return _by_formula(takes, credit, reversal)
        case _:
            assert_never(takes)


def _by_steps(takes: TakesBySteps, credit: Credit, reversal: Reversal) -> Taken:
    """Return the step's part; all of it while the time has not begun."""
    order = credit.order
    since = order.days.get(takes.since)
    passed = 0 if since is None else elapsed(takes.elapsed, since, reversal.day)
    fitting = [ratio for within, ratio in takes.steps if passed <= within]
    ratio = fitting[0] if fitting else NOTHING
    return Taken(
        ratio,
        order.book.node(
            "storno part",
            credit.credit_id,
            reversal.key,
            takes.since,
            takes.elapsed,
            takes.key,
            kind="storno_step",
            value=exact_text(ratio),
            unit="rate",
            operation="elapsed_step",
            payee_id=credit.payee_id,
            detail={
                "elapsed": takes.elapsed,
                "passed": passed,
                "steps": [[within, exact_text(part)] for within, part in takes.steps],
            },
            children=(order.state_node(takes.since), order.reversal_node(reversal)),
        ),
    )


def _in_proportion(takes: TakesInProportion, credit: Credit, reversal: Reversal) -> Taken:
    """Return the part of the term that had not passed; all of it while it had not begun."""
    order = credit.order
    since = order.days.get(takes.since)
    term = _number(takes.term.evaluate(order))
    years = _year(credit) - 1 if takes.each_year else 0
    passed = 0
    if since is not None:
        passed = elapsed(takes.elapsed, add_months(since, 12 * years), reversal.day)
    ratio = NOTHING if term <= 0 else max(NOTHING, WHOLE - Fraction(passed) / term)
    return Taken(
        ratio,
        order.book.node(
            "storno part",
            credit.credit_id,
            reversal.key,
            takes.since,
            takes.elapsed,
            takes.key,
            kind="storno_unexpired",
            value=exact_text(ratio),
            unit="rate",
            operation="unexpired",
            payee_id=credit.payee_id,
            detail={
                "elapsed": takes.elapsed,
                "passed": passed,
                "years_before": years,
                "term": exact_text(term),
                "formula": takes.term.text,
                "inputs": takes.term.inputs,
            },
            children=(
                order.state_node(takes.since),
                order.reversal_node(reversal),
                *(order.node(name) for name in takes.term.inputs),
            ),
        ),
    )


def _by_formula(takes: TakesByFormula, credit: Credit, reversal: Reversal) -> Taken:
    order, formula = credit.order, takes.formula
    then = AsOf(order, reversal.day, reversal.imputable_to, reversal.cause)
    given = _number(formula.evaluate(then))
    ratio = max(NOTHING, min(WHOLE, given))
    children = tuple(order.node_then(name, reversal) for name in formula.inputs)
    return Taken(
        ratio,
        order.book.node(
            "storno part",
            credit.credit_id,
            reversal.key,
            formula.path,
            kind="storno_formula",
            value=exact_text(ratio),
            unit="rate",
            operation="formula_between",
            payee_id=credit.payee_id,
            detail={
                "clause": formula.path,
                "formula": formula.text,
                "inputs": formula.inputs,
                "least": "0",
                "most": "1",
            },
            children=children,
        ),
    )


def _number(value: Value | None) -> Fraction:
    if not isinstance(value, Fraction):
        raise FactMissing("the size of the storno")
    return value


def _year(credit: Credit) -> int:
    """Return the contract year a credit is for, 1 for one that is for the whole order."""
    year = credit.value("credit.year")
    return int(year) if isinstance(year, Fraction) else 1
