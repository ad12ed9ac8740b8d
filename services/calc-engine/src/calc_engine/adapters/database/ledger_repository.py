"""The payees' ledgers in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
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

    async def held(self, payee_ids: Collection[UUID]) -> Mapping[tuple[UUID, UUID, str], Money]:
        """Return the balance of the held account by payee, principal and currency."""
        if not payee_ids:
            return {}
        key = (_entry.payee_id, _entry.principal_id, _entry.currency)
        found = await self._connection.execute(
            select(*key, func.sum(_entry.amount))
            .where(_entry.tenant_id == self._tenant_id, _entry.account == Account.HELD.value)
            .where(_entry.payee_id == func.any(list(payee_ids)))
            .group_by(*key)
        )
        return {
            (payee, principal, currency): Money(amount, currency)
            for payee, principal, currency, amount in found
        }

    async def post(self, postings: Sequence[Posting]) -> None:
        """Store postings; the database refuses one that does not add up to zero."""
        if not postings:
            return
        await self._connection.execute(
            insert(tables.ledger_posting),
            [
                {
                    "tenant_id": self._tenant_id,
                    "posting_id": posting.posting_id,
                    "statement_id": posting.statement_id,
                    "revision": posting.revision,
                    "accrual_batch_id": posting.accrual_batch_id,
                    "payee_id": posting.payee_id,
                    "principal_id": posting.principal_id,
                    "period": posting.period,
                    "posted_at": posting.posted_at,
                }
                for posting in postings
            ],
        )
        rows = [
            {
                "tenant_id": self._tenant_id,
                "posting_id": posting.posting_id,
                "number": number,
                "account": entry.account.value,
                "name": entry.name,
                "payee_id": posting.payee_id,
                "principal_id": posting.principal_id,
                "amount": entry.amount.amount,
                "currency": entry.amount.currency,
            }
            for posting in postings
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
                _entry.name,
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
            entry = Entry(Account(row.account), Money(row.amount, row.currency), row.name)
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
                row.accrual_batch_id,
            )
        return tuple(grouped.values())
