"""The period in which a version begins: what the version before has earned of it already."""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction

from premia_plan.checked import (
    Carry,
    CellComponent,
    Change,
    CheckedPlan,
    Tiers,
)
from premia_plan.period import end_day, first_day, last_month
from premia_plan.quantities import Unit
from premia_plan.reasons import because
from premia_plan.reference.cell import CellFigure, CellKey, Remembered, restated
from premia_plan.reference.counted_by import measures_of_credits
from premia_plan.reference.figure import Figure
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.subject import payee_of
from premia_plan.reference.workings import Workings
from premia_plan.relations import PaidBeforeRow


def carry_of(plan: CheckedPlan, component: CellComponent) -> Carry:
    """Return how a component goes on after the version before, by what its amount rests on."""
    change = plan.change
    if change is None:
        return "reset"
    measures = measures_of_credits(component.amount, plan)
    found = {change.measures.get(name, "reset") for name in measures}
    if "carry and re-rate" in found:
        return "carry and re-rate"
    return "carry the position" if "carry the position" in found else "reset"


def is_under_way(period: str, plan: CheckedPlan) -> bool:
    """Say whether the version begins within a period, after its first day."""
    return first_day(period) < plan.valid_from < end_day(period)


class CarriedOn(Remembered):
    """What a component's period gives, less what is due to the version before.

    That is what the part before the change gives by itself, or what was paid for it. Of tiers
    that pay the band reached on everything, it is the part of the result that is new.
    """

    def __init__(
        self,
        component: CellComponent,
        whole: CellFigure,
        before: CellFigure,
        bases: tuple[CellFigure, CellFigure] | None,
        workings: Workings,
    ) -> None:
        super().__init__(self._work_out)
        self.over = whole.over
        self.is_known_ahead = whole.is_known_ahead
        self._component = component
        self._whole = whole
        self._before = before
        self._bases = bases
        self._workings = workings
        self._book = workings.book

    def cells(self) -> Iterable[CellKey]:
        """Return the cells of the whole."""
        return self._whole.cells()

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months in which the whole, or the part before, changes."""
        own = self._whole.changes(subject, period)
        if not is_under_way(period, self._workings.plan):
            return own
        return own | self._before.changes(subject, period)

    def _work_out(self, subject: str, period: str, as_of: str) -> Figure:
        whole = self._whole.at(subject, period, as_of)
        if not is_under_way(period, self._workings.plan):
            return whole
        known = {"whole": whole}
        if self._bases is None:
            known["before"] = self._before.at(subject, period, as_of)
            value, formula = whole.value - known["before"].value, "whole - before"
        else:
            known["all"], known["earlier"] = (
                figure.at(subject, period, as_of) for figure in self._bases
            )
            total, earlier = known["all"].value, known["earlier"].value
            formula = "whole * (all - earlier) / all else 0 EUR"
            formula = formula.replace("EUR", self._workings.plan.currency)
            value = whole.value * (total - earlier) / total if total else Fraction(0)
        return self._figure(value, formula, known, (subject, period, as_of))

    def _figure(
        self, value: Fraction, formula: str, known: dict[str, Figure], cell: tuple[str, str, str]
    ) -> Figure:
        subject, period, as_of = cell
        change = self._workings.plan.change
        if change is None:
            raise TypeError("nothing is carried on without a version before")
        node_id = self._book.node(
            "carried on",
            self._component.name,
            subject,
            period,
            restated(period, as_of),
            kind="carried_on",
            value=self._book.text(value, Unit.MONEY),
            unit=Unit.MONEY.value,
            operation="formula",
            payee_id=payee_of(subject),
            detail={
                "clause": change.path,
                "plan": change.after,
                "month": period,
                "formula": formula,
                "inputs": list(known),
            },
            children=tuple(figure.node_id for figure in known.values()),
        )
        return Figure(value, node_id)


class PaidBefore(Remembered):
    """What the version before has paid for a component's period, as it was recorded."""

    def __init__(
        self, component: CellComponent, change: Change, carried: CellFigure, workings: Workings
    ) -> None:
        super().__init__(self._find)
        self.over = component.over
        self.is_known_ahead = False
        self._component = component
        self._change = change
        self._carried = carried
        self._book = workings.book
        self._rows: dict[CellKey, list[PaidBeforeRow]] = defaultdict(list)
        for row in workings.relations.paid_before:
            if row.component == component.name:
                self._rows[row.payee_id, row.period].append(row)

    def cells(self) -> Iterable[CellKey]:
        """Return the cells of which something was recorded, in order."""
        return sorted(self._rows)

    def changes(self, subject: str, period: str) -> frozenset[str]:  # noqa: ARG002 - as recorded
        """Return none."""
        return frozenset()

    def _find(self, subject: str, period: str, as_of: str) -> Figure:  # noqa: ARG002 - as recorded
        rows = self._rows.get((subject, period), [])
        if len(rows) != 1:
            return self._unrecorded(subject, period, is_two=bool(rows))
        (row,) = rows
        value = Fraction(row.amount)
        node_id = self._book.node(
            "paid before",
            self._component.name,
            subject,
            period,
            kind="paid_before",
            value=self._book.text(value, Unit.MONEY),
            unit=Unit.MONEY.value,
            payee_id=payee_of(subject),
            detail={
                "clause": self._change.path,
                "component": self._component.name,
                "plan": self._change.after,
                "month": period,
            },
            source=row.source,
        )
        return Figure(value, node_id)

    def _unrecorded(self, subject: str, period: str, *, is_two: bool) -> Figure:
        """Return nothing where nothing was earned before the change.

        Raises:
            NotCalculated: if something was, and what was paid for it is not known.
        """
        earned = self._carried.at(subject, period, last_month(period))
        if earned.value or is_two:
            facts = {"component": self._component.name, "month": period, "plan": self._change.after}
            to_do = "Record what the version before paid for the period, once"
            raise NotCalculated(because("paid_before_missing", **facts), to_do)
        return Figure(Fraction(0), earned.node_id)


def carried_on(
    component: CellComponent,
    amount: CellFigure,
    carry: Carry,
    *,
    before: CellFigure,
    bases: tuple[CellFigure, CellFigure] | None,
    workings: Workings,
) -> CellFigure:
    """Return a component's amounts as they go on after the version before."""
    change = workings.plan.change
    if carry == "reset" or change is None:
        return amount
    if carry == "carry and re-rate":
        paid = PaidBefore(component, change, before, workings)
        return CarriedOn(component, amount, paid, None, workings)
    tiers = component.amount
    is_whole = isinstance(tiers, Tiers) and all(
        tiers.mode_of(band) == "whole" for band in tiers.bands
    )
    return CarriedOn(component, amount, before, bases if is_whole else None, workings)
