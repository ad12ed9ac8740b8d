"""Templates and metrics of the library: read, begun as a plan, added to a draft."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response

from plans_api.application.add_metric import MetricAdded, add_metric
from plans_api.application.copy_version import PlanCopy
from plans_api.application.plan_from_template import plan_from_template
from plans_api.application.ports import PlansWork
from plans_api.application.recalculate_examples import (
    ExamplesRecalculated,
    recalculate_examples,
)
from plans_api.entrypoints.api.caller import TheAct
from plans_api.entrypoints.api.library.answers import (
    ExamplesRecalculatedOut,
    MetricAddedOut,
    MetricOut,
    MetricsOut,
    TemplateDocumentOut,
    TemplateOut,
    TemplatesOut,
)
from plans_api.entrypoints.api.library.bodies import MetricChoiceIn, TemplateChoiceIn
from plans_api.entrypoints.api.plans.answers import PlanCopyOut
from plans_api.entrypoints.api.plans.paths import Number
from premia_plan.library import metric, metric_ids, template, template_ids
from premia_runtime.dependencies import IfMatch, OnceFor, etag, require
from premia_runtime.problems import documented

router = APIRouter(prefix="/v1", tags=["library"])
READERS = [require("plans:read")]
WRITERS = [require("plans:write")]
TemplateId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,62}$", examples=["agency-energy"])]


@dataclass(frozen=True, slots=True)
class Draft:
    """Which draft is changed, from which state on, and whose doing it is."""

    plan_id: UUID
    number: Number
    expected: IfMatch
    act: TheAct


TheDraft = Annotated[Draft, Depends(Draft)]


@router.get(
    "/library/templates",
    operation_id="list_templates",
    summary="List the plan templates",
    dependencies=READERS,
    responses=documented(),
)
async def list_templates() -> TemplatesOut:
    """Give every template with its parameters and their ranges."""
    return TemplatesOut(items=[TemplateOut.of(template(name)) for name in template_ids()])


@router.get(
    "/library/templates/{template_id}",
    operation_id="get_template",
    summary="Read a plan template",
    dependencies=READERS,
    responses=documented(404),
)
async def get_template(template_id: TemplateId) -> TemplateDocumentOut:
    """Give a template with the text of its plan, worked examples included."""
    return TemplateDocumentOut.of_text(template(template_id))


@router.get(
    "/library/metrics",
    operation_id="list_metrics",
    summary="List the ready metrics and rules",
    dependencies=READERS,
    responses=documented(),
)
async def list_metrics() -> MetricsOut:
    """Give every metric and rule with its parameters, what it adds and a worked example."""
    return MetricsOut(items=[MetricOut.of(metric(name)) for name in metric_ids()])


@router.post(
    "/plans:from-template",
    operation_id="create_plan_from_template",
    summary="Create a plan from a template",
    dependencies=WRITERS,
    response_model=PlanCopyOut,
    responses=documented(404, 409),
)
async def from_template(body: TemplateChoiceIn, act: TheAct, once: OnceFor) -> Response:
    """Create a plan with the draft of its first version from a template and chosen numbers.

    Dates of rates and examples move along with the days of validity by whole months.
    """

    async def effect(work: PlansWork) -> PlanCopy:
        return await plan_from_template(
            work, choice=body.choice(), principal_id=body.principal_id, act=act
        )

    return await once(effect, answer=PlanCopyOut.of_copy, headers=_draft_headers)


@router.post(
    "/plans/{plan_id}/versions/{number}/metrics:add",
    operation_id="add_metric_to_plan",
    summary="Add a ready metric or rule to a draft",
    dependencies=WRITERS,
    response_model=MetricAddedOut,
    responses=documented(404, 409, 412, 428),
)
async def add(draft: TheDraft, body: MetricChoiceIn, once: OnceFor) -> Response:
    """Add what the metric consists of, under a name; the document's comments are kept.

    The worked examples do not know yet what it pays: complete them before you submit the plan.
    """

    async def effect(work: PlansWork) -> MetricAdded:
        return await add_metric(
            work,
            plan_id=draft.plan_id,
            number=draft.number,
            expected=draft.expected,
            choice=body.choice(),
            act=draft.act,
        )

    return await once(
        effect,
        answer=MetricAddedOut.of,
        headers=lambda added: {"ETag": etag(added.version.version)},
    )


@router.post(
    "/plans/{plan_id}/versions/{number}/examples:recalculate",
    operation_id="recalculate_plan_examples",
    summary="Let a draft's examples expect what it pays now",
    dependencies=WRITERS,
    response_model=ExamplesRecalculatedOut,
    responses=documented(404, 409, 412, 428),
)
async def recalculate(draft: TheDraft, once: OnceFor) -> Response:
    """Write the figures of the worked examples anew after a change that was meant.

    Read what was taken: from then on it is what the plan is held to. What a person must decide
    about is under `left`.
    """

    async def effect(work: PlansWork) -> ExamplesRecalculated:
        return await recalculate_examples(
            work,
            plan_id=draft.plan_id,
            number=draft.number,
            expected=draft.expected,
            act=draft.act,
        )

    return await once(
        effect,
        answer=ExamplesRecalculatedOut.of,
        headers=lambda done: {"ETag": etag(done.version.version)},
    )


def _draft_headers(copy: PlanCopy) -> dict[str, str]:
    version = copy.draft.version
    place = f"/v1/plans/{copy.draft.plan.id}/versions/{version.number}"
    return {"ETag": etag(version.version), "Location": place}
