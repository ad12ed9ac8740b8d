"""The time between two days, as plans count it."""

from datetime import date
from typing import Literal, TypeAlias, assert_never

from premia_plan.language.dates import completed_months, started_months

Elapsed: TypeAlias = Literal["days", "completed months", "started months"]


def elapsed(kind: Elapsed, since: date, until: date) -> int:
    """Return the time between two days; none before the first.

    >>> elapsed("started months", date(2026, 1, 15), date(2026, 2, 16))
    2
    """
    if until <= since:
        return 0
    match kind:
        case "days":
            return (until - since).days
        case "completed months":
            return completed_months(since, until)
        case "started months":
            return started_months(since, until)
        case _:
            assert_never(kind)
