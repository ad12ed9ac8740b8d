"""The names a formula may use in its place, with their units."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from premia_plan.language.words import Words, same
from premia_plan.unit import Unit

_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Names:
    """What can be looked up where a formula stands: values by name, and the states.

    `quantities` are the units the plan declares (`kWh`); `fact_states` the states of facts other
    than the order, by kind of fact.  `figures` are the names that words such as `previous year of`
    can be joined to, and `components` those that can follow `earned` and `released`; a joined name
    may also stand in `units` under its whole text.  `parameters` are names that stand for a value.
    """

    units: Mapping[str, Unit]
    states: frozenset[str] = frozenset()
    currency: str | None = None
    quantities: frozenset[str] = frozenset()
    fact_states: Mapping[str, frozenset[str]] = field(default_factory=dict)
    figures: frozenset[str] = frozenset()
    components: frozenset[str] = frozenset()
    hierarchies: frozenset[str] = frozenset()
    populations: frozenset[str] = frozenset()
    parameters: Mapping[str, str] = field(default_factory=dict)

    def with_units(self, more: Mapping[str, Unit]) -> "Names":
        """Return the same names and some more."""
        return replace(self, units={**self.units, **more})

    def with_states(self, states: Iterable[str]) -> "Names":
        """Return the same names where the order's states can be asked for."""
        return replace(self, states=frozenset(states))

    def quantity(self, written: str) -> str | None:
        """Return the declared unit that a written one means, in the singular or plural, or None.

        >>> Names({}, quantities=frozenset({"point"})).quantity("points")
        'point'
        """
        if written in self.quantities or written in {"days", "months"}:
            return written
        singular = written.removesuffix("s")
        return singular if singular in self.quantities else None


def suggested(word: str, known: Iterable[str]) -> Words:
    """Return a hint that names the nearest known word, or all of them when none is near.

    >>> suggested("order.territry", ["order.territory", "order.amount"]).en
    'Did you mean order.territory?'
    """
    choices = sorted(known)
    near = nearest(word[:_LONGEST_NAME], choices)
    if near is not None:
        return Words(f"Did you mean {near}?", f"Si intendeva {near}?")
    if not choices:
        return Words("Nothing can be named here", "Qui non si può nominare nulla")
    listed = same(", ".join(choices))
    return Words(f"Known here: {listed.en}", f"Nomi ammessi: {listed.it}")


def nearest(word: str, choices: list[str]) -> str | None:
    """Return the choice nearest to a word, whole or by its part after the last point.

    >>> nearest("order.territry", ["order.amount", "order.territory"])
    'order.territory'
    """
    found = get_close_matches(word, choices, n=1, cutoff=0.6)
    if found:
        return found[0]
    ends = {choice.rpartition(".")[2]: choice for choice in choices}
    found = get_close_matches(word.rpartition(".")[2], list(ends), n=1, cutoff=0.8)
    return ends[found[0]] if found else None
