"""The payees' ledgers in PostgreSQL."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database import tables
from calc_engine.domain.ledger import Account, Entry, Posting
from premia_common.money import Money

_entry = tables.ledger_entry.c
_posting = tables.ledger_posting.c


class PostgresLedger:
    """One tenant's ledgers."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def held(self, payee_id: UUID, principal_id: UUID, currency: str) -> Money:
        """Return the balance of the held account."""
        found = await self._connection.scalar(
            select(func.sum(_entry.amount))
            .where(_entry.tenant_id == self._tenant_id)
            .where(_entry.payee_id == payee_id, _entry.principal_id == principal_id)
            .where(_entry.account == Account.HELD.value, _entry.currency == currency)
        )
        return Money(found or Decimal(0), currency)

    async def post(self, posting: Posting) -> None:
        """Store a posting; the database refuses one that does not add up to zero."""
        await self._connection.execute(
            insert(tables.ledger_posting).values(
                tenant_id=self._tenant_id,
                posting_id=posting.posting_id,
                statement_id=posting.statement_id,
                revision=posting.revision,
                payee_id=posting.payee_id,
                principal_id=posting.principal_id,
                period=posting.period,
                posted_at=posting.posted_at,
            )
        )
        rows = [
            {
                "tenant_id": self._tenant_id,
                "posting_id": posting.posting_id,
                "number": number,
                "account": entry.account.value,
                "payee_id": posting.payee_id,
                "principal_id": posting.principal_id,
                "amount": entry.amount.amount,
                "currency": entry.amount.currency,
            }
            for number, entry in enumerate(posting.entries, start=1)
        ]
        if rows:
            await self._connection.execute(insert(tables.ledger_entry), rows)

    async def postings_of(self, payee_id: UUID) -> Sequence[Posting]:
        """Return a payee's postings, oldest first."""
        found = await self._connection.execute(
            select(
                tables.ledger_posting,
                _entry.number,
                _entry.account,
                _entry.amount,
                _entry.currency,
            )
            .join(
                tables.ledger_entry,
                (_entry.tenant_id == _posting.tenant_id)
                & (_entry.posting_id == _posting.posting_id),
            )
            .where(_posting.tenant_id == self._tenant_id, _posting.payee_id == payee_id)
            .order_by(_posting.posted_at, _posting.posting_id, _entry.number)
        )
        grouped: dict[UUID, Posting] = {}
        for row in found:
            entry = Entry(Account(row.account), Money(row.amount, row.currency))
            known = grouped.get(row.posting_id)
            entries = (*known.entries, entry) if known else (entry,)
            grouped[row.posting_id] = Posting(
                row.posting_id,
                row.statement_id,
                row.revision,
                row.payee_id,
                row.principal_id,
                row.period,
                row.posted_at,
                entries,
            )
        return tuple(grouped.values())
