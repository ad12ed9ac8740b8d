"""Runs and replays in PostgreSQL: content, transitions, head, result."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database import tables
from calc_engine.adapters.database.report_json import report_from_json, report_to_json
from calc_engine.adapters.database.run_rows import (
    cell_rows,
    exception_rows,
    run_of,
    run_query,
    statement_rows,
)
from calc_engine.domain.outcome import Outcome
from calc_engine.domain.progress import Stage
from calc_engine.domain.run import (
    Replay,
    Run,
    RunInProgress,
    RunKind,
    RunNotComplete,
    RunNotFound,
    RunResult,
    RunStatus,
)
from calc_engine.domain.validation import ValidationReport
from premia_common.periods import Month

_run = tables.run.c
_head = tables.run_head.c
_result = tables.run_result.c
_replay = tables.replay.c
ACTIVE = (RunStatus.QUEUED.value, RunStatus.RUNNING.value)


class PostgresRuns:
    """One tenant's runs."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def add(self, run: Run) -> None:
        """Store a queued run and its job."""
        await self._connection.execute(
            insert(tables.run).values(
                tenant_id=self._tenant_id,
                run_id=run.run_id,
                kind=run.kind.value,
                period=str(run.period),
                as_known_at=run.as_known_at,
                wait_seconds=run.wait_seconds,
                everything=run.everything,
                requested_by=run.requested_by,
                requested_at=run.requested_at,
                correlation_id=run.correlation_id,
            )
        )
        try:
            await self._connection.execute(
                insert(tables.run_head).values(
                    tenant_id=self._tenant_id,
                    run_id=run.run_id,
                    kind=run.kind.value,
                    period=str(run.period),
                    status=run.status.value,
                    version=run.version,
                    phase=run.stage.name,
                    progress_percent=run.stage.percent,
                    attempts=run.attempts,
                )
            )
        except IntegrityError as error:
            # The period row is locked by whoever starts a run, so only a race with an older
            # release gets here.
            raise RunInProgress(run.period, run.run_id) from error
        await self._record(run.run_id, run.version, run.status, at=run.requested_at)
        await self._tell(run.run_id, run.status, run.stage, at=run.requested_at)
        await self._enqueue(run.run_id, "run", run.run_id)

    async def get(self, run_id: UUID) -> Run:
        """Return a run."""
        found = await self._connection.execute(
            run_query(self._tenant_id).where(_run.run_id == run_id)
        )
        row = found.mappings().one_or_none()
        if row is None:
            raise RunNotFound(run_id)
        return run_of(row)

    async def running_in(self, period: Month) -> UUID | None:
        """Return the run of a period that has not ended, if there is one; inquiries aside."""
        found: UUID | None = await self._connection.scalar(
            select(_head.run_id)
            .where(_head.tenant_id == self._tenant_id, _head.period == str(period))
            .where(_head.status.in_(ACTIVE), _head.kind == RunKind.PERIOD.value)
        )
        return found

    async def latest_of(self, period: Month) -> Run | None:
        """Return the latest completed run that made the period's statements."""
        found = await self._connection.execute(
            run_query(self._tenant_id)
            .where(_result.period == str(period), _result.makes_statements)
            .order_by(_result.completed_at.desc(), _run.run_id.desc())
            .limit(1)
        )
        row = found.mappings().one_or_none()
        return run_of(row) if row else None

    async def report_progress(self, run_id: UUID, stage: Stage, *, at: datetime) -> None:
        """Say how far a running run is; of one that has ended nothing is told any more."""
        run = await self.begin(run_id)
        if run.status is RunStatus.RUNNING:
            await self._tell(run_id, run.status, stage, at=at)

    async def attempt(self, run_id: UUID, *, at: datetime) -> Run:
        """Record that a worker begins an attempt, and return the run."""
        run = await self.begin(run_id)
        if run.status.has_ended:
            return run
        await self._record(
            run_id, run.version + 1, RunStatus.RUNNING, at=at, reason=f"attempt {run.attempts + 1}"
        )
        await self._change(
            run_id,
            status=RunStatus.RUNNING.value,
            version=run.version + 1,
            attempts=run.attempts + 1,
        )
        await self._tell(run_id, RunStatus.RUNNING, Stage("waiting for sources", 0), at=at)
        return await self.get(run_id)

    async def begin(self, run_id: UUID) -> Run:
        """Return the run, its head locked until the transaction ends."""
        await self._connection.execute(
            select(_head.run_id)
            .where(_head.tenant_id == self._tenant_id, _head.run_id == run_id)
            .with_for_update()
        )
        return await self.get(run_id)

    async def complete(
        self,
        run: Run,
        result: RunResult,
        report: ValidationReport,
        outcome: Outcome,
        statements: Mapping[UUID, int],
        *,
        at: datetime,
    ) -> None:
        """Store a run's result and mark it completed."""
        await self._connection.execute(
            insert(tables.run_result).values(
                tenant_id=self._tenant_id,
                run_id=run.run_id,
                period=str(run.period),
                makes_statements=run.kind is RunKind.PERIOD,
                completed_at=at,
                manifest_address=result.manifest_address,
                manifest_digest=result.manifest_digest,
                result_digest=result.result_digest,
                nodes_address=result.nodes_address,
                lines_address=result.lines_address,
                lines_sha256=result.lines_sha256,
                counts=dict(result.counts),
                base_run_id=result.base_run_id,
                everything_because=result.everything_because,
                report=report_to_json(report),
            )
        )
        for table, rows in (
            (tables.run_statement, statement_rows(self._tenant_id, run.run_id, statements)),
            (tables.run_exception, exception_rows(self._tenant_id, run.run_id, outcome)),
            (tables.run_cell, cell_rows(self._tenant_id, run.run_id, outcome)),
        ):
            if rows:
                await self._connection.execute(insert(table), rows)
        await self._end(run.run_id, RunStatus.COMPLETED, run.version + 1, at=at)

    async def fail(self, run_id: UUID, reason: str, *, at: datetime) -> None:
        """Mark a run as failed for good."""
        run = await self.begin(run_id)
        if not run.status.has_ended:
            await self._end(run_id, RunStatus.FAILED, run.version + 1, at=at, failure=reason)

    async def cancel(self, run_id: UUID, *, by: UUID, at: datetime) -> None:
        """Mark a run as cancelled for good."""
        run = await self.begin(run_id)
        if not run.status.has_ended:
            await self._end(run_id, RunStatus.CANCELLED, run.version + 1, at=at, by=by)

    async def _end(
        self,
        run_id: UUID,
        status: RunStatus,
        version: int,
        *,
        at: datetime,
        failure: str | None = None,
        by: UUID | None = None,
    ) -> None:
        await self._record(run_id, version, status, at=at, reason=failure, by=by)
        await self._change(run_id, status=status.value, version=version, failure=failure)
        await self._tell(run_id, status, Stage(status.value, 100), at=at)

    async def _change(self, run_id: UUID, **values: object) -> None:
        await self._connection.execute(
            update(tables.run_head)
            .where(_head.tenant_id == self._tenant_id, _head.run_id == run_id)
            .values(**values)
        )

    async def _tell(self, run_id: UUID, status: RunStatus, stage: Stage, *, at: datetime) -> None:
        """Put a run at a stage, and keep that for those who follow its events."""
        number = await self._connection.scalar(
            update(tables.run_head)
            .where(_head.tenant_id == self._tenant_id, _head.run_id == run_id)
            .values(
                phase=stage.name,
                progress_percent=stage.percent,
                done=stage.done,
                parts=stage.parts,
                progress_number=_head.progress_number + 1,
            )
            .returning(_head.progress_number)
        )
        await self._connection.execute(
            insert(tables.run_progress).values(
                tenant_id=self._tenant_id,
                run_id=run_id,
                number=number,
                at=at,
                status=status.value,
                phase=stage.name,
                progress_percent=stage.percent,
                done=stage.done,
                parts=stage.parts,
            )
        )

    async def report(self, run_id: UUID) -> ValidationReport:
        """Return the validation report of a completed run."""
        found = await self._connection.scalar(
            select(_result.report).where(
                _result.tenant_id == self._tenant_id, _result.run_id == run_id
            )
        )
        if found is None:
            run = await self.get(run_id)
            raise RunNotComplete(run_id, run.status)
        return report_from_json(found)

    async def statements_of(self, run_id: UUID) -> Mapping[UUID, int]:
        """Return the statements a run stands for, with the revision it found or made."""
        table = tables.run_statement.c
        found = await self._connection.execute(
            select(table.statement_id, table.revision).where(
                table.tenant_id == self._tenant_id, table.run_id == run_id
            )
        )
        return {row.statement_id: row.revision for row in found}

    async def add_replay(self, replay: Replay) -> None:
        """Store a queued replay and its job."""
        await self._connection.execute(
            insert(tables.replay).values(
                tenant_id=self._tenant_id,
                replay_id=replay.replay_id,
                run_id=replay.run_id,
                requested_by=replay.requested_by,
                requested_at=replay.requested_at,
                status=replay.status.value,
            )
        )
        await self._enqueue(replay.replay_id, "replay", replay.run_id)

    async def get_replay(self, run_id: UUID, replay_id: UUID) -> Replay:
        """Return a replay of a run."""
        found = await self._connection.execute(
            select(tables.replay, _result.result_digest.label("expected"))
            .join(
                tables.run_result,
                (_result.tenant_id == _replay.tenant_id) & (_result.run_id == _replay.run_id),
            )
            .where(_replay.tenant_id == self._tenant_id)
            .where(_replay.run_id == run_id, _replay.replay_id == replay_id)
        )
        row = found.mappings().one_or_none()
        if row is None:
            raise RunNotFound(replay_id)
        return Replay(
            row["replay_id"],
            row["run_id"],
            row["requested_by"],
            row["requested_at"],
            RunStatus(row["status"]),
            row["failure"],
            row["result_digest"],
            row["expected"],
        )

    async def end_replay(
        self, replay_id: UUID, status: RunStatus, result_digest: str | None, failure: str | None
    ) -> None:
        """Record how a replay ended."""
        await self._connection.execute(
            update(tables.replay)
            .where(_replay.tenant_id == self._tenant_id, _replay.replay_id == replay_id)
            .values(status=status.value, result_digest=result_digest, failure=failure)
        )

    async def _record(
        self,
        run_id: UUID,
        version: int,
        status: RunStatus,
        *,
        at: datetime,
        reason: str | None = None,
        by: UUID | None = None,
    ) -> None:
        await self._connection.execute(
            insert(tables.run_transition).values(
                tenant_id=self._tenant_id,
                run_id=run_id,
                version=version,
                to_status=status.value,
                at=at,
                reason=reason,
                by=by,
            )
        )

    async def _enqueue(self, job_id: UUID, kind: str, run_id: UUID) -> None:
        await self._connection.execute(
            insert(tables.job).values(
                tenant_id=self._tenant_id, job_id=job_id, kind=kind, run_id=run_id
            )
        )
