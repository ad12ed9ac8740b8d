"""Simulations and back-tests as the API shows them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from calc_engine.domain.simulation import Simulation
from calc_engine.entrypoints.api.explanation_schemas import StepOut
from calc_engine.entrypoints.api.question_schemas import ORDER_ID, PAYEE_ID
from calc_engine.entrypoints.api.run_schemas import USER_ID, ExceptionGroupOut, ProgressOut
from premia_common.contracts.fields import MoneyOut

Json = Mapping[str, Any]
SIMULATION_ID = "0193a000-0000-7000-8000-0000000000e1"
NODE_ID = "0193a000-0000-8000-8000-0000000000b1"
SHOWN_AT_ONCE = 200
"""So many lines and payees come with the simulation itself; the rest is read by pages."""


def _euros(amount: str) -> Mapping[str, str]:
    return {"amount": amount, "currency": "EUR"}


_THREE = {"before": _euros("1200.00"), "after": _euros("1400.00"), "difference": _euros("200.00")}


class _Compared(BaseModel):
    before: MoneyOut = Field(examples=[_euros("1200.00")])
    after: MoneyOut = Field(examples=[_euros("1400.00")])
    difference: MoneyOut = Field(examples=[_euros("200.00")])


class TotalOut(_Compared):
    """What is paid altogether, in one currency, after terms of payment."""


class PayeeTotalOut(_Compared):
    """What one payee is paid, after terms of payment.

    No payee where an order names somebody nobody knows.
    """

    payee_id: UUID | None = Field(examples=[PAYEE_ID])


class ComponentTotalOut(_Compared):
    """What one component pays, before terms of payment."""

    component: str = Field(examples=["base"])


class TermsTotalOut(_Compared):
    """What terms of payment add, or take: draws, reserves, loans, caps, what is carried."""

    movement: str = Field(examples=["draw"])


class OrderTotalOut(_Compared):
    """What one order pays; no order for what a whole month earns."""

    order_id: str | None = Field(examples=[ORDER_ID])


class MonthTotalOut(_Compared):
    """What one month pays, after terms of payment."""

    month: str = Field(examples=["2026-03"])


class TerritoryTotalOut(_Compared):
    """What orders of one territory pay; no territory for what no single order earns."""

    territory: str | None = Field(examples=["nord"])


class CategoryTotalOut(_Compared):
    """What orders of one product category pay; none for what no single order earns."""

    category: str | None = Field(examples=["gas"])


class WhyOut(BaseModel):
    """Why one side is as it is: reasons for what is held or not paid, and nodes to explain."""

    reasons: list[str] = Field(examples=[["held until the order reaches first_bill_paid"]])
    nodes: list[UUID] = Field(examples=[[NODE_ID]])


class ComparedLineOut(_Compared):
    """One component of one payee, of one order or of none, before and after."""

    payee_id: UUID | None = Field(examples=[PAYEE_ID])
    component: str = Field(examples=["base"])
    order_id: str | None = Field(examples=[ORDER_ID])
    month: str | None = Field(examples=["2026-03"])
    standing: Literal["paid", "held", "not_paid"]
    movement: str | None = Field(default=None, examples=[None])
    """What terms of payment do, such as `draw`: then `component` is the draw, reserve or loan, or
    what a cap takes from."""
    why_before: WhyOut
    why_after: WhyOut


class PickedOrderOut(BaseModel):
    """A real order, and what it would pay."""

    order_id: str = Field(examples=[ORDER_ID])
    signed_on: date
    category: str = Field(examples=["gas"])
    territory: str = Field(examples=["nord"])
    amount: dict[str, str] = Field(examples=[_euros("40000.00")])
    states: dict[str, date] = Field(examples=[{"activated": "2026-03-04"}])
    lines: list[ComparedLineOut]


class CalculatedFromOut(BaseModel):
    """What an answer was calculated from."""

    engine: str = Field(examples=["premia-plan reference 0.1.0"])
    segments: list[dict[str, Any]] = Field(
        examples=[[{"address": "segments/a.parquet", "sha256": "9f86", "rows": 12}]]
    )


class AnswerOut(BaseModel):
    """What pay would be, beside what it is."""

    totals: list[TotalOut]
    payees: list[PayeeTotalOut]
    components: list[ComponentTotalOut]
    orders: list[OrderTotalOut]
    terms_of_payment: list[TermsTotalOut] = Field(default=[])
    """With the components they add up to the totals."""
    picked: list[PickedOrderOut]
    lines: list[ComparedLineOut]
    lines_total: int = Field(examples=[12])
    lines_left_out: int = Field(examples=[0])
    exceptions_before: list[ExceptionGroupOut]
    exceptions_after: list[ExceptionGroupOut]
    assumes: list[str] = Field(
        examples=[["Everybody assigned to a plan that the draft replaces has accepted the draft."]]
    )
    calculated_from: CalculatedFromOut

    @classmethod
    def of(cls, content: Json) -> "AnswerOut":
        """Show a stored answer; long lists from their start."""
        lines = content["lines"]
        by_order: dict[str | None, list[Json]] = {}
        for line in lines:
            by_order.setdefault(line["order_id"], []).append(line)
        picked = [
            {**order, "lines": by_order.get(order["order_id"], [])} for order in content["picked"]
        ]
        return cls.model_validate(
            {
                **content,
                "payees": content["payees"][:SHOWN_AT_ONCE],
                "orders": content["orders"][:SHOWN_AT_ONCE],
                "picked": picked,
                "lines": lines[:SHOWN_AT_ONCE],
                "lines_total": len(lines),
            }
        )


class _SimulationOut(BaseModel):
    id: UUID = Field(examples=[SIMULATION_ID])
    kind: str = Field(examples=["what_if"])
    status: str = Field(examples=["completed"])
    progress_percent: int = Field(examples=[100])
    progress: ProgressOut
    failure: str | None
    requested_by: UUID = Field(examples=[USER_ID])
    requested_at: datetime
    expires_at: datetime
    """The answer is thrown away then; the question stays."""


def common(simulation: Simulation) -> Json:
    """Return what every simulation shows."""
    return {
        "id": simulation.simulation_id,
        "kind": simulation.kind.value,
        "status": simulation.status.value,
        "progress_percent": simulation.stage.percent,
        "progress": ProgressOut.of_stage(simulation.stage),
        "failure": simulation.failure,
        "requested_by": simulation.requested_by,
        "requested_at": simulation.requested_at,
        "expires_at": simulation.expires_at,
    }


class SimulationOut(_SimulationOut):
    """A what-if question, and its answer once there is one."""

    answer: AnswerOut | None

    @classmethod
    def of(cls, simulation: Simulation, content: Json | None = None) -> "SimulationOut":
        """Show a simulation."""
        answer = AnswerOut.of(content) if content is not None else None
        return cls.model_validate({**common(simulation), "answer": answer})


class SimulationPageOut(BaseModel):
    """A page of simulations, latest first, without their answers."""

    items: list[SimulationOut]
    next_cursor: str | None


class ComparedLinePageOut(BaseModel):
    """A page of compared lines."""

    items: list[ComparedLineOut]
    next_cursor: str | None


class SimulationExplanationOut(BaseModel):
    """One amount of one side as a tree, and in words where they were asked for."""

    model_config = ConfigDict(from_attributes=True)

    simulation_id: UUID = Field(examples=[SIMULATION_ID])
    side: Literal["before", "after"]
    words: list[str] = Field(examples=[["23.40, 65 % of 36.00"]])
    tree: StepOut


class PayeeResultOut(_Compared):
    """What the draft does to one payee over all months."""

    payee_id: UUID | None = Field(examples=[PAYEE_ID])
    worst_month: str = Field(examples=["2026-02"])
    """The month in which the payee loses most, or wins least."""
    worst_difference: MoneyOut = Field(examples=[_euros("-80.00")])


class PayeeResultPageOut(BaseModel):
    """A page of payees."""

    items: list[PayeeResultOut]
    next_cursor: str | None


class BackTestSummaryOut(BaseModel):
    """A back-test in sums; payees are read by pages."""

    winners: int = Field(examples=[120])
    losers: int = Field(examples=[7])
    unchanged: int = Field(examples=[173])
    months: list[MonthTotalOut]
    components: list[ComponentTotalOut]
    territories: list[TerritoryTotalOut]
    categories: list[CategoryTotalOut]
    terms_of_payment: list[TermsTotalOut] = Field(default=[])
    """With the components they add up to the months."""
    exceptions_before: list[ExceptionGroupOut]
    exceptions_after: list[ExceptionGroupOut]
    assumes: list[str] = Field(
        examples=[["Everybody assigned to a plan that the draft replaces has accepted the draft."]]
    )
    calculated_from: CalculatedFromOut

    @classmethod
    def of(cls, content: Json) -> "BackTestSummaryOut":
        """Show a stored back-test."""
        signs = [row["difference"]["amount"] for row in content["payees"]]
        unchanged = sum(1 for text in signs if not text.strip("-0."))
        losers = sum(1 for text in signs if text.startswith("-") and text.strip("-0."))
        counts = {
            "winners": len(signs) - losers - unchanged,
            "losers": losers,
            "unchanged": unchanged,
        }
        return cls.model_validate({**content, **counts})


class BackTestOut(_SimulationOut):
    """A back-test, and its result once there is one."""

    result: BackTestSummaryOut | None

    @classmethod
    def of(cls, simulation: Simulation, content: Json | None = None) -> "BackTestOut":
        """Show a back-test."""
        result = BackTestSummaryOut.of(content) if content is not None else None
        return cls.model_validate({**common(simulation), "result": result})


class BackTestPageOut(BaseModel):
    """A page of back-tests, latest first, without their results."""

    items: list[BackTestOut]
    next_cursor: str | None
