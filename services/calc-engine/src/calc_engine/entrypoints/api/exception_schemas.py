"""The exception desk as the API shows it."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from calc_engine.domain.exception_desk import DeskGroup, DeskItem
from calc_engine.domain.repairs import repair_of
from calc_engine.entrypoints.api.month_path import BusinessMonth
from calc_engine.entrypoints.api.run_schemas import RUN_ID, USER_ID, Reason
from premia_common.contracts.fields import MoneyOut

EXCEPTION_ID = "0193a000-0000-8000-8000-0000000000c7"
PAYEE_ID = "0193a000-0000-7000-8000-0000000000d1"


class RepairOut(BaseModel):
    """The request that repairs the cause; the next run finds the exception settled."""

    service: str = Field(examples=["plans-api"])
    method: str = Field(examples=["POST"])
    path: str = Field(examples=["/v1/targets"])

    @classmethod
    def of_code(cls, code: str, *, is_of_payee: bool = True) -> "RepairOut | None":
        """Return where a cause is repaired, as far as one request can do it."""
        found = repair_of(code, is_of_payee=is_of_payee)
        if found is None:
            return None
        return cls(service=found.service, method=found.method, path=found.path)


class StakeOut(BaseModel):
    """Whom an exception touches, and an estimate of what hangs on it.

    `estimate` says what the amount is: `unpaid_lines` are the lines not paid for this reason,
    `order_amount` is the order's own, `measured` what was measured in the month: these two are
    the base of pay, not pay.
    """

    payees: list[UUID] = Field(examples=[[PAYEE_ID]])
    orders: int = Field(examples=[1])
    amount: MoneyOut | None
    estimate: str | None = Field(examples=["order_amount"])


class AcceptanceOut(BaseModel):
    """Who took an exception on, and why."""

    by: UUID = Field(examples=[USER_ID])
    at: datetime
    reason: str = Field(examples=["joiners of March"])


class ExceptionOut(BaseModel):
    """Something a person must look at; it is settled when the missing fact arrives."""

    id: UUID = Field(examples=[EXCEPTION_ID])
    run_id: UUID | None = Field(examples=[RUN_ID])
    status: str = Field(examples=["open"])
    code: str = Field(examples=["target_missing"])
    message: str = Field(examples=["there is no target of activated_value for 2026-03"])
    what_to_do: str = Field(examples=["Set the target; the next run uses it"])
    repair: RepairOut | None
    payee_id: UUID | None = Field(examples=[PAYEE_ID])
    payee_code: str | None = Field(examples=["A1"])
    order_id: str | None
    month: str | None = Field(examples=["2026-03"])
    blocks: bool
    affects: StakeOut
    accepted: AcceptanceOut | None

    @classmethod
    def of(cls, item: DeskItem) -> "ExceptionOut":
        """Show it."""
        stake, accepted = item.stake, item.acceptance
        return cls(
            id=item.exception_id,
            run_id=item.run_id,
            status=item.status.value,
            code=item.code,
            message=item.message,
            what_to_do=item.what_to_do,
            repair=RepairOut.of_code(item.code, is_of_payee=item.payee_id is not None),
            payee_id=UUID(item.payee_id) if item.payee_id else None,
            payee_code=item.payee_code,
            order_id=item.order_id,
            month=item.month,
            blocks=item.blocks,
            affects=StakeOut(
                payees=[UUID(payee) for payee in stake.payees],
                orders=stake.orders,
                amount=MoneyOut.of(stake.amount) if stake.amount else None,
                estimate=stake.estimate,
            ),
            accepted=AcceptanceOut(by=accepted.by, at=accepted.at, reason=accepted.reason)
            if accepted
            else None,
        )


class ExceptionPageOut(BaseModel):
    """A page of exceptions."""

    run_id: UUID | None = Field(examples=[RUN_ID])
    items: list[ExceptionOut]
    next_cursor: str | None


class ExceptionCauseOut(BaseModel):
    """All exceptions of one cause and status, with what they touch together."""

    code: str = Field(examples=["target_missing"])
    status: str = Field(examples=["open"])
    blocks: bool
    count: int = Field(examples=[12])
    payees: int = Field(examples=[12])
    orders: int = Field(examples=[40])
    amounts: list[MoneyOut]
    example: str = Field(examples=["there is no target of activated_value for 2026-03"])
    what_to_do: str = Field(examples=["Set the target; the next run uses it"])
    repair: RepairOut | None

    @classmethod
    def of(cls, group: DeskGroup) -> "ExceptionCauseOut":
        """Show it."""
        return cls(
            code=group.code,
            status=group.status.value,
            blocks=group.blocks,
            count=group.count,
            payees=group.payees,
            orders=group.orders,
            amounts=[MoneyOut.of(amount) for amount in group.amounts],
            example=group.example,
            what_to_do=group.what_to_do,
            repair=RepairOut.of_code(group.code),
        )


class ExceptionCausesOut(BaseModel):
    """What the latest run of a period found, by cause."""

    run_id: UUID | None = Field(examples=[RUN_ID])
    items: list[ExceptionCauseOut]


class AcceptIn(BaseModel):
    """Why a blocking exception is taken on."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"period": "2026-03", "reason": "joiners of March"}]},
    )

    period: BusinessMonth
    reason: Reason
