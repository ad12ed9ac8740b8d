"""Exchange rates as they were published."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal, TypeAlias

from premia_plan.relations.ordering import Key
from premia_plan.relations.values import SourceRef

RateType: TypeAlias = Literal["daily", "period average", "plan rate"]


@dataclass(frozen=True, slots=True)
class ExchangeRateRow:
    """How much of one currency a unit of another is.

    A daily rate is of the day `on`, a period average of the month in `period`, a plan rate of the
    year in `period`; what a row does not have is "" or None.
    """

    KEY: ClassVar[Key] = ("rate_type", "from_currency", "to_currency", "period", "on")

    rate_type: RateType
    from_currency: str
    to_currency: str
    period: str
    on: date | None
    rate: Decimal
    source: SourceRef
