"""Open a tenant's first month."""

from datetime import datetime
from uuid import UUID

from calc_engine.application.ports import CalcWork
from calc_engine.domain.period import Period, PeriodAlreadyOpened
from premia_common.periods import Month


async def open_period(work: CalcWork, *, month: Month, by: UUID, now: datetime) -> Period:
    """Open the month the tenant goes live with; opening it again changes nothing.

    What landed in earlier months was paid elsewhere and is on no statement.

    Raises:
        PeriodAlreadyOpened: if the tenant went live with another month.
    """
    first = await work.periods.first()
    if first is None:
        return await work.periods.open(month, by=by, at=now)
    if first != month:
        raise PeriodAlreadyOpened(month, first)
    return await work.periods.get(month)
