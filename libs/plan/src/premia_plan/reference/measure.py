"""Measures: credits added up per payee and month, and again without what was reversed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from premia_common.periods import Month
from premia_plan.apportion import add_up
from premia_plan.checked import CheckedPlan, SummedMeasure
from premia_plan.language import FactMissing
from premia_plan.quantities import Unit, exact_text
from premia_plan.reasons import Reason, because
from premia_plan.reference.book import Book
from premia_plan.reference.credit import Credit
from premia_plan.reference.month import month_of
from premia_plan.relations import MeasurementRow, Relations, TargetRow


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one credit adds to a measure; `leaves_in` is the month its order's reversal lands."""

    credit: Credit
    value: Fraction
    leaves_in: str | None


@dataclass(frozen=True, slots=True)
class MeasuredCell:
    """A payee's measure in a month, as it stands after the reversals up to a later month."""

    measure: SummedMeasure
    payee_id: str
    month: str
    contributions: tuple[Contribution, ...]

    def later_months(self) -> set[str]:
        """Return the months after the measured one in which an order leaves."""
        return {
            item.leaves_in
            for item in self.contributions
            if item.leaves_in is not None and item.leaves_in > self.month
        }

    def standing_in(self, month: str) -> list[Contribution]:
        """Return what still counts at a month's end."""
        return [
            item for item in self.contributions if item.leaves_in is None or item.leaves_in > month
        ]


CellKey = tuple[str, str]
"""Payee and month."""


