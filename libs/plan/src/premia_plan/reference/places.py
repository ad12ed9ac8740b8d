"""First n: which credits take the places that a rule gives to each payee and period."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from heapq import heappop, heappush
from typing import TypeAlias
from uuid import UUID

from premia_plan.checked import FirstOnes
from premia_plan.period import enclosing, month_of
from premia_plan.reasons import Reason, because
from premia_plan.reference.credit import Credit, Extra
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.standing import Standing

PLACE = "credit.place"
Counts: TypeAlias = Callable[[FirstOnes, str, str], int]
"""Gives how many places a payee has in a period; may raise NotCalculated."""


def give_places(rule: FirstOnes, credits: Sequence[Credit], counts: Counts) -> None:
    """Say of each credit whether it has a place; one without is not paid, and says why.

    If the rule says so, what is reversed as a whole frees its place on that day for the next one,
    which has it from then on and not before. A reinstatement takes it from nobody. `counts` says
    how many places a payee has in a period.
    """
    waiting: dict[tuple[str, str], list[tuple[date, Credit]]] = defaultdict(list)
    for credit in credits:
        if credit.payee_id is None or not credit.standing.is_paid:
            continue
        try:
            day = rule.dated_by.evaluate(credit)
            takes = rule.taken is None or bool(rule.taken.evaluate(credit))
        except NotCalculated as refused:
            _leave_out(credit, refused.reason)
            continue
        if isinstance(day, date) and takes:
            period = "plan" if rule.over == "plan" else enclosing(month_of(day), rule.over)
            waiting[credit.payee_id, period].append((day, credit))
        else:
            _leave_out(credit, because("no_place_yet"))
    for (payee_id, period), candidates in waiting.items():
        candidates.sort(key=lambda item: (item[0], item[1].order.key, item[1].credit_id))
        found = [credit for _, credit in candidates]
        try:
            _number(rule, found, period, counts(rule, payee_id, period))
        except NotCalculated as refused:
            for credit in found:
                _leave_out(credit, refused.reason)


def _number(rule: FirstOnes, credits: Sequence[Credit], period: str, count: int) -> None:
    used, freed = 0, list[tuple[date, int]]()
    for credit in credits:
        if used < count:
            used += 1
            place = used
        elif freed:
            credit.counts_from, place = heappop(freed)
        else:
            reason = because("places_used", count=str(count), period=period)
            _leave_out(credit, reason)
            continue
        credit.extras[PLACE] = Extra(Fraction(place), partial(_node, rule, credit, place, count))
        gone = credit.order.gone_on if rule.reversal == "frees" else None
        if gone is not None:
            heappush(freed, (max(gone, credit.counts_from or gone), place))


def _leave_out(credit: Credit, reason: Reason) -> None:
    credit.standing = Standing(is_paid=False, reason=reason)
    credit.has_place = False


def _node(rule: FirstOnes, credit: Credit, place: int, count: int) -> UUID:
    """Return the leaf of a credit's place."""
    return credit.order.book.node(
        "place",
        credit.credit_id,
        kind="credit_place",
        value=str(place),
        unit="count",
        payee_id=credit.payee_id,
        detail={"clause": rule.path, "credit_id": credit.credit_id, "of": count},
    )
