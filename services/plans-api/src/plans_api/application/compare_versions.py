"""Compare two versions of a plan."""

from dataclasses import dataclass
from uuid import UUID

from plans_api.application.ports import PlansWork
from plans_api.application.view_plans import View
from plans_api.domain.plan import Revision
from premia_plan.differences import Change, compare_plans
from premia_plan.document import PlanDocument


@dataclass(frozen=True, slots=True)
class ComparedVersions:
    """The documents of two versions."""

    earlier: Revision
    later: Revision

    def changes(self) -> tuple[Change, ...]:
        """Return what changed; takes processor time for large plans."""
        return compare_plans(
            PlanDocument.from_canonical(self.earlier.canonical).content,
            PlanDocument.from_canonical(self.later.canonical).content,
        )


async def compare_versions(
    work: PlansWork, view: View, *, plan_id: UUID, earlier: int, later: int
) -> ComparedVersions:
    """Return the current documents of two versions in view.

    Raises:
        PlanNotFound: if the plan is not in view.
        PlanVersionNotFound: if one of the versions is not in view.
    """
    found = []
    for number in (earlier, later):
        _, version = await view.version(work, plan_id, number)
        found.append(await work.plans.revision(plan_id, number, version.revision))
    return ComparedVersions(*found)
