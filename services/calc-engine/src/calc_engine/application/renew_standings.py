"""Renew what payees stand at, as far as the facts that arrived reach."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from calc_engine.application.calculate_plans import PlanNotUsable
from calc_engine.application.calculate_scope import (
    ReachesEverything,
    ScopedResult,
    calculate_scope,
)
from calc_engine.application.capped_keys import capped_keys
from calc_engine.application.file_ports import RunFiles
from calc_engine.application.gather_facts import MOST_CHANGES, FactsInReach, ReachesTooFar
from calc_engine.application.not_calculable import NotCalculable
from calc_engine.application.ports import CalcWork, Engines, Ids, OpenWork
from calc_engine.domain.lineage import node_rows
from calc_engine.domain.restatement import lines_of_period
from calc_engine.domain.standing import (
    Replacement,
    Standing,
    held_lines,
    stated_line,
)


@dataclass(frozen=True, slots=True)
class Renewed:
    """A standing that now knows all facts, or waits for a run."""

    standing: Standing
    arrived: int
    replacement: Replacement | None
    waits_because: str | None


async def renew_standings(
    *,
    tenant_id: UUID,
    open_work: OpenWork,
    files: RunFiles,
    engines: Engines,
    ids: Ids,
    now: datetime,
) -> Sequence[Renewed]:
    """Bring a tenant's standings up to the facts that are committed now, and return which changed.

    Only what the new facts reach is calculated; it is what a run over all facts would give.  A
    standing whose new facts cannot be followed to single orders and payees says so and waits for
    the next run.  Lines, lineage and what is known commit together; without a renewal in between
    the same facts are found again.
    """
    async with open_work.snapshot(tenant_id) as work:
        if not await work.standings.lock():
            return ()
        renewed = []
        for standing in await work.standings.open_ones():
            found = await _renew(work, standing, files, engines, ids=ids, now=now)
            if found is not None:
                renewed.append(found)
        return renewed


async def _renew(
    work: CalcWork,
    standing: Standing,
    files: RunFiles,
    engines: Engines,
    *,
    ids: Ids,
    now: datetime,
) -> Renewed | None:
    arrived = await work.references.arrived_since(standing, MOST_CHANGES + 1)
    if not arrived:
        return None
    try:
        result = await _calculated(work, standing, arrived, engines)
    except (ReachesEverything, ReachesTooFar, PlanNotUsable, NotCalculable) as error:
        await work.standings.wait(standing, str(error)[:1000], at=now)
        return Renewed(standing, len(arrived), None, str(error))
    has_earlier = standing.has_earlier
    stated, differences = lines_of_period(
        result.lines,
        await work.standings.posted(standing.period, result.keys) if has_earlier else (),
        period=standing.period,
        go_live=standing.go_live,
        approved=await work.standings.approved(standing.period, result.payees)
        if has_earlier
        else {},
        order_sources=result.order_sources,
        has_rates=result.has_rates,
        capped=await capped_keys(work, result.payees),
    )
    held = held_lines(result.lines, "")
    roots = [*(line.node_id for line in stated), *(line.node_id for line in held)]
    address = ""
    if roots:
        rows = node_rows([*result.nodes, *differences], roots)
        address = (await files.put_nodes(work.tenant_id, ids.new(), rows)).address
    replacement = Replacement(
        result.keys,
        (
            *(stated_line(line, address) for line in stated),
            *(line._replace(nodes_address=address) for line in held),
        ),
        result.exceptions,
    )
    await work.standings.replace(standing, replacement, at=now)
    return Renewed(standing, len(arrived), replacement, None)


async def _calculated(
    work: CalcWork,
    standing: Standing,
    arrived: Sequence[tuple[str, str]],
    engines: Engines,
) -> ScopedResult:
    if len(arrived) > MOST_CHANGES:
        raise ReachesEverything([f"more than {MOST_CHANGES:,} facts arrived"])
    reach = FactsInReach(work.references)
    await reach.gather(arrived)
    return await asyncio.to_thread(
        calculate_scope,
        reach.facts,
        arrived,
        engines,
        since=standing.go_live,
        until=standing.period,
    )
