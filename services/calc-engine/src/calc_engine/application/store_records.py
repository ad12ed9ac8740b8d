"""Store loaded rows as facts: each as the next version of what it is about."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from calc_engine.application.ports import CalcWork, FactRow, Ids
from calc_engine.domain.proposed_load import WHO
from premia_common.canonical import canonical_json, digest
from premia_common.contracts.records import Record

NOBODY: Mapping[str, str] = MappingProxyType({})


async def store_records(
    work: CalcWork,
    records: Sequence[Record],
    *,
    now: datetime,
    ids: Ids,
    who: Mapping[str, str] = NOBODY,
) -> int:
    """Store what is new, and return how many rows were.

    Of two rows of one load about the same thing the later one is the later version.

    Args:
        work: the open transaction.
        records: good rows.
        now: from when on they are known.
        ids: draws the ids of their facts.
        who: who made and who approved them, where two people must.
    """
    if not records:
        return 0
    known = await _known(work, records)
    facts = []
    for record in records:
        content = record.model_dump(mode="json")
        name = (record.kind, record.key)
        number, last = known.get(name, (0, None))
        if content == last:
            continue
        known[name] = (number + 1, content)
        body = canonical_json({**content, **who})
        version = f"{number + 1:010d}"
        facts.append(
            FactRow(*name, version, now, ids.new(), body.decode(), digest(body)),
        )
    await work.facts.add(facts)
    return len(facts)


async def outdated_keys(
    work: CalcWork, records: Sequence[Record], *, than: datetime
) -> Sequence[str]:
    """Return the keys whose current version says something else and was proposed later."""
    current = await _current(work, records)
    found = set()
    for record in records:
        _, body = current.get((record.kind, record.key), (0, NOBODY))
        proposed = body.get("made_at")
        later = proposed is not None and datetime.fromisoformat(proposed) > than
        if later and _row(body) != record.model_dump(mode="json"):
            found.add(record.key)
    return sorted(found)


async def unknown_records(work: CalcWork, records: Sequence[Record]) -> Sequence[Record]:
    """Return the rows that say something else than what is known."""
    known = await _known(work, records) if records else {}
    return [
        record
        for record in records
        if known.get((record.kind, record.key), (0, None))[1] != record.model_dump(mode="json")
    ]


async def _known(
    work: CalcWork, records: Sequence[Record]
) -> dict[tuple[str, str], tuple[int, Mapping[str, Any] | None]]:
    """Return number and content of the current versions, while nobody else loads rows."""
    current = await _current(work, records)
    return {name: (number, _row(body)) for name, (number, body) in current.items()}


async def _current(
    work: CalcWork, records: Sequence[Record]
) -> Mapping[tuple[str, str], tuple[int, Mapping[str, Any]]]:
    await work.records.lock()
    return await work.records.versions({(record.kind, record.key) for record in records})


def _row(body: Mapping[str, Any]) -> Mapping[str, Any]:
    return {field: body[field] for field in body if field not in WHO}
