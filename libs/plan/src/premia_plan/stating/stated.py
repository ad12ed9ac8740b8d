"""Landed and paid amounts in the currency of a payee's statement, each with its rate."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias
from uuid import UUID

from premia_common.money import MINOR_DIGITS, minor_digits
from premia_common.periods import Month
from premia_plan.apportion import round_units
from premia_plan.checked import CheckedPlan, StatementCurrency
from premia_plan.paying import Pay, PaymentLine
from premia_plan.period import end_day
from premia_plan.quantities import exact_text
from premia_plan.reference.book import Book
from premia_plan.reference.exchange import PublishedRates
from premia_plan.reference.figure import Figure
from premia_plan.reference.payee import Payees
from premia_plan.relations import Relations
from premia_plan.results import PAID, Exception_, Line, Node
from premia_plan.stating.months_of_rate import Months, Movements, Originals

_PayeeMonth: TypeAlias = tuple[str, str, str]
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


@dataclass(frozen=True, slots=True)
class Stated:
    """All that statements have; `nodes` are those that the calculation and the pay lack."""

    amounts: tuple[StatedAmount, ...]
    nodes: tuple[Node, ...]
    exceptions: tuple[Exception_, ...]


def state(
    plan: CheckedPlan,
    relations: Relations,
    lines: Iterable[Line],
    paid: Pay,
    *,
    until: Month,
    since: Month | None = None,
) -> Stated:
    """Return what every statement up to a month has, in its payee's currency.

    Without a currency for statements nothing is stated apart. Whatever corrects a share of an
    earning is stated at the rate of the month in which that share first landed, what corrects a
    whole earning at those of its shares; what a payee's cap gives back goes with what is taken
    back, and what a reserve meets has the rate at which it was withheld. All else has the rate of
    its own month. A balance is carried on as it was stated, so that nothing is due where nothing
    is paid.

    Args:
        plan: whose `currencies` say in which currency, and by which type of rate.
        relations: payees and exchange rates from the plan's currency.
        lines: the lines of the calculation, at least all up to that month.
        paid: what `pay` made of them, from the first month on.
        until: the last month that is stated.
        since: the first month whose amounts are wanted; all if None.
    """
    rule = plan.currencies.statement
    if rule is None:
        return Stated((), (), ())
    stating = _Stating(plan, rule, relations)
    landed = [line for line in lines if line.what in PAID and (line.month or "") <= str(until)]
    months: dict[_PayeeMonth, tuple[list[Line], list[PaymentLine]]] = defaultdict(lambda: ([], []))
    for line in landed:
        months[line.payee_id or "", line.principal, line.month or ""][0].append(line)
    for payment in paid.lines:
        if payment.month <= str(until):
            months[payment.payee_id, payment.principal, payment.month][1].append(payment)
    originals, nodes = Originals(landed), {node.node_id: node for node in paid.nodes}
    movements: dict[tuple[str, str], Movements] = defaultdict(lambda: Movements(nodes))
    for whose, (own, payments) in sorted(months.items(), key=lambda item: item[0]):
        dated = [(line, originals.months(line)) for line in own]
        moved = movements[whose[:2]].of_month(dated, payments)
        stating.month(whose, dated, [(line, moved[line.line_id]) for line in payments])
    return stating.result("" if since is None else str(since))


class _Stating:
    """Converts one amount after the other, and notes what keeps one from being stated."""

    def __init__(self, plan: CheckedPlan, rule: StatementCurrency, relations: Relations) -> None:
        self._plan = plan
        self._rule = rule
        self._payees = Payees(plan, relations)
        self._book = Book(plan.name, minor_digits(plan.currency))
        self._published = PublishedRates(relations, self._book)
        self._found: list[StatedAmount] = []
        self._carried: dict[tuple[str, str], StatedAmount] = {}

    def month(
        self,
        whose: _PayeeMonth,
        lines: Iterable[tuple[Line, Months]],
        payments: Iterable[tuple[PaymentLine, Months]],
    ) -> None:
        """State what landed in a payee's month and its pay, each with the months of its rates."""
        currency = self._currency(whose[0], whose[2])
        if currency is None:
            return
        moved = sorted(payments, key=lambda pair: pair[0].line_id.int)
        found = [
            self._stated(line.line_id, whose, (line.amount, line.node_id), currency, months)
            for line, months in sorted(lines, key=lambda pair: pair[0].line_id.int)
        ]
        found += [
            self._brought(line, whose, currency) or self._paid(line, currency, months)
            for line, months in moved
            if line.what not in {"carried_out", "forgiven"}
        ]
        stated = [item for item in found if item is not None]
        for line, _ in moved:
            if line.what in {"carried_out", "forgiven"} and len(stated) == len(found):
                stated.append(self._carried_on(line, whose, stated, currency))
        self._found.extend(stated)

    def result(self, since: str) -> Stated:
        """Return what was stated from a month on, in one order."""
        wanted = [item for item in self._found if item.month >= since]
        ordered = sorted(wanted, key=lambda item: item.line_id.int)
        nodes = sorted(self._book.nodes.values(), key=lambda node: node.node_id.int)
        noted = sorted(self._book.exceptions, key=lambda item: (item.code, item.message))
        return Stated(tuple(ordered), tuple(nodes), tuple(noted))

    def _paid(self, line: PaymentLine, currency: str, months: Months) -> StatedAmount | None:
        whose = (line.payee_id, line.principal, line.month)
        given = (line.amount, line.node_id)
        return self._stated(line.line_id, whose, given, currency, months)

    def _brought(self, line: PaymentLine, whose: _PayeeMonth, currency: str) -> StatedAmount | None:
        """Return what is carried in as it was carried out, if that was in the same currency."""
        before = self._carried.pop(whose[:2], None) if line.what == "carried_in" else None
        if before is None or before.currency != currency:
            return None
        node_id = self._write("stated_brought", line, -before.amount, currency, [before.node_id])
        return StatedAmount(line.line_id, *whose, -before.amount, currency, node_id)

    def _carried_on(
        self,
        line: PaymentLine,
        whose: _PayeeMonth,
        stated: Sequence[StatedAmount],
        currency: str,
    ) -> StatedAmount:
        """Return what is carried on or forgiven: the opposite of all else of the month."""
        total = sum((item.amount for item in stated), Decimal(0))
        nodes = [item.node_id for item in stated]
        summed = self._write("stated_in_month", line, total, currency, nodes, operation="sum")
        node_id = self._write("stated_carried", line, -total, currency, [summed])
        found = StatedAmount(line.line_id, *whose, -total, currency, node_id)
        if line.what == "carried_out":
            self._carried[whose[:2]] = found
        return found

    def _write(
        self,
        kind: str,
        line: PaymentLine,
        amount: Decimal,
        currency: str,
        children: Sequence[UUID],
        *,
        operation: str = "opposite",
    ) -> UUID:
        return self._book.node(
            kind,
            str(line.line_id),
            kind=kind,
            value=f"{amount:f}",
            unit="money",
            operation=operation,
            payee_id=line.payee_id,
            detail={"clause": self._rule.path, "currency": currency, "month": line.month},
            children=tuple(children),
        )

    def _stated(
        self,
        line_id: UUID,
        whose: _PayeeMonth,
        given: tuple[Decimal, UUID],
        currency: str,
        months: Months,
    ) -> StatedAmount | None:
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
        converted = self._book.node(
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

    def _currency(self, payee_id: str, month: str) -> str | None:
        """Return the currency of a payee's statement, by what is known on the month's last day."""
        last = end_day(month) - timedelta(days=1)
        found = self._rule.currency.evaluate(self._payees.scope(payee_id, last))
        if isinstance(found, str) and found in MINOR_DIGITS:
            return found
        said = "is not known" if found is None else f"would be {found}, which is none"
        self._book.exception(
            "statement_currency_unknown",
            f"The currency of {payee_id}'s statement of {month} {said}",
            f"Record what {self._rule.currency.text} asks for",
            payee_id=payee_id,
            month=month,
        )
        return None

    def _rate(self, currency: str, payee_id: str, month: str) -> Figure | None:
        last, own = end_day(month) - timedelta(days=1), self._plan.currency
        found = self._published.on(self._rule.rate, own, currency, last)
        if len(found) == 1:
            return self._published.figure(found[0], self._rule.path)
        self._note_no_rate(currency, payee_id, last, is_none=not found)
        return None

    def _note_no_rate(self, currency: str, payee_id: str, day: date, *, is_none: bool) -> None:
        what = "no" if is_none else "two different rates as"
        self._book.exception(
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
