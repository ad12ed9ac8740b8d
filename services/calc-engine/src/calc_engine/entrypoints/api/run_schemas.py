"""Runs, their reports and replays as the API shows them."""

from collections.abc import Collection
from datetime import date, datetime, time
from typing import Annotated, Any, Literal, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from calc_engine.domain.progress import RunEvent, Stage
from calc_engine.domain.run import Replay, Run, RunKind
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


class RunIn(BaseModel):
    """What to calculate.

    A run of kind `period` makes the statements of an open month.  An `inquiry` looks at any month
    and posts nothing: as true by now, or with `known_on` or `as_known_at` as it was known then.
    """

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"period": "2026-03", "wait_seconds": 30}]}
    )

    period: BusinessMonth
    kind: Literal["period", "inquiry"] | None = None
    """Without it an inquiry if an earlier state of knowledge is asked for, else a period."""
    as_known_at: AwareDatetime | None = None
    """Only facts known at an instant."""
    known_on: date | None = None
    """Only facts known by the end of a day."""
    wait_seconds: int = Field(default=0, ge=0, le=600)
    """How long to wait for facts that a source's watermark promises and that are on their way."""
    everything: bool = False
    """Calculate everything; else a run goes on from the period's last one where it can, and only
    what facts since then reach is calculated. The result is the same."""

    @model_validator(mode="after")
    def _looks_back_only_to_look(self) -> Self:
        if self.as_known_at is not None and self.known_on is not None:
            raise ValueError("give as_known_at or known_on, not both")
        looks_back = self.as_known_at is not None or self.known_on is not None
        if looks_back and self.kind == "period":
            raise ValueError("an earlier state of knowledge is for an inquiry, not for a period")
        return self

    def run_kind(self) -> RunKind:
        """Return what the run is for."""
        looks_back = self.as_known_at is not None or self.known_on is not None
        return RunKind(self.kind or ("inquiry" if looks_back else "period"))

    def known_at(self, zone: ZoneInfo) -> datetime | None:
        """Return the last instant whose knowledge counts; None: everything known by now."""
        return self.as_known_at if self.known_on is None else end_of_day(self.known_on, zone)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the last instant of a business day.

    >>> end_of_day(date(2026, 3, 31), ZoneInfo("Europe/Rome")).isoformat()
    '2026-03-31T23:59:59.999999+02:00'
    """
    return datetime.combine(day, time.max, tzinfo=zone)


class ProgressOut(BaseModel):
    """What a run does now; of a stage with parts, how many are done."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"stage": "calculating agency-energy-2026", "done": 0, "of": 2}]
        }
    )

    stage: str
    done: int
    of: int

    @classmethod
    def of_stage(cls, stage: Stage) -> "ProgressOut":
        """Show a stage."""
        return cls(stage=stage.name, done=stage.done, of=stage.parts)


class RunEventOut(BaseModel):
    """What one event of a run's stream says."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "run_id": RUN_ID,
                    "at": "2026-04-01T08:00:02Z",
                    "status": "running",
                    "progress_percent": 30,
                    "progress": {"stage": "calculating agency-energy-2026", "done": 0, "of": 2},
                }
            ]
        }
    )

    run_id: UUID
    at: datetime
    status: str
    progress_percent: int
    progress: ProgressOut

    @classmethod
    def of(cls, run_id: UUID, event: RunEvent) -> "RunEventOut":
        """Show an event."""
        return cls(
            run_id=run_id,
            at=event.at,
            status=event.status,
            progress_percent=event.stage.percent,
            progress=ProgressOut.of_stage(event.stage),
        )


class RunOut(BaseModel):
    """A run and how far it is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": RUN_ID,
                    "kind": "period",
                    "period": "2026-03",
                    "as_known_at": None,
                    "status": "completed",
                    "phase": "completed",
                    "progress_percent": 100,
                    "progress": {"stage": "completed", "done": 0, "of": 0},
                    "attempts": 1,
                    "failure": None,
                    "requested_by": USER_ID,
                    "requested_at": "2026-04-01T08:00:00Z",
                    "result_digest": SHA256,
                    "manifest_digest": SHA256,
                    "base_run_id": None,
                    "everything_because": "it is the first run of the period",
                    "counts": {"statements": 300, "statement_lines": 15200},
                }
            ]
        }
    )

    id: UUID
    kind: str
    period: str
    as_known_at: datetime | None
    status: str
    phase: str
    progress_percent: int
    progress: ProgressOut
    attempts: int
    failure: str | None
    requested_by: UUID
    requested_at: datetime
    result_digest: str | None
    manifest_digest: str | None
    base_run_id: UUID | None
    """The run it went on from: only what facts since then reach was calculated."""
    everything_because: str | None
    """Why everything was calculated."""
    counts: dict[str, int]

    @classmethod
    def of(cls, run: Run) -> "RunOut":
        """Show a run."""
        result = run.result
        return cls(
            id=run.run_id,
            kind=run.kind.value,
            period=str(run.period),
            as_known_at=run.as_known_at,
            status=run.status.value,
            phase=run.stage.name,
            progress_percent=run.stage.percent,
            progress=ProgressOut.of_stage(run.stage),
            attempts=run.attempts,
            failure=run.failure,
            requested_by=run.requested_by,
            requested_at=run.requested_at,
            result_digest=result.result_digest if result else None,
            manifest_digest=result.manifest_digest if result else None,
            base_run_id=result.base_run_id if result else None,
            everything_because=result.everything_because if result else None,
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
    open_blocking: list[str]
    """Of the blocking codes those that nobody accepted: statements wait for them."""
    exceptions: list[ExceptionGroupOut]
    zero: list[UnusualOut]
    unusual: list[UnusualOut]
    control_totals: list[ControlTotalOut]
    sources_not_waited_for: list[str]
    calculated_again: list[str]
    """Plans with a figure too large for the engine chosen for them, and why; the reference engine
    calculated these, to the same digit."""

    @classmethod
    def of(cls, report: ValidationReport, open_blocking: Collection[str]) -> "ReportOut":
        """Show a report."""
        return cls(
            run_id=report.run_id,
            period=str(report.period),
            statements=report.statements,
            lines=report.lines,
            payable=[MoneyOut.of(amount) for amount in report.payable],
            blocking=list(report.blocking),
            open_blocking=sorted(open_blocking),
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
            calculated_again=list(report.calculated_again),
        )
