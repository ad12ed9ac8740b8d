"""What a formula over the figures of a cell gives."""

from collections.abc import Iterable

from premia_plan.language import Formula
from premia_plan.period import PeriodKind, last_month, month_of, periods_within
from premia_plan.quantities import Unit
from premia_plan.reference.cell import CellFigure, CellKey, Remembered, restated
from premia_plan.reference.cell_facts import is_cell_fact
from premia_plan.reference.figure import Figure, figure_of
from premia_plan.reference.subject import payee_of
from premia_plan.reference.workings import Workings


def inputs_of(formula: Formula, workings: Workings) -> list[CellFigure]:
    """Return the cell figures that a formula reads, those of its tables' keys included.

    What it says of the payee and the period themselves is known of every cell and not among them.
    """
    found: list[CellFigure] = []
    for name in formula.names:
        if name in workings.plan.tables:
            for key in workings.plan.tables[name].keys:
                found.extend(inputs_of(key.value, workings))
        elif not is_cell_fact(name):
            found.append(workings.figure(name))
    return found


def cells_in(figures: Iterable[CellFigure], over: PeriodKind, workings: Workings) -> list[CellKey]:
    """Return the payees' periods of a kind in which some figure has something, in order.

    Where no figure is of single payees they are those of everybody in the plan. Periods that
    close after the last month looked at are none yet, and none those that closed before the plan
    began.
    """
    asked, first = list(figures), month_of(workings.plan.valid_from)
    found = {key for figure in asked for key in figure.cells()}
    of_payees = {(whose, period) for subject, period in found if (whose := payee_of(subject))}
    periods = {
        within
        for _, period in found
        for within in periods_within(period, over)
        if first <= last_month(within) <= workings.until
    }
    if not asked:
        periods = set(workings.periods(over))
    if not of_payees:
        everybody = ((period, workings.payees.in_plan(period)) for period in periods)
        return sorted((payee, period) for period, payees in everybody for payee in payees)
    return sorted(
        {
            (payee, within)
            for payee, period in of_payees
            for within in periods_within(period, over)
            if within in periods
        }
    )


class FormulaAmount(Remembered):
    """What one formula gives: a figure for each cell that some input has."""

    def __init__(
        self,
        name: str,
        formula: Formula,
        workings: Workings,
        *,
        over: PeriodKind = "month",
        unit: Unit = Unit.MONEY,
        kind: str = "cell_amount",
    ) -> None:
        super().__init__(self._work_out)
        self.over = over
        self._name = name
        self._formula = formula
        self._workings = workings
        self._unit = unit
        self._kind = kind
        self._inputs = inputs_of(formula, workings)

    def cells(self) -> Iterable[CellKey]:
        """Return the cells that an input has, in order."""
        return cells_in(self._inputs, self.over, self._workings)

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months in which an input changes."""
        return frozenset().union(*(figure.changes(subject, period) for figure in self._inputs))

    def _work_out(self, subject: str, period: str, as_of: str) -> Figure:
        return figure_of(
            self._formula,
            self._workings.scope(subject, period, as_of),
            self._workings.book,
            key=("amount", self._name, subject, period, restated(period, as_of)),
            kind=self._kind,
            unit=self._unit,
            payee_id=payee_of(subject),
        )
