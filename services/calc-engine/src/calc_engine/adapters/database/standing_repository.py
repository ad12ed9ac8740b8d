"""What payees stand at between runs, in PostgreSQL."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database import tables
from calc_engine.adapters.database.baseline_query import carried_balances
from calc_engine.adapters.database.raw import driver_connection
from calc_engine.domain.proposal import StatementKey
from calc_engine.domain.restatement import ApprovedStatements
from calc_engine.domain.run import Run
from calc_engine.domain.standing import (
    Replaced,
    Replacement,
    Standing,
    StandingLine,
    exception_key,
)
from calc_engine.domain.statement import StatementStatus
from calc_engine.domain.statement_line import PostedLine
from premia_common.identifiers import derive_id
from premia_common.money import Money
from premia_common.periods import Month
from premia_plan.results import Exception_
from premia_runtime.database import Database

_standing = tables.standing.c
_head = tables.statement_head.c
_line = tables.standing_line.c
_exception = tables.standing_exception.c
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
_POSTED = """
    select line.origin_line_id, line.statement_id, head.period, head.payee_id, head.principal_id,
           line.plan, line.component, line.kind, line.competence, head.currency, line.amount,
           line.order_id, line.credit_id, line.share
    from {first} where line.tenant_id = $1 and head.period < $2 and head.status = 'approved'
      and line.plan = $3 and {which}
"""
_JOINED = """
    statement_line as line join statement_head as head
        on head.tenant_id = line.tenant_id and head.statement_id = line.statement_id
       and head.revision = line.revision
"""
# Two ways in, each with its own index: by order, and by payee.
_POSTED_ORDERS = _POSTED.format(
    first=_JOINED, which="line.order_id = any ($5::text[]) and line.component <> all ($4::text[])"
)
_POSTED_PAYEES = _POSTED.format(
    first=_JOINED,
    which="""head.payee_id = any ($6::uuid[]) and line.component = any ($4::text[])
      and (head.payee_id = any ($5::uuid[])
           or (head.payee_id, line.competence) in (select * from unnest($7::uuid[], $8::text[])))
    """,
)
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
_WAITING = """
    select distinct tenant_id from standing
    where waits_because is null and exists (
        select from fact where fact.tenant_id = standing.tenant_id
          and fact.xid >= pg_snapshot_xmin(standing.snapshot::pg_snapshot)
          and not pg_visible_in_snapshot(fact.xid, standing.snapshot::pg_snapshot))
    order by tenant_id
