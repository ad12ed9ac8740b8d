"""Summed measures: credits taken together per subject and period, without what was reversed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from uuid import UUID

from premia_plan.apportion import add_up
from premia_plan.checked import SummedMeasure
from premia_plan.language import Value
from premia_plan.period import (
    enclosing,
    last_month,
    month_of,
    months_of,
    next_period,
    so_far,
    span,
)
from premia_plan.quantities import exact_text
from premia_plan.reasons import because
from premia_plan.reference.book import Book
from premia_plan.reference.cell import CellKey, Remembered, restated
from premia_plan.reference.counted_credit import as_counted
from premia_plan.reference.credit import Credit
from premia_plan.reference.figure import Figure, node_of, number_from
from premia_plan.reference.opening import OpeningBalances
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.reversal import WHOLE
from premia_plan.reference.subject import payee_of
from premia_plan.reference.subjects import Subjects

OPERATIONS = {"sum": "sum", "count": "sum", "distinct": "distinct", "average": "average"}


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one credit adds to a measure while its order counts, or for ever if it `stays`.

    Where an order leaves `by_share`, `left` is the part that is not reversed and `value` what that
    part adds. `mark` is the value itself where different values are counted. `component` is the one
    as which it counts, if it is not for all.
    """

    credit: Credit
    value: Fraction
    stays: bool
    mark: str = ""
    by_share: bool = False
    left: Fraction = WHOLE
    component: str = ""

    def in_month(self, month: str) -> "Contribution | None":
        """Return what it adds at the end of a month, or None if the order has left."""
        counts_from = self.credit.counts_from
        if counts_from is not None and month < month_of(counts_from):
            return None
        if self.stays:
            return self
        left = self.credit.order.part_left(month, self.component)
        if left == WHOLE:
            return self
        if not self.by_share or left == 0:
            return None
        return replace(self, value=self.value * left, left=left)

    @property
    def changes(self) -> frozenset[str]:
        """The months in which it leaves or comes back, or first counts."""
        counts_from = self.credit.counts_from
        own = frozenset[str]() if counts_from is None else frozenset((month_of(counts_from),))
        return own if self.stays else own | self.credit.order.reversal_months(self.component)


