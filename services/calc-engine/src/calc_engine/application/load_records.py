"""Load rows that people record: good ones become facts, bad ones are kept for repair."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from calc_engine.application.check_facts import FactRefused, event_of, problems_of
from calc_engine.application.ports import CalcWork, FactRow, Ids
from calc_engine.application.record_facts import fact_row
from calc_engine.domain.record import (
    Loaded,
    RejectedNotFound,
    RejectedOutcome,
    RejectedRow,
    RejectedSettled,
    RowsRefused,
)
from premia_common.canonical import canonical_json, digest
from premia_common.contracts.records import RECORDS, Record


class UnknownTable(LookupError):
    """Raised when no rows of a kind can be loaded here."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"There is no table {kind}; the tables are {', '.join(sorted(RECORDS))}.")


async def load_records(
    work: CalcWork,
    kind: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    source: str,
    by: UUID,
    now: datetime,
    ids: Ids,
) -> Loaded:
    """Keep every row that fits its table, and those that do not beside them.

    A row that says what is known already changes nothing.  Of two rows of one load about the same
    thing the later one is the later version.

    Raises:
        UnknownTable: if there is no such table.
    """
    model = _model(kind)
    records: list[Record] = []
    rejected: list[RejectedRow] = []
    for number, row in enumerate(rows, start=1):
        try:
            records.append(model.model_validate({"source": source, **row}))
        except ValidationError as error:
            problems = problems_of(error)
            rejected.append(RejectedRow(ids.new(), kind, number, row, problems, source, by, now))
    recorded = await _record(work, records, now=now, ids=ids)
    await work.records.reject(rejected)
    return Loaded(recorded, len(records) - recorded, tuple(rejected))


async def repair_record(
    work: CalcWork,
    rejected_id: UUID,
    row: Mapping[str, Any],
    *,
    by: UUID,
    now: datetime,
    ids: Ids,
) -> RejectedRow:
    """Load a rejected row as it should have been; of a file's row its body.

    Raises:
        RejectedNotFound: if there is no such row.
        RejectedSettled: if somebody settled it before.
        RowsRefused: if it still does not fit.
    """
    rejected = await _waiting(work, rejected_id)
    if rejected.kind in RECORDS:
        try:
            record = _model(rejected.kind).model_validate({"source": rejected.source, **row})
        except ValidationError as error:
            raise RowsRefused(problems_of(error)) from error
        await _record(work, [record], now=now, ids=ids)
    else:
        await work.facts.add([_fact(work, rejected, row)])
    return await work.records.settle(rejected, RejectedOutcome.REPAIRED, by=by, at=now, reason=None)


async def discard_record(
    work: CalcWork, rejected_id: UUID, *, reason: str, by: UUID, now: datetime
) -> RejectedRow:
    """Leave a rejected row out for good.

    Raises:
        RejectedNotFound: if there is no such row.
        RejectedSettled: if somebody settled it before.
    """
    rejected = await _waiting(work, rejected_id)
    outcome = RejectedOutcome.DISCARDED
    return await work.records.settle(rejected, outcome, by=by, at=now, reason=reason)


async def _waiting(work: CalcWork, rejected_id: UUID) -> RejectedRow:
    rejected = await work.records.rejected(rejected_id)
    if rejected is None:
        raise RejectedNotFound(rejected_id)
    if rejected.outcome is not None:
        raise RejectedSettled(rejected_id, rejected.outcome)
    return rejected


def _fact(work: CalcWork, rejected: RejectedRow, body: Mapping[str, Any]) -> FactRow:
    """Return the fact that a row of a file should have been."""
    came = rejected.row
    known_at = datetime.fromisoformat(came["known_at"])
    row = FactRow(rejected.kind, "", "", known_at, UUID(came["event_id"]), "", "")
    try:
        return fact_row(event_of(work.tenant_id, row, body))
    except FactRefused as error:
        raise RowsRefused(error.problems) from error


def _model(kind: str) -> type[Record]:
    model = RECORDS.get(kind)
    if model is None:
        raise UnknownTable(kind)
    return model


async def _record(work: CalcWork, records: Sequence[Record], *, now: datetime, ids: Ids) -> int:
    """Store what is new as the next version of its fact, and return how many rows were."""
    if not records:
        return 0
    await work.records.lock()
    known = await work.records.versions({(record.kind, record.key) for record in records})
    facts = []
    for record in records:
        body = canonical_json(record.model_dump(mode="json"))
        sha256 = digest(body)
        number, last = known.get((record.kind, record.key), (0, ""))
        if sha256 == last:
            continue
        known[record.kind, record.key] = (number + 1, sha256)
        version = f"{number + 1:010d}"
        facts.append(
            FactRow(record.kind, record.key, version, now, ids.new(), body.decode(), sha256)
        )
    await work.facts.add(facts)
    return len(facts)
