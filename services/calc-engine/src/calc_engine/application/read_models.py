"""What screens list: values straight from the tables, without a life of their own."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from calc_engine.domain.accrual import AccrualBatch
from premia_common.money import Money


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


@dataclass(frozen=True, slots=True)
class AccrualTotal:
    """An accrual batch without its lines, and their sums, one a currency."""

    batch: AccrualBatch
    unapproved: list[Money]
    held: list[Money]


@dataclass(frozen=True, slots=True)
class StatedTotal:
    """What a run pays one payee, in one currency."""

    payee_id: UUID
    amount: Money


@dataclass(frozen=True, slots=True)
class StatedLine:
    """A line that a run puts, or would put, on a statement.

    `origin_line_id` is the calculation's id of the line, the same in every run.
    """

    payee_id: UUID
    line_id: UUID
    origin_line_id: UUID
    plan: str
    component: str
    kind: str
    what: str
    competence: str
    original_period: str | None
    amount: Money
    order_id: str | None
    reason: str | None
    node_id: UUID
