"""Periods as the API shows them."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from calc_engine.domain.period import Exclusion, Period
from calc_engine.entrypoints.api.month_path import BusinessMonth
from calc_engine.entrypoints.api.run_schemas import STATEMENT_ID, Reason


class PeriodIn(BaseModel):
    """The month a tenant goes live with."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"month": "2026-03"}]}
    )

    month: BusinessMonth


class ExclusionIn(BaseModel):
    """A statement that a close leaves out, and why."""

    model_config = ConfigDict(extra="forbid")

    statement_id: UUID
    reason: Reason


class CloseIn(BaseModel):
    """What a close leaves out; the second person's confirmation sends none."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"exclude": [{"statement_id": STATEMENT_ID, "reason": "in dispute"}]}]
        },
    )

    exclude: list[ExclusionIn] = Field(default_factory=list, max_length=500)

    def exclusions(self) -> tuple[Exclusion, ...]:
        """Return the domain's exclusions."""
        return tuple(Exclusion(item.statement_id, item.reason) for item in self.exclude)


class ReopenIn(BaseModel):
    """Why a closed month is opened again; the second person's approval may repeat it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"reason": "the orders of one agency came too late"}]},
    )

    reason: Reason


class ExclusionOut(BaseModel):
    """A statement that a close leaves out, and why."""

    statement_id: UUID
    reason: str


class PeriodOut(BaseModel):
    """A month of the tenant."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "month": "2026-03",
                    "status": "open",
                    "version": 1,
                    "opened_at": "2026-04-01T08:00:00Z",
                    "close_requested_by": None,
                    "closed_by": None,
                    "closed_at": None,
                    "excluded": [],
                    "reopen_requested_by": None,
                    "reopen_reason": None,
                }
            ]
        }
    )

    month: str
    status: str
    version: int
    opened_at: datetime
    close_requested_by: UUID | None
    closed_by: UUID | None
    closed_at: datetime | None
    excluded: list[ExclusionOut]
    reopen_requested_by: UUID | None
    reopen_reason: str | None

    @classmethod
    def of(cls, period: Period) -> "PeriodOut":
        """Show a period."""
        return cls(
            month=str(period.month),
            status=period.status.value,
            version=period.version,
            opened_at=period.opened_at,
            close_requested_by=period.close_requested_by,
            closed_by=period.closed_by,
            closed_at=period.closed_at,
            excluded=[
                ExclusionOut(statement_id=item.statement_id, reason=item.reason)
                for item in period.excluded
            ],
            reopen_requested_by=period.reopen_requested_by,
            reopen_reason=period.reopen_reason,
        )


class PeriodsOut(BaseModel):
    """All periods, latest first."""

    items: list[PeriodOut]
