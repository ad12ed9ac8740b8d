"""A month of a tenant: open, closing, closed, and in between perhaps reopened, in sequence."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from uuid import UUID

from calc_engine.domain.statement import ApproverIsMaker
from premia_common.periods import Month


class PeriodStatus(Enum):
    """Where a period is."""

    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    REOPENING = "reopening"
    """Closed, and somebody asked to open it again."""


class PeriodNotFound(LookupError):
    """Raised when a tenant never opened a month."""

    def __init__(self, month: Month) -> None:
        super().__init__(
            f"{month} is not a period of yours; open the first month, closing opens the next."
        )


class PeriodNotOpen(Exception):
    """Raised when something needs an open period and it is not."""

    def __init__(self, month: Month, status: PeriodStatus) -> None:
        super().__init__(
            f"{month} is {status.value}; a run or a submission needs an open period. "
            "Differences to a closed period land in the first open one."
        )


class PeriodAlreadyOpened(Exception):
    """Raised when a month is opened and the tenant has gone live with another one."""

    def __init__(self, month: Month, first: Month) -> None:
        super().__init__(
            f"{month} cannot be opened: this tenant started with {first}, and closing a period "
            "opens the next one."
        )


class PeriodNotClosable(Exception):
    """Raised when statements of a period are neither approved nor excluded with a reason."""

    def __init__(self, month: Month, waiting: tuple[UUID, ...]) -> None:
        self.waiting = waiting
        shown = ", ".join(str(item) for item in waiting[:5])
        more = f" and {len(waiting) - 5} more" if len(waiting) > 5 else ""
        super().__init__(
            f"{month} cannot be closed: {len(waiting)} statements are not approved ({shown}{more})."
            " Approve them, or exclude each with a reason; what is excluded is paid later."
        )


class PeriodNotClosed(Exception):
    """Raised when a month is reopened that is not closed, or no reopening waits for a decision."""

    def __init__(self, month: Month, status: PeriodStatus) -> None:
        super().__init__(
            f"{month} is {status.value}; only a closed month is reopened, and only a reopening "
            "that somebody asked for is decided."
        )


class PeriodNotReopenable(Exception):
    """Raised when a closed month must stay closed: later statements rest on it."""

    def __init__(self, month: Month, why: str) -> None:
        super().__init__(
            f"{month} cannot be reopened: {why}. What differs in it is a restatement of the open "
            "month; start a run there."
        )


class EarlierMonthOpen(Exception):
    """Raised when statements are decided while the month before them is open again."""

    def __init__(self, month: Month, earlier: Month) -> None:
        super().__init__(
            f"{earlier} was reopened; close it again, then calculate {month} and go on with it."
        )


class RunOutdated(Exception):
    """Raised when statements rest on a run from before the month before them was closed again."""

    def __init__(self, month: Month, earlier: Month) -> None:
        super().__init__(
            f"{month} was last calculated before {earlier} was closed again; start a run of "
            f"{month}, then go on."
        )


class RunStillRunning(Exception):
    """Raised when a period is closed while a run of it has not ended."""

    def __init__(self, month: Month, run_id: UUID) -> None:
        super().__init__(f"{month} cannot be closed while run {run_id} has not ended.")


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A statement that a close leaves out, and why."""

    statement_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Period:
    """A month as it stands."""

    month: Month
    status: PeriodStatus
    version: int
    opened_at: datetime
    close_requested_by: UUID | None = None
    closed_by: UUID | None = None
    closed_at: datetime | None = None
    excluded: tuple[Exclusion, ...] = ()
    reopen_requested_by: UUID | None = None
    reopen_reason: str | None = None

    def require_open(self) -> None:
        """Do nothing if the period is open.

        Raises:
            PeriodNotOpen: if it is not.
        """
        if self.status is not PeriodStatus.OPEN:
            raise PeriodNotOpen(self.month, self.status)

    def request_close(self, *, by: UUID, exclude: tuple[Exclusion, ...]) -> "Period":
        """Return the period closing: nothing is calculated any more until it is decided.

        Raises:
            PeriodNotOpen: if it is not open.
        """
        self.require_open()
        return replace(
            self,
            status=PeriodStatus.CLOSING,
            close_requested_by=by,
            excluded=exclude,
            version=self.version + 1,
        )

    def confirm_close(self, *, by: UUID, at: datetime) -> "Period":
        """Return the closed period.

        Raises:
            PeriodNotOpen: if no close was requested.
            ApproverIsMaker: if the same person requested it.
        """
        if self.status is not PeriodStatus.CLOSING:
            raise PeriodNotOpen(self.month, self.status)
        if by == self.close_requested_by:
            raise ApproverIsMaker(f"the close of {self.month}")
        return replace(
            self,
            status=PeriodStatus.CLOSED,
            closed_by=by,
            closed_at=at,
            version=self.version + 1,
        )

    def withdraw_close(self) -> "Period":
        """Return the period open again, after a close that was requested and not confirmed.

        Raises:
            PeriodNotOpen: if no close was requested.
        """
        if self.status is not PeriodStatus.CLOSING:
            raise PeriodNotOpen(self.month, self.status)
        return replace(
            self,
            status=PeriodStatus.OPEN,
            close_requested_by=None,
            excluded=(),
            version=self.version + 1,
        )

    def request_reopen(self, *, by: UUID, reason: str) -> "Period":
        """Return the period with a reopening that another person must approve.

        Raises:
            PeriodNotClosed: if it is not closed.
        """
        if self.status is not PeriodStatus.CLOSED:
            raise PeriodNotClosed(self.month, self.status)
        return replace(
            self,
            status=PeriodStatus.REOPENING,
            reopen_requested_by=by,
            reopen_reason=reason,
            version=self.version + 1,
        )

    def confirm_reopen(self, *, by: UUID) -> "Period":
        """Return the period open again: it may be calculated, and is closed a second time.

        Raises:
            PeriodNotClosed: if nobody asked for it.
            ApproverIsMaker: if the same person asked for it.
        """
        self._require_reopening(by)
        return replace(
            self,
            status=PeriodStatus.OPEN,
            close_requested_by=None,
            closed_by=None,
            closed_at=None,
            excluded=(),
            reopen_requested_by=None,
            reopen_reason=None,
            version=self.version + 1,
        )

    def decline_reopen(self, *, by: UUID) -> "Period":
        """Return the period closed as before.

        Raises:
            PeriodNotClosed: if nobody asked for a reopening.
            ApproverIsMaker: if the same person asked for it.
        """
        self._require_reopening(by)
        return replace(
            self,
            status=PeriodStatus.CLOSED,
            reopen_requested_by=None,
            reopen_reason=None,
            version=self.version + 1,
        )

    def _require_reopening(self, by: UUID) -> None:
        if self.status is not PeriodStatus.REOPENING:
            raise PeriodNotClosed(self.month, self.status)
        if by == self.reopen_requested_by:
            raise ApproverIsMaker(f"the reopening of {self.month}")
