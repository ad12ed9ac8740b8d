"""One tenant's transaction with calc-engine's repositories."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database.accrual_repository import PostgresAccruals
from calc_engine.adapters.database.adjustment_repository import PostgresAdjustments
from calc_engine.adapters.database.exception_repository import PostgresExceptions
from calc_engine.adapters.database.fact_repository import PostgresFacts
from calc_engine.adapters.database.ledger_repository import PostgresLedger
from calc_engine.adapters.database.load_repository import PostgresLoads
from calc_engine.adapters.database.period_repository import PostgresPeriods
from calc_engine.adapters.database.queries import Queries
from calc_engine.adapters.database.record_repository import PostgresRecords
from calc_engine.adapters.database.reference_repository import PostgresReferences
from calc_engine.adapters.database.run_repository import PostgresRuns
from calc_engine.adapters.database.simulation_repository import PostgresSimulations
from calc_engine.adapters.database.standing_repository import PostgresStandings
from calc_engine.adapters.database.statement_repository import PostgresStatements
from calc_engine.application import ports
from premia_runtime.work import OpenWork, Outbox, Work


class CalcWork(Work):
    """One tenant's open transaction."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID, outbox: Outbox) -> None:
        super().__init__(connection, tenant_id, outbox)
        self.facts = PostgresFacts(connection, tenant_id)
        self.periods = PostgresPeriods(connection, tenant_id)
        self.runs = PostgresRuns(connection, tenant_id)
        self.simulations = PostgresSimulations(connection, tenant_id)
        self.statements = PostgresStatements(connection, tenant_id)
        self.ledger = PostgresLedger(connection, tenant_id)
        self.accruals = PostgresAccruals(connection, tenant_id)
        self.exceptions = PostgresExceptions(connection, tenant_id)
        self.references = PostgresReferences(connection, tenant_id)
        self.standings = PostgresStandings(connection, tenant_id)
        self.records = PostgresRecords(connection, tenant_id)
        self.loads = PostgresLoads(connection, tenant_id)
        self.adjustments = PostgresAdjustments(connection, tenant_id)
        self.queries = Queries(connection, tenant_id)


class OpenCalcWork:
    """Opens transactions for use cases that need more than one, as a run does."""

    def __init__(self, open_work: OpenWork[CalcWork]) -> None:
        self._open_work = open_work

    def __call__(self, tenant_id: UUID) -> AbstractAsyncContextManager[ports.CalcWork]:
        """Open a transaction: a clean exit commits, an error rolls back."""
        return self._opened(tenant_id)

    def snapshot(
        self, tenant_id: UUID, *, seeing: str | None = None
    ) -> AbstractAsyncContextManager[ports.CalcWork]:
        """Open a transaction whose reads all see one instant: an exported one, if it is named."""
        return self._snapshot(tenant_id, seeing)

    @asynccontextmanager
    async def _opened(self, tenant_id: UUID) -> AsyncIterator[ports.CalcWork]:
        async with self._open_work(tenant_id) as work:
            yield work

    @asynccontextmanager
    async def _snapshot(self, tenant_id: UUID, seeing: str | None) -> AsyncIterator[ports.CalcWork]:
        async with self._open_work(tenant_id, isolation="REPEATABLE READ", seeing=seeing) as work:
            yield work
