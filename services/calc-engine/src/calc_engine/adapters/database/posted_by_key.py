"""What approved statements paid of some keys: read without the lines of others."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database import tables
from calc_engine.adapters.database.baseline_query import posted_line
from calc_engine.adapters.database.raw import driver_connection
from calc_engine.domain.payment_accounts import PAYMENT_LINES
from calc_engine.domain.restatement import ApprovedStatements
from calc_engine.domain.standing import Replaced
from calc_engine.domain.statement import StatementStatus
from calc_engine.domain.statement_line import PostedLine
from premia_common.periods import Month

_head = tables.statement_head.c
# What terms of payment added is not calculated again, so it is not among them ($5).
_POSTED = """
    select line.origin_line_id, line.statement_id, head.period, head.payee_id, head.principal_id,
           line.plan, line.component, line.kind, line.competence, head.currency, line.amount,
           line.order_id, line.credit_id, line.share, line.stated, head.stated_in
    from statement_line as line join statement_head as head
        on head.tenant_id = line.tenant_id and head.statement_id = line.statement_id
       and head.revision = line.revision
    where line.tenant_id = $1 and head.period < $2 and head.status = 'approved'
      and line.plan = $3 and line.what <> all ($5::text[])
"""
# Two ways in, each with its own index: by order, and by payee.
_POSTED_ORDERS = f"""{_POSTED}
      and line.order_id = any ($6::text[]) and line.component <> all ($4::text[])
"""
_POSTED_PAYEES = f"""{_POSTED}
      and head.payee_id = any ($7::uuid[]) and line.component = any ($4::text[])
      and (head.payee_id = any ($6::uuid[])
           or (head.payee_id, line.competence) in (select * from unnest($8::uuid[], $9::text[])))
"""  # noqa: S608 - only a constant of this module is put in


async def posted_of_keys(
    connection: AsyncConnection, tenant_id: UUID, period: Month, keys: Iterable[Replaced]
) -> Sequence[PostedLine]:
    """Return what approved statements of earlier periods paid of the lines of some keys."""
    driver = await driver_connection(connection)
    found: dict[tuple[Any, Any], PostedLine] = {}
    for key in keys:
        first = (tenant_id, str(period), key.plan, list(key.by_payee), sorted(PAYMENT_LINES))
        rows = await driver.fetch(_POSTED_ORDERS, *first, list(key.orders))
        touched = sorted(key.touched)
        rows += await driver.fetch(
            _POSTED_PAYEES, *first, sorted(key.payees), touched, *cell_columns(key.cells)
        )
        found.update(
            {(row["origin_line_id"], row["statement_id"]): posted_line(row) for row in rows}
        )
    return tuple(found.values())


async def approved_of(
    connection: AsyncConnection, tenant_id: UUID, period: Month, payees: Collection[str]
) -> ApprovedStatements:
    """Return the approved statements of some payees' earlier periods."""
    found = await connection.execute(
        select(_head.payee_id, _head.principal_id, _head.period, _head.currency, _head.statement_id)
        .where(_head.tenant_id == tenant_id, _head.period < str(period))
        .where(_head.status == StatementStatus.APPROVED.value)
        .where(_head.payee_id == func.any(list(payees)))
    )
    return {(str(row[0]), str(row[1]), row[2], row[3]): row[4] for row in found}


def cell_columns(cells: Iterable[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Return payees and periods as a statement takes them: one array each."""
    pairs = sorted(cells)
    return [payee for payee, _ in pairs], [period for _, period in pairs]
