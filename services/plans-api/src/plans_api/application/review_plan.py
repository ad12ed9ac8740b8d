"""Submit a draft for review, or send it back."""

import asyncio
from uuid import UUID

from plans_api.application.act import Act
from plans_api.application.ports import PlansWork
from plans_api.domain.plan import PlanVersion, transition
from plans_api.domain.plan_document import check_revision, window_of


async def submit_plan(
    work: PlansWork, *, plan_id: UUID, number: int, expected: int, act: Act
) -> PlanVersion:
    """Return the version in review.

    Raises:
        PlanNotFound: if there is no such plan.
        PlanVersionNotFound: if the plan has no such version.
        RecordChanged: if `expected` is not its current version.
        PlanNotInStatus: if it is no draft.
        PlanNotAcceptable: if its document has an error.
    """
    await work.plans.get(plan_id, locked=True)
    draft = await work.plans.version(plan_id, number)
    draft.must_be(expected)
    revision = await work.plans.revision(plan_id, number, draft.revision)
    report = await asyncio.to_thread(check_revision, revision)
    submitted = draft.submit(by=act.by, window=window_of(report.checked()))
    await work.plans.save_version(submitted, transition(draft, submitted, by=act.by, at=act.at))
    return submitted


async def reject_plan(
    work: PlansWork, *, plan_id: UUID, number: int, expected: int, reason: str, act: Act
) -> PlanVersion:
    """Return the version as a draft again, with the reason kept in its history.

    Raises:
        PlanNotFound: if there is no such plan.
        PlanVersionNotFound: if the plan has no such version.
        RecordChanged: if `expected` is not its current version.
        PlanNotInStatus: if it is not in review.
    """
    await work.plans.get(plan_id, locked=True)
    in_review = await work.plans.version(plan_id, number)
    in_review.must_be(expected)
    rejected = in_review.reject()
    step = transition(in_review, rejected, by=act.by, at=act.at, reason=reason)
    await work.plans.save_version(rejected, step)
    return rejected
