"""What what-if questions and back-tests share: they are asked, listed and cancelled alike."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from calc_engine.application.ask_simulation import ask_simulation, cancel_simulation
from calc_engine.application.ports import CalcWork, Ids
from calc_engine.domain.simulation import Simulation, SimulationKind
from calc_engine.entrypoints.api.dependencies import Ports
from premia_runtime.auth import Caller
from premia_runtime.dependencies import OpenWorkOf, PageRequest

Effect: TypeAlias = Callable[[CalcWork], Awaitable[Simulation]]


def asking(
    kind: SimulationKind,
    question: Mapping[str, Any],
    *,
    by: UUID,
    now: datetime,
    ids: Ids,
    ports: Ports,
) -> Effect:
    """Return what queues a question."""

    async def effect(work: CalcWork) -> Simulation:
        return await ask_simulation(
            work,
            kind=kind,
            question=question,
            by=by,
            now=now,
            kept=ports.simulations_kept,
            ids=ids,
        )

    return effect


def cancelling(simulation_id: UUID, kinds: Sequence[SimulationKind]) -> Effect:
    """Return what ends a question of some kinds without an answer."""

    async def effect(work: CalcWork) -> Simulation:
        return await cancel_simulation(work, simulation_id=simulation_id, kinds=kinds)

    return effect


async def listed(
    open_work: OpenWorkOf,
    caller: Caller,
    kinds: Sequence[SimulationKind],
    page: PageRequest,
    write_cursor: Callable[[str, UUID], str],
) -> tuple[Sequence[Simulation], str | None]:
    """Return a page of questions of some kinds, latest first, and where the next one begins."""
    after = (datetime.fromisoformat(page.after[0]), UUID(page.after[1])) if page.after else None
    async with open_work(caller.tenant_id) as work:
        found = await work.simulations.listed(kinds, after=after, limit=page.limit + 1)
    shown = found[: page.limit]
    if len(found) <= page.limit:
        return shown, None
    last = shown[-1]
    return shown, write_cursor(last.requested_at.isoformat(), last.simulation_id)
