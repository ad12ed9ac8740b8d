"""What counts in part for a payee who is in the plan for part of a period."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Basis: TypeAlias = Literal["calendar days", "working days", "completed months", "started months"]
Scaled: TypeAlias = Literal["target", "guarantee", "pay", "cap"]


@dataclass(frozen=True, slots=True)
class Proration:
    """How the part of a period in the plan is measured, and what it scales.

    `target` scales every target of payees, except those that say that joiners have the whole.
    """

    basis: Basis = "calendar days"
    leave_counts: bool = False
    scales: frozenset[Scaled] = frozenset({"guarantee", "target"})
    path: str = "/proration"
