"""Rows that move money by themselves: one person proposes them, another approves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from calc_engine.domain.statement import ApproverIsMaker

FOUR_EYES = frozenset({"opening", "loan", "paid_before"})
"""The tables whose rows count only after a second person approved them."""

WHO = ("made_by", "made_at", "approved_by")
"""What a fact of these tables says besides its row: who proposed it when, and who approved it."""


class LoadStatus(Enum):
    """Where a load is."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"


class LoadNotFound(LookupError):
    """Raised when the tenant has no such load."""

    def __init__(self, load_id: UUID) -> None:
        super().__init__(f"There is no load {load_id} of rows that somebody proposed.")


class LoadDecided(Exception):
    """Raised when a load that was decided is decided again."""

    def __init__(self, load_id: UUID, status: LoadStatus) -> None:
        super().__init__(
            f"Load {load_id} is {status.value} already; load its rows again to change what they "
            "say, with `withdrawn: true` to take back what counts."
        )


class LoadOutdated(Exception):
    """Raised when rows would undo what was proposed later and is approved."""

    def __init__(self, load_id: UUID, keys: Sequence[str]) -> None:
        named = ", ".join(keys[:5]) + (f" and {len(keys) - 5} more" if len(keys) > 5 else "")
        super().__init__(
            f"Load {load_id} is older than what is approved of {named}: changed since. Decline it, "
            "and load again what of it should still count."
        )


@dataclass(frozen=True, slots=True)
class ProposedLoad:
    """The good rows of one load; nothing reads them before another person approves."""

    load_id: UUID
    kind: str
    rows: tuple[Mapping[str, Any], ...]
    source: str
    made_by: UUID
    made_at: datetime
    status: LoadStatus = LoadStatus.PROPOSED
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    why: str | None = None
    """What the one who declined it says."""

    @property
    def payees(self) -> tuple[str, ...]:
        """Return whom the rows are about, by the names they use."""
        return tuple(sorted({str(row["payee"]) for row in self.rows}))

    def approve(self, *, by: UUID, at: datetime) -> "ProposedLoad":
        """Return the approved load; the same person approving it again finds it done.

        Raises:
            LoadDecided: if it was decided before.
            ApproverIsMaker: if the same person proposed it.
        """
        if self.status is LoadStatus.APPROVED and self.decided_by == by:
            return self
        self._require_open()
        if by == self.made_by:
            raise ApproverIsMaker(f"load {self.load_id}")
        return replace(self, status=LoadStatus.APPROVED, decided_by=by, decided_at=at)

    def decline(self, *, by: UUID, at: datetime, why: str) -> "ProposedLoad":
        """Return the declined load; who proposed it may take it back this way too.

        Raises:
            LoadDecided: if it was decided before.
        """
        self._require_open()
        return replace(self, status=LoadStatus.DECLINED, decided_by=by, decided_at=at, why=why)

    def _require_open(self) -> None:
        if self.status is not LoadStatus.PROPOSED:
            raise LoadDecided(self.load_id, self.status)
