"""What the use cases need: repositories in one transaction, files, and the calculation."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from calc_engine.application.engine_ports import Calculator, Engines
from calc_engine.application.reading_ports import (
    AccrualRepository,
    ExceptionRepository,
    LedgerRepository,
    Queries,
)
from calc_engine.application.record_ports import (
    AdjustmentRepository,
    LoadRepository,
    RecordRepository,
)
from calc_engine.application.run_ports import RunRepository, SimulationRepository
from calc_engine.application.standing_ports import FactReferences, StandingRepository
from calc_engine.domain.baseline import Baseline
from calc_engine.domain.fact import Fact, FactName, RawMessage
from calc_engine.domain.payment_accounts import AccountMove
from calc_engine.domain.period import Period
from calc_engine.domain.proposal import Proposal, StatementKey
from calc_engine.domain.run import Run, Segment, SourceState
from calc_engine.domain.statement import Statement, TaxAnswer
from calc_engine.domain.statement_line import StatementLine
from premia_common.contracts.envelope import Event
from premia_common.money import Money
from premia_common.periods import Month

__all__ = [
    "CalcWork",
    "Calculator",
    "Engines",
    "FactRepository",
    "FactRow",
    "Ids",
    "OpenWork",
    "Outbox",
    "PeriodRepository",
    "StatementRepository",
    "StoredFile",
]


class Ids(Protocol):
    """Draws identifiers."""

    def new(self) -> UUID:
        """Return an identifier never returned before."""
        ...


class Outbox(Protocol):
    """Takes the events that this transaction announces."""

    def add(self, event: Event) -> None:
        """Announce an event if, and only if, the transaction commits."""
        ...


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact as it is stored: the body as canonical JSON text."""

    kind: str
    key: str
    version: str
    known_at: datetime
    event_id: UUID
    body: str
    digest: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Where a file lies, and the SHA-256 of its content."""

    address: str
    sha256: str


class FactRepository(Protocol):
    """Facts as received."""

    async def add(self, facts: Sequence[FactRow]) -> int:
        """Store those that are new and return how many; another content is kept as a conflict."""
        ...

    async def sources(self) -> Sequence[SourceState]:
        """Return what each source promised and what has arrived of it."""
        ...

    async def current(self, kind: str) -> Sequence[Fact]:
        """Return the current facts of a kind: master data, not orders."""
        ...

    async def of_kinds(self, kinds: Collection[str]) -> Sequence[Fact]:
        """Return every version of the facts of some kinds: master data, not orders."""
        ...

    async def versions_of(self, kind: str, key: str) -> Sequence[Fact]:
        """Return every version of one fact."""
        ...

    async def orders_naming(
        self, names: Sequence[tuple[str, str]], *, limit: int
    ) -> Sequence[Fact]:
        """Return every version of the orders whose seller or partner has one of some codes."""
        ...

    async def signals_of(self, orders: Collection[Fact]) -> Sequence[Fact]:
        """Return the billing signals that speak of some orders, by record or by number."""
        ...

    async def raw_messages(self, names: Collection[FactName]) -> Mapping[FactName, RawMessage]:
        """Return the message that each of these facts was read from; unknown ones are left out."""
        ...

    async def payee_codes(self, payee_ids: Collection[str]) -> Mapping[str, str]:
        """Return the code of each of these payees, as last told; unknown ones are left out."""
        ...

    async def lock_sealing(self) -> None:
        """Wait until nobody else seals this tenant's facts; until the transaction ends."""
        ...

    async def tail(self) -> Sequence[FactRow]:
        """Return the facts that no segment holds, sorted by key; needs REPEATABLE READ."""
        ...

    async def add_segment(self, segment: Segment, at: datetime) -> None:
        """Record a sealed segment with this transaction's snapshot."""
        ...

    async def export_snapshot(self) -> str:
        """Return by what name another transaction sees the same, while this one is open."""
        ...

    async def snapshot(self) -> str:
        """Return which transactions this one sees, in words of this very database."""
        ...

    async def segments(self) -> Sequence[Segment]:
        """Return the segments that together hold every sealed fact, oldest first."""
        ...


class PeriodRepository(Protocol):
    """The tenant's periods."""

    async def get(self, month: Month) -> Period:
        """Return a period, locked until the transaction ends."""
        ...

    async def peek(self, month: Month) -> Period:
        """Return a period that others may read too, but nobody may change meanwhile."""
        ...

    async def first(self) -> Month | None:
        """Return the month the tenant went live with."""
        ...

    async def open(self, month: Month, *, by: UUID, at: datetime) -> Period:
        """Open a month."""
        ...

    async def before(self, month: Month) -> Period | None:
        """Return the period before a month, if there is one; nobody may change it meanwhile."""
        ...

    async def save(
        self,
        period: Period,
        *,
        by: UUID,
        at: datetime,
        reason: str | None,
        requested_by: UUID | None,
    ) -> None:
        """Record the transition to where the period is now, and who had asked for it."""
        ...

    async def listed(self) -> Sequence[Period]:
        """Return all periods, latest first."""
        ...


