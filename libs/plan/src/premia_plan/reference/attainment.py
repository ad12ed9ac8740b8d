"""Attainments: measures divided by their targets."""

from collections.abc import Iterable

from premia_plan.checked import AttainmentRule
from premia_plan.period import PeriodKind
from premia_plan.quantities import exact_text
from premia_plan.reasons import because
from premia_plan.reference.book import Book
from premia_plan.reference.cell import CellFigure, CellKey, Remembered, restated
from premia_plan.reference.figure import Figure
from premia_plan.reference.loaded import to_record
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.subject import payee_of


class AttainmentFigures(Remembered):
    """The cells of one attainment."""

    def __init__(
        self,
        rule: AttainmentRule,
        measure: CellFigure,
        target: CellFigure,
        over: PeriodKind,
        book: Book,
    ) -> None:
        super().__init__(self._divide)
        self.over = over
        self._rule = rule
        self._measure = measure
        self._target = target
        self._book = book

    def cells(self) -> Iterable[CellKey]:
        """Return the cells in which something was measured, in order."""
        return self._measure.cells()

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months in which the measure or the target changes."""
        return self._measure.changes(subject, period) | self._target.changes(subject, period)

    def _divide(self, subject: str, period: str, as_of: str) -> Figure:
        measured = self._measure.at(subject, period, as_of)
        try:
            target = self._target.at(subject, period, as_of)
        except NotCalculated as refused:
            raise refused.after(measured.node_id) from None
        if target.value == 0:
            return self._of_zero(subject, period, as_of, measured, target)
        value = measured.value / target.value
        node_id = self._book.node(
            "attainment",
            self._rule.name,
            subject,
            period,
            restated(period, as_of),
            kind="attainment",
            value=exact_text(value),
            unit="rate",
            operation="ratio",
            payee_id=payee_of(subject),
            detail={"attainment": self._rule.name, "month": period},
            children=(measured.node_id, target.node_id),
        )
        return Figure(value, node_id)

    def _of_zero(
        self, subject: str, period: str, as_of: str, measured: Figure, target: Figure
    ) -> Figure:
        """Return what the plan says the attainment of a target of zero is."""
        value = self._rule.target_zero
        if value is None:
            reason = because("target_zero", measure=self._rule.target, month=period)
            raise NotCalculated(reason, to_record(subject), measured.node_id)
        node_id = self._book.node(
            "attainment",
            self._rule.name,
            subject,
            period,
            restated(period, as_of),
            kind="attainment_of_zero",
            value=exact_text(value),
            unit="rate",
            operation="formula",
            payee_id=payee_of(subject),
            detail={
                "clause": f"{self._rule.path}/target_zero",
                "attainment": self._rule.name,
                "month": period,
                "formula": f"measured / target else {exact_text(value * 100)} %",
                "inputs": ("measured", "target"),
            },
            children=(measured.node_id, target.node_id),
        )
        return Figure(value, node_id)
