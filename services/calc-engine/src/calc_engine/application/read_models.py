"""What screens list: values straight from the tables, without a life of their own."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OpenException:
    """Something a person must look at."""

    number: int
    code: str
    message: str
    what_to_do: str
    payee_id: str | None
    order_id: str | None
    month: str | None
    blocks: bool


@dataclass(frozen=True, slots=True)
class StandingCell:
    """A payee's measure in a month, of one run."""

    run_id: UUID
    measure: str
    month: str
    value: str
    target: str | None
    ratio: str | None
    percent: str | None


@dataclass(frozen=True, slots=True)
class StoredFact:
    """One version of a fact, as received."""

    kind: str
    key: str
    version: str
    known_at: datetime
    recorded_at: datetime
    event_id: UUID
    digest: str
    body: str


@dataclass(frozen=True, slots=True)
class UnpaidLine:
    """A line of a run that is held or not paid, and why."""

    line_id: UUID
    plan: str
    component: str
    what: str
    competence: str
    amount: Decimal
    currency: str
    order_id: str | None
    reason: str | None
