"""Let a payee accept the exact document of a published plan version."""

from uuid import UUID

from plans_api.application.act import Act
from plans_api.application.ports import PlansWork
from plans_api.domain.acceptance import Acceptance, AcceptedContentDiffers, NotAPayee
from plans_api.domain.plan import PlanNotFound, PlanNotInStatus, PlanStatus
from plans_api.domain.plan_document import business_day, time_zone_of
from premia_common.contracts.plans import PlanAcceptanceRecorded


async def accept_plan(
    work: PlansWork,
    *,
    plan_id: UUID,
    number: int,
    content_hash: str,
    payee_id: UUID | None,
    act: Act,
) -> Acceptance:
    """Record that a payee accepts a document; a repeat changes nothing.

    Raises:
        NotAPayee: if the caller is none.
        PlanNotFound: if there is no such plan, or the payee was never assigned to it.
        PlanVersionNotFound: if the plan has no such version.
        PlanNotInStatus: if it is not published.
        AcceptedContentDiffers: if the published document has another hash.
    """
    if payee_id is None:
        raise NotAPayee
    if plan_id not in await work.assignments.plans_of(payee_id):
        raise PlanNotFound(plan_id)
    await work.plans.get(plan_id, locked=True)
    version = await work.plans.version(plan_id, number)
    if version.status is not PlanStatus.PUBLISHED:
        needs = PlanStatus.PUBLISHED
        raise PlanNotInStatus(number, version.status, step="accepted", needs=needs)
    if version.content_hash != content_hash:
        raise AcceptedContentDiffers(number, version.content_hash)
    accepted = await work.acceptances.find(plan_id, number, payee_id)
    if accepted is not None:
        return accepted
    revision = await work.plans.revision(plan_id, number, version.revision)
    acceptance = Acceptance(
        plan_id=plan_id,
        number=number,
        content_hash=content_hash,
        payee_id=payee_id,
        accepted_on=business_day(time_zone_of(revision), act.at),
        accepted_by=act.by,
        accepted_at=act.at,
    )
    await work.acceptances.add(acceptance)
    work.outbox.add(
        PlanAcceptanceRecorded(
            **act.header(),
            plan_id=plan_id,
            plan_version=number,
            content_hash=content_hash,
            payee_id=payee_id,
            accepted_on=acceptance.accepted_on,
        )
    )
    return acceptance
