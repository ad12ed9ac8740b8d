"""What a version takes over from the version before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

Carry: TypeAlias = Literal["reset", "carry the position", "carry and re-rate"]


@dataclass(frozen=True, slots=True)
class Change:
    """The version that ends where this one begins, and what becomes of the period under way.

    `starts` is the first day of the version before. A measure that is `reset` counts from this
    version's first day. One that carries counts the credits of the version before too, by this
    version's rules: with `carry the position` a component pays what the whole period gives less
    what the part before gives by itself; with `carry and re-rate` less what was paid for it.
    """

    after: str
    starts: date
    measures: Mapping[str, Carry]
    path: str

    def carries(self, measure: str) -> bool:
        """Say whether a measure counts the credits of the version before."""
        return self.measures.get(measure, "reset") != "reset"
