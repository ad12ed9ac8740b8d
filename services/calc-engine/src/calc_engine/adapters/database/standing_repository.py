"""What payees stand at between runs, in PostgreSQL."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database import tables
from calc_engine.adapters.database.posted_by_key import approved_of, posted_of_keys
from calc_engine.adapters.database.raw import driver_connection
from calc_engine.adapters.database.standing_lines import add_lines, drop_keys
from calc_engine.domain.proposal import StatementKey
from calc_engine.domain.restatement import ApprovedStatements
from calc_engine.domain.run import Run
from calc_engine.domain.standing import Replaced, Replacement, Standing, StandingLine
from calc_engine.domain.statement import StatementStatus
from calc_engine.domain.statement_line import PostedLine
from premia_common.identifiers import derive_id
from premia_common.money import Money
from premia_common.periods import Month
from premia_plan.results import Exception_

_standing = tables.standing.c
_head = tables.statement_head.c
_line = tables.standing_line.c
_exception = tables.standing_exception.c
_IDENTIFIER = "(select system_identifier::text from pg_control_system())"
# A snapshot says nothing in another database: what was restored there waits for a run.
_HERE = _standing.system_identifier == text(_IDENTIFIER)


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
        """Return the standings of all open periods, oldest first; others wait from now on.

        Those of a database that was restored here are left out: they wait for a run.
        """
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
            .where(_HERE)
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
        """Return a period's standing, if a run of it completed in this very database."""
        found = await self._connection.execute(
            select(tables.standing).where(*self._of(tables.standing, period), _HERE)
        )
        row = found.mappings().one_or_none()
        return None if row is None else _read(row)

    async def start(
        self,
        run: Run,
        go_live: Month,
        snapshot: str,
        lines: Sequence[StandingLine],
        exceptions: Sequence[Exception_],
        *,
        at: datetime,
    ) -> None:
        """Begin a period's standing anew from a run whose facts a snapshot sees."""
        driver = await driver_connection(self._connection)
        known = await driver.execute(
            f"""
            insert into standing as kept (tenant_id, period, run_id, go_live, snapshot,
                                          system_identifier, renewed_at, changes, waits_because)
            select $1, $2, $3, $4, $5, {_IDENTIFIER}, $6, 0, null
            on conflict (tenant_id, period) do update
            set run_id = excluded.run_id, go_live = excluded.go_live, snapshot = excluded.snapshot,
                system_identifier = excluded.system_identifier, renewed_at = excluded.renewed_at,
                changes = 0, waits_because = null
            """,  # noqa: S608 - only a constant of this module is put in
            self._tenant_id,
            str(run.period),
            run.run_id,
            str(go_live),
            snapshot,
            at,
        )
        if not known.endswith(" 1"):
            raise LookupError(f"the standing of {run.period} was not written")
        for table in (tables.standing_line, tables.standing_exception):
            await self._connection.execute(delete(table).where(*self._of(table, run.period)))
        await add_lines(self._connection, self._tenant_id, str(run.period), lines, exceptions)

    async def replace(self, standing: Standing, replacement: Replacement, *, at: datetime) -> None:
        """Put the new lines and exceptions where the old ones of their keys were."""
        whose = (self._connection, self._tenant_id, str(standing.period))
        await drop_keys(*whose, replacement.keys)
        await add_lines(*whose, replacement.lines, replacement.exceptions)
        await self._connection.execute(
            update(tables.standing)
            .where(*self._of(tables.standing, standing.period))
            .values(
                snapshot=text("pg_current_snapshot()::text"),
                renewed_at=at,
                changes=_standing.changes + 1,
            )
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
        return await posted_of_keys(self._connection, self._tenant_id, period, keys)

    async def approved(self, period: Month, payees: Collection[str]) -> ApprovedStatements:
        """Return the approved statements of some payees' earlier periods."""
        return await approved_of(self._connection, self._tenant_id, period, payees)

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
