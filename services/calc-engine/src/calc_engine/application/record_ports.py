"""Where loaded rows and adjustments are kept."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from calc_engine.domain.adjustment import Adjustment, AdjustmentStatus
from calc_engine.domain.proposed_load import LoadStatus, ProposedLoad
from calc_engine.domain.record import RejectedOutcome, RejectedRow


class RecordRepository(Protocol):
    """Rows that people load, and those that could not be used."""

    async def lock(self) -> None:
        """Wait until nobody else of the tenant loads rows; until the transaction ends."""
        ...

    async def versions(
        self, keys: Collection[tuple[str, str]]
    ) -> dict[tuple[str, str], tuple[int, Mapping[str, Any]]]:
        """Return number and body of the current version of some facts, by kind and key."""
        ...

    async def reject(self, rows: Sequence[RejectedRow]) -> None:
        """Keep rows that could not be used."""
        ...

    async def rejected(self, rejected_id: UUID) -> RejectedRow | None:
        """Return a rejected row, if there is one."""
        ...

    async def waiting(
        self, *, kind: str | None, after: UUID | None, limit: int
    ) -> Sequence[RejectedRow]:
        """Return the rejected rows that nobody settled, in the order of their ids."""
        ...

    async def settle(
        self,
        row: RejectedRow,
        outcome: RejectedOutcome,
        *,
        by: UUID,
        at: datetime,
        reason: str | None,
    ) -> RejectedRow:
        """Record what became of a rejected row; of two who settle it the second is refused."""
        ...


class AdjustmentRepository(Protocol):
    """Adjustments and their decisions."""

    async def add(self, adjustment: Adjustment) -> None:
        """Store a proposed adjustment."""
        ...

    async def get(self, adjustment_id: UUID) -> Adjustment:
        """Return an adjustment, locked until the transaction ends."""
        ...

    async def decide(self, adjustment: Adjustment) -> None:
        """Record how it was decided."""
        ...

    async def listed(
        self,
        *,
        status: AdjustmentStatus | None,
        payees: Collection[UUID] | None,
        after: tuple[datetime, UUID] | None,
        limit: int,
    ) -> Sequence[Adjustment]:
        """Return adjustments, latest first; of some payees, or None of everybody."""
        ...


class LoadRepository(Protocol):
    """Rows that wait for a second person, and the decisions."""

    async def add(self, load: ProposedLoad) -> None:
        """Store a proposed load."""
        ...

    async def get(self, load_id: UUID) -> ProposedLoad:
        """Return a load with its rows."""
        ...

    async def decide(self, load: ProposedLoad) -> None:
        """Record how it was decided; of two decisions at once the second is refused."""
        ...

    async def listed(
        self, *, status: LoadStatus | None, after: UUID | None, limit: int
    ) -> Sequence[ProposedLoad]:
        """Return loads with their rows, latest first."""
        ...
