"""The first step of a run: wait for promised facts, seal the tail, keep what was posted."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from calc_engine.application.base_run import CannotGoOn, Sealed
from calc_engine.application.file_ports import RunFiles
from calc_engine.application.ports import CalcWork, Engines, OpenWork, StoredFile
from calc_engine.application.renew_run import Renewed, renew_run
from calc_engine.domain.baseline import Baseline
from calc_engine.domain.run import Run, Segment, SourceState
from premia_common.periods import Month

POLL_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a run will read, and nothing else."""

    run: Run
    go_live: Month
    segments: tuple[Segment, ...]
    baseline: Baseline
    baseline_file: StoredFile
    waited_for: tuple[SourceState, ...]
    not_waited_for: tuple[SourceState, ...]
    snapshot: str
    """Which transactions' facts it reads, as this very PostgreSQL says it."""
    approved: str
    """The digest of which statements of earlier periods are approved."""
    renewed: Renewed | None
    """The result, where the run goes on from another; then `baseline` names no posted lines."""
    everything_because: str | None
    """Why it must calculate everything."""

    @property
    def sources(self) -> tuple[SourceState, ...]:
        """Every source, as it stood when the run sealed."""
        return (*self.waited_for, *self.not_waited_for)


class MissingEvents(Protocol):
    """Counts the events that others published before one that has been read, and that have not."""

    async def __call__(self) -> int:
        """Return how many are missing now."""
        ...


async def wait_for_sources(
    open_work: OpenWork, tenant_id: UUID, seconds: int, *, missing_events: MissingEvents
) -> None:
    """Return when everything announced has arrived, or the time is up.

    That is every source's facts as its watermark promised, and every event before the newest
    one of its type: after a crash an older event may come again later than a newer one.
    """
    for _ in range(int(seconds / POLL_SECONDS)):
        async with open_work(tenant_id) as work:
            states = await work.facts.sources()
        told = all(state.is_complete for state in states if state.promised is not None)
        if told and not await missing_events():
            return
        await asyncio.sleep(POLL_SECONDS)


@dataclass(frozen=True, slots=True)
class SealedFacts:
    """Everything at the instant of a sealing: the segments, and a transaction that reads there."""

    segments: tuple[Segment, ...]
    work: CalcWork


@asynccontextmanager
async def sealed(
    tenant_id: UUID, *, open_work: OpenWork, files: RunFiles, now: datetime
) -> AsyncIterator[SealedFacts]:
    """Seal the facts that no segment holds yet, and read at that very instant.

    One transaction waits for its turn; the one that seals, opened after it, reads everything at
    one instant, and both have ended before the first read: who comes next seals at once.  What is
    handed out sees that same instant, however long it reads.  A fact committed later, by a
    transaction however old, is in the next tail.
    """
    async with AsyncExitStack() as reading:
        async with open_work(tenant_id) as guard:
            await guard.facts.lock_sealing()
            async with open_work.snapshot(tenant_id) as work:
                tail = await work.facts.tail()
                if tail:
                    await work.facts.add_segment(await files.put_segment(tenant_id, tail), now)
                segments = tuple(await work.facts.segments())
                name = await work.facts.export_snapshot()
                # Opened while the one that exports is open; it does not see the new segment.
                reader = await reading.enter_async_context(
                    open_work.snapshot(tenant_id, seeing=name)
                )
        yield SealedFacts(segments, reader)


async def prepare_run(
    run: Run,
    *,
    tenant_id: UUID,
    open_work: OpenWork,
    files: RunFiles,
    now: datetime,
    engines: Engines,
) -> Prepared:
    """Seal the facts that no segment holds yet, and return everything the run will read.

    A run that can go on from the period's last one is calculated here: at the instant of its
    sealing, from the facts that the new ones reach.  Meanwhile others write facts and seal them.
    """
    async with sealed(tenant_id, open_work=open_work, files=files, now=now) as found:
        work, segments = found.work, found.segments
        states = await work.facts.sources()
        go_live = await work.periods.first() or run.period
        snapshot = await work.facts.snapshot()
        approved = await work.statements.approved_before(run.period)
        renewed, because = None, None
        try:
            own = await work.statements.open_baseline(run.period)
            seen = Sealed(segments, go_live, approved, own)
            renewed = await renew_run(work, run, seen, files=files, engines=engines)
            baseline = own
        except CannotGoOn as error:
            because = str(error)
            baseline = await work.statements.baseline(run.period)
    stored = await files.put_json(tenant_id, run.run_id, "baseline", baseline.to_bytes())
    complete, incomplete = _by_watermark(states, run.period)
    return Prepared(
        run,
        go_live,
        segments,
        baseline,
        stored,
        complete,
        incomplete,
        snapshot,
        approved,
        renewed,
        because,
    )


def _by_watermark(
    states: Sequence[SourceState], period: Month
) -> tuple[tuple[SourceState, ...], tuple[SourceState, ...]]:
    """Split sources into those that told everything of the period, and the others."""
    waited: list[SourceState] = []
    others: list[SourceState] = []
    for state in sorted(states, key=lambda item: item.source):
        told = state.known_up_to is not None and state.known_up_to.date() >= period.period.end
        (waited if told and state.is_complete else others).append(state)
    return tuple(waited), tuple(others)
