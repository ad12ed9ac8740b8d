"""A question about pay that changes nothing: what-if, orders under a draft plan, back-test."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from calc_engine.domain.progress import Stage
from calc_engine.domain.run import RunStatus


class SimulationKind(Enum):
    """What is asked."""

    WHAT_IF = "what_if"
    ORDERS_CHECK = "orders_check"
    BACK_TEST = "back_test"


class SimulationNotFound(LookupError):
    """Raised when the tenant has no such simulation of this kind."""

    def __init__(self, simulation_id: UUID) -> None:
        super().__init__(f"There is no simulation {simulation_id}.")


class SimulationExpired(LookupError):
    """Raised when the answer of a simulation is asked for after it was thrown away."""

    def __init__(self, simulation_id: UUID, at: datetime) -> None:
        super().__init__(
            f"The answer of simulation {simulation_id} was kept until {at.isoformat()}; ask again."
        )


class SimulationNotComplete(Exception):
    """Raised when the answer is asked for and there is none."""

    def __init__(self, simulation_id: UUID, status: RunStatus) -> None:
        super().__init__(f"Simulation {simulation_id} is {status.value}; it has no answer.")


class SimulationNotCancellable(Exception):
    """Raised when a simulation is cancelled that has ended by itself."""

    def __init__(self, simulation_id: UUID, status: RunStatus) -> None:
        super().__init__(f"Simulation {simulation_id} is {status.value}; there is nothing to end.")


@dataclass(frozen=True, slots=True)
class SimulationResult:
    """Where the answer lies: the whole of it, and what explains either side."""

    answer_address: str
    answer_sha256: str
    nodes_before: str | None
    nodes_after: str | None

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every file of the answer."""
        every = (self.answer_address, self.nodes_before, self.nodes_after)
        return tuple(address for address in every if address is not None)


@dataclass(frozen=True, slots=True)
class Simulation:
    """A question as it stands.  Nothing of it enters statements or ledger."""

    simulation_id: UUID
    kind: SimulationKind
    question: Mapping[str, Any]
    requested_by: UUID
    requested_at: datetime
    expires_at: datetime
    status: RunStatus
    stage: Stage
    attempts: int
    failure: str | None
    result: SimulationResult | None

    def answered(self, now: datetime) -> SimulationResult:
        """Return where the answer lies.

        Raises:
            SimulationNotComplete: if there is none.
            SimulationExpired: if it is kept no longer.
        """
        if self.status is RunStatus.COMPLETED and now >= self.expires_at:
            raise SimulationExpired(self.simulation_id, self.expires_at)
        if self.result is None:
            raise SimulationNotComplete(self.simulation_id, self.status)
        return self.result
