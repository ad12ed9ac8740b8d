"""Simulations in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database import tables
from calc_engine.domain.progress import Stage
from calc_engine.domain.run import RunStatus
from calc_engine.domain.simulation import (
    Simulation,
    SimulationKind,
    SimulationNotFound,
    SimulationResult,
)

_question = tables.simulation.c
_head = tables.simulation_head.c


class PostgresSimulations:
    """One tenant's simulations."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def add(self, simulation: Simulation) -> None:
        """Store a queued simulation and its job."""
        key = {"tenant_id": self._tenant_id, "simulation_id": simulation.simulation_id}
        await self._connection.execute(
            insert(tables.simulation).values(
                **key,
                kind=simulation.kind.value,
                question=dict(simulation.question),
                requested_by=simulation.requested_by,
                requested_at=simulation.requested_at,
                expires_at=simulation.expires_at,
            )
        )
        stage = simulation.stage
        await self._connection.execute(
            insert(tables.simulation_head).values(
                **key,
                status=simulation.status.value,
                phase=stage.name,
                progress_percent=stage.percent,
                done=stage.done,
                parts=stage.parts,
                attempts=simulation.attempts,
            )
        )
        await self._connection.execute(
            insert(tables.job).values(
                tenant_id=self._tenant_id,
                job_id=simulation.simulation_id,
                kind="simulation",
                run_id=simulation.simulation_id,
            )
        )

    async def get(self, simulation_id: UUID) -> Simulation:
        """Return a simulation.

        Raises:
            SimulationNotFound: if the tenant has no such simulation.
        """
        found = await self._connection.execute(
            self._query().where(_question.simulation_id == simulation_id)
        )
        row = found.mappings().one_or_none()
        if row is None:
            raise SimulationNotFound(simulation_id)
        return _simulation(row)

    async def begin(self, simulation_id: UUID) -> Simulation:
        """Return a simulation, its head locked until the transaction ends."""
        await self._connection.execute(
            select(_head.status)
            .where(_head.tenant_id == self._tenant_id, _head.simulation_id == simulation_id)
            .with_for_update()
        )
        return await self.get(simulation_id)

    async def save(self, simulation: Simulation) -> None:
        """Keep where a simulation is now."""
        result = simulation.result
        await self._connection.execute(
            update(tables.simulation_head)
            .where(_head.tenant_id == self._tenant_id)
            .where(_head.simulation_id == simulation.simulation_id)
            .values(
                status=simulation.status.value,
                phase=simulation.stage.name,
                progress_percent=simulation.stage.percent,
                done=simulation.stage.done,
                parts=simulation.stage.parts,
                attempts=simulation.attempts,
                failure=simulation.failure,
                answer_address=result.answer_address if result else None,
                answer_sha256=result.answer_sha256 if result else None,
                nodes_before=result.nodes_before if result else None,
                nodes_after=result.nodes_after if result else None,
            )
        )

    async def listed(
        self, kinds: Sequence[SimulationKind], *, after: tuple[datetime, UUID] | None, limit: int
    ) -> Sequence[Simulation]:
        """Return simulations of some kinds, latest first."""
        query = self._query().where(_question.kind.in_([kind.value for kind in kinds]))
        if after is not None:
            at, simulation_id = after
            query = query.where(
                (_question.requested_at < at)
                | ((_question.requested_at == at) & (_question.simulation_id < simulation_id))
            )
        found = await self._connection.execute(
            query.order_by(_question.requested_at.desc(), _question.simulation_id.desc()).limit(
                limit
            )
        )
        return tuple(_simulation(row) for row in found.mappings())

    async def expired(self, now: datetime) -> Sequence[Simulation]:
        """Return those whose answer is kept no longer and whose files are still there."""
        found = await self._connection.execute(
            self._query()
            .where(_question.expires_at <= now, _head.answer_address.is_not(None))
            .order_by(_question.expires_at)
            .limit(100)
        )
        return tuple(_simulation(row) for row in found.mappings())

    def _query(self) -> Select[Any]:
        return (
            select(
                tables.simulation,
                _head.status,
                _head.phase,
                _head.progress_percent,
                _head.done,
                _head.parts,
                _head.attempts,
                _head.failure,
                _head.answer_address,
                _head.answer_sha256,
                _head.nodes_before,
                _head.nodes_after,
            )
            .join(
                tables.simulation_head,
                (_head.tenant_id == _question.tenant_id)
                & (_head.simulation_id == _question.simulation_id),
            )
            .where(_question.tenant_id == self._tenant_id)
        )


def _simulation(row: RowMapping) -> Simulation:
    result = None
    if row["answer_address"] is not None:
        result = SimulationResult(
            row["answer_address"], row["answer_sha256"], row["nodes_before"], row["nodes_after"]
        )
    return Simulation(
        row["simulation_id"],
        SimulationKind(row["kind"]),
        row["question"],
        row["requested_by"],
        row["requested_at"],
        row["expires_at"],
        RunStatus(row["status"]),
        Stage(row["phase"], row["progress_percent"], row["done"], row["parts"]),
        row["attempts"],
        row["failure"],
        result,
    )
