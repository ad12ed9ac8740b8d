"""Writing plans, and taking their versions through their life."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from plans_api.application.accept_plan import accept_plan
from plans_api.application.copy_version import PlanCopy, copy_version
from plans_api.application.create_plan import PlanDraft, begin_version, create_plan
from plans_api.application.ports import PlansWork
from plans_api.application.publish_plan import publish_plan
from plans_api.application.retire_plan import retire_plan
from plans_api.application.review_plan import reject_plan, submit_plan
from plans_api.application.revise_plan import revise_plan
from plans_api.domain.acceptance import Acceptance
from plans_api.domain.plan import PlanVersion
from plans_api.entrypoints.api.caller import TheAct
from plans_api.entrypoints.api.plans.answers import (
    AcceptanceOut,
    PlanCopyOut,
    PlanDraftOut,
    PlanVersionOut,
)
from plans_api.entrypoints.api.plans.bodies import (
    NOTHING_ACCEPTED,
    AcceptanceIn,
    CopyIn,
    DocumentIn,
    PlanIn,
    PublicationIn,
    RejectionIn,
    RetirementIn,
)
from plans_api.entrypoints.api.plans.paths import Number
from premia_runtime.auth import Caller
from premia_runtime.dependencies import IfMatch, OnceFor, RuntimeOf, etag, require
from premia_runtime.faults import fault_point
from premia_runtime.problems import documented
from premia_runtime.work import in_work

router = APIRouter(prefix="/v1/plans", tags=["plans"])
WRITERS = [require("plans:write")]
APPROVERS = [require("plans:approve")]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of one plan version: which, from which state on, and whose doing."""

    plan_id: UUID
    number: Number
    expected: IfMatch
    act: TheAct


@dataclass(frozen=True, slots=True)
class Payee:
    """A payee, and their doing."""

    caller: Annotated[Caller, require("plans:accept")]
    act: TheAct


TheStep = Annotated[Step, Depends(Step)]


def _draft_headers(draft: PlanDraft) -> Mapping[str, str]:
    version = draft.version
    place = f"/v1/plans/{draft.plan.id}/versions/{version.number}"
    return {"ETag": etag(version.version), "Location": place}


def _version_headers(version: PlanVersion) -> Mapping[str, str]:
    return {"ETag": etag(version.version)}


@router.post(
    "",
    operation_id="create_plan",
    summary="Create a plan with the draft of its first version",
    dependencies=WRITERS,
    response_model=PlanDraftOut,
    responses=documented(409),
)
async def create(body: PlanIn, act: TheAct, once: OnceFor) -> Response:
    """Create the plan that the document names; the same document again changes nothing."""

    async def effect(work: PlansWork) -> PlanDraft:
        return await create_plan(work, text=body.text, principal_id=body.principal_id, act=act)

    return await once(effect, answer=PlanDraftOut.of, headers=_draft_headers)


@router.post(
    "/{plan_id}/versions",
    operation_id="create_plan_version",
    summary="Begin the next version of a plan",
    dependencies=WRITERS,
    response_model=PlanDraftOut,
    responses=documented(404, 409),
)
async def begin(
    plan_id: UUID,
    body: DocumentIn,
    act: TheAct,
    once: OnceFor,
) -> Response:
    """Begin the next version as a draft; earlier ones must be published or retired."""

    async def effect(work: PlansWork) -> PlanDraft:
        return await begin_version(work, plan_id=plan_id, text=body.text, act=act)

    return await once(effect, answer=PlanDraftOut.of, headers=_draft_headers)


@router.post(
    "/{plan_id}/versions:copy",
    operation_id="copy_plan_version",
    summary="Begin the next version as a copy for other days",
    dependencies=WRITERS,
    response_model=PlanCopyOut,
    responses=documented(404, 409),
)
async def copy(plan_id: UUID, body: CopyIn, act: TheAct, once: OnceFor) -> Response:
    """Copy a version's document, comments and all, with other days of validity, as a draft.

    With `shift_dates`, the dates of rates and examples move along by whole months.
    """

    async def effect(work: PlansWork) -> PlanCopy:
        return await copy_version(
            work,
            plan_id=plan_id,
            number=body.from_version,
            days=body.window(),
            shift=body.shift_dates,
            act=act,
        )

    return await once(
        effect, answer=PlanCopyOut.of_copy, headers=lambda copied: _draft_headers(copied.draft)
    )


