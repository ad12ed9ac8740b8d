"""Assignments: under which plan a mandate earns, and when."""

from dataclasses import dataclass
from uuid import UUID

from plans_api.domain.mandate import Mandate
from plans_api.domain.occupancy import Occupancy
from plans_api.domain.record import Key
from plans_api.domain.window import Window


class AssignmentOverlaps(Exception):
    """Raised when a mandate would be under the same plan twice on one day."""

    def __init__(self, other: UUID, window: Window) -> None:
        super().__init__(
            f"Assignment {other} puts this mandate under this plan on days of {window}.  "
            "End it first, or correct valid_from and valid_to."
        )


class AssignmentOutsideMandate(Exception):
    """Raised when an assignment has days on which its mandate is not valid."""

    def __init__(self, assignment: Window, mandate: Window) -> None:
        super().__init__(
            f"The assignment is valid {assignment}, its mandate {mandate}.  "
            "An assignment lies within its mandate: correct valid_from or valid_to."
        )


class PlanOfAnotherPrincipal(Exception):
    """Raised when a mandate would be put under a plan of another principal."""

    def __init__(self, plan_principal: UUID, mandate_principal: UUID) -> None:
        super().__init__(
            f"The plan belongs to principal {plan_principal}, the mandate to {mandate_principal}.  "
            "Choose a plan of the mandate's principal."
        )


class PlanNotPublished(Exception):
    """Raised when something needs a published plan version and the plan has none."""

    def __init__(self, plan_id: UUID) -> None:
        super().__init__(f"Plan {plan_id} has no published version.  Publish one first.")


@dataclass(frozen=True, slots=True)
class Assignment:
    """A mandate under a plan; principal, payee and name are those of the two, kept for readers."""

    plan_id: UUID
    plan_name: str
    mandate_id: UUID
    principal_id: UUID
    payee_id: UUID
    window: Window

    @property
    def key(self) -> Key:
        """Plan, mandate and first day."""
        return (self.plan_id, self.mandate_id, self.window.start)

    @property
    def pair(self) -> tuple[UUID, UUID]:
        """Plan and mandate."""
        return (self.plan_id, self.mandate_id)

    def must_fit(self, mandate: Mandate, *, plan_principal: UUID) -> None:
        """Check this assignment against its mandate and its plan.

        Raises:
            PlanOfAnotherPrincipal: if the plan is not of the mandate's principal.
            AssignmentOutsideMandate: if it has days on which the mandate is not valid.
        """
        if plan_principal != mandate.principal_id:
            raise PlanOfAnotherPrincipal(plan_principal, mandate.principal_id)
        if not mandate.window.encloses(self.window):
            raise AssignmentOutsideMandate(self.window, mandate.window)

    def claim_days(self, assignment_id: UUID, taken: Occupancy[tuple[UUID, UUID]]) -> None:
        """Note this assignment's days among those taken by the same plan and mandate.

        Raises:
            AssignmentOverlaps: if another assignment of theirs has one of these days.
        """
        other = taken.occupant(self.pair, self.window, other_than=assignment_id)
        if other is not None:
            raise AssignmentOverlaps(other, self.window)
        taken.occupy(self.pair, self.window, assignment_id)
