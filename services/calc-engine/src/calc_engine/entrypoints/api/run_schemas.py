"""Periods, runs, reports and exceptions as the API shows them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from calc_engine.domain.period import Exclusion, Period
from calc_engine.domain.run import Replay, Run
from calc_engine.domain.validation import UnusualStatement, ValidationReport
from calc_engine.entrypoints.api.month_path import BusinessMonth
from premia_common.contracts.fields import MoneyOut

RUN_ID = "0193a000-0000-7000-8000-0000000000f1"
STATEMENT_ID = "0193a000-0000-8000-8000-0000000000a1"
USER_ID = "0193a000-0000-7000-8000-0000000000c1"
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
NO_NUL = r"^[^\x00]+$"
"""PostgreSQL keeps no text with a NUL character."""
Reason = Annotated[str, Field(min_length=1, max_length=500, pattern=NO_NUL)]
Code = Annotated[str, Field(min_length=1, max_length=100, pattern=NO_NUL)]


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
        )


class PeriodsOut(BaseModel):
    """All periods, latest first."""

    items: list[PeriodOut]


class RunIn(BaseModel):
    """What to calculate."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"period": "2026-03", "wait_seconds": 30}]}
    )

    period: BusinessMonth
    as_known_at: AwareDatetime | None = None
    """Calculate with what was known at an instant; such a run makes no statements."""
    wait_seconds: int = Field(default=0, ge=0, le=600)
    """How long to wait for facts that a source's watermark promises and that are on their way."""


class RunOut(BaseModel):
    """A run and how far it is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": RUN_ID,
                    "period": "2026-03",
                    "as_known_at": None,
                    "status": "completed",
                    "phase": "completed",
                    "progress_percent": 100,
                    "attempts": 1,
                    "failure": None,
                    "requested_by": USER_ID,
                    "requested_at": "2026-04-01T08:00:00Z",
                    "result_digest": SHA256,
                    "manifest_digest": SHA256,
                    "counts": {"statements": 300, "statement_lines": 15200},
                }
            ]
        }
    )

    id: UUID
    period: str
    as_known_at: datetime | None
    status: str
    phase: str
    progress_percent: int
    attempts: int
    failure: str | None
    requested_by: UUID
    requested_at: datetime
    result_digest: str | None
    manifest_digest: str | None
    counts: dict[str, int]

    @classmethod
    def of(cls, run: Run) -> "RunOut":
        """Show a run."""
        result = run.result
        return cls(
            id=run.run_id,
            period=str(run.period),
            as_known_at=run.as_known_at,
            status=run.status.value,
            phase=run.phase,
            progress_percent=run.progress_percent,
            attempts=run.attempts,
            failure=run.failure,
            requested_by=run.requested_by,
            requested_at=run.requested_at,
            result_digest=result.result_digest if result else None,
            manifest_digest=result.manifest_digest if result else None,
            counts=dict(result.counts) if result else {},
        )


class RunPageOut(BaseModel):
    """A page of runs, latest first."""

    items: list[RunOut]
    next_cursor: str | None


class ManifestOut(BaseModel):
    """Everything a run read, by digest."""

    digest: str
    manifest: dict[str, Any]


class ReplayOut(BaseModel):
    """A second calculation from a run's manifest alone."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": RUN_ID,
                    "run_id": RUN_ID,
                    "status": "completed",
                    "same": True,
                    "result_digest": SHA256,
                    "expected_digest": SHA256,
                    "failure": None,
                }
            ]
        }
    )

    id: UUID
    run_id: UUID
    status: str
    same: bool | None
    result_digest: str | None
    expected_digest: str
    failure: str | None

    @classmethod
    def of(cls, replay: Replay) -> "ReplayOut":
        """Show a replay."""
        return cls(
            id=replay.replay_id,
            run_id=replay.run_id,
            status=replay.status.value,
            same=replay.is_same,
            result_digest=replay.result_digest,
            expected_digest=replay.expected_digest,
            failure=replay.failure,
        )


class AcceptExceptionIn(BaseModel):
    """A blocking exception that is taken on, and why."""

    model_config = ConfigDict(extra="forbid")

    code: Code
    reason: Reason


class SubmitIn(BaseModel):
    """Blocking exceptions that are taken on."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"accept": [{"code": "target_missing", "reason": "joiners of March"}]}]
        },
    )

    accept: list[AcceptExceptionIn] = Field(default_factory=list, max_length=100)


class SubmittedOut(BaseModel):
    """The statements that went to review."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"run_id": RUN_ID, "statements": [STATEMENT_ID]}]}
    )

    run_id: UUID
    statements: list[UUID]


class ExceptionGroupOut(BaseModel):
    """All exceptions of one code."""

    code: str
    blocks: bool
    count: int
    example: str
    what_to_do: str


class UnusualOut(BaseModel):
    """A statement that is zero, or far from the payee's last one."""

    statement_id: UUID
    payee_id: UUID
    reason: str
    now: MoneyOut
    before: MoneyOut | None

    @classmethod
    def of(cls, item: UnusualStatement) -> "UnusualOut":
        """Show it."""
        return cls(
            statement_id=item.statement_id,
            payee_id=UUID(item.payee_id),
            reason=item.reason,
            now=MoneyOut.of(item.now),
            before=MoneyOut.of(item.before) if item.before else None,
        )


class ControlTotalOut(BaseModel):
    """One comparison of two sides."""

    name: str
    expected: str
    found: str
    agrees: bool


class ReportOut(BaseModel):
    """What a person must know before statements go to review."""

    run_id: UUID
    period: str
    statements: int
    lines: int
    payable: list[MoneyOut]
    blocking: list[str]
    exceptions: list[ExceptionGroupOut]
    zero: list[UnusualOut]
    unusual: list[UnusualOut]
    control_totals: list[ControlTotalOut]
    sources_not_waited_for: list[str]

    @classmethod
    def of(cls, report: ValidationReport) -> "ReportOut":
        """Show a report."""
        return cls(
            run_id=report.run_id,
            period=str(report.period),
            statements=report.statements,
            lines=report.lines,
            payable=[MoneyOut.of(amount) for amount in report.payable],
            blocking=list(report.blocking),
            exceptions=[
                ExceptionGroupOut(
                    code=group.code,
                    blocks=group.blocks,
                    count=group.count,
                    example=group.example,
                    what_to_do=group.what_to_do,
                )
                for group in report.exceptions
            ],
            zero=[UnusualOut.of(item) for item in report.zero],
            unusual=[UnusualOut.of(item) for item in report.unusual],
            control_totals=[
                ControlTotalOut(
                    name=total.name,
                    expected=total.expected,
                    found=total.found,
                    agrees=total.agrees,
                )
                for total in report.control_totals
            ],
            sources_not_waited_for=list(report.sources_not_waited_for),
        )
