"""The nodes of components that pay payees for whole periods: what they pay, and what changes."""

from uuid import UUID

from calc_engine.engine.codes import STANDING_CODES, Standing
from calc_engine.engine.lowering.cells.periods import days_in_validity
from calc_engine.engine.trace.measure_nodes import StageKey
from calc_engine.engine.trace.nodebook import NodeBook
from calc_engine.engine.trace.refused import Refused
from calc_engine.engine.trace.rows import Rows, month_text
from calc_engine.engine.trace.sheet_nodes import SheetNodes
from premia_plan.checked import CellComponent, CheckedPlan
from premia_plan.reasons import Reason, because


class WholeCellNodes:
    """Writes the nodes of one component's periods."""

    def __init__(
        self, component: CellComponent, stages: Rows, sheet: SheetNodes, book: NodeBook
    ) -> None:
        self._component = component
        self._stages = stages
        self._sheet = sheet
        self._book = book
        self._at = stages.by(*StageKey._fields)
        self._cells = stages.groups("payee_no", "month")

    def earning(self, stage: StageKey) -> UUID:
        """Return the node of what a stage pays."""
        return self._sheet.pay(self._component, stage)

    def period(self, stage: StageKey) -> str:
        """Return the period of a stage as plans write it."""
        return self._sheet.period(stage)

    def refusal(self, stage: StageKey) -> Refused:
        """Return why a stage could not be paid.

        Raises:
            LookupError: if it could.
        """
        found = self._sheet.refusal(self._component.name, stage)
        if found is None:
            raise LookupError(f"{self._component.name} pays {self._sheet.period(stage)}")
        return found

    def refused(self, stage: StageKey) -> UUID:
        """Return the node of a stage that could not be paid."""
        found = self.refusal(stage)
        return self._book.node(
            "refused",
            self._component.name,
            *self._sheet.key(stage),
            kind="not_calculated",
            value=self._book.money(0),
            unit="money",
            operation="given" if found.node_id is None else "nothing",
            payee_id=self._sheet.payee(stage),
            detail={"clause": self._component.path, "reason": found.reason.code},
            children=() if found.node_id is None else (found.node_id,),
        )

    def outside(self, payee_id: str, period: str) -> UUID:
        """Return the node of the nothing that somebody gets who is not in the plan."""
        return self._book.node(
            "not in plan",
            self._component.name,
            payee_id,
            period,
            kind="not_in_plan",
            value=self._book.money(0),
            unit="money",
            operation="given",
            payee_id=payee_id,
            detail={"clause": self._component.path, "month": period},
        )

    def difference(self, stage: StageKey, units: int) -> UUID:
        """Return the node of what a later count gives more or less than the one before."""
        months = sorted(
            self._stages["as_of"][at] for at in self._cells[stage.payee_no, stage.month]
        )
        before = stage._replace(as_of=months[months.index(stage.as_of) - 1])
        payee_id, period = self._sheet.payee(stage), self._sheet.period(stage)
        month = month_text(stage.as_of)
        key = (self._component.name, payee_id, period, month)
        return self._book.node(
            "difference",
            *key,
            "",
            kind="difference",
            value=self._book.money(units),
            unit="money",
            operation="difference",
            payee_id=payee_id,
            detail={"month": period, "event_month": month},
            children=(self._side(stage, key), self._side(before, key)),
        )

    def _side(self, stage: StageKey, key: tuple[str, str, str, str]) -> UUID:
        total = self._sheet.pay(self._component, stage)
        if self._stages["units"][self._at[stage]]:
            return total
        return self._book.node(
            "no part",
            *key,
            "",
            str(total),
            kind="no_part",
            value=self._book.money(0),
            unit="money",
            operation="nothing",
            payee_id=key[1],
            detail={"order_id": None},
            children=(total,),
        )


def outside_reason(
    plan: CheckedPlan, standing: Standing, *, payee_id: str, principal: str, period: str
) -> Reason:
    """Return why a payee is not in the plan in a period, as the last day that is asked tells."""
    _, day = days_in_validity(plan, period)
    facts = {"payee": payee_id, "day": day.isoformat(), "principal": principal}
    return because(STANDING_CODES[standing], **facts)
