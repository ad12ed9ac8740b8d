"""When earnings are released."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class ReleaseShare:
    """A share of an earning, payable at a state or (state None) at the measured month's close.

    `ratio` is None for the rest.
    """

    ratio: Fraction | None
    state: str | None
    path: str
