"""Targets: what a payee is to reach, month by month."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from plans_api.domain.record import Key
from premia_common.money import Money
from premia_common.periods import Month


class TargetNotUsable(ValueError):
    """Raised when a target names a month twice, is negative or mixes currencies."""


@dataclass(frozen=True, slots=True)
class TargetValue:
    """The target of one month, perhaps only from a day within it on."""

    month: Month
    amount: Money
    valid_from: date | None = None
    """None: from the first day of the month on."""

    def __post_init__(self) -> None:
        days = self.month.period
        if self.valid_from is not None and not days.start < self.valid_from < days.end:
            raise TargetNotUsable(
                f"{self.valid_from} is not a day of {self.month} after its first; leave valid_from "
                "out for a target of the whole month"
            )

    @property
    def place(self) -> tuple[Month, date]:
        """The month, and the day from which it holds."""
        return (self.month, self.valid_from or self.month.period.start)


@dataclass(frozen=True, slots=True)
class Target:
    """A payee's targets under one name, for all months that are set, in order.

    A target that changes within a month is there twice: for the month, and from a day on.
    """

    payee_id: UUID
    name: str
    values: tuple[TargetValue, ...]

    def __post_init__(self) -> None:
        places = [value.place for value in self.values]
        if len(set(places)) != len(places):
            month, day = next(place for place in places if places.count(place) > 1)
            raise TargetNotUsable(f"month {month} is given twice from {day} on; give each once")
        whole = {value.month for value in self.values if value.valid_from is None}
        for value in self.values:
            if value.month not in whole:
                raise TargetNotUsable(
                    f"{value.month} has a target from {value.valid_from} on and none before; give "
                    "the one of the whole month too"
                )
        if len({value.amount.currency for value in self.values}) > 1:
            raise TargetNotUsable("a target is in one currency; give all months in the same")
        for value in self.values:
            if value.amount.amount < 0:
                raise TargetNotUsable(f"the target of {value.month} is below zero")
        ordered = tuple(sorted(self.values, key=lambda value: value.place))
        object.__setattr__(self, "values", ordered)

    @property
    def key(self) -> Key:
        """Payee and name."""
        return (self.payee_id, self.name)
