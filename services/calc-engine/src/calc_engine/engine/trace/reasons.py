"""Why lines are held, not paid or taken back, as the rows tell it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from calc_engine.engine.codes import STANDING_CODES, Refusal, Standing, Why
from calc_engine.engine.lowering.cells.periods import text_of
from calc_engine.engine.lowering.schedules import due_columns
from calc_engine.engine.numbered import Numbered
from calc_engine.engine.slots import slots
from calc_engine.engine.trace.credit_nodes import CreditKey, CreditNodes
from calc_engine.engine.trace.line_nodes import EarningNodes
from calc_engine.engine.trace.measure_nodes import StageKey
from calc_engine.engine.trace.order_leaves import OrderLeaves
from calc_engine.engine.trace.rows import Rows, month_text
from calc_engine.engine.trace.stage_nodes import StageNodes
from calc_engine.engine.trace.whole_cells import WholeCellNodes, outside_reason
from premia_plan.checked import CellComponent, CheckedPlan, Component
from premia_plan.language.dates import add_months
from premia_plan.period import PeriodKind, end_day
from premia_plan.reasons import Reason, because, unknown_value
from premia_plan.reference.schedule import slots as scheduled

REFUSAL_CODES = {
    Refusal.TARGET_MISSING: "target_missing",
    Refusal.TARGET_AMBIGUOUS: "target_ambiguous",
    Refusal.TARGET_ZERO: "target_zero",
    Refusal.MEASUREMENT_MISSING: "measurement_missing",
    Refusal.MEASUREMENT_AMBIGUOUS: "measurement_ambiguous",
}

PlaceOf: TypeAlias = Mapping[tuple[int, int, int], int]


@dataclass(frozen=True, slots=True)
class Reasons:
    """Answers for the lines of one result."""

    plan: CheckedPlan
    numbered: Numbered
    leaves: OrderLeaves
    credits: CreditNodes
    earnings: Mapping[str, EarningNodes]
    stages: Mapping[str, StageNodes]
    whole: Mapping[str, WholeCellNodes]
    standings: Mapping[str, tuple[Rows, PlaceOf]]
    """The rows of each credit rule, and where the row of a credit is."""

    def of_line(  # noqa: PLR0911 - one per kind of reason
        self, component: Component, key: CreditKey | None, rows: Rows, at: int
    ) -> Reason | None:
        """Return why a line is held, not paid or taken back; None where it needs no reason."""
        if rows["was"][at] is not None:
            payee_id = self.numbered.payee(rows["payee_no"][at])
            return because("plan_not_accepted", payee=payee_id or "")
        why = Why(rows["why"][at])
        over: PeriodKind = component.over if isinstance(component, CellComponent) else "month"
        month = text_of(rows["competence"][at], over)
        if why is Why.NONE:
            return None
        if why is Why.RECOUNTED:
            return because("recounted", month=month, event_month=month_text(rows["event"][at]))
        if why is Why.REFUSED and key is None:
            stage = StageKey(rows["payee_no"][at], rows["competence"][at], rows["event"][at])
            return self.cell(component.name, stage)
        if why is Why.WAITS:
            return self._waits(component, key, rows, at)
        if why is Why.STANDING and key is None:
            return outside_reason(
                self.plan,
                Standing(rows["standing"][at]),
                payee_id=self.numbered.payee(rows["payee_no"][at]) or "",
                principal=self.numbered.principal(rows["principal_no"][at]),
                period=month,
            )
        if key is None:
            raise LookupError(f"a line of {component.name} has no credit and no such reason")
        if why is Why.STANDING:
            return self.standing(key)
        if why in (Why.RATE_MISSING, Why.REFUSED):
            return self.missing(component.name, key)
        if why is Why.CONDITION:
            return self._falls_short(component, key, rows, at)
        return self._reversal_reason(why, key)

    def _due(self, component: Component, key: CreditKey | None, rows: Rows, at: int) -> date | None:
        """Return the day on which a share is payable, None while that is open."""
        name, place = component.name, rows["share"][at]
        column = due_columns(self.plan).get((name, place))
        if key is not None and column is not None:
            return self.leaves.day(key[1], column)
        slot = slots(self.plan.release[name])[place]
        if slot.state is None:
            over: PeriodKind = component.over if isinstance(component, CellComponent) else "month"
            close = end_day(text_of(rows["competence"][at], over)) - timedelta(days=1)
            found: date | None = scheduled(self.plan.release[name], 0)[place].due_for(None, close)
            return found
        reached = None if key is None else self.leaves.day_reached(key[1], slot.state)
        return None if reached is None else add_months(reached, slot.months)

    def _waits(self, component: Component, key: CreditKey | None, rows: Rows, at: int) -> Reason:
        """Return which state, or which later day, a share waits for."""
        due = self._due(component, key, rows, at)
        if due is not None:
            return because("waits_for_day", day=due.isoformat())
        slot = slots(self.plan.release[component.name])[rows["share"][at]]
        return because("waits_for_state", state=slot.state or "")

    def _falls_short(self, component: Component, key: CreditKey, rows: Rows, at: int) -> Reason:
        """Return which condition did not hold on the day a share was due."""
        slot = slots(self.plan.release[component.name])[rows["share"][at]]
        due = self._due(component, key, rows, at)
        if slot.share.proviso is None or due is None:
            raise LookupError(f"a share of {component.name} waits for no condition")
        condition = slot.share.proviso.condition.text
        return because("condition_not_met", condition=condition, day=due.isoformat())

    def _reversal_reason(self, why: Why, key: CreditKey) -> Reason:
        found = self.leaves.reversal(key[1])
        if found is None:
            raise LookupError(f"order {self.leaves.order(key[1]).order_id} was not reversed")
        day, state, _ = found
        facts = {"state": state, "day": day.isoformat()}
        if why is Why.VOID:
            imputable_to = self.leaves.order(key[1]).imputable_to or ""
            return because("void_reversal", imputable_to=imputable_to, **facts)
        return because("taken_back" if why is Why.TAKEN_BACK else "dropped_by_reversal", **facts)

    def missing(self, component: str, key: CreditKey) -> Reason:
        """Return why a credit could not be calculated, or was given nothing by a table."""
        earnings = self.earnings[component]
        name = earnings.missing(key) or earnings.unrated(key)
        table = self.plan.tables.get(name)
        if table is None:
            return unknown_value(name)
        return because("rate_missing", table=name, keys=self.credits.keys_text(key, table))

    def standing(self, key: CreditKey) -> Reason:
        """Return why the payee of a credit is not paid."""
        rows, place_of = self.standings[key[0]]
        standing = Standing(rows["standing"][place_of[key[1:]]])
        order = self.leaves.order(key[1])
        if standing in STANDING_CODES:
            return because(
                STANDING_CODES[standing],
                payee=self.credits.payee(key) or "",
                day=self.leaves.by_day(key[1]).isoformat(),
                principal=order.principal,
            )
        role = self.credits.direct(key[0]).shares[key[2]].to.removeprefix("order.")
        payee = order.seller if role == "seller" else order.partner
        if payee is None:
            return because("payee_missing", role=role)
        return because("payee_unknown", code=payee.code, system=payee.system)

    def cell(self, component: str, stage: StageKey) -> Reason:
        """Return why a cell could not be paid."""
        if component in self.whole:
            return self.whole[component].refusal(stage).reason
        code, name = self.stages[component].refusal(stage)
        return because(REFUSAL_CODES[code], measure=name, month=month_text(stage.month))
