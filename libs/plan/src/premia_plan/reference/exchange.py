"""Amounts of orders in other currencies: the rate of each, and the nodes that explain it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

from premia_plan.checked import CheckedPlan, Exchange
from premia_plan.language import Scope
from premia_plan.period import month_of
from premia_plan.quantities import exact_text
from premia_plan.reference.book import Book
from premia_plan.reference.figure import Figure
from premia_plan.relations import ExchangeRateRow, OrderRow, Relations
from premia_plan.relations.exchange import RateType
from premia_plan.results import Detail

LATEST_BEFORE = timedelta(days=7)
"""A day without a daily rate, as a Sunday, has the last one before it, of so many days at most."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """The rates of an order's currency: for pay, and for what counts towards targets."""

    currency: str
    pay: Figure
    targets: Figure


class PublishedRates:
    """Finds rates by type, currencies and day; two different rows for one rate are no rate."""

    def __init__(self, relations: Relations, book: Book) -> None:
        self._book = book
        self._rows: dict[tuple[str, str, str, str], list[ExchangeRateRow]] = defaultdict(list)
        for row in relations.exchange_rates:
            if row.rate > 0:
                when = row.on.isoformat() if row.rate_type == "daily" and row.on else row.period
                key = (row.rate_type, row.from_currency, row.to_currency, when)
                self._rows[key].append(row)

    def on(
        self, rate: RateType, from_currency: str, to_currency: str, day: date
    ) -> list[ExchangeRateRow]:
        """Return the rows of a rate in force on a day: one, or none, or several that differ."""
        pair = (rate, from_currency, to_currency)
        match rate:
            case "period average":
                return self._rows.get((*pair, month_of(day)), [])
            case "plan rate":
                return self._rows.get((*pair, str(day.year)), [])
            case "daily":
                for back in range(LATEST_BEFORE.days + 1):
                    when = (day - timedelta(days=back)).isoformat()
                    if (*pair, when) in self._rows:
                        return self._rows[*pair, when]
        return []

    def figure(self, row: ExchangeRateRow, clause: str) -> Figure:
        """Return a rate that a clause of the plan asks for, with its leaf."""
        when = row.on.isoformat() if row.on is not None else row.period
        value = Fraction(row.rate)
        node_id = self._book.node(
            "exchange",
            row.rate_type,
            row.from_currency,
            row.to_currency,
            when,
            clause,
            kind="exchange_rate",
            value=exact_text(value),
            unit="count",
            detail={
                "clause": clause,
                "type": row.rate_type,
                "from": row.from_currency,
                "to": row.to_currency,
                "on": when,
            },
            source=row.source,
        )
        return Figure(value, node_id)


class ExchangeRates:
    """Finds the rates of orders."""

    def __init__(self, plan: CheckedPlan, relations: Relations, book: Book) -> None:
        self._plan = plan
        self._book = book
        self._published = PublishedRates(relations, book)

    def conversion(self, row: OrderRow, order: Scope, month: str) -> Conversion | None:
        """Return the rates of an order in another currency; None after noting why there is none."""
        rules = self._plan.currencies
        if rules.pay is None:
            self._note_other_currency(row, month)
            return None
        pay = self._find(rules.pay, row, order)
        targets = pay if rules.targets is None else self._find(rules.targets, row, order)
        return None if pay is None or targets is None else Conversion(row.currency, pay, targets)

    def _find(self, rule: Exchange, row: OrderRow, order: Scope) -> Figure | None:
        day = rule.on.evaluate(order)
        found = []
        if isinstance(day, date):
            found = self._published.on(rule.rate, row.currency, self._plan.currency, day)
        if len(found) == 1:
            return self._published.figure(found[0], rule.path)
        when = day.isoformat() if isinstance(day, date) else f"{rule.on.text}, which is unknown"
        what = "no" if not found else "two different rates as"
        self._book.exception(
            "exchange_rate_missing",
            f"Order {row.order_id} is in {row.currency}: there is {what} {rule.rate} rate to "
            f"{self._plan.currency} for {when}",
            "Load the rate; the next run counts the order",
            order_id=row.order_id,
            month=month_of(row.signed_on),
        )
        return None

    def _note_other_currency(self, row: OrderRow, month: str) -> None:
        self._book.exception(
            "order_currency",
            f"Order {row.order_id} is in {row.currency}, the plan in {self._plan.currency}",
            "Correct the order's currency, or pay it by a plan in its currency",
            order_id=row.order_id,
            month=month,
            blocks=False,
        )


def converted_node(
    key: tuple[str, ...],
    given: UUID,
    rate: Figure,
    *,
    value: str,
    detail: Mapping[str, Detail],
    book: Book,
) -> UUID:
    """Write the node of an amount that was converted."""
    return book.node(
        "converted",
        *key,
        kind="converted",
        value=value,
        unit="money",
        operation="formula",
        detail={"formula": "amount * rate", "inputs": ("amount", "rate"), **detail},
        children=(given, rate.node_id),
    )
