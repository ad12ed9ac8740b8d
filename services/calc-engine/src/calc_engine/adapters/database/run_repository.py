"""Runs and replays in PostgreSQL: content, transitions, head, result."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database import tables
from calc_engine.adapters.database.report_json import report_from_json, report_to_json
from calc_engine.domain.outcome import Outcome
from calc_engine.domain.run import (
    Replay,
    Run,
    RunInProgress,
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


def run_query(tenant_id: UUID) -> Select[Any]:
    """Select a tenant's runs as they stand."""
    return (
        select(
            tables.run,
            _head.status,
            _head.version,
            _head.phase,
            _head.progress_percent,
            _head.attempts,
            _head.failure,
            _result.manifest_address,
            _result.manifest_digest,
            _result.result_digest,
            _result.nodes_address,
            _result.lines_address,
            _result.lines_sha256,
            _result.counts,
        )
        .join(tables.run_head, (_head.tenant_id == _run.tenant_id) & (_head.run_id == _run.run_id))
        .outerjoin(
            tables.run_result,
            (_result.tenant_id == _run.tenant_id) & (_result.run_id == _run.run_id),
        )
        .where(_run.tenant_id == tenant_id)
    )


def run_of(row: RowMapping) -> Run:
    """Return the run in a row of `run_query`."""
    result = None
    if row["manifest_address"] is not None:
        result = RunResult(
            row["manifest_address"],
            row["manifest_digest"],
            row["result_digest"],
            row["nodes_address"],
            row["lines_address"],
            row["lines_sha256"],
            row["counts"],
        )
    return Run(
        row["run_id"],
        Month.parse(row["period"]),
        row["as_known_at"],
        row["wait_seconds"],
        row["requested_by"],
        row["requested_at"],
        row["correlation_id"],
        RunStatus(row["status"]),
        row["version"],
        row["phase"],
        row["progress_percent"],
        row["attempts"],
        row["failure"],
        result,
    )


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
                period=str(run.period),
                as_known_at=run.as_known_at,
                wait_seconds=run.wait_seconds,
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
                    period=str(run.period),
                    status=run.status.value,
                    version=run.version,
                    phase=run.phase,
                    progress_percent=run.progress_percent,
                    attempts=run.attempts,
                )
            )
        except IntegrityError as error:
            # The period row is locked by whoever starts a run, so only a race with an older
            # release gets here.
            raise RunInProgress(run.period, run.run_id) from error
        await self._record(run.run_id, run.version, run.status, at=run.requested_at, reason=None)
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
        """Return the run of a period that has not ended, if there is one."""
        found: UUID | None = await self._connection.scalar(
            select(_head.run_id)
            .where(_head.tenant_id == self._tenant_id, _head.period == str(period))
            .where(_head.status.in_(ACTIVE))
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

    async def report_progress(self, run_id: UUID, phase: str, percent: int) -> None:
        """Say how far a run is."""
        await self._connection.execute(
            update(tables.run_head)
            .where(_head.tenant_id == self._tenant_id, _head.run_id == run_id)
            .where(_head.status == RunStatus.RUNNING.value)
            .values(phase=phase, progress_percent=percent)
        )

    async def attempt(self, run_id: UUID, *, at: datetime) -> Run:
        """Record that a worker begins an attempt, and return the run."""
        run = await self.begin(run_id)
        if run.status.has_ended:
            return run
        await self._record(
            run_id, run.version + 1, RunStatus.RUNNING, at=at, reason=f"attempt {run.attempts + 1}"
        )
        await self._connection.execute(
            update(tables.run_head)
            .where(_head.tenant_id == self._tenant_id, _head.run_id == run_id)
            .values(
                status=RunStatus.RUNNING.value,
                version=run.version + 1,
                attempts=run.attempts + 1,
                phase="waiting for sources",
                progress_percent=0,
            )
        )
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
                makes_statements=run.as_known_at is None,
                completed_at=at,
                manifest_address=result.manifest_address,
                manifest_digest=result.manifest_digest,
                result_digest=result.result_digest,
                nodes_address=result.nodes_address,
                lines_address=result.lines_address,
                lines_sha256=result.lines_sha256,
                counts=dict(result.counts),
                report=report_to_json(report),
            )
        )
        for table, rows in (
            (tables.run_statement, self._statements(run.run_id, statements)),
            (tables.run_exception, self._exceptions(run.run_id, outcome)),
            (tables.run_cell, self._cells(run.run_id, outcome)),
        ):
            if rows:
                await self._connection.execute(insert(table), rows)
        await self._end(run.run_id, RunStatus.COMPLETED, run.version + 1, at=at, failure=None)

    def _statements(self, run_id: UUID, statements: Mapping[UUID, int]) -> list[dict[str, Any]]:
        return [
            {
                "tenant_id": self._tenant_id,
                "run_id": run_id,
                "statement_id": statement_id,
                "revision": revision,
            }
            for statement_id, revision in statements.items()
        ]

    def _exceptions(self, run_id: UUID, outcome: Outcome) -> list[dict[str, Any]]:
        return [
            {
                "tenant_id": self._tenant_id,
                "run_id": run_id,
                "number": number,
                "code": item.code,
                "message": item.message,
                "what_to_do": item.what_to_do,
                "payee_id": item.payee_id,
                "order_id": item.order_id,
                "month": item.month,
                "blocks": item.blocks,
            }
            for number, item in enumerate(outcome.exceptions, start=1)
        ]

    def _cells(self, run_id: UUID, outcome: Outcome) -> list[dict[str, Any]]:
        return [
            {
                "tenant_id": self._tenant_id,
                "run_id": run_id,
                "payee_id": cell.payee_id,
                "measure": cell.measure,
                "month": cell.month,
                "node_id": cell.node_id,
                "value": cell.value,
                "target": cell.target,
                "ratio": cell.attainment.ratio if cell.attainment else None,
                "percent": cell.attainment.percent if cell.attainment else None,
            }
            for cell in outcome.cells
        ]

    async def fail(self, run_id: UUID, reason: str, *, at: datetime) -> None:
        """Mark a run as failed for good."""
        run = await self.begin(run_id)
        if not run.status.has_ended:
            await self._end(run_id, RunStatus.FAILED, run.version + 1, at=at, failure=reason)

    async def _end(
        self, run_id: UUID, status: RunStatus, version: int, *, at: datetime, failure: str | None
    ) -> None:
        await self._record(run_id, version, status, at=at, reason=failure)
        await self._connection.execute(
            update(tables.run_head)
            .where(_head.tenant_id == self._tenant_id, _head.run_id == run_id)
            .values(
                status=status.value,
                version=version,
                phase=status.value,
                progress_percent=100,
                failure=failure,
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
        self, run_id: UUID, version: int, status: RunStatus, *, at: datetime, reason: str | None
    ) -> None:
        await self._connection.execute(
            insert(tables.run_transition).values(
                tenant_id=self._tenant_id,
                run_id=run_id,
                version=version,
                to_status=status.value,
                at=at,
                reason=reason,
            )
        )

    async def _enqueue(self, job_id: UUID, kind: str, run_id: UUID) -> None:
        await self._connection.execute(
            insert(tables.job).values(
                tenant_id=self._tenant_id, job_id=job_id, kind=kind, run_id=run_id
            )
        )
