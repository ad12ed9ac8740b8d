"""Ask a question that changes nothing, end it early, and read its answer."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from calc_engine.application.file_ports import SimulationFiles
from calc_engine.application.ports import CalcWork, Ids
from calc_engine.domain.progress import Stage
from calc_engine.domain.run import RunStatus
from calc_engine.domain.simulation import (
    Simulation,
    SimulationKind,
    SimulationNotCancellable,
    SimulationNotFound,
)


async def ask_simulation(
    work: CalcWork,
    *,
    kind: SimulationKind,
    question: Mapping[str, Any],
    by: UUID,
    now: datetime,
    kept: timedelta,
    ids: Ids,
) -> Simulation:
    """Queue a question; a worker answers it, and the answer is kept for a while."""
    simulation = Simulation(
        simulation_id=ids.new(),
        kind=kind,
        question=question,
        requested_by=by,
        requested_at=now,
        expires_at=now + kept,
        status=RunStatus.QUEUED,
        stage=Stage("queued", 0),
        attempts=0,
        failure=None,
        result=None,
    )
    await work.simulations.add(simulation)
    return simulation


async def cancel_simulation(
    work: CalcWork, *, simulation_id: UUID, kinds: Collection[SimulationKind]
) -> Simulation:
    """End a simulation without an answer; ending it again changes nothing.

    Raises:
        SimulationNotFound: if the tenant has no such simulation.
        SimulationNotCancellable: if it has completed or failed.
    """
    simulation = await work.simulations.begin(simulation_id)
    if simulation.kind not in kinds:
        raise SimulationNotFound(simulation_id)
    if simulation.status is RunStatus.CANCELLED:
        return simulation
    if simulation.status.has_ended:
        raise SimulationNotCancellable(simulation_id, simulation.status)
    ended = replace(simulation, status=RunStatus.CANCELLED, stage=Stage("cancelled", 100))
    await work.simulations.save(ended)
    return ended


async def find_simulation(
    work: CalcWork, simulation_id: UUID, kinds: Collection[SimulationKind]
) -> Simulation:
    """Return a simulation of some kinds.

    Raises:
        SimulationNotFound: if the tenant has no such simulation.
    """
    simulation = await work.simulations.get(simulation_id)
    if simulation.kind not in kinds:
        raise SimulationNotFound(simulation_id)
    return simulation


async def forget_expired(work: CalcWork, *, files: SimulationFiles, now: datetime) -> None:
    """Throw away the answers that are kept no longer; the questions stay."""
    for simulation in await work.simulations.expired(now):
        if simulation.result is not None:
            for address in simulation.result.addresses:
                await files.remove(work.tenant_id, address)
        await work.simulations.save(replace(simulation, result=None))
