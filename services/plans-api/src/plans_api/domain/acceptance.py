"""Acceptance: a payee agrees to the exact document of a plan version."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


class AcceptedContentDiffers(Exception):
    """Raised when a payee accepts another document than the one that was published."""

    def __init__(self, number: int, content_hash: str) -> None:
        self.content_hash = content_hash
        super().__init__(
            f"Version {number} of the plan has the content hash {content_hash}.  "
            "Read it, then accept exactly this hash."
        )


class NotAPayee(Exception):
    """Raised when somebody who is no payee accepts a plan."""

    def __init__(self) -> None:
        super().__init__("Only a payee accepts a plan, with a token of their own.")


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who accepted which document, on which business day; recorded once."""

    plan_id: UUID
    number: int
    content_hash: str
    payee_id: UUID
    accepted_on: date
    accepted_by: UUID
    accepted_at: datetime
