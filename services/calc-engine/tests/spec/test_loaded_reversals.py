"""How reversals that people load find what they take back."""

from typing import Any
from uuid import UUID

import pytest

from calc_engine.domain.fact import Fact
from calc_engine.domain.plan_relations import shared_rows
from calc_engine.domain.records import Records
from premia_common.contracts.orders import OrderLine
from premia_common.contracts.records import ReversalRecord

from .. import samples as s  # noqa: TID252
from .as_recorded import TENANT, billed, facts_of, order


def reversal(reversal_id: str, **more: Any) -> Fact:
    """Return a reversal as people load it."""
    row = {"source": "desk", "reversal_id": reversal_id, "on": "2026-05-02", "share": "0.5", **more}
    body = ReversalRecord.model_validate(row).model_dump(mode="json")
    return Fact("reversal", reversal_id, "1", s.KNOWN, UUID(int=1), "0" * 64, body)


def test_a_loaded_reversal_names_a_line_or_a_bill_and_waits_while_there_is_none() -> None:
    of_order = {"order": {"system": "salesforce", "code": "R-O1"}}
    bill = billed("invoice.issued", "B-1", "2026-03-20", amount=s.euros("244.00"))
    loaded = [
        reversal("R1", **of_order),
        reversal("R2", **of_order, of="line", fact="L1"),
        reversal("R3", **of_order, of="bill", fact="billing/B-1"),
        reversal("R4", **of_order, of="line", fact="L9"),
        reversal("R5", **of_order, of="payment", fact="billing/B-1"),
        reversal("R6", of="activity", fact="C1"),
    ]
    lines = (OrderLine(line_id="L1", product="hp", quantity="1", amount=s.euros("50.00")),)
    sold = order().model_copy(update={"lines": lines})

    shared = shared_rows(Records.of([*facts_of([*s.master_data(TENANT), sold, bill]), *loaded]))

    assert {
        (row.reversal_id, row.order_id, row.kind, row.fact_id) for row in shared.loaded.reversals
    } == {
        ("R1", "salesforce/R-O1", "order", ""),
        ("R2", "salesforce/R-O1", "line", "L1"),
        ("R3", "salesforce/R-O1", "bill", "billing/B-1"),
    }
    assert {
        (item.code, item.message) for item in shared.exceptions if item.code.startswith("reversal")
    } == {
        ("reversal-of-unknown-line", "The reversal R4 waits: there is no line L9"),
        ("reversal-of-unknown-payment", "The reversal R5 waits: there is no payment billing/B-1"),
        ("reversal-of-unknown-activity", "The reversal R6 waits: there is no activity C1"),
    }


def test_a_reversal_of_something_else_than_an_order_names_it() -> None:
    with pytest.raises(ValueError, match="fact names which one it is"):
        reversal("R1", order={"system": "salesforce", "code": "R-O1"}, of="line")
    with pytest.raises(ValueError, match="order is needed of everything but an activity"):
        reversal("R1", of="bill", fact="billing/B-1")
