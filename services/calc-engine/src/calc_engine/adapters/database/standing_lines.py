"""Lines and exceptions of standings: kept, and replaced by key."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database import tables
from calc_engine.adapters.database.posted_by_key import cell_columns
from calc_engine.adapters.database.raw import driver_connection
from calc_engine.domain.standing import Replaced, StandingLine, exception_key
from premia_plan.results import Exception_

# What one plan's change replaces; $3 to $8 are the parts of `Replaced`.
# Lines by order and lines by payee are of different components: each has its own way in.
_DELETE = """
    with by_order as (
        delete from standing_line where tenant_id = $1 and period = $2 and plan = $3
           and order_id = any ($5::text[]) and component <> all ($4::text[])
    ), by_payee as (
        delete from standing_line where tenant_id = $1 and period = $2 and plan = $3
           and payee_id = any ($6::text[]) and component = any ($4::text[])
    )
    delete from standing_line using unnest($7::text[], $8::text[]) as cell (payee_id, competence)
    where tenant_id = $1 and period = $2 and plan = $3 and component = any ($4::text[])
      and standing_line.payee_id = cell.payee_id and standing_line.competence = cell.competence
      and standing_line.payee_id <> all ($6::text[])
"""
_DELETE_EXCEPTIONS = """
    delete from standing_exception as found where tenant_id = $1 and period = $2 and (
        order_id = any ($3::text[])
        or (order_id = any ($4::text[]) and payee_id = any ($5::text[]))
        or (order_id is null and payee_id = any ($6::text[]))
        or (order_id is null
            and (payee_id, month) in (select * from unnest($7::text[], $8::text[])))
    )
"""
ROWS_A_STATEMENT = 10_000
_TYPES = {
    "line_id": "uuid",
    "origin_line_id": "uuid",
    "corrects": "uuid",
    "node_id": "uuid",
    "amount": "numeric",
    "share": "integer",
}
_FIELDS = ", ".join(StandingLine._fields)
_ARRAYS = ", ".join(
    f"${number}::{_TYPES.get(name, 'text')}[]"
    for number, name in enumerate(StandingLine._fields, start=3)
)
_INSERT = f"""
    insert into standing_line (tenant_id, period, {_FIELDS})
    select $1, $2, given.* from unnest({_ARRAYS}) as given
"""  # noqa: S608 - only constants of this module are put together


async def drop_keys(
    connection: AsyncConnection, tenant_id: UUID, period: str, keys: Sequence[Replaced]
) -> None:
    """Drop the lines and exceptions of some keys."""
    driver = await driver_connection(connection)
    for key in keys:
        await driver.execute(
            _DELETE,
            tenant_id,
            period,
            key.plan,
            list(key.by_payee),
            list(key.orders),
            list(key.payees),
            *cell_columns(key.cells),
        )
    await driver.execute(_DELETE_EXCEPTIONS, tenant_id, period, *_told(keys))


def _told(keys: Sequence[Replaced]) -> tuple[Any, ...]:
    """Return what exceptions are told of; of orders that are only read, where all plans read them.

    An exception does not say which plan told it.
    """
    every: frozenset[str] = frozenset()
    read = frozenset.intersection(*(each.read for each in keys)) if keys else every
    touched = frozenset.intersection(*(each.touched for each in keys)) if keys else every
    return (
        list(every.union(*(each.orders for each in keys))),
        list(read),
        list(touched),
        list(every.union(*(each.payees for each in keys))),
        *cell_columns(cell for each in keys for cell in each.cells),
    )


async def add_lines(
    connection: AsyncConnection,
    tenant_id: UUID,
    period: str,
    lines: Sequence[StandingLine],
    exceptions: Collection[Exception_],
) -> None:
    """Keep lines and exceptions; what was told already is told once."""
    driver = await driver_connection(connection)
    for start in range(0, len(lines), ROWS_A_STATEMENT):
        some = lines[start : start + ROWS_A_STATEMENT]
        await driver.execute(_INSERT, tenant_id, period, *map(list, zip(*some, strict=True)))
    told = {exception_key(found): found for found in exceptions}
    if told:
        await connection.execute(
            upsert(tables.standing_exception).on_conflict_do_nothing(),
            [
                {
                    "tenant_id": tenant_id,
                    "period": period,
                    "exception_id": key,
                    "code": found.code,
                    "message": found.message,
                    "what_to_do": found.what_to_do,
                    "payee_id": found.payee_id,
                    "order_id": found.order_id,
                    "month": found.month,
                    "blocks": found.blocks,
                }
                for key, found in told.items()
            ],
        )
