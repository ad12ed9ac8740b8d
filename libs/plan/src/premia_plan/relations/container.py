"""Everything a calculation reads besides the plan."""

from dataclasses import dataclass, fields
from datetime import date

from premia_plan.relations.exchange import ExchangeRateRow
from premia_plan.relations.facts import FactRow
from premia_plan.relations.measured import MeasurementRow, TargetRow
from premia_plan.relations.opening import OpeningRow, PaidBeforeRow
from premia_plan.relations.ordering import sorted_once
from premia_plan.relations.orders import OrderRow
from premia_plan.relations.payees import AssignmentRow, EdgeRow, PayeeRow, PositionRow
from premia_plan.relations.paying import (
    AdjustmentRow,
    HolidayRow,
    LeaveRow,
    LoanRow,
    PayeeCapRow,
)
from premia_plan.relations.reversals import ReversalRow
from premia_plan.relations.trees import TreeRow


@dataclass(frozen=True, slots=True)
class Relations:
    """Everything a calculation reads besides the plan.

    Two rows with the same key and different content are both kept, next to each other; the
    calculation names them in an exception rather than choosing by the order of arrival.
    `closed_before` is the first day that is still open. A line lands in the month of its event
    all the same; whoever compares two results moves differences of closed months.
    """

    payees: tuple[PayeeRow, ...] = ()
    orders: tuple[OrderRow, ...] = ()
    edges: tuple[EdgeRow, ...] = ()
    trees: tuple[TreeRow, ...] = ()
    targets: tuple[TargetRow, ...] = ()
    measurements: tuple[MeasurementRow, ...] = ()
    assignments: tuple[AssignmentRow, ...] = ()
    openings: tuple[OpeningRow, ...] = ()
    reversals: tuple[ReversalRow, ...] = ()
    facts: tuple[FactRow, ...] = ()
    adjustments: tuple[AdjustmentRow, ...] = ()
    loans: tuple[LoanRow, ...] = ()
    leaves: tuple[LeaveRow, ...] = ()
    holidays: tuple[HolidayRow, ...] = ()
    exchange_rates: tuple[ExchangeRateRow, ...] = ()
    positions: tuple[PositionRow, ...] = ()
    payee_caps: tuple[PayeeCapRow, ...] = ()
    paid_before: tuple[PaidBeforeRow, ...] = ()
    closed_before: date | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            rows = getattr(self, field.name)
            if isinstance(rows, tuple):
                object.__setattr__(self, field.name, sorted_once(rows))
