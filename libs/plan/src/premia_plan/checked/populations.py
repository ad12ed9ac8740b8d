"""Populations: the payees that are compared, ranked, or share a pool."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from premia_plan.language import Formula


@dataclass(frozen=True, slots=True)
class Population:
    """The plan's payees of whom a condition holds on a day: of the period, or a fixed one.

    They fall into groups of those of whom something is the `same`, or who have the same superior
    in a hierarchy; where both are None they are one group.
    """

    name: str
    who: Formula
    on: Literal["last day", "first day"] | date
    path: str
    same: Formula | None = None
    same_superior: str | None = None

    @property
    def is_grouped(self) -> bool:
        """Say whether it falls into groups."""
        return self.same is not None or self.same_superior is not None

    def has_groups_of(self, other: "Population") -> bool:
        """Say whether its groups are told by the same as those of another population."""
        own, theirs = self.same, other.same
        if own is None or theirs is None:
            return own is theirs and self.same_superior == other.same_superior
        return own.expression == theirs.expression
