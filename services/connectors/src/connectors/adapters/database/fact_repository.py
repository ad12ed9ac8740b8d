"""Record versions, set-based: one statement for a thousand rows as for one."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from connectors.adapters.database import tables
from connectors.application.ports import Recorded, Watermark
from connectors.application.preparation import PreparedFact
from connectors.application.publication import Provenance

_RECORD = text("""
insert into record_version
  (tenant_id, event_id, source_id, kind, record_id, version, mapping_version, content_hash,
   message_id, part, known_at)
select :tenant_id, event_id, :source_id, kind, record_id, version, :mapping_version, content_hash,
       :message_id, part, :known_at
from unnest(cast(:event_ids as uuid[]), cast(:kinds as text[]), cast(:records as text[]),
            cast(:versions as text[]), cast(:hashes as text[]), cast(:parts as text[]))
     as given (event_id, kind, record_id, version, content_hash, part)
on conflict do nothing
returning part
""")

_KNOWN = text("""
select event_id, content_hash from record_version
where tenant_id = :tenant_id and event_id = any(cast(:event_ids as uuid[]))
""")

_OBSERVE = text("""
insert into state_observation
  (tenant_id, source_id, record_id, state, effective_on, observed_at, event_id)
select :tenant_id, :source_id, record_id, state, effective_on, :known_at, event_id
from unnest(cast(:records as text[]), cast(:states as text[]), cast(:days as date[]),
            cast(:event_ids as uuid[]))
     as given (record_id, state, effective_on, event_id)
on conflict do nothing
""")

_APPLY = text("""
insert into external_record
  (tenant_id, source_id, record_id, version, mapping_version, event_id, order_number, principal,
   state, signed_on, amount, currency, deleted, changed_at, message_id, part)
select :tenant_id, :source_id, record_id, version, :mapping_version, event_id, order_number,
       principal, state, signed_on, amount, currency, deleted, :known_at, :message_id, part
from unnest(cast(:records as text[]), cast(:versions as text[]), cast(:event_ids as uuid[]),
            cast(:numbers as text[]), cast(:principals as text[]), cast(:states as text[]),
            cast(:signed as date[]), cast(:amounts as numeric[]), cast(:currencies as text[]),
            cast(:deleted as boolean[]), cast(:parts as text[]))
     as given (record_id, version, event_id, order_number, principal, state, signed_on, amount,
               currency, deleted, part)
on conflict (tenant_id, source_id, record_id) do update set
  version = excluded.version, mapping_version = excluded.mapping_version,
  event_id = excluded.event_id, order_number = excluded.order_number,
  principal = excluded.principal, state = excluded.state, signed_on = excluded.signed_on,
  amount = excluded.amount, currency = excluded.currency, deleted = excluded.deleted,
  changed_at = excluded.changed_at, message_id = excluded.message_id, part = excluded.part
where (external_record.version, external_record.mapping_version)
      < (excluded.version, excluded.mapping_version)
