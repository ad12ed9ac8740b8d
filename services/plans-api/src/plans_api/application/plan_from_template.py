"""Create a plan from a template of the library."""

import asyncio
from uuid import UUID

from plans_api.application.act import Act
from plans_api.application.copy_version import PlanCopy
from plans_api.application.create_plan import create_plan
from plans_api.application.ports import PlansWork
from plans_api.domain.plan_from_template import TemplateChoice, text_from_template


async def plan_from_template(
    work: PlansWork, *, choice: TemplateChoice, principal_id: UUID, act: Act
) -> PlanCopy:
    """Return the draft of a new plan's first version; the same choice again changes nothing.

    Raises:
        TemplateNotFound: if the library has no such template.
        ParameterNotAcceptable: for a value outside its range or an unknown parameter.
        DatesNotShiftable: if the days do not begin whole months after the template's.
        ReferenceUnknown: if there is no such principal.
        PlanExists: if a plan of that name exists with another document or principal.
    """
    written = await asyncio.to_thread(text_from_template, choice)
    draft = await create_plan(work, text=written.text, principal_id=principal_id, act=act)
    return PlanCopy(draft, written.left_alone)
