"""Begin a plan's next version as a copy of an earlier one for other days."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from plans_api.application.act import Act
from plans_api.application.create_plan import PlanDraft, begin_version
from plans_api.application.ports import PlansWork
from plans_api.domain.plan_copy import copied_text
from plans_api.domain.window import Window
from premia_plan.rewriting import DatesLeftAlone


@dataclass(frozen=True, slots=True)
class PlanCopy:
    """The new draft, and the dates that were left as they are."""

    draft: PlanDraft
    left_alone: tuple[DatesLeftAlone, ...]


async def copy_version(
    work: PlansWork, *, plan_id: UUID, number: int, days: Window, shift: bool, act: Act
) -> PlanCopy:
    """Return the draft of the next version: an earlier one's document, valid on other days.

    Raises:
        PlanNotFound: if there is no such plan.
        PlanVersionNotFound: if the plan has no such version.
        ValidityUnknown: if its document does not say on which days it is valid.
        DatesNotShiftable: if `shift` would move dates by other than whole months.
        DraftExists: if a version of the plan is not published yet.
    """
    await work.plans.get(plan_id)
    source = await work.plans.version(plan_id, number)
    revision = await work.plans.revision(plan_id, number, source.revision)
    copied = await asyncio.to_thread(copied_text, revision.text, days, shift=shift)
    draft = await begin_version(work, plan_id=plan_id, text=copied.text, act=act)
    return PlanCopy(draft, copied.left_alone)