returning part
""")


class FactRepository:
    """Every version of every foreign record of one tenant."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def record(
        self, source_id: UUID, facts: Sequence[PreparedFact], origin: Provenance
    ) -> Recorded:
        """Record versions not recorded before; apply orders that are newer than what is known."""
        if not facts:
            return Recorded([], frozenset(), [], [])
        # One order of ids in every transaction, so that two of them cannot lock crosswise.
        ordered = sorted(facts, key=lambda fact: fact.event_id.int)
        new = set(await self._insert(source_id, ordered, origin))
        accepted = [fact for fact in facts if fact.part in new]
        others = [fact for fact in facts if fact.part not in new]
        conflicting, duplicates = await self._compare(others)
        stale = await self._apply_orders(source_id, accepted, origin)
        return Recorded(accepted, stale, conflicting, duplicates)

    async def _insert(
        self, source_id: UUID, facts: Sequence[PreparedFact], origin: Provenance
    ) -> Sequence[str]:
        found = await self._connection.execute(
            _RECORD,
            {
                **self._common(source_id, origin),
                "event_ids": [fact.event_id for fact in facts],
                "kinds": [fact.fact.kind.value for fact in facts],
                "records": [fact.fact.record_id for fact in facts],
                "versions": [fact.fact.version for fact in facts],
                "hashes": [fact.content_hash for fact in facts],
                "parts": [fact.part for fact in facts],
            },
        )
        return found.scalars().all()

    async def _compare(self, facts: Sequence[PreparedFact]) -> tuple[list[PreparedFact], list[str]]:
        if not facts:
            return [], []
        found = await self._connection.execute(
            _KNOWN,
            {"tenant_id": self._tenant_id, "event_ids": [fact.event_id for fact in facts]},
        )
        known = {row.event_id: row.content_hash for row in found}
        conflicting = [fact for fact in facts if known[fact.event_id] != fact.content_hash]
        duplicates = [fact.part for fact in facts if known[fact.event_id] == fact.content_hash]
        return conflicting, duplicates

    async def _apply_orders(
        self, source_id: UUID, accepted: Sequence[PreparedFact], origin: Provenance
    ) -> frozenset[str]:
        """Return the parts of orders that were older than what is known."""
        orders = [(fact, fact.fact.order) for fact in accepted if fact.fact.order is not None]
        if not orders:
            return frozenset()
        observations = [(fact, seen) for fact, order in orders for seen in order.states]
        await self._connection.execute(
            _OBSERVE,
            {
                "tenant_id": self._tenant_id,
                "source_id": source_id,
                "known_at": origin.known_at,
                "records": [fact.fact.record_id for fact, _ in observations],
                "states": [seen.state for _, seen in observations],
                "days": [seen.on for _, seen in observations],
                "event_ids": [fact.event_id for fact, _ in observations],
            },
        )
        newest = {}
        for fact, order in sorted(orders, key=lambda pair: pair[0].fact.version):
            newest[fact.fact.record_id] = (fact, order)
        chosen = [newest[record_id] for record_id in sorted(newest)]
        found = await self._connection.execute(
            _APPLY,
            {
                **self._common(source_id, origin),
                "records": [fact.fact.record_id for fact, _ in chosen],
                "versions": [fact.fact.version for fact, _ in chosen],
                "event_ids": [fact.event_id for fact, _ in chosen],
                "numbers": [order.order_number for _, order in chosen],
                "principals": [order.principal for _, order in chosen],
                "states": [order.state for _, order in chosen],
                "signed": [order.signed_on for _, order in chosen],
                "amounts": [fact.fact.amount for fact, _ in chosen],
                "currencies": [fact.fact.currency for fact, _ in chosen],
                "deleted": [order.deleted for _, order in chosen],
                "parts": [fact.part for fact, _ in chosen],
            },
        )
        applied = set(found.scalars())
        return frozenset(fact.part for fact, _ in orders if fact.part not in applied)

    def _common(self, source_id: UUID, origin: Provenance) -> dict[str, object]:
        return {
            "tenant_id": self._tenant_id,
            "source_id": source_id,
            "mapping_version": origin.mapping_version,
            "message_id": origin.message_id,
            "known_at": origin.known_at,
        }

    async def totals(self, source_id: UUID) -> tuple[int, Decimal]:
        """Return how many facts a source told, and the sum of its orders' current amounts."""
        versions, records = tables.record_version.c, tables.external_record.c
        count = await self._connection.scalar(
            select(func.count())
            .select_from(tables.record_version)
            .where(versions.tenant_id == self._tenant_id)
            .where(versions.source_id == source_id)
        )
        amount = await self._connection.scalar(
            select(func.coalesce(func.sum(records.amount), 0))
            .where(records.tenant_id == self._tenant_id)
            .where(records.source_id == source_id)
        )
        return int(count or 0), _in_cents(Decimal(amount or 0))

    async def latest_watermark(self, source_id: UUID) -> Watermark | None:
        """Return the latest watermark of a source."""
        mark = tables.watermark.c
        found = await self._connection.execute(
            select(mark.known_up_to, mark.count, mark.amount)
            .where(mark.tenant_id == self._tenant_id, mark.source_id == source_id)
            .order_by(mark.known_up_to.desc(), mark.count.desc())
            .limit(1)
        )
        row = found.one_or_none()
        return None if row is None else Watermark(row[0], row[1], _in_cents(row[2]))

    async def add_watermark(self, source_id: UUID, mark: Watermark, *, at: datetime) -> None:
        """Keep a watermark."""
        await self._connection.execute(
            insert(tables.watermark).values(
                tenant_id=self._tenant_id,
                source_id=source_id,
                known_up_to=mark.known_up_to,
                count=mark.count,
                amount=mark.amount,
                announced_at=at,
            )
        )


def _in_cents(amount: Decimal) -> Decimal:
    """Return an amount with two decimals where that is exact; the column keeps three."""
    cents = amount.quantize(Decimal("0.01"))
    return cents if cents == amount else amount
