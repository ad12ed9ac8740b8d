"""Load rows that people record: good ones become facts, bad ones are kept for repair."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from pydantic import ValidationError

from calc_engine.application.check_facts import FactRefused, event_of, problems_of
from calc_engine.application.decide_load import propose_load
from calc_engine.application.ports import CalcWork, FactRow, Ids
from calc_engine.application.record_facts import fact_row
from calc_engine.application.store_records import store_records
from calc_engine.domain.fact import Fact
from calc_engine.domain.proposed_load import FOUR_EYES
from calc_engine.domain.record import (
    Loaded,
    RejectedNotFound,
    RejectedOutcome,
    RejectedRow,
    RejectedSettled,
    Repaired,
    RowsRefused,
    VersionTaken,
)
from calc_engine.domain.storable import not_storable, storable
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
    thing the later one is the later version.  Opening balances, loans and what was paid before
    move money by themselves: theirs wait until another person approves the load.

    Raises:
        UnknownTable: if there is no such table.
    """
    model = _model(kind)
    records: list[Record] = []
    rejected: list[RejectedRow] = []
    for number, row in enumerate(rows, start=1):
        try:
            records.append(_record(model, source, row))
        except RowsRefused as error:
            came, problems = storable(row), error.problems
            rejected.append(RejectedRow(ids.new(), kind, number, came, problems, source, by, now))
    await work.records.reject(rejected)
    if kind in FOUR_EYES:
        load = await propose_load(work, records, source=source, by=by, now=now, ids=ids)
        proposed = len(load.rows) if load else 0
        return Loaded(0, len(records) - proposed, tuple(rejected), load)
    recorded = await store_records(work, records, now=now, ids=ids)
    return Loaded(recorded, len(records) - recorded, tuple(rejected))


async def repair_record(
    work: CalcWork,
    rejected_id: UUID,
    row: Mapping[str, Any],
    *,
    by: UUID,
    now: datetime,
    ids: Ids,
) -> Repaired:
    """Load a rejected row as it should have been; of a file's row its body.

    One that says what is known already changes nothing, and its outcome says so.

    Raises:
        RejectedNotFound: if there is no such row.
        RejectedSettled: if somebody settled it before.
        RowsRefused: if it still does not fit.
        VersionTaken: if it has the version of a fact that says something else.
    """
    rejected = await _waiting(work, rejected_id)
    load = None
    if rejected.kind in FOUR_EYES:
        record = _record(_model(rejected.kind), rejected.source, row)
        load = await propose_load(work, [record], source=rejected.source, by=by, now=now, ids=ids)
        is_new = load is not None
    elif rejected.kind in RECORDS:
        record = _record(_model(rejected.kind), rejected.source, row)
        is_new = await store_records(work, [record], now=now, ids=ids) > 0
    else:
        is_new = await _store_fact(work, _fact(work, rejected, row))
    outcome = RejectedOutcome.REPAIRED if is_new else RejectedOutcome.KNOWN
    settled = await work.records.settle(rejected, outcome, by=by, at=now, reason=None)
    return Repaired(settled, load)


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


async def _store_fact(work: CalcWork, fact: FactRow) -> bool:
    """Store a file's row, and say whether it was new.

    Raises:
        VersionTaken: if that version is known with another content.
    """
    body = orjson.loads(fact.body)
    meant = Fact(fact.kind, fact.key, fact.version, fact.known_at, fact.event_id, fact.digest, body)
    versions = await work.facts.versions_of(fact.kind, fact.key)
    known = next((item for item in versions if item.version == fact.version), None)
    if known is None:
        return await work.facts.add([fact]) > 0
    if known.content_digest() != meant.content_digest():
        raise VersionTaken(meant.name)
    return False


def _fact(work: CalcWork, rejected: RejectedRow, body: Mapping[str, Any]) -> FactRow:
    """Return the fact that a row of a file should have been."""
    problems = tuple(not_storable(body))
    if problems:
        raise RowsRefused(problems)
    came = rejected.row
    known_at = datetime.fromisoformat(came["known_at"])
    row = FactRow(rejected.kind, "", "", known_at, UUID(came["event_id"]), "", "")
    try:
        return fact_row(event_of(work.tenant_id, row, body))
    except FactRefused as error:
        raise RowsRefused(error.problems) from error


def _record(model: type[Record], source: str, row: Mapping[str, Any]) -> Record:
    """Return a row as its table has it.

    Raises:
        RowsRefused: if it does not fit, or holds what cannot be kept.
    """
    problems = tuple(not_storable(row))
    if problems:
        raise RowsRefused(problems)
    try:
        return model.model_validate({"source": source, **row})
    except ValidationError as error:
        raise RowsRefused(problems_of(error)) from error


def _model(kind: str) -> type[Record]:
    model = RECORDS.get(kind)
    if model is None:
        raise UnknownTable(kind)
    return model
