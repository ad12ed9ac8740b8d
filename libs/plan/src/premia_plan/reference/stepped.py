"""What a component on cells gives: the amount after its steps, and what follows running totals."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cached_property
from typing import Protocol

from premia_plan.checked import CellComponent, GroupLimit, LimitStep
from premia_plan.language import Formula
from premia_plan.period import PeriodKind, enclosing, last_month, next_period, so_far
from premia_plan.proration import Part
from premia_plan.quantities import Unit
from premia_plan.reference.cell import CellFigure, CellKey, Remembered, restated
from premia_plan.reference.figure import Figure
from premia_plan.reference.formula_amount import inputs_of
from premia_plan.reference.steps import Steps
from premia_plan.reference.subject import payee_of
from premia_plan.reference.workings import Workings


class CellResult(Protocol):
    """A figure per cell, and when it changes."""

    def at(self, subject: str, period: str, as_of: str) -> Figure:
        """Return the figure as it stood at a month's end.

        Raises:
            NotCalculated: if something it needs is missing.
        """

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months after the period in which the figure changes."""


class SteppedPay(Remembered):
    """A component's amounts after its steps; any period or span can be asked for."""

    def __init__(self, component: CellComponent, amount: CellFigure, workings: Workings) -> None:
        super().__init__(self._work_out)
        self.over = component.over
        self._component = component
        self._amount = amount
        self._workings = workings
        self._steps = Steps(component.steps, workings.book)
        self._carries = any(
            isinstance(step, LimitStep) and step.surplus == "carried" for step in component.steps
        )
        self._surplus: dict[CellKey, Figure] = {}
        self.asked = [
            figure
            for step in component.steps
            if not isinstance(step, GroupLimit)
            for field in fields(step)
            if isinstance(formula := getattr(step, field.name), Formula)
            for figure in inputs_of(formula, workings)
        ]

    def cells(self) -> Iterable[CellKey]:
        """Return the cells of the amount."""
        return self._amount.cells()

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months in which the amount or what a step reads changes."""
        found = self._amount.changes(subject, period)
        for figure in self.asked:
            found |= figure.changes(subject, period)
        return found

    def _work_out(self, subject: str, period: str, as_of: str) -> Figure:
        name = self._component.name
        return self._steps.apply(
            lambda: self._amount.at(subject, period, as_of),
            self._workings.scope(subject, period, as_of),
            key=(name, subject, period, restated(period, as_of)),
            payee_id=payee_of(subject),
            carry=_Carried(self, subject, period, as_of) if self._carries else None,
            part=self._part(subject, period),
        )

    def _part(self, subject: str, period: str) -> Part | None:
        """Return the part of a period by which caps count, where it is not all."""
        payee_id = payee_of(subject)
        if payee_id is None or "cap" not in self._workings.plan.proration.scales:
            return None
        part = self._workings.presence.part(payee_id, period)
        return None if part.is_all else part

    def surplus_before(self, subject: str, period: str) -> Figure | None:
        """Return what was cut off in the last period before that had an amount, as it closed.

        Raises:
            NotCalculated: if that period cannot be worked out.
        """
        own = self._periods.get(subject, [])
        earlier = [each for each in own if last_month(each) < last_month(period)]
        if not earlier:
            return None
        before = earlier[-1]
        self.at(subject, before, last_month(before))
        return self._surplus.get((subject, before))

    @cached_property
    def _periods(self) -> Mapping[str, Sequence[str]]:
        """The periods in which each payee has an amount, in order."""
        found: dict[str, list[str]] = defaultdict(list)
        for subject, period in sorted(self._amount.cells(), key=lambda key: last_month(key[1])):
            found[subject].append(period)
        return found

    def keep_surplus(self, subject: str, period: str, surplus: Figure) -> None:
        """Keep what a period's close cut off for the next one."""
        self._surplus[subject, period] = surplus


@dataclass(frozen=True, slots=True)
class _Carried:
    """What one cell's cap brings from the payee's last period, and leaves for the next."""

    pay: SteppedPay
    subject: str
    period: str
    as_of: str

    def brought(self) -> Figure | None:
        """Return what was carried here.

        Raises:
            NotCalculated: if the period it comes from cannot be worked out.
        """
        return self.pay.surplus_before(self.subject, self.period)

    def leaves(self, surplus: Figure) -> None:
        """Take what the cap cut off, if this is the period's close."""
        if restated(self.period, self.as_of) == "":
            self.pay.keep_surplus(self.subject, self.period, surplus)


class TruedUp(Remembered):
    """A month's pay that brings the quarter or year so far to what its running totals give.

    It is what they give less what the months before were paid; it can take back. Where the
    component is not counted again, what was paid is what the months' closes gave.
    """

    def __init__(
        self, component: CellComponent, total: SteppedPay, workings: Workings, *, follows: bool
    ) -> None:
        super().__init__(self._work_out)
        self.over = component.over
        self._component = component
        self._kind: PeriodKind = component.true_up or "year"
        self._total = total
        self._workings = workings
        self._book = workings.book
        self._follows = follows

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months in which the running total changes."""
        return self._total.changes(subject, so_far(period, self._kind)) | (
            self._total.changes(subject, period)
        )

    def followed(self, cells: Iterable[CellKey]) -> Sequence[CellKey]:
        """Return cells with the months after each in its quarter or year, in order."""
        found: set[CellKey] = set()
        for subject, period in cells:
            month = period
            while month <= self._workings.until and self._is_together(month, period):
                found.add((subject, month))
                month = next_period(month)
        return sorted(found)

    def _is_together(self, month: str, other: str) -> bool:
        return enclosing(month, self._kind) == enclosing(other, self._kind)

    def _work_out(self, subject: str, period: str, as_of: str) -> Figure:
        now = self._total.at(subject, so_far(period, self._kind), as_of)
        before = self._before(subject, period, as_of)
        if before is None:
            return now
        value = now.value - before.value
        node_id = self._book.node(
            "true-up",
            self._component.name,
            subject,
            period,
            restated(period, as_of),
            kind="true_up",
            value=self._book.text(value, Unit.MONEY),
            unit=Unit.MONEY.value,
            operation="difference",
            payee_id=payee_of(subject),
            detail={"clause": f"{self._component.path}/true_up", "month": period},
            children=(now.node_id, before.node_id),
        )
        return Figure(Fraction(value), node_id)

    def _before(self, subject: str, period: str, as_of: str) -> Figure | None:
        month = next_period(period, -1)
        if not self._is_together(month, period):
            return None
        moment = as_of if self._follows else last_month(month)
        return self._total.at(subject, so_far(month, self._kind), moment)