class Measures:
    """The measures of a plan over its credits, targets and loaded values."""

    def __init__(
        self,
        plan: CheckedPlan,
        credit_lists: Mapping[str, list[Credit]],
        relations: Relations,
        book: Book,
    ) -> None:
        self._plan = plan
        self._book = book
        self._cells: dict[str, dict[CellKey, MeasuredCell]] = {
            name: self._sum(measure, credit_lists[measure.of])
            for name, measure in plan.measures.items()
            if isinstance(measure, SummedMeasure)
        }
        self._totals: dict[tuple[str, str, str, str], tuple[Fraction, UUID]] = {}
        self._targets: dict[tuple[str, str, str], list[TargetRow]] = defaultdict(list)
        for row in relations.targets:
            self._targets[row.payee_id, row.month, row.name].append(row)
        self._measurements: dict[tuple[str, str, str], list[MeasurementRow]] = defaultdict(list)
        for loaded in relations.measurements:
            self._measurements[loaded.payee_id, loaded.month, loaded.name].append(loaded)
        self._joined: dict[str, date] = {}
        for assignment in relations.assignments:
            first = assignment.valid_from or date.min
            known = self._joined.get(assignment.payee_id, first)
            self._joined[assignment.payee_id] = min(known, first)

    def _sum(
        self, measure: SummedMeasure, credits: Iterable[Credit]
    ) -> dict[CellKey, MeasuredCell]:
        gathered: dict[CellKey, list[Contribution]] = defaultdict(list)
        for credit in credits:
            if credit.payee_id is None or not credit.standing.is_paid:
                continue
            if measure.when is not None and not measure.when.evaluate(credit.order):
                continue
            day = measure.dated_by.evaluate(credit.order)
            if isinstance(day, date):
                contribution = self._contribute(measure, credit)
                if contribution is not None:
                    gathered[credit.payee_id, month_of(day)].append(contribution)
        return {
            key: MeasuredCell(
                measure, *key, tuple(sorted(items, key=lambda item: item.credit.credit_id))
            )
            for key, items in sorted(gathered.items())
        }

    def _contribute(self, measure: SummedMeasure, credit: Credit) -> Contribution | None:
        try:
            value = measure.sums.evaluate(credit)
        except FactMissing:
            value = None
        if not isinstance(value, Fraction):
            self._book.exception(
                "fact_missing",
                f"Order {credit.order.row.order_id} cannot be counted for {measure.name}",
                f"Send the order again with what {measure.sums.text} needs",
                payee_id=credit.payee_id,
                order_id=credit.order.row.order_id,
            )
            return None
        reversal = credit.order.reversal
        leaves = reversal is not None and not reversal.is_void
        leaves_in = reversal.month if reversal is not None and leaves else None
        return Contribution(
            credit, value, leaves_in if measure.reversed_order == "leaves" else None
        )

    def _contribution_node(self, measure: SummedMeasure, item: Contribution) -> UUID:
        credit = item.credit
        if measure.sums.text == "credit.amount":
            return credit.node(self._book)
        return self._book.node(
            "contribution",
            measure.name,
            credit.credit_id,
            kind="contribution",
            value=exact_text(item.value),
            unit=measure.unit.value,
            operation="formula",
            payee_id=credit.payee_id,
            detail={
                "clause": measure.sums.path,
                "formula": measure.sums.text,
                "inputs": measure.sums.names,
            },
            children=tuple(
                credit.node(self._book)
                if name == "credit.amount"
                else credit.order.node(name, self._book)
                for name in measure.sums.names
            ),
        )

    def cells(self, measure: str) -> dict[CellKey, MeasuredCell]:
        """Return a measure's cells that have credits, in order."""
        return self._cells[measure]

    def cell(self, measure: str, payee_id: str, month: str) -> MeasuredCell:
        """Return one cell, with nothing in it where the payee has no credits."""
        found = self._cells[measure].get((payee_id, month))
        if found is not None:
            return found
        rule = self._plan.measures[measure]
        if not isinstance(rule, SummedMeasure):
            raise TypeError(f"{measure} is loaded, not summed")
        return MeasuredCell(rule, payee_id, month, ())

    def total(self, cell: MeasuredCell, month: str) -> tuple[Fraction, UUID]:
        """Return the cell's value at a month's end, and its node."""
        key = (cell.measure.name, cell.payee_id, cell.month, max(month, cell.month))
        found = self._totals.get(key)
        if found is None:
            found = self._totals[key] = self._add_up(cell, month)
        return found

    def _add_up(self, cell: MeasuredCell, month: str) -> tuple[Fraction, UUID]:
        counted = cell.standing_in(month)
        value = add_up(item.value for item in counted)
        node_id = self._book.node(
            "measure",
            cell.measure.name,
            cell.payee_id,
            cell.month,
            month if month > cell.month else "",
            kind="measure",
            value=self._text(value, cell.measure.unit),
            unit=cell.measure.unit.value,
            operation="sum",
            payee_id=cell.payee_id,
            detail={
                "clause": cell.measure.path,
                "measure": cell.measure.name,
                "month": cell.month,
                "as_of": max(month, cell.month),
            },
            children=tuple(self._contribution_node(cell.measure, item) for item in counted),
        )
        return value, node_id

    def _text(self, value: Fraction, unit: Unit) -> str:
        """Return money with the decimals of the currency where it has no finer ones."""
        scaled = value * 10**self._book.places
        if unit is Unit.MONEY and scaled.denominator == 1:
            return self._book.money(scaled.numerator)
        return exact_text(value)

    def target(self, measure: str, payee_id: str, month: str) -> tuple[Fraction, UUID] | Reason:
        """Return a target above zero and its node, or why there is none."""
        rows = self._targets.get((payee_id, month, measure), [])
        if len(rows) != 1 or rows[0].amount <= 0:
            code = "missing" if not rows else "ambiguous" if len(rows) > 1 else "zero"
            return because(f"target_{code}", measure=measure, month=month)
        value = Fraction(rows[0].amount)
        node_id = self._book.node(
            "target",
            measure,
            payee_id,
            month,
            kind="target",
            value=self._text(value, self._plan.targets[measure]),
            unit=self._plan.targets[measure].value,
            payee_id=payee_id,
            detail={"measure": measure, "month": month},
            source=rows[0].source,
        )
        if measure in self._plan.joiner_targets:
            return self._for_joiner(measure, payee_id, Month.parse(month), value, node_id)
        return value, node_id

    def _for_joiner(
        self, measure: str, payee_id: str, month: Month, recorded: Fraction, recorded_node: UUID
    ) -> tuple[Fraction, UUID] | Reason:
        """Return the part of a target that the days since the payee joined the plan bear."""
        joined, days = self._joined.get(payee_id, date.min), month.period
        if joined <= days.start:
            return recorded, recorded_node
        if joined >= days.end:
            return because("target_missing", measure=measure, month=str(month))
        counted, all_days = (days.end - joined).days, (days.end - days.start).days
        value = recorded * counted / all_days
        node_id = self._book.node(
            "joiner_target",
            measure,
            payee_id,
            str(month),
            kind="joiner_target",
            value=self._text(value, self._plan.targets[measure]),
            unit=self._plan.targets[measure].value,
            operation="days",
            payee_id=payee_id,
            detail={
                "measure": measure,
                "month": str(month),
                "joined": joined.isoformat(),
                "days": counted,
                "of_days": all_days,
            },
            children=(recorded_node,),
        )
        return value, node_id

    def loaded(self, name: str, payee_id: str, month: str) -> tuple[Fraction, UUID] | Reason:
        """Return a loaded value and its node, or why there is none."""
        rows = self._measurements.get((payee_id, month, name), [])
        if len(rows) != 1:
            code = "ambiguous" if rows else "missing"
            return because(f"measurement_{code}", measure=name, month=month)
        value = Fraction(rows[0].value)
        node_id = self._book.node(
            "measurement",
            name,
            payee_id,
            month,
            kind="measurement",
            value=exact_text(value),
            unit=self._plan.measures[name].unit.value,
            payee_id=payee_id,
            detail={"measure": name, "month": month},
            source=rows[0].source,
        )
        return value, node_id

    def keys_with_targets(self, measure: str) -> set[CellKey]:
        """Return the payees and months that have a target for a measure."""
        return {(payee, month) for payee, month, name in self._targets if name == measure}
