"""Propose rows that move money by themselves, and let another person decide them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from calc_engine.application.ports import CalcWork, FactRow, Ids
from calc_engine.application.store_records import outdated_keys, store_records, unknown_records
from calc_engine.domain.proposed_load import LoadOutdated, LoadStatus, ProposedLoad
from premia_common.canonical import canonical_json, digest
from premia_common.contracts.records import RECORDS, Record


async def propose_load(
    work: CalcWork, records: Sequence[Record], *, source: str, by: UUID, now: datetime, ids: Ids
) -> ProposedLoad | None:
    """Keep the records of one table that say something new until somebody decides them.

    None if all of them say what is known already.
    """
    new = await unknown_records(work, records)
    if not new:
        return None
    rows = tuple(record.model_dump(mode="json") for record in new)
    load = ProposedLoad(ids.new(), new[0].kind, rows, source, by, now)
    await work.loads.add(load)
    await _tell(work, load, known_at=now, ids=ids)
    return load


async def decide_load(
    work: CalcWork,
    load_id: UUID,
    decide: Callable[[ProposedLoad], ProposedLoad],
    *,
    by: UUID,
    now: datetime,
    ids: Ids,
) -> ProposedLoad:
    """Decide a load; approved, its rows are facts from now on.

    The same person approving it again finds it done.

    Raises:
        LoadNotFound: if the tenant has no such load.
        LoadDecided: if it was decided before.
        LoadOutdated: if approving it would undo what was proposed later and is approved.
        ApproverIsMaker: if the same person proposed it.
    """
    load = await work.loads.get(load_id)
    decided = decide(load)
    if decided is load:
        return load
    records: Sequence[Record] = ()
    if decided.status is LoadStatus.APPROVED:
        records = [RECORDS[load.kind].model_validate(row) for row in load.rows]
        outdated = await outdated_keys(work, records, than=load.made_at)
        if outdated:
            raise LoadOutdated(load_id, outdated)
    await work.loads.decide(decided)
    if records:
        who = {
            "made_by": str(load.made_by),
            "made_at": load.made_at.isoformat(),
            "approved_by": str(by),
        }
        await store_records(work, records, now=now, ids=ids, who=who)
    await _tell(work, decided, known_at=now, ids=ids)
    return decided


async def _tell(work: CalcWork, load: ProposedLoad, *, known_at: datetime, ids: Ids) -> None:
    """Keep where it is as a fact: runs name rows that wait, and replays name the same."""
    body = canonical_json(
        {
            "kind": load.kind,
            "rows": len(load.rows),
            "payees": list(load.payees),
            "source": load.source,
            "made_by": str(load.made_by),
            "status": load.status.value,
        }
    )
    version = 1 if load.status is LoadStatus.PROPOSED else 2
    row = FactRow(
        "proposed_load",
        str(load.load_id),
        f"{version:010d}",
        known_at,
        ids.new(),
        body.decode(),
        digest(body),
    )
    await work.facts.add([row])
