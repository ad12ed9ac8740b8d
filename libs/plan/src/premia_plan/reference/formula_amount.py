"""What a formula over the figures of a cell gives."""

from collections.abc import Iterable

from premia_plan.checked import PAYEE, FormulaMeasure, Per
from premia_plan.language import Formula, read_expression
from premia_plan.language.syntax import Reference
from premia_plan.period import PeriodKind, last_month, periods_within
from premia_plan.quantities import Unit
from premia_plan.reference.cell import CellFigure, CellKey, Remembered, restated
from premia_plan.reference.figure import Figure, figure_of
from premia_plan.reference.inputs import inputs_of
from premia_plan.reference.subject import payee_of
from premia_plan.reference.subject_cells import subject_cells
from premia_plan.reference.workings import TARGET, Workings


def cells_in(figures: Iterable[CellFigure], over: PeriodKind, workings: Workings) -> list[CellKey]:
    """Return the payees' periods of a kind in which some figure has something, in order.

    Where no figure is of single payees they are those of everybody in the plan. Periods that
    close after the last month looked at are none yet, and none those that closed before the plan
    began.
    """
    asked, first = list(figures), workings.first
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


def targets_of(formula: Formula, workings: Workings) -> frozenset[str]:
    """Return the targets of the cell's own payee that a formula reads, or its attainments do."""
    plan, found = workings.plan, set[str]()
    for name in formula.names:
        figure = _own_figure(name)
        measure, attainment = plan.measures.get(figure), plan.attainments.get(figure)
        if attainment is not None:
            found.add(attainment.target)
        elif figure.startswith(TARGET):
            found.add(figure.removeprefix(TARGET))
        elif isinstance(measure, FormulaMeasure):
            found |= targets_of(measure.formula, workings)
        elif name in plan.tables:
            for key in plan.tables[name].keys:
                found |= targets_of(key.value, workings)
    return frozenset(found)


def _own_figure(name: str) -> str:
    """Return what a name or a reference asks of the cell's own payee, or "" if it asks others."""
    if " " not in name:
        return name
    expression = read_expression(name)
    if not isinstance(expression, Reference) or any(item.named for item in expression.after):
        return ""
    return expression.path


class FormulaAmount(Remembered):
    """What one formula gives: a figure for each cell that some input has.

    A formula that reads a target has a cell for everybody in the plan: whoever has no target is
    refused, and not passed over.
    """

    def __init__(
        self,
        name: str,
        formula: Formula,
        workings: Workings,
        *,
        over: PeriodKind = "month",
        unit: Unit = Unit.MONEY,
        kind: str = "cell_amount",
        per: Per = PAYEE,
    ) -> None:
        super().__init__(self._work_out)
        self.over = over
        self._name = name
        self._formula = formula
        self._workings = workings
        self._unit = unit
        self._kind = kind
        self._per = per
        self._inputs = inputs_of(formula, workings)
        self._targets = targets_of(formula, workings)

    def cells(self) -> Iterable[CellKey]:
        """Return the cells that an input has, in order."""
        if self._per.kind != "payee":
            return subject_cells([self._formula], self._per, self.over, self._workings)
        found = cells_in(self._inputs, self.over, self._workings)
        if not self._targets:
            return found
        return sorted({*found, *self._of_everybody()})

    def _of_everybody(self) -> Iterable[CellKey]:
        """Return everybody's cells, from the first period of which anything is known, if any is."""
        workings = self._workings
        known = {period for figure in self._inputs for _, period in figure.cells()}
        known |= {row.month for row in workings.relations.targets if row.name in self._targets}
        first = min((last_month(period) for period in known), default=workings.first)
        for period in workings.periods(self.over):
            if last_month(period) >= first:
                for payee in workings.payees.in_plan(period):
                    yield payee, period

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
