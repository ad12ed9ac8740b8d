"""Let a draft's worked examples expect what the plan pays now."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from plans_api.application.act import Act
from plans_api.application.ports import PlansWork
from plans_api.application.revise_plan import revise_plan
from plans_api.domain.plan import PlanVersion
from premia_plan.examples import ExampleResult
from premia_plan.library import recalculated


@dataclass(frozen=True, slots=True)
class ExamplesRecalculated:
    """The draft with the new figures: which examples took them, which wait for a person."""

    version: PlanVersion
    taken: tuple[ExampleResult, ...]
    left: tuple[ExampleResult, ...]


async def recalculate_examples(
    work: PlansWork, *, plan_id: UUID, number: int, expected: int, act: Act
) -> ExamplesRecalculated:
    """Return the draft with the figures of its examples written anew; all else stays.

    A draft with errors stays as it is, and so does an example with an exception it does not
    expect, or a rate, band or line that comes out otherwise.

    Raises:
        PlanNotFound: if there is no such plan.
        PlanVersionNotFound: if the plan has no such version.
        RecordChanged: if `expected` is not the current version of the draft.
        PlanNotInStatus: if it is no draft.
        TextNotRewritable: if an amount cannot be written in the document's own style.
    """
    current = await work.plans.version(plan_id, number)
    current.must_be(expected)
    revision = await work.plans.revision(plan_id, number, current.revision)
    found = await asyncio.to_thread(recalculated, revision.text)
    version = await revise_plan(
        work, plan_id=plan_id, number=number, expected=expected, text=found.text, act=act
    )
    return ExamplesRecalculated(version, found.taken, found.left)
