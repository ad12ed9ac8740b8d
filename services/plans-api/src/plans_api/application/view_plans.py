"""What a caller may see of plans: everything, or only what one payee is, or was, paid by."""

from dataclasses import dataclass
from uuid import UUID

from plans_api.application.ports import PlansWork
from plans_api.domain.plan import (
    Plan,
    PlanNotFound,
    PlanStatus,
    PlanVersion,
    PlanVersionNotFound,
)

_SETTLED = frozenset({PlanStatus.PUBLISHED, PlanStatus.RETIRED})


@dataclass(frozen=True, slots=True)
class View:
    """A caller's view; without `everything`, that of a payee, who sees no draft."""

    everything: bool
    payee_id: UUID | None = None

    async def plans(self, work: PlansWork) -> frozenset[UUID] | None:
        """Return the plans in view, None for all."""
        if self.everything:
            return None
        return await work.assignments.plans_of(self.payee_id) if self.payee_id else frozenset()

    async def plan(self, work: PlansWork, plan_id: UUID) -> tuple[Plan, list[PlanVersion]]:
        """Return a plan and its versions in view.

        Raises:
            PlanNotFound: if the plan is not in view.
        """
        among = await self.plans(work)
        if among is not None and plan_id not in among:
            raise PlanNotFound(plan_id)
        plan = await work.plans.get(plan_id)
        versions = await work.plans.versions(plan_id)
        return plan, [version for version in versions if self._shows(version)]

    async def version(
        self, work: PlansWork, plan_id: UUID, number: int
    ) -> tuple[Plan, PlanVersion]:
        """Return a plan and one of its versions in view.

        Raises:
            PlanNotFound: if the plan is not in view.
            PlanVersionNotFound: if the version is not in view.
        """
        plan, versions = await self.plan(work, plan_id)
        for version in versions:
            if version.number == number:
                return plan, version
        raise PlanVersionNotFound(plan_id, number)

    def _shows(self, version: PlanVersion) -> bool:
        return self.everything or version.status in _SETTLED
