"""Store facts as they arrive, one by one or by file; order and repetition do not matter."""

from calc_engine.application.ports import CalcWork, FactRow
from premia_common.canonical import canonical_json, digest
from premia_common.contracts.envelope import ENVELOPE_FIELDS, FactEvent


def fact_row(event: FactEvent) -> FactRow:
    """Return the row that an event is stored as; a row of a batch file is the same."""
    body = canonical_json(event.model_dump(mode="json", exclude=set(ENVELOPE_FIELDS)))
    key = event.fact_key
    return FactRow(
        key.kind,
        key.key,
        key.version,
        event.fact_known_at,
        event.event_id,
        body.decode(),
        digest(body),
    )


async def record_fact(work: CalcWork, event: FactEvent) -> None:
    """Store one fact; a second delivery of the same one changes nothing."""
    await work.facts.add([fact_row(event)])
