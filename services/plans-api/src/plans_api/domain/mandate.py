"""Mandates: dated contracts between a principal and a payee."""

from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from plans_api.domain.occupancy import Occupancy
from plans_api.domain.record import Key
from plans_api.domain.window import Window
from premia_common.money import Money


class MandateOverlaps(Exception):
    """Raised when a principal and a payee would have two mandates on the same day."""

    def __init__(self, other: UUID, window: Window) -> None:
        self.other = other
        super().__init__(
            f"Mandate {other} between this principal and this payee is valid on days of {window}.  "
            "End it first, or correct valid_from and valid_to."
        )


class MandateInUse(Exception):
    """Raised when a mandate would stop covering an assignment that belongs to it."""

    def __init__(self, assignment_id: UUID, window: Window) -> None:
        super().__init__(
            f"Assignment {assignment_id} belongs to this mandate and is valid {window}.  "
            "Shorten the assignment first."
        )


class PayeeCapNotUsable(ValueError):
    """Raised when a cap is negative, or two caps hold on the same day."""


@dataclass(frozen=True, slots=True)
class PayeeCap:
    """The most that all plans of the principal together may pay the payee in a month.

    The cap in force on the month's last day counts.  What lands beyond it is taken from every
    component by what it paid; with a `priority`, from those it names later first.
    """

    amount: Money
    window: Window
    priority: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.amount.amount < 0:
            raise PayeeCapNotUsable("a cap is zero or more")
        if len(set(self.priority)) != len(self.priority):
            raise PayeeCapNotUsable("priority names a component twice")


@dataclass(frozen=True, slots=True)
class Mandate:
    """A contract under which a principal pays a payee."""

    principal_id: UUID
    payee_id: UUID
    window: Window
    payee_caps: tuple[PayeeCap, ...] = ()

    def __post_init__(self) -> None:
        for first, second in combinations(self.payee_caps, 2):
            both = first.window.meets(second.window)
            if both and first.amount.currency == second.amount.currency:
                raise PayeeCapNotUsable(f"two caps hold on {both.start}; end one first")

    @property
    def key(self) -> Key:
        """Principal, payee and first day."""
        return (self.principal_id, self.payee_id, self.window.start)

    @property
    def pair(self) -> tuple[UUID, UUID]:
        """Principal and payee."""
        return (self.principal_id, self.payee_id)

    def claim_days(self, mandate_id: UUID, taken: Occupancy[tuple[UUID, UUID]]) -> None:
        """Note this mandate's days among those taken by the same principal and payee.

        Raises:
            MandateOverlaps: if another mandate of theirs has one of these days.
        """
        other = taken.occupant(self.pair, self.window, other_than=mandate_id)
        if other is not None:
            raise MandateOverlaps(other, self.window)
        taken.occupy(self.pair, self.window, mandate_id)
