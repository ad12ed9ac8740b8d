"""Say up to which instant everything that a source knew is published."""

from datetime import datetime
from uuid import UUID

from connectors.application.errors import WatermarkInFuture
from connectors.application.ports import ConnectorsWork, Watermark
from connectors.domain.source import Source
from premia_common.contracts.orders import SourceWatermark
from premia_common.identifiers import derive_id


async def announce_watermark(
    work: ConnectorsWork,
    source: Source,
    *,
    known_up_to: datetime,
    now: datetime,
    correlation_id: UUID,
) -> Watermark:
    """Announce that everything recorded before an instant is published, with count and sum.

    The caller has locked the source against facts being recorded meanwhile.  Where a later
    instant was announced already this says nothing new, and that watermark is returned.

    Raises:
        WatermarkInFuture: if the instant has not come.
    """
    if known_up_to > now:
        raise WatermarkInFuture
    latest = await work.facts.latest_watermark(source.id)
    if latest is not None and latest.known_up_to > known_up_to:
        return latest
    count, amount = await work.facts.totals(source.id)
    mark = Watermark(known_up_to, count, amount)
    if mark == latest:
        return mark
    await work.facts.add_watermark(source.id, mark, at=now)
    work.outbox.add(
        SourceWatermark(
            event_id=derive_id(
                "watermark", str(work.tenant_id), source.code, known_up_to.isoformat(), str(count)
            ),
            occurred_at=now,
            tenant_id=work.tenant_id,
            correlation_id=correlation_id,
            source=source.code,
            known_up_to=known_up_to,
            count=count,
            amount=amount,
        )
    )
    return mark
