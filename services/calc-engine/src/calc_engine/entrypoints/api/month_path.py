"""A month in a path or a query."""

from typing import Annotated

from fastapi import Depends, Path, Query

from premia_common.contracts.fields import MonthText
from premia_common.periods import Month


def _in_path(month: Annotated[MonthText, Path(examples=["2026-03"])]) -> Month:
    return Month.parse(month)


def _in_query(
    period: Annotated[MonthText | None, Query(examples=["2026-03"])] = None,
) -> Month | None:
    return Month.parse(period) if period else None


MonthPath = Annotated[Month, Depends(_in_path)]
"""`/{month}`."""
PeriodQuery = Annotated[Month | None, Depends(_in_query)]
"""`?period=`."""
