"""Landed and paid amounts in the currency of a payee's statement, each with its rate."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from premia_common.periods import Month
from premia_plan.checked import CheckedPlan, StatementCurrency
from premia_plan.paying import Months, Originals, Pay, PaymentLine
from premia_plan.paying.membership import Membership
from premia_plan.period import last_month
from premia_plan.relations import Relations
from premia_plan.results import PAID, Exception_, Line, Node
from premia_plan.stating.conversion import Conversion, PayeeMonth, StatedAmount
from premia_plan.stating.months_of_rate import Movements


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
    back, and what a reserve meets or releases has the rate at which it was withheld. All else has
    the rate of its own month. A balance is carried on as it was stated, so that nothing is due
    where nothing is paid.

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
    months: dict[PayeeMonth, tuple[list[Line], list[PaymentLine]]] = defaultdict(lambda: ([], []))
    for line in landed:
        months[line.payee_id or "", line.principal, line.month or ""][0].append(line)
    for payment in paid.lines:
        if payment.month <= str(until):
            months[payment.payee_id, payment.principal, payment.month][1].append(payment)
    originals, nodes = Originals(landed), {node.node_id: node for node in paid.nodes}
    movements: dict[tuple[str, str], Movements] = defaultdict(lambda: Movements(nodes))
    membership = Membership(plan, relations)
    for row in relations.openings:
        if row.kind == "reserve":
            owed_by = membership.principal(row.payee_id, last_month(row.period))
            movements[row.payee_id, owed_by].had_withheld(row.name, [("", Fraction(row.amount))])
    for whose, (own, payments) in sorted(months.items(), key=lambda item: item[0]):
        dated = [(line, originals.months(line)) for line in own]
        moved = movements[whose[:2]].of_month(dated, payments)
        stating.month(whose, dated, [(line, moved[line.line_id]) for line in payments])
    return stating.result("" if since is None else str(since))


class _Stating:
    """States one month of a payee after the other, and carries balances on as they were stated."""

    def __init__(self, plan: CheckedPlan, rule: StatementCurrency, relations: Relations) -> None:
        self._rule = rule
        self._conversion = Conversion(plan, rule, relations)
        self._found: list[StatedAmount] = []
        self._carried: dict[tuple[str, str], StatedAmount] = {}

    def month(
        self,
        whose: PayeeMonth,
        lines: Iterable[tuple[Line, Months]],
        payments: Iterable[tuple[PaymentLine, Months]],
    ) -> None:
        """State what landed in a payee's month and its pay, each with the months of its rates."""
        currency = self._conversion.currency(whose[0], whose[2])
        if currency is None:
            return
        moved = sorted(payments, key=lambda pair: pair[0].line_id.int)
        found = [
            self._conversion.amount(
                line.line_id, whose, (line.amount, line.node_id), currency, months
            )
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
        found = self._conversion
        return Stated(tuple(ordered), tuple(found.nodes), tuple(found.exceptions))

    def _paid(self, line: PaymentLine, currency: str, months: Months) -> StatedAmount | None:
        whose = (line.payee_id, line.principal, line.month)
        given = (line.amount, line.node_id)
        return self._conversion.amount(line.line_id, whose, given, currency, months)

    def _brought(self, line: PaymentLine, whose: PayeeMonth, currency: str) -> StatedAmount | None:
        """Return what is carried in as it was carried out, if that was in the same currency."""
        before = self._carried.pop(whose[:2], None) if line.what == "carried_in" else None
        if before is None or before.currency != currency:
            return None
        node_id = self._write("stated_brought", line, -before.amount, currency, [before.node_id])
        return StatedAmount(line.line_id, *whose, -before.amount, currency, node_id)

    def _carried_on(
        self,
        line: PaymentLine,
        whose: PayeeMonth,
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
        return self._conversion.book.node(
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
