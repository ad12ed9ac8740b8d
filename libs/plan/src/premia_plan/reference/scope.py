"""Where a formula stands: its values, and the node of each."""

from datetime import date
from typing import Protocol
from uuid import UUID

from premia_plan.language import Value

REACHED, DAY_OF = "reached ", "day of "
"""How a formula's inputs name the states it asks for."""


class FigureScope(Protocol):
    """An order, a credit or a cell, as formulas about it see it.

    A rate table is looked up by its name like any other value.
    """

    def value(self, name: str) -> Value | None:
        """Return a named value, or None while it is unknown.

        Raises:
            NotCalculated: if a rate, a target or a loaded value is missing.
        """

    def day_reached(self, state: str) -> date | None:
        """Return the day the order first reached a state, or None."""

    def node(self, name: str) -> UUID:
        """Return the node of a named value, written when it is first asked for.

        `reached activated` and `day of activated` name the leaf of a state.

        Raises:
            NotCalculated: if there is none, because it cannot be worked out.
        """


def state_in(name: str) -> str | None:
    """Return the state that an input names, or None if it names a value.

    >>> state_in("day of activated"), state_in("order.amount")
    ('activated', None)
    """
    for prefix in (REACHED, DAY_OF):
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return None