class SummedFigures(Remembered):
    """The cells of one measure of credits; any period or span of months can be asked for.

    `counts` says of which credits: those of this version (False), of the one before (True). For a
    `component`, only those orders leave that rules reversed which name it.
    """

    def __init__(
        self,
        rule: SummedMeasure,
        credits: Iterable[Credit],
        *,
        subjects: Subjects,
        openings: OpeningBalances,
        until: str,
        book: Book,
        counts: frozenset[bool] = frozenset({False}),
        component: str = "",
    ) -> None:
        super().__init__(self._work_out)
        self.rule = rule
        self._counts = counts
        self._component = component
        self.over = rule.over
        self._book = book
        self._until = until
        self._subjects = subjects
        self._openings = openings
        self._by_month = self._gather(credits)
        self._contributions: dict[CellKey, tuple[Contribution, ...]] = {}

    def _gather(self, credits: Iterable[Credit]) -> dict[CellKey, list[Contribution]]:
        rule = self.rule
        gathered: dict[CellKey, list[Contribution]] = defaultdict(list)
        for credit in credits:
            if credit.payee_id is None or not credit.standing.is_paid:
                continue
            if credit.order.is_carried not in self._counts:
                continue
            if rule.when is not None and not rule.when.evaluate(credit):
                continue
            day = rule.dated_by.evaluate(credit)
            if isinstance(day, date):
                contribution = self._contribute(credit)
                if contribution is not None:
                    for subject in self._subjects.of_credit(credit, rule.per, day):
                        gathered[subject, month_of(day)].append(contribution)
        return dict(sorted(gathered.items()))

    def _contribute(self, credit: Credit) -> Contribution | None:
        rule, order = self.rule, credit.order
        try:
            mark = ""
            if rule.function == "distinct":
                value, mark = Fraction(1), _mark(rule.sums.evaluate(credit), rule.sums.text)
            else:
                value = number_from(rule.sums, as_counted(credit))
        except NotCalculated:
            self._book.exception(
                "fact_missing",
                f"Order {order.row.order_id} cannot be counted for {rule.name}",
                f"Send the order again with what {rule.sums.text} needs",
                payee_id=credit.payee_id,
                order_id=order.row.order_id,
            )
            return None
        stays = rule.reversed_order == "stays" or not order.reversals
        by_share = rule.reversed_order == "leaves by its reversed share"
        return Contribution(credit, value, stays, mark, by_share, component=self._component)

    def cells(self) -> Iterable[CellKey]:
        """Return the cells that have credits or an opening balance, in order."""
        opened = self._openings.cells()
        return sorted(
            {
                (subject, period)
                for subject, month in {*self._by_month, *opened}
                for period in self._seen_from(month)
            }
        )

    def _seen_from(self, month: str) -> Sequence[str]:
        """Return the periods that look back on a month."""
        window = self.rule.window
        if window is None:
            return (enclosing(month, self.rule.over),)
        if window.kind == "rolling":
            last = next_period(month, window.months - 1)
        else:
            last = months_of(enclosing(month, "year" if "year" in window.kind else "quarter"))[-1]
        last = max(month, min(last, self._until))
        return months_of(span(month, last))

    def _months(self, period: str) -> Sequence[str]:
        """Return the months that a cell counts."""
        window = self.rule.window
        if window is None:
            return months_of(period)
        if window.kind == "rolling":
            last = last_month(period)
            return months_of(span(next_period(last, 1 - window.months), last))
        return months_of(so_far(period, "year" if "year" in window.kind else "quarter"))

    def contributions(self, subject: str, period: str) -> Sequence[Contribution]:
        """Return what was ever counted in a cell, by credit id."""
        found = self._contributions.get((subject, period))
        if found is None:
            whose = self._subjects.seen_by(subject, self.rule.per, period)
            items = [
                item
                for month in self._months(period)
                for item in self._by_month.get((whose, month), ())
            ]
            items.sort(key=lambda item: item.credit.credit_id)
            found = self._contributions[subject, period] = tuple(items)
        return found

    def counts_in(self, subject: str | None, period: str) -> bool:
        """Say whether a credit of a subject, or of anybody, is dated within a period."""
        months = months_of(period)
        if subject is None:
            return any(month in months for _, month in self._by_month)
        whose = self._subjects.seen_by(subject, self.rule.per, period)
        return any((whose, month) in self._by_month for month in months)

    def standing(self, subject: str, period: str, as_of: str) -> Sequence[Contribution]:
        """Return what still counts in a cell at a month's end, by credit id."""
        month = max(as_of, last_month(period))
        found = (item.in_month(month) for item in self.contributions(subject, period))
        return [item for item in found if item is not None]

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months after the period in which an order leaves or comes back."""
        close = last_month(period)
        return frozenset(
            month
            for item in self.contributions(subject, period)
            for month in item.changes
            if month > close
        )

    def running(self, credit: Credit, period: str, as_of: str) -> Sequence[Contribution]:
        """Return what counts of a period up to a credit and with it, by credit id.

        The order of business is day, order and credit. What an order adds that was reversed is
        gone by then if its reversal landed up to the end of a month.
        """
        place, whose = self._place(credit), credit.payee_id or ""
        return [
            item
            for item in self.standing(whose, period, as_of)
            if self._place(item.credit) <= place
        ]

    def in_business(self, items: Iterable[Contribution]) -> Sequence[Contribution]:
        """Return contributions in the order of business: day, order and credit."""
        return sorted(items, key=lambda item: self._place(item.credit))

    def in_place(
        self, counted: Sequence[Contribution], subject: str, period: str, word: str
    ) -> Figure:
        """Return what the first contributions of a cell make; `word` tells them from others."""
        whose = self._subjects.seen_by(subject, self.rule.per, period)
        opened = self._openings.of(whose, self._months(period))
        key = (self.rule.name, whose, period, "in place", word)
        detail = {"month": period, "as_of": last_month(period)}
        return self.taken_together(counted, key, detail, payee_of(whose), opened)

    def contribution_node(self, item: Contribution) -> UUID:
        """Return the node of what a credit adds."""
        return self._node(item)

    def _place(self, credit: Credit) -> tuple[date, str, str]:
        day = self.rule.dated_by.evaluate(credit)
        counted = day if isinstance(day, date) else date.max
        return counted, credit.order.row.order_id, credit.credit_id

    def _work_out(self, subject: str, period: str, as_of: str) -> Figure:
        counted = self.standing(subject, period, as_of)
        whose = self._subjects.seen_by(subject, self.rule.per, period)
        opened = self._openings.of(whose, self._months(period))
        key = (self.rule.name, whose, period, restated(period, as_of))
        return self.taken_together(
            counted,
            key,
            {"month": period, "as_of": max(as_of, last_month(period))},
            payee_of(whose),
            opened,
        )

    def taken_together(
        self,
        counted: Sequence[Contribution],
        key: tuple[str, ...],
        detail: dict[str, str],
        payee_id: str | None,
        opened: Sequence[Figure] = (),
    ) -> Figure:
        """Return what the measure makes of some contributions and opening balances.

        Raises:
            NotCalculated: if it is the average of nothing, and the plan says no value for that.
        """
        rule = self.rule
        if rule.function == "average" and not counted:
            return self._of_nothing(key, detail["month"], payee_id)
        value = add_up([*(item.value for item in counted), *(item.value for item in opened)])
        if rule.function == "distinct":
            value = Fraction(len({item.mark for item in counted}))
        elif rule.function == "average":
            value /= len(counted)
        node_id = self._book.node(
            "measure",
            *key,
            kind="measure",
            value=self._book.text(value, rule.unit),
            unit=rule.unit.value,
            operation=OPERATIONS[rule.function],
            payee_id=payee_id,
            detail={"clause": rule.path, "measure": rule.name, **detail},
            children=(
                *[item.node_id for item in opened],
                *[self._node(item) for item in counted],
            ),
        )
        return Figure(value, node_id)

    def _of_nothing(self, key: tuple[str, ...], period: str, payee_id: str | None) -> Figure:
        rule = self.rule
        if rule.empty is None:
            reason = because("average_of_nothing", measure=rule.name, month=period)
            raise NotCalculated(reason, "Say under `empty` what the average of nothing is")
        node_id = self._book.node(
            "measure",
            *key,
            kind="measure_empty",
            value=self._book.text(rule.empty, rule.unit),
            unit=rule.unit.value,
            payee_id=payee_id,
            detail={"clause": f"{rule.path}/empty", "measure": rule.name, "month": period},
        )
        return Figure(rule.empty, node_id)

    def _node(self, item: Contribution) -> UUID:
        whole = self._whole_node(item)
        if item.left == WHOLE:
            return whole
        left, part = exact_text(item.left), item.credit.order.left_node(item.left)
        return self._book.node(
            "contribution left",
            self.rule.name,
            item.credit.credit_id,
            left,
            kind="contribution_left",
            value=self._book.text(item.value, self.rule.unit),
            unit=self.rule.unit.value,
            operation="formula",
            payee_id=item.credit.payee_id,
            detail={
                "clause": f"{self.rule.path}/reversed_order",
                "formula": "counted * left",
                "inputs": ("counted", "left"),
            },
            children=(whole, part),
        )

    def _whole_node(self, item: Contribution) -> UUID:
        rule, credit = self.rule, item.credit
        return node_of(
            rule.sums,
            as_counted(credit),
            self._book,
            item.value / item.left,
            key=("contribution", rule.name, credit.credit_id),
            kind="contribution",
            unit=rule.unit,
            payee_id=credit.payee_id,
        )


def _mark(value: Value | None, name: str) -> str:
    """Return a value as text; different values have different texts.

    Raises:
        NotCalculated: if it is unknown.
    """
    if value is None:
        raise NotCalculated(because("fact_missing", name=name), "Send the order again with it")
    return exact_text(value) if isinstance(value, Fraction) else str(value)
