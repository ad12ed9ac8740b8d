"""Reading plans."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from plans_api.application.check_text import check_text
from plans_api.application.refer_to_plan import plan_id_of
from plans_api.application.resolve_uses import catalogue_of
from plans_api.domain.catalogue.uses import Catalogue, Pin
from plans_api.domain.plan import PlanStatus
from plans_api.entrypoints.api.caller import uuid_after, view_of
from plans_api.entrypoints.api.fields import Day, Name
from plans_api.entrypoints.api.plans.answers import (
    AcceptanceOut,
    AcceptancePageOut,
    ParticipantOut,
    ParticipantPageOut,
    PlanCheckOut,
    PlanDocumentOut,
    PlanHistoryOut,
    PlanOut,
    PlanPageOut,
    PlanSummaryOut,
    PlanTransitionOut,
    PlanVersionOut,
)
from plans_api.entrypoints.api.plans.bodies import DocumentIn
from plans_api.entrypoints.api.plans.paths import Number
from premia_runtime.auth import Caller
from premia_runtime.dependencies import PageRequest, RuntimeOf, etag, page_of, require
from premia_runtime.problems import documented

router = APIRouter(tags=["plans"])
Reader = Annotated[Caller, require("plans:read")]


@router.post(
    "/v1/plans:check",
    operation_id="check_plan",
    summary="Check a document and run its examples",
    responses=documented(),
)
async def check(body: DocumentIn, runtime: RuntimeOf, caller: Reader) -> PlanCheckOut:
    """Say what is wrong with a document, with line and column; nothing is stored."""

    async def look_up(pins: tuple[Pin, ...]) -> Catalogue:
        async with runtime.open_work(caller.tenant_id) as work:
            return await catalogue_of(work, pins)

    return PlanCheckOut.of(await check_text(body.text, look_up))


@router.get("/v1/plans", operation_id="list_plans", summary="List plans", responses=documented())
async def list_plans(
    runtime: RuntimeOf,
    caller: Reader,
    page: Annotated[PageRequest, page_of("plans")],
    name: Annotated[Name | None, Query()] = None,
    status: Annotated[
        PlanStatus | None, Query(description="Plans with a version in this status.")
    ] = None,
) -> PlanPageOut:
    """List plans by id; a payee sees those they are, or were, assigned to."""
    async with runtime.open_work(caller.tenant_id) as work:
        among = await view_of(caller).plans(work)
        found = await work.plans.page(
            after=uuid_after(page.after),
            limit=page.limit + 1,
            among=among,
            name=name,
            status=status,
        )
    shown = found[: page.limit]
    more = len(found) > page.limit
    return PlanPageOut(
        items=[PlanSummaryOut.of(plan) for plan in shown],
        next_cursor=runtime.cursors.write("plans", shown[-1].id) if more else None,
    )


@router.get(
    "/v1/plans/{plan_id}",
    operation_id="get_plan",
    summary="Read a plan with its versions",
    responses=documented(404),
)
async def get_plan(plan_id: UUID, runtime: RuntimeOf, caller: Reader) -> PlanOut:
    """Show a plan and its versions; a payee sees no drafts."""
    async with runtime.open_work(caller.tenant_id) as work:
        plan, versions = await view_of(caller).plan(work, plan_id)
    return PlanOut.of(plan, versions)


@router.get(
    "/v1/plans/{plan_id}/versions/{number}",
    operation_id="get_plan_version",
    summary="Read a version's state",
    responses=documented(404),
)
async def get_version(
    plan_id: UUID, number: Number, response: Response, runtime: RuntimeOf, caller: Reader
) -> PlanVersionOut:
    """Show how far a version came; its ETag is what the next step needs as If-Match."""
    async with runtime.open_work(caller.tenant_id) as work:
        _, version = await view_of(caller).version(work, plan_id, number)
    response.headers["ETag"] = etag(version.version)
    return PlanVersionOut.of(version)


@router.get(
    "/v1/plans/{plan_id}/versions/{number}/document",
    operation_id="get_plan_document",
    summary="Read a version's document",
    responses=documented(404),
)
async def get_document(
    plan_id: UUID, number: Number, runtime: RuntimeOf, caller: Reader
) -> PlanDocumentOut:
    """Show the document as it was written and in its canonical form."""
    async with runtime.open_work(caller.tenant_id) as work:
        _, version = await view_of(caller).version(work, plan_id, number)
        revision = await work.plans.revision(plan_id, number, version.revision)
    return PlanDocumentOut.of(revision)


@router.get(
    "/v1/plans/{plan_id}/versions/{number}/history",
    operation_id="list_plan_transitions",
    summary="Read the steps of a version",
    responses=documented(404),
)
async def get_history(
    plan_id: UUID, number: Number, runtime: RuntimeOf, caller: Reader
) -> PlanHistoryOut:
    """Show who did what to a version, when and why, the oldest first."""
    async with runtime.open_work(caller.tenant_id) as work:
        await view_of(caller).version(work, plan_id, number)
        steps = await work.plans.transitions(plan_id, number)
    return PlanHistoryOut(items=[PlanTransitionOut.of(step) for step in steps], next_cursor=None)


@router.get(
    "/v1/plans/{plan_id}/versions/{number}/acceptances",
    operation_id="list_plan_acceptances",
    summary="List who accepted a version",
    responses=documented(404),
)
async def list_acceptances(
    plan_id: UUID,
    number: Number,
    runtime: RuntimeOf,
    caller: Annotated[Caller, require("master-data:read")],
    page: Annotated[PageRequest, page_of("plan-acceptances")],
) -> AcceptancePageOut:
    """List the payees who accepted exactly this document."""
    async with runtime.open_work(caller.tenant_id) as work:
        await view_of(caller).version(work, plan_id, number)
        found = await work.acceptances.page(
            plan_id, number, after=uuid_after(page.after), limit=page.limit + 1
        )
    shown = found[: page.limit]
    last = shown[-1].payee_id if len(found) > page.limit else None
    return AcceptancePageOut(
        items=[AcceptanceOut.of(acceptance) for acceptance in shown],
        next_cursor=runtime.cursors.write("plan-acceptances", last) if last else None,
    )


@router.get(
    "/v1/participants",
    operation_id="list_participants",
    summary="List who is assigned to a plan on a day",
    responses=documented(404),
)
async def list_participants(
    runtime: RuntimeOf,
    caller: Annotated[Caller, require("master-data:read")],
    page: Annotated[PageRequest, page_of("participants")],
    plan: Annotated[Name, Query(description="The plan's name, or its id.")],
    on: Annotated[Day, Query(description="The day.")],
) -> ParticipantPageOut:
    """List the payees whose mandate is under the plan on that day."""
    async with runtime.open_work(caller.tenant_id) as work:
        found_plan = await work.plans.get(plan_id_of(caller.tenant_id, plan))
        found = await work.participants.page(
            found_plan.id, on=on, after=uuid_after(page.after), limit=page.limit + 1
        )
    shown = found[: page.limit]
    last = shown[-1].assignment_id if len(found) > page.limit else None
    return ParticipantPageOut(
        items=[ParticipantOut.of(participant) for participant in shown],
        next_cursor=runtime.cursors.write("participants", last) if last else None,
    )
