"""Replace the document of a draft."""

import asyncio
from uuid import UUID

from plans_api.application.act import Act
from plans_api.application.create_plan import revision_of
from plans_api.application.ports import PlansWork
from plans_api.application.resolve_uses import resolved_document
from plans_api.domain.plan import PlanStatus, PlanVersion
from plans_api.domain.plan_document import name_of, read_document


async def revise_plan(
    work: PlansWork, *, plan_id: UUID, number: int, expected: int, text: str, act: Act
) -> PlanVersion:
    """Return the draft with a further revision; the same document again changes nothing.

    A document that the draft has already is no conflict, whatever version was expected: a change
    whose answer was lost may be sent again.

    Raises:
        PlanNotAcceptable: if the text cannot be read, names no plan, or uses what is not there.
        PlanNotFound: if there is no such plan.
        PlanVersionNotFound: if the plan has no such version.
        RecordChanged: if `expected` is not the current version of the draft.
        PlanNameDiffers: if the document is another plan's.
        PlanNotInStatus: if it is no draft.
    """
    document = await resolved_document(work, await asyncio.to_thread(read_document, text))
    plan = await work.plans.get(plan_id, locked=True)
    current = await work.plans.version(plan_id, number)
    plan.must_be_named(name_of(document))
    if document.hash == current.content_hash and current.status is PlanStatus.DRAFT:
        return current
    current.must_be(expected)
    revised = current.revise(content_hash=document.hash, by=act.by)
    await work.plans.save_version(revised, None)
    await work.plans.add_revision(revision_of(revised, text=text, document=document, act=act))
    return revised
