"""Ledgers, standings and facts as the API shows them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from calc_engine.domain.ledger import Posting
from premia_common.contracts.fields import MoneyOut


class EntryOut(BaseModel):
    """One side of a posting."""

    account: str
    name: str
    """Which draw, loan or reserve; empty where the account is one."""
    amount: MoneyOut


class PostingOut(BaseModel):
    """What one approved revision, or the accruals of one close, did to the ledger."""

    id: UUID
    statement_id: UUID | None
    revision: int | None
    accrual_batch_id: UUID | None
    principal_id: UUID
    period: str
    posted_at: datetime
    entries: list[EntryOut]

    @classmethod
    def of(cls, posting: Posting) -> "PostingOut":
        """Show a posting."""
        return cls(
            id=posting.posting_id,
            statement_id=posting.statement_id,
            revision=posting.revision,
            accrual_batch_id=posting.accrual_batch_id,
            principal_id=posting.principal_id,
            period=posting.period,
            posted_at=posting.posted_at,
            entries=[
                EntryOut(
                    account=entry.account.value,
                    name=entry.name,
                    amount=MoneyOut.of(entry.amount),
                )
                for entry in posting.entries
            ],
        )


class LedgerOut(BaseModel):
    """A payee's ledger: its balances and every posting."""

    payee_id: UUID
    balances: list[EntryOut]
    postings: list[PostingOut]


class StandingOut(BaseModel):
    """A payee's measure in a month."""

    measure: str
    month: str
    value: str
    target: str | None
    attainment_ratio: str | None
    attainment_percent: str | None


class StandingsOut(BaseModel):
    """Where a payee stands in a month, as the latest run found it."""

    payee_id: UUID
    run_id: UUID | None
    items: list[StandingOut]


class FactOut(BaseModel):
    """One version of a fact, as received."""

    kind: str
    key: str
    version: str
    known_at: datetime
    recorded_at: datetime
    event_id: UUID
    sha256: str
    body: dict[str, Any]


class FactPageOut(BaseModel):
    """A page of facts by key and version."""

    items: list[FactOut]
    next_cursor: str | None
