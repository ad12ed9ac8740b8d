"""What the routes of simulations and back-tests share: waiting, and reading the answer."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from calc_engine.application.ask_simulation import find_simulation
from calc_engine.domain.simulation import Simulation, SimulationKind
from calc_engine.entrypoints.api.dependencies import Ports
from premia_runtime.auth import Caller
from premia_runtime.work import OpenWork

LOOK_SECONDS = 0.25
WaitSeconds = Annotated[
    int,
    Query(ge=0, le=8, description="Wait so long for the answer; a small one comes at once."),
]


async def waited_for(
    open_work: OpenWork[Any],
    caller: Caller,
    simulation_id: UUID,
    kinds: Collection[SimulationKind],
    seconds: int = 0,
) -> Simulation:
    """Return a simulation as soon as it has ended, or as it is when the time is up.

    Raises:
        SimulationNotFound: if the tenant has no such simulation.
    """
    for turn in range(int(seconds / LOOK_SECONDS) + 1):
        if turn:
            await asyncio.sleep(LOOK_SECONDS)
        async with open_work(caller.tenant_id) as work:
            found = await find_simulation(work, simulation_id, kinds)
        if found.status.has_ended:
            break
    return found


async def answer_of(
    ports: Ports, caller: Caller, simulation: Simulation, now: datetime
) -> Mapping[str, Any]:
    """Return the stored answer.

    Raises:
        SimulationNotComplete: if there is none.
        SimulationExpired: if it is kept no longer.
    """
    result = simulation.answered(now)
    return await ports.simulations.read_answer(
        caller.tenant_id, result.answer_address, result.answer_sha256
    )
