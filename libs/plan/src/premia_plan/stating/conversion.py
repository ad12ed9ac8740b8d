"""Amounts in the currency of a payee's statement, by the rates that a plan names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias
from uuid import UUID

from premia_common.money import MINOR_DIGITS, minor_digits
from premia_plan.apportion import round_units
from premia_plan.checked import CheckedPlan, StatementCurrency
from premia_plan.paying import Months
from premia_plan.period import end_day
from premia_plan.quantities import exact_text
from premia_plan.reference.book import Book
from premia_plan.reference.exchange import PublishedRates
from premia_plan.reference.figure import Figure
from premia_plan.reference.payee import Payees
from premia_plan.relations import Relations
from premia_plan.results import Exception_, Node

PayeeMonth: TypeAlias = tuple[str, str, str]
"""Payee, principal and month: whose statement it is."""


@dataclass(frozen=True, slots=True)
class StatedAmount:
    """A line of the plan or of its payment as a statement has it, to the currency's own cent."""

    line_id: UUID
    payee_id: str
    principal: str
    month: str
    amount: Decimal
    currency: str
    node_id: UUID


class Conversion:
    """Converts one amount after the other, and notes what keeps one from being stated."""

    def __init__(self, plan: CheckedPlan, rule: StatementCurrency, relations: Relations) -> None:
        self.book = Book(plan.name, minor_digits(plan.currency))
        self._plan = plan
        self._rule = rule
        self._payees = Payees(plan, relations)
        self._published = PublishedRates(relations, self.book)

    @property
    def nodes(self) -> Iterable[Node]:
        """Give the nodes that explain what was converted, in one order."""
        return sorted(self.book.nodes.values(), key=lambda node: node.node_id.int)

    @property
    def exceptions(self) -> Sequence[Exception_]:
        """Return what kept amounts from being stated, in one order."""
        return sorted(self.book.exceptions, key=lambda item: (item.code, item.message))

    def currency(self, payee_id: str, month: str) -> str | None:
        """Return the currency of a payee's statement, by what is known on the month's last day."""
        last = end_day(month) - timedelta(days=1)
        found = self._rule.currency.evaluate(self._payees.scope(payee_id, last))
        if isinstance(found, str) and found in MINOR_DIGITS:
            return found
        said = "is not known" if found is None else f"would be {found}, which is none"
        self.book.exception(
            "statement_currency_unknown",
            f"The currency of {payee_id}'s statement of {month} {said}",
            f"Record what {self._rule.currency.text} asks for",
            payee_id=payee_id,
            month=month,
        )
        return None

    def amount(
        self,
        line_id: UUID,
        whose: PayeeMonth,
        given: tuple[Decimal, UUID],
        currency: str,
        months: Months,
    ) -> StatedAmount | None:
        """Return an amount at the rates of its months; None after noting which rate is missing.

        Args:
            line_id: what is stated, and by what its node is told from others.
            whose: the statement.
            given: the amount in the plan's currency, and the node that explains it.
            currency: the statement's.
            months: how much of the amount has the rate of each month.
        """
        (payee_id, _, _), (amount, node_id) = whose, given
        if currency == self._plan.currency:
            return StatedAmount(line_id, *whose, amount, currency, node_id)
        found = {month: self._rate(currency, payee_id, month) for month in sorted(months)}
        rates = {month: rate for month, rate in found.items() if rate is not None}
        if len(rates) < len(found):
            return None
        places = MINOR_DIGITS[currency]
        weighed = sum((months[month] * rate.value for month, rate in rates.items()), Fraction(0))
        units = round_units(Fraction(amount) * weighed / sum(months.values()), places)
        text, inputs = _formula(months)
        stated = Decimal(units).scaleb(-places)
        converted = self.book.node(
            "stated",
            str(line_id),
            kind="stated",
            value=f"{stated:f}",
            unit="money",
            operation="formula",
            payee_id=payee_id,
            detail={
                "clause": self._rule.path,
                "currency": currency,
                "formula": text,
                "inputs": ("amount", *inputs),
                "rounding": "half_up",
                "places": places,
            },
            children=(node_id, *(rate.node_id for rate in rates.values())),
        )
        return StatedAmount(line_id, *whose, stated, currency, converted)

    def _rate(self, currency: str, payee_id: str, month: str) -> Figure | None:
        last, own = end_day(month) - timedelta(days=1), self._plan.currency
        found = self._published.on(self._rule.rate, own, currency, last)
        if len(found) == 1:
            return self._published.figure(found[0], self._rule.path)
        self._note_no_rate(currency, payee_id, last, is_none=not found)
        return None

    def _note_no_rate(self, currency: str, payee_id: str, day: date, *, is_none: bool) -> None:
        what = "no" if is_none else "two different rates as"
        self.book.exception(
            "exchange_rate_missing",
            f"{payee_id}'s statement is in {currency}: there is {what} {self._rule.rate} rate "
            f"from {self._plan.currency} for {day.isoformat()}",
            "Load the rate",
            payee_id=payee_id,
            month=day.isoformat()[:7],
        )


def _formula(months: Months) -> tuple[str, Sequence[str]]:
    """Return how an amount is stated by the rates of its months, and what the rates are called."""
    if len(months) == 1:
        return "amount * rate", ("rate",)
    names = tuple(f"rate_{place}" for place in range(1, len(months) + 1))
    parts = [
        f"({exact_text(months[month])}) * {name}"
        for month, name in zip(sorted(months), names, strict=True)
    ]
    return f"amount * ({' + '.join(parts)}) / ({exact_text(sum(months.values()))})", names
