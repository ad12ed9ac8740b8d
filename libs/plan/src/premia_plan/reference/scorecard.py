"""What a scorecard gives: the parts of its objectives together."""

from collections.abc import Iterable

from premia_plan.apportion import add_up
from premia_plan.checked import CellComponent, Scorecard
from premia_plan.quantities import Unit, exact_text
from premia_plan.reasons import because
from premia_plan.reference.cell import CellKey, Remembered, restated
from premia_plan.reference.figure import Figure
from premia_plan.reference.formula_amount import FormulaAmount
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.subject import payee_of
from premia_plan.reference.workings import Workings


class ScorecardAmount(Remembered):
    """The amounts of one component's scorecard; an objective without a score is refused.

    So is a payee whose weights do not make 100 %.
    """

    def __init__(self, component: CellComponent, card: Scorecard, workings: Workings) -> None:
        super().__init__(self._work_out)
        self.over = component.over
        self._name = component.name
        self._card = card
        self._book = workings.book
        self._weights: FormulaAmount | None = None
        if card.weights is not None:
            self._weights = FormulaAmount(
                f"{component.name} weights",
                card.weights,
                workings,
                over=component.over,
                unit=Unit.RATE,
                kind="weights",
            )
        self._parts = [
            FormulaAmount(
                f"{component.name} {objective.name}",
                objective.amount,
                workings,
                over=component.over,
                kind="objective",
            )
            for objective in card.objectives
        ]

    def cells(self) -> Iterable[CellKey]:
        """Return the cells in which something is known of any objective, in order."""
        return sorted({key for part in self._parts for key in part.cells()})

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months in which some objective's input changes."""
        return frozenset().union(*(part.changes(subject, period) for part in self._parts))

    def _work_out(self, subject: str, period: str, as_of: str) -> Figure:
        self._check_weights(subject, period, as_of)
        parts = [part.at(subject, period, as_of) for part in self._parts]
        value = add_up(part.value for part in parts)
        node_id = self._book.node(
            "scorecard",
            self._name,
            subject,
            period,
            restated(period, as_of),
            kind="scorecard",
            value=self._book.text(value, Unit.MONEY),
            unit=Unit.MONEY.value,
            operation="sum",
            payee_id=payee_of(subject),
            detail={"clause": self._card.path, "month": period},
            children=tuple(part.node_id for part in parts),
        )
        return Figure(value, node_id)

    def _check_weights(self, subject: str, period: str, as_of: str) -> None:
        if self._weights is None:
            return
        weights = self._weights.at(subject, period, as_of)
        if weights.value != 1:
            reason = because(
                "weights_not_whole",
                component=self._name,
                value=f"{exact_text(weights.value * 100)} %",
                month=period,
            )
            to_do = "Record weights that make 100 %"
            raise NotCalculated(reason, to_do).after(weights.node_id)
