"""What was paid for a month: by its own statements, and as differences by later ones."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database import tables
from calc_engine.application.read_models import PostedAmount
from calc_engine.domain.payment_accounts import PAYMENT_LINES
from calc_engine.domain.statement import StatementStatus
from premia_common.money import Money
from premia_common.periods import Month

_head = tables.statement_head.c
_line = tables.statement_line.c


async def posted_amounts(
    connection: AsyncConnection,
    tenant_id: UUID,
    period: Month,
    *,
    payee_id: UUID | None,
    order_id: str | None,
) -> Sequence[PostedAmount]:
    """Return the lines of plans that approved statements paid for a month."""
    month = str(period)
    query = (
        select(
            _line.origin_line_id,
            _line.statement_id,
            _head.payee_id,
            _line.plan,
            _line.component,
            _line.order_id,
            _line.amount,
            _head.currency,
            _head.period,
        )
        .join(
            tables.statement_head,
            (_head.tenant_id == _line.tenant_id)
            & (_head.statement_id == _line.statement_id)
            & (_head.revision == _line.revision),
        )
        .where(_line.tenant_id == tenant_id)
        .where(_head.status == StatementStatus.APPROVED.value)
        .where(_line.what.not_in(PAYMENT_LINES))
        .where(
            or_(
                _head.period == month,
                (_head.period > month) & (_line.original_period == month),
            )
        )
    )
    if payee_id is not None:
        query = query.where(_head.payee_id == payee_id)
    if order_id is not None:
        query = query.where(_line.order_id == order_id)
    found = await connection.execute(query.order_by(_line.origin_line_id, _head.period))
    return tuple(
        PostedAmount(
            row.origin_line_id,
            row.statement_id,
            row.payee_id,
            row.plan,
            row.component,
            row.order_id,
            Money(row.amount, row.currency),
            row.period != month,
        )
        for row in found
    )
