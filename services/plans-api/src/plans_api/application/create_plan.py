"""Create a plan with the draft of its first version, or begin a further version."""

import asyncio
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from plans_api.application.act import Act
from plans_api.application.ports import PlansWork
from plans_api.application.refer_to_plan import plan_id
from plans_api.application.resolve_uses import resolved_document
from plans_api.domain.plan import (
    DraftExists,
    Plan,
    PlanExists,
    PlanStatus,
    PlanVersion,
    Revision,
    transition,
)
from plans_api.domain.plan_document import name_of, read_document
from plans_api.domain.record import ReferenceUnknown
from premia_plan.document import PlanDocument


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A plan and the version that holds the document as asked."""

    outcome: Literal["created", "unchanged"]
    plan: Plan
    version: PlanVersion


async def create_plan(work: PlansWork, *, text: str, principal_id: UUID, act: Act) -> PlanDraft:
    """Create the plan that the document names; the same document again changes nothing.

    Raises:
        PlanNotAcceptable: if the text cannot be read, names no plan, or uses what is not there.
        ReferenceUnknown: if there is no such principal.
        PlanExists: if the plan exists with another document or principal.
    """
    document = await resolved_document(work, await asyncio.to_thread(read_document, text))
    name = name_of(document)
    await work.plans.lock_name(name)
    existing = await work.plans.find(plan_id(work.tenant_id, name))
    if existing is not None:
        latest = await work.plans.version(existing.id, existing.latest)
        if existing.principal_id != principal_id or latest.content_hash != document.hash:
            raise PlanExists(existing)
        return PlanDraft("unchanged", existing, latest)
    if principal_id not in await work.principals.by_ids({principal_id}):
        raise ReferenceUnknown("principal", principal_id, field="principal_id")
    plan = Plan(plan_id(work.tenant_id, name), name, principal_id, latest=1)
    await work.plans.add(plan)
    version = await _draft(work, plan, text=text, document=document, act=act)
    return PlanDraft("created", plan, version)


async def begin_version(work: PlansWork, *, plan_id: UUID, text: str, act: Act) -> PlanDraft:
    """Begin the plan's next version; the same document as an open draft's changes nothing.

    Raises:
        PlanNotAcceptable: if the text cannot be read, names no plan, or uses what is not there.
        PlanNotFound: if there is no such plan.
        PlanNameDiffers: if the document is another plan's.
        DraftExists: if a version of the plan is not published yet.
    """
    document = await resolved_document(work, await asyncio.to_thread(read_document, text))
    plan = await work.plans.get(plan_id, locked=True)
    plan.must_be_named(name_of(document))
    latest = await work.plans.version(plan.id, plan.latest)
    if latest.content_hash == document.hash:
        return PlanDraft("unchanged", plan, latest)
    if latest.status in {PlanStatus.DRAFT, PlanStatus.IN_REVIEW}:
        raise DraftExists(latest.number, latest.status)
    following = Plan(plan.id, plan.name, plan.principal_id, plan.latest + 1, plan.retirements)
    await work.plans.save(following)
    version = await _draft(work, following, text=text, document=document, act=act)
    return PlanDraft("created", following, version)


async def _draft(
    work: PlansWork, plan: Plan, *, text: str, document: PlanDocument, act: Act
) -> PlanVersion:
    version = PlanVersion(
        plan_id=plan.id,
        number=plan.latest,
        status=PlanStatus.DRAFT,
        version=1,
        revision=1,
        content_hash=document.hash,
        made_at=act.at,
        makers=frozenset({act.by}),
    )
    await work.plans.add_version(version, transition(None, version, by=act.by, at=act.at))
    await work.plans.add_revision(revision_of(version, text=text, document=document, act=act))
    return version


def revision_of(version: PlanVersion, *, text: str, document: PlanDocument, act: Act) -> Revision:
    """Return the document that is current in a version."""
    return Revision(
        plan_id=version.plan_id,
        number=version.number,
        revision=version.revision,
        text=text,
        canonical=document.canonical(),
        content_hash=document.hash,
        made_by=act.by,
        made_at=act.at,
    )
