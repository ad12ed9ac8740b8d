"""What was paid for a month: by its own statements, and as differences by later ones."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Uuid,
    collate,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database import tables
from calc_engine.domain.order_difference import DifferenceKey, PostedAmount
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
    after: DifferenceKey | None,
    limit: int,
) -> Sequence[PostedAmount]:
    """Return what approved statements paid of plans' lines for a month, after a key."""
    month = str(period)
    key = (
        _head.payee_id,
        *(
            collate(column, "C")
            for column in (
                func.coalesce(_line.order_id, ""),
                _line.plan,
                _line.component,
                _head.currency,
            )
        ),
    )
    is_own = _head.period == month
    query = (
        select(
            *(column.label(name) for column, name in zip(key, _NAMES, strict=True)),
            func.coalesce(func.sum(_line.amount).filter(is_own), 0).label("posted"),
            func.coalesce(func.sum(_line.amount).filter(~is_own), 0).label("restated"),
            func.array_agg(
                aggregate_order_by(_line.statement_id, _head.period, _line.statement_id)
            ).label("statements"),
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
        .where(or_(is_own, (_head.period > month) & (_line.original_period == month)))
    )
    if payee_id is not None:
        query = query.where(_head.payee_id == payee_id)
    if order_id is not None:
        query = query.where(_line.order_id == order_id)
    if after is not None:
        query = query.where(tuple_(*key) > tuple_(*_values(after)))
    found = await connection.execute(query.group_by(*key).order_by(*key).limit(limit))
    return [
        PostedAmount(
            DifferenceKey(row.payee_id, row.order_id, row.plan, row.component, row.currency),
            Money(row.posted, row.currency),
            Money(row.restated, row.currency),
            tuple(dict.fromkeys(row.statements)),
        )
        for row in found
    ]


_NAMES = ("payee_id", "order_id", "plan", "component", "currency")


def _values(key: DifferenceKey) -> list[ColumnElement[object]]:
    return [literal(key.payee_id, Uuid()), *(literal(getattr(key, name)) for name in _NAMES[1:])]
