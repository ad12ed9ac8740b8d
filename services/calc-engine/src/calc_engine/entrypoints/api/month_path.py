"""A month in a path or a query."""

from typing import Annotated

from fastapi import Depends, Path, Query
from pydantic import (
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from premia_common.periods import Month


def _as_people_write_it(value: object, check: ValidatorFunctionWrapHandler) -> str:
    try:
        text: str = check(value)
    except ValidationError as error:
        raise ValueError("write a month as its year and number, such as 2026-03") from error
    return text


BusinessMonth = Annotated[
    str,
    StringConstraints(pattern=r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$"),
    WrapValidator(_as_people_write_it),
]
"""A month that can be calculated, like `2026-03`."""


def _in_path(month: Annotated[BusinessMonth, Path(examples=["2026-03"])]) -> Month:
    return Month.parse(month)


def _in_query(
    period: Annotated[BusinessMonth | None, Query(examples=["2026-03"])] = None,
) -> Month | None:
    return Month.parse(period) if period else None


MonthPath = Annotated[Month, Depends(_in_path)]
"""`/{month}`."""
PeriodQuery = Annotated[Month | None, Depends(_in_query)]
"""`?period=`."""
