"""When an order's pay is taken back."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from premia_plan.checked import Storno
from premia_plan.language import Value
from premia_plan.period import month_of


@dataclass(frozen=True, slots=True)
class Reversal:
    """An order's reversal: its day, the state that caused it, and whether it takes nothing."""

    day: date
    state: str
    is_void: bool
    imputable_to: str | None = None

    @property
    def month(self) -> str:
        """The month the reversal lands in."""
        return month_of(self.day)


class Reversible(Protocol):
    """What is asked of an order to know whether it was reversed."""

    days: dict[str, date]

    def value(self, name: str) -> Value | None:
        """Return a value of the order or its reversal."""

    def day_reached(self, state: str) -> date | None:
        """Return the day of the first arrival at a state."""


@dataclass(frozen=True, slots=True)
class _AsOf:
    """An order as it stood at the end of a day."""

    order: Reversible
    day: date

    def value(self, name: str) -> Value | None:
        return self.order.value(name)

    def day_reached(self, state: str) -> date | None:
        reached = self.order.day_reached(state)
        return reached if reached is not None and reached <= self.day else None


def find_reversal(storno: Storno, order: Reversible) -> Reversal | None:
    """Return the reversal inside the storno's window, or None.

    It happens on the first day on which the condition holds. The last day of the window is
    inside; an order that has not entered the window yet is inside too.
    """
    states = storno.when.states
    candidates = sorted({day for state, day in order.days.items() if state in states})
    for day in candidates:
        if not storno.when.evaluate(_AsOf(order, day)):
            continue
        if not _is_inside(storno, order, day):
            return None
        state = min(
            name for name, reached in order.days.items() if reached == day and name in states
        )
        is_void = storno.void_when is not None and storno.void_when.evaluate(_AsOf(order, day))
        imputable_to = order.value("reversal.imputable_to")
        who = imputable_to if isinstance(imputable_to, str) else None
        return Reversal(day, state, bool(is_void), who)
    return None


def _is_inside(storno: Storno, order: Reversible, day: date) -> bool:
    if storno.days is None or storno.after is None:
        return True
    entered = order.day_reached(storno.after)
    return entered is None or (day - entered).days <= storno.days
