"""At which exchange rates amounts in other currencies count."""

from dataclasses import dataclass

from premia_plan.language import Formula
from premia_plan.relations.exchange import RateType


@dataclass(frozen=True, slots=True)
class Exchange:
    """A type of rate, and the day of an order at which it is read."""

    rate: RateType
    on: Formula
    path: str


@dataclass(frozen=True, slots=True)
class StatementCurrency:
    """In which currency a payee's statement is, on the month's last day, and by which rate.

    A correction is stated at the rate of what it corrects.
    """

    currency: Formula
    rate: RateType
    path: str


@dataclass(frozen=True, slots=True)
class Currencies:
    """The rate for pay, and another one for what counts towards targets, if there is one.

    Without a rate for pay an order in another currency is an exception. Without a currency for
    statements they are in the plan's.
    """

    pay: Exchange | None = None
    targets: Exchange | None = None
    statement: StatementCurrency | None = None