class StatementRepository(Protocol):
    """Statements: content revisions, transitions, and the head."""

    async def periods_of(self, statement_ids: Collection[UUID]) -> Collection[Month]:
        """Return the periods that some statements belong to; they never change."""
        ...

    async def locked(self, statement_ids: Collection[UUID]) -> Sequence[Statement]:
        """Return those that exist, locked until the transaction ends, in the order of their ids."""
        ...

    async def of_period(self, period: Month) -> Sequence[Statement]:
        """Return the statements of a period, locked, in the order of their ids."""
        ...

    async def lines(self, statement_id: UUID, revision: int) -> Sequence[StatementLine]:
        """Return the lines of a revision in the order of plan, component and id."""
        ...

    async def line(self, statement_id: UUID, revision: int, line_id: UUID) -> StatementLine | None:
        """Return one line of a revision, if it has it."""
        ...

    async def accounts(
        self, statements: Collection[Statement]
    ) -> Mapping[UUID, Sequence[AccountMove]]:
        """Return what the current revisions of some statements do to accounts."""
        ...

    async def revise(
        self,
        revisions: Sequence[tuple[Proposal, Statement | None]],
        *,
        run: Run,
        lines: StoredFile,
        at: datetime,
    ) -> Mapping[UUID, int]:
        """Store a new draft revision of each and return its number; lines and all."""
        ...

    async def save_all(
        self, statements: Sequence[Statement], *, by: UUID, at: datetime, reason: str | None
    ) -> None:
        """Record each statement's transition to where it is now."""
        ...

    async def add_tax(
        self,
        statement_id: UUID,
        answer: TaxAnswer,
        *,
        event_id: UUID,
        occurred_at: datetime,
        body: str,
    ) -> None:
        """Store invoicing's answer to a revision; the latest answer counts."""
        ...

    async def baseline(self, period: Month) -> Baseline:
        """Return what was posted before a period, and which statements it has."""
        ...

    async def open_baseline(self, period: Month) -> Baseline:
        """Return what of a baseline changes within a period: balances, and its statements."""
        ...

    async def approved_before(self, period: Month) -> str:
        """Return the digest of which revisions of statements before a period are approved."""
        ...

    async def paid_before(self, period: Month, payees: Collection[str] | None = None) -> Baseline:
        """Return what terms of payment of all or some payees go on from; no lines are among it."""
        ...

    async def last_payables(self, period: Month) -> Mapping[StatementKey, Money]:
        """Return what each payee's statement of the month before paid."""
        ...


class CalcWork(Protocol):
    """One tenant's open transaction."""

    @property
    def tenant_id(self) -> UUID:
        """Whose it is."""
        ...

    @property
    def outbox(self) -> Outbox:
        """Announces what changed."""
        ...

    @property
    def facts(self) -> FactRepository:
        """Facts as received."""
        ...

    @property
    def periods(self) -> PeriodRepository:
        """The tenant's periods."""
        ...

    @property
    def runs(self) -> RunRepository:
        """Runs and replays."""
        ...

    @property
    def simulations(self) -> SimulationRepository:
        """Questions that change nothing."""
        ...

    @property
    def statements(self) -> StatementRepository:
        """Statements."""
        ...

    @property
    def ledger(self) -> LedgerRepository:
        """The payees' ledgers."""
        ...

    @property
    def accruals(self) -> AccrualRepository:
        """Accrual batches."""
        ...

    @property
    def exceptions(self) -> ExceptionRepository:
        """The exception desk."""
        ...

    @property
    def references(self) -> FactReferences:
        """Facts by what they name."""
        ...

    @property
    def standings(self) -> StandingRepository:
        """What payees stand at between runs."""
        ...

    @property
    def records(self) -> RecordRepository:
        """Rows that people load."""
        ...

    @property
    def loads(self) -> LoadRepository:
        """Rows that wait for a second person."""
        ...

    @property
    def adjustments(self) -> AdjustmentRepository:
        """Adjustments and their decisions."""
        ...

    @property
    def queries(self) -> Queries:
        """What screens list and filter."""
        ...


class OpenWork(Protocol):
    """Opens a tenant's transaction: a clean exit commits, an error rolls back."""

    def __call__(self, tenant_id: UUID) -> AbstractAsyncContextManager[CalcWork]:
        """Open it."""
        ...

    def snapshot(
        self, tenant_id: UUID, *, seeing: str | None = None
    ) -> AbstractAsyncContextManager[CalcWork]:
        """Open it so that all its reads see one instant: that of an exported snapshot, if any."""
        ...
