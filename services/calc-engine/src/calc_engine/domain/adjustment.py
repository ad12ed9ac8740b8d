"""An amount that one person pays or takes by hand, with a reason, and another approves."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from calc_engine.domain.statement import ApproverIsMaker
from premia_common.money import Money
from premia_common.periods import Month


class AdjustmentStatus(Enum):
    """Where an adjustment is."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"


class AdjustmentNotFound(LookupError):
    """Raised when the caller can see no such adjustment."""

    def __init__(self, adjustment_id: UUID) -> None:
        super().__init__(f"There is no adjustment {adjustment_id}.")


class AdjustmentDecided(Exception):
    """Raised when an adjustment that was decided is decided again."""

    def __init__(self, adjustment_id: UUID, status: AdjustmentStatus) -> None:
        super().__init__(
            f"Adjustment {adjustment_id} is {status.value} already; propose another one to change "
            "what is paid."
        )


class AdjustmentExpired(Exception):
    """Raised when an adjustment is approved after the last day on which it may be."""

    def __init__(self, adjustment_id: UUID, expires_on: date) -> None:
        super().__init__(
            f"Adjustment {adjustment_id} could be approved until {expires_on}; propose it again if "
            "it is still meant."
        )


class AdjustmentOfNothing(ValueError):
    """Raised when an adjustment of zero is proposed."""

    def __init__(self) -> None:
        super().__init__("An adjustment of zero changes nothing; give an amount above or below.")


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An adjustment as it stands.  It counts in `month`, or in the first one not paid yet."""

    adjustment_id: UUID
    payee_id: UUID
    principal_id: UUID
    month: Month
    amount: Money
    reason: str
    expires_on: date | None
    made_by: UUID
    made_at: datetime
    status: AdjustmentStatus = AdjustmentStatus.PROPOSED
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    why: str | None = None
    """What the one who declined it says."""

    def __post_init__(self) -> None:
        if not self.amount:
            raise AdjustmentOfNothing

    def approve(self, *, by: UUID, at: datetime, on: date) -> "Adjustment":
        """Return the approved adjustment; the same person approving it again finds it done.

        Args:
            by: who approves.
            at: when.
            on: the business day of that instant.

        Raises:
            AdjustmentDecided: if it was decided before.
            ApproverIsMaker: if the same person proposed it.
            AdjustmentExpired: if its last day is over.
        """
        if self.status is AdjustmentStatus.APPROVED and self.decided_by == by:
            return self
        self._require_open(by)
        if self.expires_on is not None and on > self.expires_on:
            raise AdjustmentExpired(self.adjustment_id, self.expires_on)
        return replace(self, status=AdjustmentStatus.APPROVED, decided_by=by, decided_at=at)

    def decline(self, *, by: UUID, at: datetime, why: str) -> "Adjustment":
        """Return the declined adjustment; who proposed it may take it back this way too.

        Raises:
            AdjustmentDecided: if it was decided before.
        """
        if self.status is not AdjustmentStatus.PROPOSED:
            raise AdjustmentDecided(self.adjustment_id, self.status)
        return replace(
            self, status=AdjustmentStatus.DECLINED, decided_by=by, decided_at=at, why=why
        )

    def _require_open(self, by: UUID) -> None:
        if self.status is not AdjustmentStatus.PROPOSED:
            raise AdjustmentDecided(self.adjustment_id, self.status)
        if by == self.made_by:
            raise ApproverIsMaker(f"adjustment {self.adjustment_id}")
