"""Propose an adjustment by hand, and let another person decide it."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from calc_engine.application.ports import CalcWork, FactRow, Ids
from calc_engine.domain.adjustment import Adjustment, AdjustmentStatus
from premia_common.canonical import canonical_json, digest


async def propose_adjustment(
    work: CalcWork, adjustment: Adjustment, *, on: date, ids: Ids
) -> Adjustment:
    """Keep a proposed adjustment; runs name it as an exception until somebody decides it."""
    await work.adjustments.add(adjustment)
    await _keep(work, adjustment, known_at=adjustment.made_at, on=on, ids=ids)
    return adjustment


async def decide_adjustment(
    work: CalcWork,
    adjustment_id: UUID,
    decide: Callable[[Adjustment], Adjustment],
    *,
    on: date,
    ids: Ids,
) -> Adjustment:
    """Decide an adjustment; the same person approving it again finds it done.

    Raises:
        AdjustmentNotFound: if the tenant has no such adjustment.
        AdjustmentDecided: if it was decided before.
        ApproverIsMaker: if the same person proposed it.
        AdjustmentExpired: if its last day is over.
    """
    adjustment = await work.adjustments.get(adjustment_id)
    decided = decide(adjustment)
    if decided is adjustment:
        return adjustment
    await work.adjustments.decide(decided)
    await _keep(work, decided, known_at=decided.decided_at or decided.made_at, on=on, ids=ids)
    return decided


async def _keep(
    work: CalcWork, adjustment: Adjustment, *, known_at: datetime, on: date, ids: Ids
) -> None:
    """Keep what is known of it now as a fact, which runs seal and replays read."""
    is_approved = adjustment.status is AdjustmentStatus.APPROVED
    body = canonical_json(
        {
            "payee": str(adjustment.payee_id),
            "principal": str(adjustment.principal_id),
            "month": str(adjustment.month),
            "amount": {
                "amount": format(adjustment.amount.amount, "f"),
                "currency": adjustment.amount.currency,
            },
            "reason": adjustment.reason,
            "made_by": str(adjustment.made_by),
            "expires_on": adjustment.expires_on,
            "status": adjustment.status.value,
            "approved_by": str(adjustment.decided_by) if is_approved else None,
            "approved_on": on if is_approved else None,
        }
    )
    version = 1 if adjustment.status is AdjustmentStatus.PROPOSED else 2
    await work.facts.add(
        [
            FactRow(
                "adjustment",
                str(adjustment.adjustment_id),
                f"{version:010d}",
                known_at,
                ids.new(),
                body.decode(),
                digest(body),
            )
        ]
    )
