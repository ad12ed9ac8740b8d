"""Runs as rows, and rows as runs."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, select

from calc_engine.adapters.database import tables
from calc_engine.domain.exception_desk import exception_id_of
from calc_engine.domain.outcome import Outcome
from calc_engine.domain.progress import Stage
from calc_engine.domain.run import Run, RunKind, RunResult, RunStatus
from premia_common.periods import Month

_run = tables.run.c
_head = tables.run_head.c
_result = tables.run_result.c


def run_query(tenant_id: UUID) -> Select[Any]:
    """Select a tenant's runs as they stand."""
    return (
        select(
            tables.run,
            _head.status,
            _head.version,
            _head.phase,
            _head.progress_percent,
            _head.done,
            _head.parts,
            _head.attempts,
            _head.failure,
            _result.manifest_address,
            _result.manifest_digest,
            _result.result_digest,
            _result.nodes_address,
            _result.lines_address,
            _result.lines_sha256,
            _result.counts,
            _result.base_run_id,
            _result.everything_because,
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
            row["base_run_id"],
            row["everything_because"],
        )
    return Run(
        row["run_id"],
        RunKind(row["kind"]),
        Month.parse(row["period"]),
        row["as_known_at"],
        row["wait_seconds"],
        row["everything"],
        row["requested_by"],
        row["requested_at"],
        row["correlation_id"],
        RunStatus(row["status"]),
        row["version"],
        Stage(row["phase"], row["progress_percent"], row["done"], row["parts"]),
        row["attempts"],
        row["failure"],
        result,
    )


def statement_rows(
    tenant_id: UUID, run_id: UUID, statements: Mapping[UUID, int]
) -> list[dict[str, Any]]:
    """Return the rows that say which statement revisions a run stands for."""
    return [
        {
            "tenant_id": tenant_id,
            "run_id": run_id,
            "statement_id": statement_id,
            "revision": revision,
        }
        for statement_id, revision in statements.items()
    ]


def exception_rows(tenant_id: UUID, run_id: UUID, outcome: Outcome) -> list[dict[str, Any]]:
    """Return the rows of a run's exceptions, numbered in their order."""
    return [
        {
            "tenant_id": tenant_id,
            "run_id": run_id,
            "number": number,
            "code": item.code,
            "message": item.message,
            "what_to_do": item.what_to_do,
            "payee_id": item.payee_id,
            "order_id": item.order_id,
            "month": item.month,
            "blocks": item.blocks,
            "exception_id": exception_id_of(tenant_id, item),
            "payees": list(stake.payees),
            "orders": stake.orders,
            "amount": stake.amount.amount if stake.amount else None,
            "currency": stake.amount.currency if stake.amount else None,
            "estimate": stake.estimate,
        }
        for number, (item, stake) in enumerate(
            zip(outcome.exceptions, outcome.stakes, strict=True), start=1
        )
    ]


def cell_rows(tenant_id: UUID, run_id: UUID, outcome: Outcome) -> list[dict[str, Any]]:
    """Return the rows of a run's measures."""
    return [
        {
            "tenant_id": tenant_id,
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