"""
_IDENTIFIER = "(select system_identifier::text from pg_control_system())"


class PostgresStandings:
    """One tenant's standings."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def lock(self) -> bool:
        """Take the tenant's standings until the transaction ends; False if somebody has them."""
        key = derive_id("standings", str(self._tenant_id)).int & ((1 << 63) - 1)
        return bool(await self._connection.scalar(select(func.pg_try_advisory_xact_lock(key))))

    async def open_ones(self) -> Sequence[Standing]:
        """Return the standings of all open periods, oldest first; others wait from now on."""
        head = tables.period_head.c
        earlier = (
            select(_head.statement_id)
            .where(_head.tenant_id == _standing.tenant_id, _head.period < _standing.period)
            .where(_head.status == StatementStatus.APPROVED.value)
            .exists()
        )
        found = await self._connection.execute(
            select(tables.standing, head.status, earlier.label("has_earlier"))
            .join(
                tables.period_head,
                (head.tenant_id == _standing.tenant_id) & (head.month == _standing.period),
            )
            .where(_standing.tenant_id == self._tenant_id, _standing.waits_because.is_(None))
            .order_by(_standing.period)
        )
        standings = [
            (replace(_read(row), has_earlier=row["has_earlier"]), row["status"])
            for row in found.mappings()
        ]
        closed = [str(each.period) for each, status in standings if status != "open"]
        if closed:
            await self._connection.execute(
                update(tables.standing)
                .where(_standing.tenant_id == self._tenant_id, _standing.period.in_(closed))
                .values(waits_because="the period is not open")
            )
        return [each for each, status in standings if status == "open"]

    async def of(self, period: Month) -> Standing | None:
        """Return a period's standing, if a run of it completed."""
        found = await self._connection.execute(
            select(tables.standing).where(*self._of(tables.standing, period))
        )
        row = found.mappings().one_or_none()
        return None if row is None else _read(row)

    async def start(
        self,
        run: Run,
        go_live: Month,
        segment: str | None,
        lines: Sequence[StandingLine],
        exceptions: Sequence[Exception_],
        *,
        at: datetime,
    ) -> None:
        """Begin a period's standing anew from a run that sealed up to a segment."""
        driver = await driver_connection(self._connection)
        known = await driver.execute(
            f"""
            insert into standing as kept (tenant_id, period, run_id, go_live, snapshot,
                                          system_identifier, renewed_at, changes, waits_because)
            select $1, $2, $3, $4,
                   coalesce((select snapshot from segment where tenant_id = $1 and address = $5
                             order by number desc limit 1), pg_current_snapshot()::text),
                   {_IDENTIFIER}, $6, 0, null
            on conflict (tenant_id, period) do update
            set run_id = excluded.run_id, go_live = excluded.go_live, snapshot = excluded.snapshot,
                system_identifier = excluded.system_identifier, renewed_at = excluded.renewed_at,
                changes = 0, waits_because = null
            """,  # noqa: S608 - only a constant of this module is put in
            self._tenant_id,
            str(run.period),
            run.run_id,
            str(go_live),
            segment,
            at,
        )
        if not known.endswith(" 1"):
            raise LookupError(f"the standing of {run.period} was not written")
        for table in (tables.standing_line, tables.standing_exception):
            await self._connection.execute(delete(table).where(*self._of(table, run.period)))
        await self._add(run.period, lines, exceptions)

    async def replace(self, standing: Standing, replacement: Replacement, *, at: datetime) -> None:
        """Put the new lines and exceptions where the old ones of their keys were."""
        driver = await driver_connection(self._connection)
        period = str(standing.period)
        for keys in replacement.keys:
            await driver.execute(
                _DELETE,
                self._tenant_id,
                period,
                keys.plan,
                list(keys.by_payee),
                list(keys.orders),
                list(keys.payees),
                *_columns(keys.cells),
            )
        await self._drop_exceptions(period, replacement.keys)
        await self._add(standing.period, replacement.lines, replacement.exceptions)
        await self._connection.execute(
            update(tables.standing)
            .where(*self._of(tables.standing, standing.period))
            .values(
                snapshot=text("pg_current_snapshot()::text"),
                renewed_at=at,
                changes=_standing.changes + 1,
            )
        )

    async def _drop_exceptions(self, period: str, keys: Sequence[Replaced]) -> None:
        """Drop those of replaced orders and cells; of orders only read, where all plans read."""
        driver = await driver_connection(self._connection)
        read = frozenset.intersection(*(each.read for each in keys)) if keys else frozenset()
        touched = frozenset.intersection(*(each.touched for each in keys)) if keys else frozenset()
        every: frozenset[str] = frozenset()
        await driver.execute(
            """
            delete from standing_exception as found where tenant_id = $1 and period = $2 and (
                order_id = any ($3::text[])
                or (order_id = any ($4::text[]) and payee_id = any ($5::text[]))
                or (order_id is null and payee_id = any ($6::text[]))
                or (order_id is null and (payee_id, month) in (
                    select * from unnest($7::text[], $8::text[])))
            )
            """,
            self._tenant_id,
            period,
            list(every.union(*(each.orders for each in keys))),
            list(read),
            list(touched),
            list(every.union(*(each.payees for each in keys))),
            *_columns(cell for each in keys for cell in each.cells),
        )

    async def _add(
        self, period: Month, lines: Sequence[StandingLine], exceptions: Sequence[Exception_]
    ) -> None:
        driver = await driver_connection(self._connection)
        for start in range(0, len(lines), ROWS_A_STATEMENT):
            some = lines[start : start + ROWS_A_STATEMENT]
            await driver.execute(
                _INSERT, self._tenant_id, str(period), *map(list, zip(*some, strict=True))
            )
        told = {exception_key(found): found for found in exceptions}
        if told:
            await self._connection.execute(
                upsert(tables.standing_exception).on_conflict_do_nothing(),
                [
                    {
                        "tenant_id": self._tenant_id,
                        "period": str(period),
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

    async def wait(self, standing: Standing, because: str, *, at: datetime) -> None:
        """Say that a standing waits for the next run."""
        await self._connection.execute(
            update(tables.standing)
            .where(*self._of(tables.standing, standing.period))
            .values(waits_because=because, renewed_at=at)
        )

    async def posted(self, period: Month, keys: Sequence[Replaced]) -> Sequence[PostedLine]:
        """Return what approved statements of earlier periods paid of the lines of some keys."""
        driver = await driver_connection(self._connection)
        found: dict[tuple[Any, Any], PostedLine] = {}
        for key in keys:
            first = (self._tenant_id, str(period), key.plan, list(key.by_payee))
            rows = await driver.fetch(_POSTED_ORDERS, *first, list(key.orders))
            touched = sorted(key.touched)
            rows += await driver.fetch(
                _POSTED_PAYEES, *first, sorted(key.payees), touched, *_columns(key.cells)
            )
            found.update(
                {(row["origin_line_id"], row["statement_id"]): _posted(row) for row in rows}
            )
        return tuple(found.values())

    async def approved(self, period: Month, payees: Collection[str]) -> ApprovedStatements:
        """Return the approved statements of some payees' earlier periods."""
        found = await self._connection.execute(
            select(
                _head.payee_id, _head.principal_id, _head.period, _head.currency, _head.statement_id
            )
            .where(_head.tenant_id == self._tenant_id, _head.period < str(period))
            .where(_head.status == StatementStatus.APPROVED.value)
            .where(_head.payee_id == func.any(list(payees)))
        )
        return {(str(row[0]), str(row[1]), row[2], row[3]): row[4] for row in found}

    async def lines(self, period: Month, payee_id: UUID) -> Sequence[StandingLine]:
        """Return a payee's lines, in the order of plan, component and id."""
        found = await self._connection.execute(
            select(*(_line[name] for name in StandingLine._fields))
            .where(*self._of(tables.standing_line, period), _line.payee_id == str(payee_id))
            .order_by(_line.plan, _line.component, _line.line_id)
        )
        return [
            StandingLine(*row)._replace(amount=Money(Decimal(row.amount), row.currency).amount)
            for row in found
        ]

    async def stated(self, period: Month, payee_id: UUID) -> Sequence[StatementKey]:
        """Return the keys of the statements that a payee has already in a period."""
        found = await self._connection.execute(
            select(_head.payee_id, _head.principal_id, _head.currency)
            .where(_head.tenant_id == self._tenant_id, _head.payee_id == payee_id)
            .where(_head.period == str(period))
        )
        return [(str(row[0]), str(row[1]), row[2]) for row in found]

    async def balances(self, period: Month, payee_id: UUID) -> Mapping[StatementKey, Decimal]:
        """Return what a payee's ledgers carried after the periods before one."""
        return await carried_balances(self._connection, self._tenant_id, period, payee_id)

    async def exceptions(self, period: Month, payee_id: UUID) -> Sequence[Exception_]:
        """Return a payee's exceptions, and those of the orders in its lines."""
        orders = (
            select(_line.order_id)
            .where(*self._of(tables.standing_line, period), _line.payee_id == str(payee_id))
            .where(_line.order_id.is_not(None))
        )
        found = await self._connection.execute(
            select(tables.standing_exception)
            .where(*self._of(tables.standing_exception, period))
            .where(
                (_exception.payee_id == str(payee_id))
                | (_exception.payee_id.is_(None) & _exception.order_id.in_(orders))
            )
            .order_by(_exception.code, _exception.message, _exception.exception_id)
        )
        return [
            Exception_(
                row.code,
                row.message,
                row.what_to_do,
                row.payee_id,
                row.order_id,
                row.month,
                row.blocks,
            )
            for row in found
        ]

    async def is_current(self, standing: Standing) -> bool:
        """Say whether a standing knows every fact that is stored."""
        found = await self._connection.scalar(
            text(
                "select exists (select from fact where tenant_id = :tenant"
                " and xid >= pg_snapshot_xmin(cast(:seen as text)::pg_snapshot)"
                " and not pg_visible_in_snapshot(xid, cast(:seen as text)::pg_snapshot))"
            ),
            {"tenant": self._tenant_id, "seen": standing.snapshot},
        )
        return not found

    def _of(self, table: Any, period: Month) -> tuple[Any, Any]:
        return table.c.tenant_id == self._tenant_id, table.c.period == str(period)


def _columns(cells: Iterable[tuple[str, str]]) -> tuple[list[str], list[str]]:
    pairs = sorted(cells)
    return [payee for payee, _ in pairs], [period for _, period in pairs]


def _read(row: RowMapping) -> Standing:
    return Standing(
        Month.parse(row["period"]),
        row["run_id"],
        Month.parse(row["go_live"]),
        row["snapshot"],
        row["system_identifier"],
        row["renewed_at"],
        row["changes"],
        row["waits_because"],
    )


def _posted(row: Any) -> PostedLine:
    return PostedLine(
        row["origin_line_id"],
        row["statement_id"],
        row["period"],
        str(row["payee_id"]),
        str(row["principal_id"]),
        row["plan"],
        row["component"],
        row["kind"],
        row["competence"],
        row["currency"],
        Money(row["amount"], row["currency"]).amount,
        row["order_id"],
        row["credit_id"],
        row["share"],
    )


class PostgresWaitingStandings:
    """Looks over all tenants with the system's role."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def tenants(self) -> Sequence[UUID]:
        """Return the tenants with facts that a standing does not know, in the order of their ids.

        Standings of periods that are closed since are among them; nothing renews these.
        """
        async with self._database.system() as connection:
            found = await connection.scalars(text(_WAITING))
            return list(found)
