"""The effective rate of tiers: what they give, divided by what they are paid on."""

from collections.abc import Iterable

from premia_plan.period import PeriodKind
from premia_plan.quantities import Unit, exact_text
from premia_plan.reasons import because
from premia_plan.reference.book import Book
from premia_plan.reference.cell import CellFigure, CellKey, Remembered, restated
from premia_plan.reference.figure import Figure
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.subject import payee_of


class EffectiveRate(Remembered):
    """The effective rates of one component's tiers, before its steps."""

    def __init__(
        self, component: str, path: str, amount: CellFigure, base: CellFigure, book: Book
    ) -> None:
        super().__init__(self._divide)
        self.over: PeriodKind = amount.over
        self._component = component
        self._path = path
        self._amount = amount
        self._base = base
        self._book = book

    def cells(self) -> Iterable[CellKey]:
        """Return the cells in which there is something to pay on, in order."""
        return self._amount.cells()

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months in which the amount or what it is paid on changes."""
        return self._amount.changes(subject, period) | self._base.changes(subject, period)

    def _divide(self, subject: str, period: str, as_of: str) -> Figure:
        amount, base = (figure.at(subject, period, as_of) for figure in (self._amount, self._base))
        if base.value == 0:
            reason = because("divisor_zero", formula=f"rate of {self._component}")
            raise NotCalculated(reason, "Ask for it only where there is something to pay on")
        value = amount.value / base.value
        node_id = self._book.node(
            "effective rate",
            self._component,
            subject,
            period,
            restated(period, as_of),
            kind="effective_rate",
            value=exact_text(value),
            unit=Unit.RATE.value,
            operation="ratio",
            payee_id=payee_of(subject),
            detail={"clause": self._path, "component": self._component, "month": period},
            children=(amount.node_id, base.node_id),
        )
        return Figure(value, node_id)
