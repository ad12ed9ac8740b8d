"""Put mandates under plans: from the names a person uses to complete assignments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from plans_api.application.ports import PlansWork
from plans_api.application.refer_to_plan import plan_id_of
from plans_api.domain.assignment import Assignment
from plans_api.domain.mandate import Mandate
from plans_api.domain.plan import Plan
from plans_api.domain.record import Record, ReferenceUnknown
from plans_api.domain.window import Window


@dataclass(frozen=True, slots=True)
class AssignmentRequest:
    """A mandate to be put under a plan, which is named by id or name."""

    plan: str
    mandate_id: UUID
    window: Window


async def complete_assignments(
    work: PlansWork, requests: Sequence[AssignmentRequest | Exception]
) -> list[Assignment | Exception]:
    """Return the assignments with their plan's and mandate's particulars.

    A request that names an unknown plan or mandate becomes a `ReferenceUnknown` in its place.
    """
    readable = [item for item in requests if not isinstance(item, Exception)]
    ids = {item.plan: plan_id_of(work.tenant_id, item.plan) for item in readable}
    plans = await work.plans.by_ids(set(ids.values()))
    mandates = await work.mandates.by_ids({item.mandate_id for item in readable})
    return [
        item
        if isinstance(item, Exception)
        else _complete(item, plans.get(ids[item.plan]), mandates)
        for item in requests
    ]


def _complete(
    request: AssignmentRequest, plan: Plan | None, mandates: Mapping[UUID, Record[Mandate]]
) -> Assignment | ReferenceUnknown:
    if plan is None:
        return ReferenceUnknown("plan", request.plan, field="plan")
    mandate = mandates.get(request.mandate_id)
    if mandate is None:
        return ReferenceUnknown("mandate", request.mandate_id, field="mandate_id")
    return Assignment(
        plan_id=plan.id,
        plan_name=plan.name,
        mandate_id=request.mandate_id,
        principal_id=mandate.content.principal_id,
        payee_id=mandate.content.payee_id,
        window=request.window,
    )
