"""Running totals: what a month gives more than the months before gave."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from premia_plan.checked import CellComponent, GateStep, RoundStep, Step
from premia_plan.period import PeriodKind, enclosing, last_month, next_period, so_far
from premia_plan.quantities import Unit
from premia_plan.reference.asked_cells import AskedCells
from premia_plan.reference.cell import CellFigure, CellKey, Remembered, restated
from premia_plan.reference.figure import Figure
from premia_plan.reference.steps import Steps
from premia_plan.reference.subject import payee_of
from premia_plan.reference.unpaid_cells import UnpaidCells
from premia_plan.reference.workings import Workings


def parted(component: CellComponent) -> tuple[Sequence[Step], Sequence[Step]]:
    """Return the steps on the running total, and those on what each period gives.

    On the running total of a component that is trued up are the first rounds, so that the months
    add up to it. All other steps are the month's own: a cap of a month is no cap of the year.
    """
    if component.true_up is None:
        return (), component.steps
    steps = component.steps
    asked_first = [step for step in steps[:1] if isinstance(step, GateStep) and step.asked_first]
    rest = steps[len(asked_first) :]
    count = next(
        (index for index, step in enumerate(rest) if not isinstance(step, RoundStep)), len(rest)
    )
    return rest[:count], (*asked_first, *rest[count:])


class RunningTotal(Remembered):
    """A component's amount of any period or span, rounded."""

    def __init__(
        self,
        component: CellComponent,
        rounds: Sequence[Step],
        amount: CellFigure,
        workings: Workings,
    ) -> None:
        super().__init__(self._work_out)
        self.over = component.over
        self._component = component
        self._amount = amount
        self._workings = workings
        self._steps = Steps(rounds, workings.book)

    def cells(self) -> Iterable[CellKey]:
        """Return the cells of the amount."""
        return self._amount.cells()

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months in which the amount changes."""
        return self._amount.changes(subject, period)

    def _work_out(self, subject: str, period: str, as_of: str) -> Figure:
        return self._steps.apply(
            lambda: self._amount.at(subject, period, as_of),
            self._workings.scope(subject, period, as_of),
            key=("running", self._component.name, subject, period, restated(period, as_of)),
            payee_id=payee_of(subject),
        )


class TruedUp(Remembered):
    """A month's amount that brings the quarter or year so far to what its running total gives.

    It is what that gives less what it gave the month before; it can take back. Where the
    component is not counted again, what was given is what the months' closes gave.

    In a month that is not due, because its payee is not in the plan any more, it is what has
    changed of the months before: nothing of the month itself.
    """

    def __init__(
        self,
        component: CellComponent,
        total: RunningTotal,
        asked: AskedCells,
        workings: Workings,
        *,
        follows: bool,
    ) -> None:
        super().__init__(self._work_out)
        self.over = component.over
        self._component = component
        self._kind: PeriodKind = component.true_up or "year"
        self._total = total
        self._asked = asked
        self._unpaid = UnpaidCells(component, workings)
        self._book = workings.book
        self._follows = follows

    def cells(self) -> Iterable[CellKey]:
        """Return the cells of the amount."""
        return self._total.cells()

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months in which the running total changes."""
        return self._total.changes(subject, so_far(period, self._kind)) | (
            self._total.changes(subject, period)
        )

    def _is_together(self, month: str, other: str) -> bool:
        return enclosing(month, self._kind) == enclosing(other, self._kind)

    def _work_out(self, subject: str, period: str, as_of: str) -> Figure:
        counted = period
        if not self._asked.is_due(subject, period):
            last = self._asked.due_before(subject, period)
            if last is None:
                return self._unpaid.nothing(subject, period)
            counted = last
        now = self._total.at(subject, so_far(counted, self._kind), as_of)
        before = self._before(subject, period, as_of, counted)
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

    def _before(self, subject: str, period: str, as_of: str, counted: str) -> Figure | None:
        """Return what was given by the end of the month before, of the months up to `counted`."""
        month = next_period(period, -1)
        if not self._is_together(month, period):
            return None
        moment = as_of if self._follows else last_month(month)
        return self._total.at(subject, so_far(min(month, counted), self._kind), moment)
