"""What approved statements of earlier periods already paid, line by line."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database import tables
from calc_engine.domain.statement import StatementStatus
from calc_engine.domain.statement_line import PostedLine
from premia_common.money import Money
from premia_common.periods import Month

_head = tables.statement_head.c
_line = tables.statement_line.c


async def posted_lines(
    connection: AsyncConnection, tenant_id: UUID, period: Month
) -> tuple[PostedLine, ...]:
    """Return the lines of all approved statements of periods before one."""
    found = await connection.execute(
        select(
            _line.origin_line_id,
            _line.statement_id,
            _head.period,
            _head.payee_id,
            _head.principal_id,
            _line.plan,
            _line.component,
            _line.kind,
            _line.competence,
            _head.currency,
            _line.amount,
            _line.order_id,
            _line.credit_id,
            _line.share,
        )
        .join(
            tables.statement_head,
            (_head.tenant_id == _line.tenant_id)
            & (_head.statement_id == _line.statement_id)
            & (_head.revision == _line.revision),
        )
        .where(_line.tenant_id == tenant_id, _head.period < str(period))
        .where(_head.status == StatementStatus.APPROVED.value)
        .order_by(_line.origin_line_id, _head.period)
    )
    return tuple(
        PostedLine(
            row.origin_line_id,
            row.statement_id,
            row.period,
            str(row.payee_id),
            str(row.principal_id),
            row.plan,
            row.component,
            row.kind,
            row.competence,
            row.currency,
            Money(row.amount, row.currency).amount,
            row.order_id,
            row.credit_id,
            row.share,
        )
        for row in found
    )
