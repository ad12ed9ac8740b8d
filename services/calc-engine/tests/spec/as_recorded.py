"""What services recorded of a small world, and the rows that plans read of it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import pytest

from calc_engine.domain.fact import Fact
from calc_engine.domain.plan_relations import SharedRows, shared_rows
from calc_engine.domain.records import Records
from premia_common.contracts.envelope import FactEvent
from premia_common.contracts.orders import BillingSignalRecorded
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.relations import OrderRow

from .. import samples as s  # noqa: TID252
from ..memory_work import fact_of_event  # noqa: TID252

TENANT = UUID(int=77)
AGENCY = check_plan(parse_plan(s.agency_plan_text())).plan or pytest.fail("it has findings")
A1, M1 = (str(s.ident(TENANT, "payee", code)) for code in ("A1", "M1"))


def facts_of(events: Iterable[FactEvent]) -> list[Fact]:
    return [fact_of_event(event) for event in events]


def recorded(*events: FactEvent) -> tuple[Records, SharedRows]:
    records = Records.of(facts_of([*s.master_data(TENANT), *events]))
    return records, shared_rows(records)


def the_order(*events: FactEvent) -> OrderRow:
    _, shared = recorded(*events)
    [row] = shared.orders
    return row


def states(row: OrderRow) -> dict[str, str]:
    return {state.state: state.on.isoformat() for state in row.states}


def order(**more: Any) -> FactEvent:
    given: dict[str, Any] = {"states": {"activated": "2026-03-04"}, **more}
    return s.order(TENANT, "O1", given.pop("amount", "100.00"), **given)


def billed(signal: str, signal_id: str, day: str, **more: Any) -> FactEvent:
    """Return what billing said of bill F1 of order O1."""
    said = {
        **s.bill_paid(TENANT, "O1", day).model_dump(),
        "signal": signal,
        "signal_id": signal_id,
        "document": "F1",
        **more,
    }
    return BillingSignalRecorded(**said)
