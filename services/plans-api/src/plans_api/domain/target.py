"""Targets: what a payee is to reach, month by month."""

from dataclasses import dataclass
from uuid import UUID

from plans_api.domain.record import Key
from premia_common.money import Money
from premia_common.periods import Month


class TargetNotUsable(ValueError):
    """Raised when a target names a month twice, is negative or mixes currencies."""


@dataclass(frozen=True, slots=True)
class TargetValue:
    """The target of one month."""

    month: Month
    amount: Money


@dataclass(frozen=True, slots=True)
class Target:
    """A payee's targets under one name, for all months that are set, in order."""

    payee_id: UUID
    name: str
    values: tuple[TargetValue, ...]

    def __post_init__(self) -> None:
        months = [value.month for value in self.values]
        if len(set(months)) != len(months):
            twice = next(month for month in months if months.count(month) > 1)
            raise TargetNotUsable(f"month {twice} is given twice; give each month once")
        if len({value.amount.currency for value in self.values}) > 1:
            raise TargetNotUsable("a target is in one currency; give all months in the same")
        for value in self.values:
            if value.amount.amount < 0:
                raise TargetNotUsable(f"the target of {value.month} is below zero")
        ordered = tuple(sorted(self.values, key=lambda value: value.month))
        object.__setattr__(self, "values", ordered)

    @property
    def key(self) -> Key:
        """Payee and name."""
        return (self.payee_id, self.name)
