"""The names a formula may use in its place, with their units."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from premia_plan.quantities import Unit


@dataclass(frozen=True, slots=True)
class Names:
    """What can be looked up where a formula stands: values by name, and the states."""

    units: Mapping[str, Unit]
    states: frozenset[str] = frozenset()
    currency: str | None = None

    def with_units(self, more: Mapping[str, Unit]) -> "Names":
        """Return the same names and some more."""
        return Names({**self.units, **more}, self.states, self.currency)

    def with_states(self, states: Iterable[str]) -> "Names":
        """Return the same names where the order's states can be asked for."""
        return Names(self.units, frozenset(states), self.currency)


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest known word, or all of them when none is near.

    >>> suggestion("order.territry", ["order.territory", "order.amount"])
    'Did you mean order.territory?'
    """
    choices = sorted(known)
    near = get_close_matches(word, choices, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {near[0]}?"
    return f"Known here: {', '.join(choices)}" if choices else "Nothing can be named here"
