"""What a formula over the figures of a cell gives."""

from collections.abc import Iterable

from premia_plan.language import Formula
from premia_plan.quantities import Unit
from premia_plan.reference.cell import CellFigure, CellKey, restated
from premia_plan.reference.figure import Figure, figure_of
from premia_plan.reference.subject import payee_of
from premia_plan.reference.workings import Workings


def inputs_of(formula: Formula, workings: Workings) -> list[CellFigure]:
    """Return the cell figures that a formula reads, those of its tables' keys included."""
    found: list[CellFigure] = []
    for name in formula.names:
        if name in workings.plan.tables:
            for key in workings.plan.tables[name].keys:
                found.extend(inputs_of(key.value, workings))
        else:
            found.append(workings.figure(name))
    return found


class FormulaAmount:
    """The amounts of one component's formula: one for each cell that some input has."""

    def __init__(self, component: str, formula: Formula, workings: Workings) -> None:
        self._component = component
        self._formula = formula
        self._workings = workings
        self._inputs = inputs_of(formula, workings)

    def cells(self) -> Iterable[CellKey]:
        """Return the cells that an input has, in order."""
        return sorted({key for figure in self._inputs for key in figure.cells()})

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months in which an input changes."""
        return frozenset().union(*(figure.changes(subject, period) for figure in self._inputs))

    def at(self, subject: str, period: str, as_of: str) -> Figure:
        """Return what the formula gives.

        Raises:
            NotCalculated: if an input is missing.
        """
        return figure_of(
            self._formula,
            self._workings.scope(subject, period, as_of),
            self._workings.book,
            key=("amount", self._component, subject, period, restated(period, as_of)),
            kind="cell_amount",
            unit=Unit.MONEY,
            payee_id=payee_of(subject),
        )
