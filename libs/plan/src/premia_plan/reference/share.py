"""One payment of an earning on its way: what is left of it, and when it is due."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from premia_plan.reference.schedule import Slot

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Share:
    """A slot's amount in minor units, and the day it is due, if that came.

    `gone` is the part of the planned amount that reversals took before it was due, `reduced` the
    units of it, and `reduced_by` the nodes of those reversals. `stage` tells what is left of it
    after a reinstatement from what was left before.
    """

    slot: Slot
    units: int
    due: date | None
    gone: Fraction = NOTHING
    reduced: int = 0
    reduced_by: tuple[UUID, ...] = ()
    stage: str = ""
