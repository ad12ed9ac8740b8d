"""Where runs, replays and simulations are kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from calc_engine.domain.outcome import Outcome
from calc_engine.domain.progress import Stage
from calc_engine.domain.run import Replay, Run, RunResult, RunStatus
from calc_engine.domain.simulation import Simulation, SimulationKind
from calc_engine.domain.validation import ValidationReport
from premia_common.periods import Month


class RunRepository(Protocol):
    """Runs, their results and their replays."""

    async def add(self, run: Run) -> None:
        """Store a queued run and its job."""
        ...

    async def get(self, run_id: UUID) -> Run:
        """Return a run."""
        ...

    async def running_in(self, period: Month) -> UUID | None:
        """Return the run of a period that has not ended, if there is one."""
        ...

    async def latest_of(self, period: Month) -> Run | None:
        """Return the latest completed run that made the period's statements."""
        ...

    async def report_progress(self, run_id: UUID, stage: Stage, *, at: datetime) -> None:
        """Say how far a running run is; of one that has ended nothing is told any more."""
        ...

    async def attempt(self, run_id: UUID, *, at: datetime) -> Run:
        """Record that a worker begins an attempt, and return the run."""
        ...

    async def begin(self, run_id: UUID) -> Run:
        """Return the run, locked until the transaction ends."""
        ...

    async def complete(
        self,
        run: Run,
        result: RunResult,
        report: ValidationReport,
        outcome: Outcome,
        statements: Mapping[UUID, int],
        *,
        at: datetime,
    ) -> None:
        """Store a run's result and mark it completed."""
        ...

    async def fail(self, run_id: UUID, reason: str, *, at: datetime) -> None:
        """Mark a run as failed for good."""
        ...

    async def cancel(self, run_id: UUID, *, by: UUID, at: datetime) -> None:
        """Mark a run as cancelled for good."""
        ...

    async def report(self, run_id: UUID) -> ValidationReport:
        """Return the validation report of a completed run."""
        ...

    async def statements_of(self, run_id: UUID) -> Mapping[UUID, int]:
        """Return the statements a run stands for, with the revision it found or made."""
        ...

    async def add_replay(self, replay: Replay) -> None:
        """Store a queued replay and its job."""
        ...

    async def get_replay(self, run_id: UUID, replay_id: UUID) -> Replay:
        """Return a replay of a run."""
        ...

    async def end_replay(
        self, replay_id: UUID, status: RunStatus, result_digest: str | None, failure: str | None
    ) -> None:
        """Record how a replay ended."""
        ...


class SimulationRepository(Protocol):
    """Questions that change nothing, and where their answers lie."""

    async def add(self, simulation: Simulation) -> None:
        """Store a queued simulation and its job."""
        ...

    async def get(self, simulation_id: UUID) -> Simulation:
        """Return a simulation."""
        ...

    async def begin(self, simulation_id: UUID) -> Simulation:
        """Return a simulation, locked until the transaction ends."""
        ...

    async def save(self, simulation: Simulation) -> None:
        """Keep where a simulation is now."""
        ...

    async def listed(
        self, kinds: Sequence[SimulationKind], *, after: tuple[datetime, UUID] | None, limit: int
    ) -> Sequence[Simulation]:
        """Return simulations of some kinds, latest first."""
        ...

    async def expired(self, now: datetime) -> Sequence[Simulation]:
        """Return those whose answer is kept no longer and whose files are still there."""
        ...
