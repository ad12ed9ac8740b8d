"""Post what a close finds earned and not payable yet, and take the batch before back."""

from datetime import datetime
from uuid import UUID

from calc_engine.application.ports import CalcWork, Ids
from calc_engine.domain.accrual import (
    AccrualBatch,
    accrual_lines,
    postings_of,
    unapproved_amounts,
)
from premia_common.contracts.fields import MoneyOut
from premia_common.contracts.statements import AccrualLine, AccrualPosted
from premia_common.periods import Month


async def post_accruals(
    work: CalcWork, *, period: Month, by: UUID, now: datetime, ids: Ids, correlation_id: UUID
) -> AccrualBatch:
    """Post the accrual batch of a close in the close's own transaction, and announce it.

    Held amounts are those of the period's latest run.  A close without anything to accrue still
    takes the batch before back, so what is accrued is always what the last close found.
    """
    run = await work.runs.latest_of(period)
    held = await work.accruals.held_by(run.run_id) if run else {}
    statements = await work.statements.of_period(period)
    before = await work.accruals.latest()
    batch = AccrualBatch(
        batch_id=ids.new(),
        number=before.number + 1 if before else 1,
        period=str(period),
        run_id=run.run_id if run else None,
        reverses=before.batch_id if before else None,
        posted_by=by,
        posted_at=now,
        lines=accrual_lines(unapproved_amounts(statements), held),
    )
    await work.accruals.add(batch)
    await work.ledger.post(postings_of(batch, before))
    work.outbox.add(_announcement(work.tenant_id, batch, correlation_id))
    return batch


def _announcement(tenant_id: UUID, batch: AccrualBatch, correlation_id: UUID) -> AccrualPosted:
    return AccrualPosted(
        event_id=batch.batch_id,
        occurred_at=batch.posted_at,
        tenant_id=tenant_id,
        correlation_id=correlation_id,
        batch_id=batch.batch_id,
        number=batch.number,
        period=batch.period,
        reverses=batch.reverses,
        lines=tuple(
            AccrualLine(
                payee_id=line.key.payee_id,
                principal_id=line.key.principal_id,
                plan=line.key.plan,
                component=line.key.component,
                kind=line.key.kind,
                unapproved=MoneyOut.of(line.unapproved),
                held=MoneyOut.of(line.held),
            )
            for line in batch.lines
        ),
    )
