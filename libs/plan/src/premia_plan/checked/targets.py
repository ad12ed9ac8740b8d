"""Attainments: measures against their targets."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AttainmentRule:
    """A measure divided by its target."""

    name: str
    of: str
    path: str
