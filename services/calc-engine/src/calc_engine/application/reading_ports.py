"""Ledgers and accruals, the exception desk, and what screens list."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from calc_engine.application.read_models import (
    AccrualTotal,
    StandingCell,
    StoredFact,
)
from calc_engine.domain.accrual import AccrualBatch, Amounts
from calc_engine.domain.exception_desk import (
    Acceptance,
    DeskGroup,
    DeskItem,
    ExceptionStatus,
)
from calc_engine.domain.ledger import Posting
from calc_engine.domain.order_difference import DifferenceKey, PostedAmount
from calc_engine.domain.progress import RunEvent
from calc_engine.domain.run import Run
from calc_engine.domain.statement import Statement
from premia_common.money import Money
from premia_common.periods import Month


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


class AccrualRepository(Protocol):
    """Accrual batches, and what runs hold."""

    async def keep_held(self, run_id: UUID, held: Amounts) -> None:
        """Store what a run holds, by component."""
        ...

    async def held_by(self, run_id: UUID) -> Amounts:
        """Return what a run holds, by component."""
        ...

    async def latest(self) -> AccrualBatch | None:
        """Return the last batch: the one that counts."""
        ...

    async def find(self, batch_id: UUID) -> AccrualBatch | None:
        """Return a batch, if the tenant has it."""
        ...

    async def add(self, batch: AccrualBatch) -> None:
        """Store a batch; the database refuses a second one that takes the same one back."""
        ...

    async def listed(self) -> Sequence[AccrualTotal]:
        """Return every batch with its sums by currency, latest first."""
        ...


class ExceptionRepository(Protocol):
    """The exception desk: what runs found, and who took what on."""

    async def listed(
        self,
        run: Run,
        *,
        code: str | None = None,
        status: ExceptionStatus | None = None,
        payee_id: str | None = None,
        after: int = 0,
        limit: int = 1000,
    ) -> Sequence[DeskItem]:
        """Return what a run found after a number; open and accepted, or one of them."""
        ...

    async def settled(
        self, run: Run, *, code: str | None, payee_id: str | None, after: UUID | None, limit: int
    ) -> Sequence[DeskItem]:
        """Return what earlier runs of the period found and this one does not, each once."""
        ...

    async def groups(self, run: Run) -> Sequence[DeskGroup]:
        """Return what a run found by cause and status."""
        ...

    async def open_blocking(self, run: Run) -> Sequence[DeskItem]:
        """Return what keeps a run's statements from approval and nobody took on."""
        ...

    async def find(self, run: Run, exception_id: UUID) -> DeskItem:
        """Return an exception of a run."""
        ...

    async def accept(self, run: Run, items: Collection[DeskItem], acceptance: Acceptance) -> None:
        """Keep who took exceptions on; of two acceptances the first stays."""
        ...

    async def conflicts(self, limit: int) -> Sequence[DeskItem]:
        """Return facts that came again with other content under the same version."""
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

    async def approved_totals(self, period: Month) -> Mapping[tuple[UUID, str], Money]:
        """Return the sum of each payee's approved lines of a period, by payee and currency."""
        ...

    async def posted_of(
        self,
        period: Month,
        *,
        payee_id: UUID | None,
        order_id: str | None,
        after: DifferenceKey | None,
        limit: int,
    ) -> Sequence[PostedAmount]:
        """Return the first sums after a key of what was paid for a month, then and later."""
        ...

    async def run_events(self, run_id: UUID, *, after: int) -> Sequence[RunEvent]:
        """Return what was told of a run after a number, oldest first."""
        ...

    async def standing(self, run_id: UUID, payee_id: UUID, month: Month) -> Sequence[StandingCell]:
        """Return a payee's measures of a month, as a run found them."""
        ...

    async def facts(
        self,
        kind: str,
        *,
        key: str | None,
        after: tuple[str, str] | None,
        limit: int,
        known_at: datetime | None = None,
    ) -> Sequence[StoredFact]:
        """Return facts of a kind by key and version, perhaps only those known at an instant."""
        ...
