"""What some months would pay, one after the other, without statements: as runs would pay them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from calc_engine.domain.baseline import Baseline
from calc_engine.domain.closed_before import ClosedBefore
from calc_engine.domain.landed_line import landed_line
from calc_engine.domain.pay_statements import kind_of, relations_of
from calc_engine.domain.payment_rows import PaymentRows, counted_once
from calc_engine.domain.plan_terms import PlanTerms, TermsByPayee, grouped
from calc_engine.domain.proposal import StatementKey
from calc_engine.domain.statement_line import ResultLine
from premia_common.periods import Month
from premia_plan.paying import MonthsOf, Originals, PaymentLine, Standing, pay
from premia_plan.relations import Relations
from premia_plan.results import PAID, Exception_, Node

ZERO = Decimal(0)
RowsUnder: TypeAlias = Callable[[TermsByPayee], PaymentRows]


@dataclass(frozen=True, slots=True)
class Before:
    """Where pay stood before the first of the months, and the tenant's first period."""

    baseline: Baseline
    go_live: Month


@dataclass(frozen=True, slots=True)
class PaidMonths:
    """What terms of payment add to the lines of some months, and what explains it."""

    lines: tuple[ResultLine, ...]
    nodes: tuple[Node, ...]
    exceptions: tuple[Exception_, ...]


def pay_months(
    lines: Iterable[ResultLine],
    plans: Sequence[PlanTerms],
    rows: RowsUnder,
    before: Before,
    *,
    since: Month,
    until: Month,
) -> PaidMonths:
    """Pay some months as if each were stated and approved when it ends.

    With the lines that are returned, what lands in a month adds up to what it pays; what it
    carries on and takes over are among them.

    Args:
        lines: what the plans gave.
        plans: what each plan says of payment.
        rows: gives adjustments, loans, opening balances and caps, under the terms of a month.
        before: what had been approved of earlier months.
        since: the first month.
        until: the last one.
    """
    by_month: dict[str, dict[StatementKey, list[ResultLine]]] = defaultdict(dict)
    by_key: dict[StatementKey, list[ResultLine]] = defaultdict(list)
    for line in lines:
        if line.what in PAID and line.payee_id is not None and line.month is not None:
            key = (line.payee_id, line.principal_id, line.currency)
            by_month[line.month].setdefault(key, []).append(line)
            by_key[key].append(line)
    work = _Months(plans, rows, before, since, by_key)
    month = since
    while month <= until:
        work.pay(month, by_month.get(str(month), {}))
        month = month.next()
    return PaidMonths(tuple(work.lines), tuple(work.nodes), tuple(work.exceptions))


class _Months:
    """Goes from month to month; where everybody stands is what the next one goes on from."""

    def __init__(
        self,
        plans: Sequence[PlanTerms],
        rows: RowsUnder,
        before: Before,
        since: Month,
        every: Mapping[StatementKey, Sequence[ResultLine]],
    ) -> None:
        self._plans = plans
        self._rows = rows
        self._before = before
        closed = before.baseline.closed
        self._closed = ClosedBefore(closed.items(), before.go_live)
        carried = before.baseline.carried
        self._standings: dict[StatementKey, Standing] = {
            key: item.standing(carried.get(key, ZERO))
            for key, item in closed.items()
            if not item.is_empty or carried.get(key)
        }
        self._since = since
        self._every = every
        self.lines: list[ResultLine] = []
        self.nodes: list[Node] = []
        self.exceptions: list[Exception_] = []

    def pay(self, month: Month, landed: Mapping[StatementKey, Sequence[ResultLine]]) -> None:
        """Pay one month."""
        terms = TermsByPayee(self._plans, month)
        rows = counted_once(
            self._rows(terms),
            self._before.baseline.payments,
            self._closed,
            self._before.go_live,
        )
        if month == self._since:
            self.exceptions += rows.exceptions
        chosen = self._chosen(terms, rows, landed)
        for own, keys in grouped(chosen).values():
            self._pay_group(
                own,
                relations_of(own, terms, rows, keys),
                {key: landed.get(key, ()) for key in keys},
                month,
            )

    def _chosen(
        self,
        terms: TermsByPayee,
        rows: PaymentRows,
        landed: Mapping[StatementKey, Sequence[ResultLine]],
    ) -> Mapping[StatementKey, PlanTerms]:
        """Return whose pay is not simply what landed, and the plan whose terms hold for each."""
        capped = {key for key, _ in rows.caps} & set(landed)
        owing = {key for key, own in landed.items() if sum((line.amount for line in own), ZERO) < 0}
        chosen: dict[StatementKey, PlanTerms] = {}
        for key in {*terms.stated, *rows.keys, *self._standings, *capped, *owing}:
            found, told = terms.find(key)
            self.exceptions += told
            if found is not None:
                chosen[key] = found
        return chosen

    def _pay_group(
        self,
        own: PlanTerms,
        relations: Relations,
        lines: Mapping[StatementKey, Sequence[ResultLine]],
        month: Month,
    ) -> None:
        result = pay(
            own.checked,
            relations,
            [landed_line(line) for some in lines.values() for line in some],
            until=month,
            standings={key[:2]: self._standings[key] for key in lines if key in self._standings},
            not_before=month,
            released_in=self._released_in(lines) if relations.payee_caps else None,
        )
        by_pair = {key[:2]: key for key in lines}
        for pair, standing in result.standings.items():
            self._standings[by_pair[pair]] = standing
        self.nodes += result.nodes
        self.exceptions += result.exceptions
        for line in result.lines:
            if line.amount:
                currency = by_pair[line.payee_id, line.principal][2]
                self.lines.append(_result_line(line, own, currency, month))

    def _released_in(self, keys: Iterable[StatementKey]) -> MonthsOf:
        """Return what finds the releases that lines of some statements are of."""
        every = (line for key in keys for line in self._every.get(key, ()))
        return Originals([landed_line(line) for line in every]).find


def _result_line(line: PaymentLine, own: PlanTerms, currency: str, month: Month) -> ResultLine:
    """Return what terms of payment add, in the month that states it."""
    return ResultLine(
        line_id=line.line_id,
        payee_id=line.payee_id,
        principal_id=line.principal,
        plan=own.plan.name,
        currency=currency,
        component=line.name or "balance",
        kind=kind_of(line, own),
        what=line.what,
        month=max(line.month, str(month)),
        competence=line.month,
        amount=line.amount,
        order_id=None,
        credit_id=None,
        share=None,
        reason=line.reason,
        reason_code=None,
        node_id=line.node_id,
    )
