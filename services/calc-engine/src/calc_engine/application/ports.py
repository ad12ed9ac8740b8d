"""What the use cases need: repositories in one transaction, files, and the calculation."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from calc_engine.application.read_models import OpenException, StandingCell, StoredFact
from calc_engine.domain.baseline import Baseline
from calc_engine.domain.fact import Fact, FactName, RawMessage
from calc_engine.domain.ledger import Posting
from calc_engine.domain.outcome import Outcome
from calc_engine.domain.period import Period
from calc_engine.domain.proposal import Proposal, StatementKey
from calc_engine.domain.run import Replay, Run, RunResult, RunStatus, Segment, SourceState
from calc_engine.domain.statement import Statement, TaxAnswer
from calc_engine.domain.statement_line import StatementLine
from calc_engine.domain.validation import ValidationReport
from premia_common.contracts.envelope import Event
from premia_common.money import Money
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.relations import Relations
from premia_plan.results import Calculation


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


class Calculator(Protocol):
    """Calculates a plan version."""

    @property
    def engine(self) -> str:
        """Name and version of the engine, as manifests record it."""
        ...

    def calculate(
        self, plan: CheckedPlan, relations: Relations, *, since: Month, until: Month
    ) -> Calculation:
        """Return the lines landing from one month up to and including another.

        With what is held or not paid then, and the lineage; earlier months' concerns are left out.
        """
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

    async def save(self, period: Period, *, by: UUID, at: datetime, reason: str | None) -> None:
        """Record the transition to where the period is now."""
        ...

    async def listed(self) -> Sequence[Period]:
        """Return all periods, latest first."""
        ...


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

    async def report_progress(self, run_id: UUID, phase: str, percent: int) -> None:
        """Say how far a run is."""
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

    async def last_payables(self, period: Month) -> Mapping[StatementKey, Money]:
        """Return what each payee's statement of the month before paid."""
        ...


class LedgerRepository(Protocol):
    """The payees' ledgers."""

    async def held(self, payee_ids: Collection[UUID]) -> Mapping[tuple[UUID, UUID, str], Money]:
        """Return the balance of the held account by payee, principal and currency."""
        ...

    async def post(self, postings: Sequence[Posting]) -> None:
        """Store postings; the database refuses one that does not add up to zero."""
        ...

    async def postings_of(self, payee_id: UUID) -> Sequence[Posting]:
        """Return a payee's postings, oldest first."""
        ...


class Queries(Protocol):
    """What screens list and filter."""

    async def statement(self, statement_id: UUID) -> Statement:
        """Return a statement, not locked."""
        ...

    async def statements(
        self,
        *,
        period: Month | None,
        payee_id: UUID | None,
        status: str | None,
        visible: Mapping[Month, Collection[UUID]] | None,
        after: tuple[str, UUID] | None,
        limit: int,
    ) -> Sequence[Statement]:
        """Return statements, latest period first; `visible` None means every payee's."""
        ...

    async def runs(
        self, *, period: Month | None, after: tuple[datetime, UUID] | None, limit: int
    ) -> Sequence[Run]:
        """Return runs, latest first."""
        ...

    async def exceptions(
        self, run_id: UUID, *, code: str | None, after: int, limit: int
    ) -> Sequence[OpenException]:
        """Return the exceptions of a run after a number."""
        ...

    async def conflicts(self, limit: int) -> Sequence[OpenException]:
        """Return facts that came again with other content under the same version."""
        ...

    async def standing(self, run_id: UUID, payee_id: UUID, month: Month) -> Sequence[StandingCell]:
        """Return a payee's measures of a month, as a run found them."""
        ...

    async def facts(
        self, kind: str, *, key: str | None, after: tuple[str, str] | None, limit: int
    ) -> Sequence[StoredFact]:
        """Return facts of a kind by key and version; all versions of one thing with `key`."""
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
    def statements(self) -> StatementRepository:
        """Statements."""
        ...

    @property
    def ledger(self) -> LedgerRepository:
        """The payees' ledgers."""
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

    def snapshot(self, tenant_id: UUID) -> AbstractAsyncContextManager[CalcWork]:
        """Open it so that all its reads see one instant (REPEATABLE READ)."""
        ...
