"""Retire a published plan version."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from plans_api.application.act import Act
from plans_api.application.ports import PlansWork
from plans_api.domain.plan import PlanVersion, transition
from premia_common.contracts.plans import PlanRetired


async def retire_plan(
    work: PlansWork,
    *,
    plan_id: UUID,
    number: int,
    expected: int,
    retired_from: date,
    reason: str,
    act: Act,
) -> PlanVersion:
    """Return the retired version: it governs no order of that day or a later one.

    Raises:
        PlanNotFound: if there is no such plan.
        PlanVersionNotFound: if the plan has no such version.
        RecordChanged: if `expected` is not its current version.
        PlanNotInStatus: if it is not published.
        RetirementNotPossible: if it is not valid on that day.
    """
    plan = await work.plans.get(plan_id, locked=True)
    published = await work.plans.version(plan_id, number)
    published.must_be(expected)
    retired = published.retire(retired_from=retired_from)
    step = transition(published, retired, by=act.by, at=act.at, reason=reason)
    counted = replace(plan, retirements=plan.retirements + 1)
    await work.plans.save(counted)
    await work.plans.save_version(retired, step)
    work.outbox.add(
        PlanRetired(
            **act.header(),
            version=counted.retirements,
            plan_id=plan_id,
            plan_name=plan.name,
            retired_version=number,
            retired_from=retired_from,
        )
    )
    return retired
