"""Test a draft plan on history: who wins, who loses, what it costs, where."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from calc_engine.application.ports import Engines
from calc_engine.application.simulate import both_sides, engines_of
from calc_engine.application.simulation_question import Question
from calc_engine.domain.comparison import (
    Change,
    Compared,
    compare,
    earned_by,
    moved_by_terms,
    paid_by,
)
from calc_engine.domain.fact import Fact
from calc_engine.domain.pay_months import Before
from calc_engine.domain.progress import Say, Stage
from calc_engine.domain.validation import ExceptionGroup, group_exceptions
from premia_plan.relations import OrderRow

NO_ORDER = ""
"""Stands for what no single order earns, where cost is told by territory or category."""

Sums = Mapping[tuple[str, str], Change]
"""By a name and a currency."""


@dataclass(frozen=True, slots=True)
class PayeeResult:
    """What the draft does to one payee over all months."""

    payee_id: str
    currency: str
    before: Decimal
    after: Decimal
    worst_month: str
    """The month in which the payee loses most, or wins least."""
    worst_difference: Decimal

    @property
    def difference(self) -> Decimal:
        """Positive for a winner, negative for a loser."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class BackTested:
    """The whole result of a back-test."""

    months: Sums
    components: Sums
    territories: Sums
    categories: Sums
    terms: Sums
    """What terms of payment add or take, by what they do: it is of no component or order."""
    payees: tuple[PayeeResult, ...]
    """Who loses most comes first."""
    exceptions_before: tuple[ExceptionGroup, ...]
    exceptions_after: tuple[ExceptionGroup, ...]
    engines: frozenset[str]


def back_test(
    facts: Sequence[Fact], question: Question, before: Before, engines: Engines, *, say: Say
) -> BackTested:
    """Return what a draft would have paid in some months, beside what the plans in force pay.

    Both sides are calculated from the facts as they are known now, and paid by their terms of
    payment from where pay stood `before` the first month.

    Raises:
        WhatIfNotPossible: if the draft replaces no plan that is there.
        PlanNotUsable: if a plan cannot be calculated.
    """
    now, then = both_sides(facts, question, before, engines, say=say)
    say(Stage("comparing", 90))
    now.nodes.clear()
    then.nodes.clear()
    compared = compare(now.lines, then.lines)
    orders = {row.order_id: row for row in (*now.shared.orders, *then.shared.orders)}
    return BackTested(
        months=paid_by(compared, lambda item: item.place.month),
        components=earned_by(compared, lambda item: item.place.component),
        territories=earned_by(compared, lambda item: _of_order(item, orders, "territory")),
        categories=earned_by(compared, lambda item: _of_order(item, orders, "category")),
        terms=moved_by_terms(compared),
        payees=tuple(sorted(_payees(compared), key=lambda item: (item.difference, item.payee_id))),
        exceptions_before=group_exceptions(set(now.exceptions)),
        exceptions_after=group_exceptions(set(then.exceptions)),
        engines=engines_of(now, then),
    )


def _of_order(item: Compared, orders: Mapping[str, OrderRow], name: str) -> str:
    order = orders.get(item.place.order_id)
    return NO_ORDER if order is None else str(getattr(order, name))


def _payees(compared: Iterable[Compared]) -> list[PayeeResult]:
    by_month: dict[tuple[str, str], dict[str, Change]] = {}
    for item in compared:
        place = item.place
        if place.standing == "paid":
            months = by_month.setdefault((place.payee_id, place.currency), {})
            change = months.setdefault(place.month, Change())
            change.before += item.before.amount
            change.after += item.after.amount
    found = []
    for (payee_id, currency), months in by_month.items():
        worst = min(sorted(months), key=lambda month: months[month].difference)
        found.append(
            PayeeResult(
                payee_id,
                currency,
                sum((change.before for change in months.values()), Decimal(0)),
                sum((change.after for change in months.values()), Decimal(0)),
                worst,
                months[worst].difference,
            )
        )
    return found
