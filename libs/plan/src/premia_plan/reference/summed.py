"""Summed measures: credits added up per subject and period, and without what was reversed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from premia_plan.apportion import add_up
from premia_plan.checked import SummedMeasure
from premia_plan.period import last_month, period_of
from premia_plan.reference.book import Book
from premia_plan.reference.cell import CellKey, Remembered, restated
from premia_plan.reference.credit import Credit
from premia_plan.reference.figure import Figure, node_of, number_from
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.subject import payee_of


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one credit adds to a measure; `leaves_in` is the month its order's reversal lands."""

    credit: Credit
    value: Fraction
    leaves_in: str | None


class SummedFigures(Remembered):
    """The cells of one measure of credits."""

    def __init__(self, rule: SummedMeasure, credits: Iterable[Credit], book: Book) -> None:
        super().__init__(self._add_up)
        self.rule = rule
        self._book = book
        self._cells = self._gather(credits)

    def _gather(self, credits: Iterable[Credit]) -> dict[CellKey, tuple[Contribution, ...]]:
        rule = self.rule
        gathered: dict[CellKey, list[Contribution]] = defaultdict(list)
        for credit in credits:
            subjects = _subjects(credit)
            if not subjects or (rule.when is not None and not rule.when.evaluate(credit)):
                continue
            day = rule.dated_by.evaluate(credit)
            if isinstance(day, date):
                contribution = self._contribute(credit)
                if contribution is not None:
                    for subject in subjects:
                        gathered[subject, period_of(day, rule.over)].append(contribution)
        return {
            key: tuple(sorted(items, key=lambda item: item.credit.credit_id))
            for key, items in sorted(gathered.items())
        }

    def _contribute(self, credit: Credit) -> Contribution | None:
        rule, order = self.rule, credit.order
        try:
            value = number_from(rule.sums, credit)
        except NotCalculated:
            self._book.exception(
                "fact_missing",
                f"Order {order.row.order_id} cannot be counted for {rule.name}",
                f"Send the order again with what {rule.sums.text} needs",
                payee_id=credit.payee_id,
                order_id=order.row.order_id,
            )
            return None
        reversal = order.reversal
        leaves = reversal is not None and not reversal.is_void and rule.reversed_order == "leaves"
        return Contribution(credit, value, reversal.month if reversal and leaves else None)

    def cells(self) -> Iterable[CellKey]:
        """Return the cells that have credits, in order."""
        return self._cells.keys()

    def contributions(self, subject: str, period: str) -> Sequence[Contribution]:
        """Return what was ever counted in a cell, by credit id."""
        return self._cells.get((subject, period), ())

    def standing(self, subject: str, period: str, as_of: str) -> Sequence[Contribution]:
        """Return what still counts in a cell at a month's end, by credit id."""
        month = max(as_of, last_month(period))
        return [
            item
            for item in self.contributions(subject, period)
            if item.leaves_in is None or item.leaves_in > month
        ]

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months after the period in which an order leaves."""
        close = last_month(period)
        return frozenset(
            item.leaves_in
            for item in self.contributions(subject, period)
            if item.leaves_in is not None and item.leaves_in > close
        )

    def _add_up(self, subject: str, period: str, as_of: str) -> Figure:
        rule, counted = self.rule, self.standing(subject, period, as_of)
        value = add_up(item.value for item in counted)
        node_id = self._book.node(
            "measure",
            rule.name,
            subject,
            period,
            restated(period, as_of),
            kind="measure",
            value=self._book.text(value, rule.unit),
            unit=rule.unit.value,
            operation="sum",
            payee_id=payee_of(subject),
            detail={
                "clause": rule.path,
                "measure": rule.name,
                "month": period,
                "as_of": max(as_of, last_month(period)),
            },
            children=tuple([self._node(item) for item in counted]),
        )
        return Figure(value, node_id)

    def _node(self, item: Contribution) -> UUID:
        rule, credit = self.rule, item.credit
        return node_of(
            rule.sums,
            credit,
            self._book,
            item.value,
            key=("contribution", rule.name, credit.credit_id),
            kind="contribution",
            unit=rule.unit,
            payee_id=credit.payee_id,
        )


def _subjects(credit: Credit) -> Sequence[str]:
    """Return whose measures a credit counts for: its payee's, if the plan pays it."""
    if credit.payee_id is None or not credit.standing.is_paid:
        return ()
    return (credit.payee_id,)