@router.put(
    "/{plan_id}/versions/{number}",
    operation_id="change_plan_version",
    summary="Replace a draft's document",
    dependencies=WRITERS,
    responses=documented(404, 409, 412, 428),
)
async def revise(
    step: TheStep, body: DocumentIn, response: Response, runtime: RuntimeOf
) -> PlanVersionOut:
    """Replace the document of a draft by its next revision; earlier revisions are kept."""

    async def effect(work: Any) -> PlanVersion:
        return await revise_plan(
            work,
            plan_id=step.plan_id,
            number=step.number,
            expected=step.expected,
            text=body.text,
            act=step.act,
        )

    version = await in_work(runtime.open_work, step.act.tenant_id, effect)
    response.headers["ETag"] = etag(version.version)
    return PlanVersionOut.of(version)


@router.post(
    "/{plan_id}/versions/{number}/submit",
    operation_id="submit_plan_version",
    summary="Submit a draft for review",
    dependencies=WRITERS,
    response_model=PlanVersionOut,
    responses=documented(404, 409, 412, 428),
)
async def submit(
    step: TheStep,
    once: OnceFor,
) -> Response:
    """Submit a draft whose document has no error; a second person publishes it."""

    async def effect(work: PlansWork) -> PlanVersion:
        return await submit_plan(
            work, plan_id=step.plan_id, number=step.number, expected=step.expected, act=step.act
        )

    return await once(effect, answer=PlanVersionOut.of, headers=_version_headers)


@router.post(
    "/{plan_id}/versions/{number}/publish",
    operation_id="publish_plan_version",
    summary="Publish a version in review",
    dependencies=APPROVERS,
    response_model=PlanVersionOut,
    responses=documented(404, 409, 412, 428),
)
async def publish(
    step: TheStep,
    once: OnceFor,
    body: PublicationIn = NOTHING_ACCEPTED,
) -> Response:
    """Publish a version that somebody else wrote and submitted; it never changes afterwards.

    Every warning about it must be accepted by its name; who accepted what stays in its history.
    """

    async def effect(work: PlansWork) -> PlanVersion:
        published = await publish_plan(
            work,
            plan_id=step.plan_id,
            number=step.number,
            expected=step.expected,
            accepted_warnings=frozenset(body.accepted_warnings),
            act=step.act,
        )
        fault_point("plan.published.before_commit")
        return published

    return await once(effect, answer=PlanVersionOut.of, headers=_version_headers)


@router.post(
    "/{plan_id}/versions/{number}/reject",
    operation_id="reject_plan_version",
    summary="Send a version in review back",
    dependencies=APPROVERS,
    response_model=PlanVersionOut,
    responses=documented(404, 409, 412, 428),
)
async def reject(
    step: TheStep,
    body: RejectionIn,
    once: OnceFor,
) -> Response:
    """Make a version in review a draft again; the reason stays in its history."""

    async def effect(work: PlansWork) -> PlanVersion:
        return await reject_plan(
            work,
            plan_id=step.plan_id,
            number=step.number,
            expected=step.expected,
            reason=body.reason,
            act=step.act,
        )

    return await once(effect, answer=PlanVersionOut.of, headers=_version_headers)


@router.post(
    "/{plan_id}/versions/{number}/retire",
    operation_id="retire_plan_version",
    summary="Retire a published version",
    dependencies=APPROVERS,
    response_model=PlanVersionOut,
    responses=documented(404, 409, 412, 428),
)
async def retire(
    step: TheStep,
    body: RetirementIn,
    once: OnceFor,
) -> Response:
    """Let a published version govern no order from a day on; orders before it stay under it."""

    async def effect(work: PlansWork) -> PlanVersion:
        return await retire_plan(
            work,
            plan_id=step.plan_id,
            number=step.number,
            expected=step.expected,
            retired_from=body.retired_from,
            reason=body.reason,
            act=step.act,
        )

    return await once(effect, answer=PlanVersionOut.of, headers=_version_headers)


@router.post(
    "/{plan_id}/versions/{number}/acceptances",
    operation_id="accept_plan_version",
    summary="Accept a published version as a payee",
    response_model=AcceptanceOut,
    responses=documented(404, 409),
)
async def accept(
    number: Number,
    plan_id: UUID,
    body: AcceptanceIn,
    by: Annotated[Payee, Depends(Payee)],
    once: OnceFor,
) -> Response:
    """Accept exactly the document that was read; a repeat changes nothing."""

    async def effect(work: PlansWork) -> Acceptance:
        return await accept_plan(
            work,
            plan_id=plan_id,
            number=number,
            content_hash=body.content_hash,
            payee_id=by.caller.payee_id,
            act=by.act,
        )

    return await once(effect, answer=AcceptanceOut.of)
