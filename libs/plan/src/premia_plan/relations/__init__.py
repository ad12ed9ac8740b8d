"""The calculation's input: dated rows of what was recorded, resolved to our own ids.

Days are business days. Every validity is half-open: the first day is in, `valid_to` is out,
and None means without limit. Months are written `2026-03`. The order of the rows never matters,
and a row given twice counts once. One module per kind of row; a kind is added as a class with
its `KEY` and one field of `Relations`.
"""

from premia_plan.relations.container import Relations
from premia_plan.relations.exchange import ExchangeRateRow
from premia_plan.relations.facts import FactRow
from premia_plan.relations.measured import MeasurementRow, TargetRow
from premia_plan.relations.opening import OpeningRow, PaidBeforeRow
from premia_plan.relations.orders import OrderLineRow, OrderRow, StateReached
from premia_plan.relations.payees import (
    AssignmentRow,
    EdgeRow,
    PayeeRef,
    PayeeRow,
    PositionRow,
)
from premia_plan.relations.paying import (
    AdjustmentRow,
    HolidayRow,
    LeaveRow,
    LoanRow,
    PayeeCapRow,
)
from premia_plan.relations.reversals import ReversalRow
from premia_plan.relations.trees import TreeRow
from premia_plan.relations.values import Attribute, SourceRef

__all__ = [
    "AdjustmentRow",
    "AssignmentRow",
    "Attribute",
    "EdgeRow",
    "ExchangeRateRow",
    "FactRow",
    "HolidayRow",
    "LeaveRow",
    "LoanRow",
    "MeasurementRow",
    "OpeningRow",
    "OrderLineRow",
    "OrderRow",
    "PaidBeforeRow",
    "PayeeCapRow",
    "PayeeRef",
    "PayeeRow",
    "PositionRow",
    "Relations",
    "ReversalRow",
    "SourceRef",
    "StateReached",
    "TargetRow",
    "TreeRow",
]
